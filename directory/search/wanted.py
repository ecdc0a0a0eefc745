"""What is looked for: each word of a question with what may stand for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from directory.words import plain_words

MOST_WORDS = 12
MOST_QUOTED = 3
# What PostgreSQL leaves out of English questions; SQLite leaves out nothing by itself.
_NOT_INDEXED = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves what which who whom this that these those am is
    are was were be been being have has had having do does did doing a an the and but if or because as until
    while of at by for with about against between into through during before after above below to from up
    down in out on off over under again further then once here there when where why how all any both each few
    more most other some such no nor not only own same so than too very s t can will just don should now"""
# More words that say nothing about what is sought.
_FILLERS = """
    help need near somebody someone something us support open looking look find want wants get getting go
    going local service services please anything"""
NOT_INDEXED = frozenset(_NOT_INDEXED.split())
STOP_WORDS = NOT_INDEXED | frozenset(_FILLERS.split())
_QUOTED = re.compile('["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]')

Words = tuple[str, ...]


@dataclass(frozen=True)
class Widening:
    """Some words of a question, and what else to look for in their place. `said` is how people read that.

    Without alternatives the words may be missing. `spelled` are those of the alternatives that are the same
    words as somebody else writes them. `meant` says that a phrase or term of the field is meant. `beyond` is
    what the alternatives stand for in turn: karate is a martial art, as aikido is.
    """

    words: Words
    alternatives: tuple[Words, ...]
    said: tuple[str, ...]
    spelled: tuple[Words, ...] = ()
    meant: bool = False
    beyond: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Group:
    """Words that must all be there, or one of the alternatives, each of which is words of its own.

    What is `beyond` need not be there, and is worth a little where it is.
    """

    own: Words
    alternatives: tuple[Words, ...] = ()
    meant: bool = False
    beyond: tuple[Words, ...] = ()


def words_of(question: str) -> list[str]:
    """The words of a question that are worth looking for; if there are none, those that can be looked for."""
    return telling(plain_words(question))[:MOST_WORDS]


def telling(words: Sequence[str]) -> list[str]:
    """The words that say something; if there are none, those that can be looked for."""
    indexed = [word for word in words if word not in NOT_INDEXED]
    return [word for word in indexed if word not in STOP_WORDS] or indexed


def quoted_of(question: str) -> list[str]:
    """The phrases in quotes, in plain words, that must stand just so; the words of one alone is no phrase."""
    phrases = [plain_words(phrase) for phrase in _QUOTED.findall(question)]
    return [" ".join(words) for words in phrases if len(words) > 1][:MOST_QUOTED]


def own_groups(question: str, widenings: Sequence[Widening] = ()) -> list[Group]:
    """The groups of the very words of a question, in their right spelling too."""
    spelled = [replace(one, alternatives=one.spelled, beyond=()) for one in widenings if one.spelled]
    return groups_of(question, spelled)


def groups_of(question: str, widenings: Sequence[Widening] = ()) -> list[Group]:
    """The groups of a question. A widening makes one group of its words; each other word is its own."""
    words = words_of(question)
    free = set(words)
    found = list(_widened(words, widenings, free))
    if not found and not free:
        return [Group((word,)) for word in dict.fromkeys(words)]
    return found + [Group((word,)) for word in dict.fromkeys(words) if word in free]


def _widened(words: list[str], widenings: Sequence[Widening], free: set[str]) -> Iterator[Group]:
    for widening in widenings:
        own = tuple(word for word in dict.fromkeys(widening.words) if word in free)
        alternatives = _telling_ones(widening.alternatives)
        free.difference_update(own)
        if own and alternatives:
            # The last word may be the beginning of a longer one, so it comes last here too.
            yield Group(
                tuple(sorted(own, key=words.index)),
                alternatives,
                widening.meant,
                _telling_ones(widening.beyond),
            )


def _telling_ones(several: Sequence[Words]) -> tuple[Words, ...]:
    return tuple(tuple(kept) for words in several if (kept := telling(words)[:MOST_WORDS]))
