"""Who has a word of a question, and how many have it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.search.columns.segment import FIELDS, Flags, Ints
from directory.search.columns.snapshot import Part, Snapshot, rounded_up
from directory.search.columns.stems import stem
from directory.search.wanted import Group, Widening, groups_of, own_groups, words_of

# A shorter last word is taken whole: the stem of "bus" is "bu", with which "building" begins too.
SHORTEST_BEGINNING = 4
# The fields in which a word may have to stand, by number.
IN_NAME, IN_TEXTS, EVERY_FIELD = (0,), (0, 1, 3), tuple(range(len(FIELDS)))

Counts = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Word:
    """A word of a question: its stem, and whether longer words that begin so will do."""

    stem: str
    begins: bool


Choices = tuple[tuple[tuple[Word, ...], ...], ...]


@dataclass(frozen=True)
class Found:
    """Who has a word: services, each once, and how often in each field."""

    rows: Ints
    counts: Counts


def words_asked(question: str, widenings: Sequence[Widening] = ()) -> dict[str, Word]:
    """Every word that is looked for with a question, by itself."""
    return asked_words(question, (*own_groups(question, widenings), *groups_of(question, widenings)))


def asked_words(question: str, groups: Iterable[Group]) -> dict[str, Word]:
    """The words of some groups of a question."""
    last = words_of(question)[-1:]
    begins = {word for word in last if len(word) >= SHORTEST_BEGINNING}
    return {word: Word(stem(word), word in begins) for group in groups for word in _words(group)}


def choices_of(question: str, widenings: Sequence[Widening]) -> Choices:
    """The words of a question: for each of its groups the choices, of which one must be there in full."""
    groups = groups_of(question, widenings)
    words = asked_words(question, groups)
    return tuple(
        tuple(tuple(words[word] for word in one) for one in (group.own, *group.alternatives))
        for group in groups
    )


def word_of(word: str) -> Word:
    """A word that stands for no longer one."""
    return Word(stem(word), begins=False)


def _words(group: Group) -> Iterable[str]:
    return chain(group.own, *group.alternatives, *group.beyond)


def find(part: Part, word: Word) -> Found:
    """Who of a part has a word."""
    texts = part.segment.texts
    low = bisect_left(texts.stems, word.stem)
    if word.begins:
        high = bisect_left(texts.stems, word.stem + "\U0010ffff", lo=low)
    else:
        high = low + (low < len(texts.stems) and texts.stems[low] == word.stem)
    place, end = int(texts.places[low]), int(texts.places[high])
    rows, counts = texts.rows[place:end], texts.counts[:, place:end]
    if high - low > 1:
        rows, where = np.unique(rows, return_inverse=True)
        counts = np.array([np.bincount(where, weights=one, minlength=len(rows)) for one in counts]).astype(
            int
        )
    if not part.whole:
        kept = part.flags[rows]
        rows, counts = rows[kept], counts[:, kept]
    return Found(rows, counts)


def has_any(counts: Counts, fields: Sequence[int]) -> Flags:
    """Who has a word in one of some fields."""
    flags: Flags = reduce(or_, (counts[field] > 0 for field in fields))
    return flags


def having(several: Iterable[Found], fields: Sequence[int]) -> int:
    """How many services have a word, in two figures: one more changes what few others are worth."""
    numbers = (
        len(found.rows) if fields == EVERY_FIELD else int(has_any(found.counts, fields).sum())
        for found in several
    )
    return rounded_up(sum(numbers), 1)


def commonness(snapshot: Snapshot, word: Word) -> tuple[int, ...]:
    """How many services have a word: in their names, in their texts, anywhere."""
    found = [find(part, word) for part in snapshot.parts]
    return tuple(having(found, fields) for fields in (IN_NAME, IN_TEXTS, EVERY_FIELD))
