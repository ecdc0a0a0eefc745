"""What an answer rests on: noted while it is worked out, to know later which changes leave it as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from directory.places.find import Place
from directory.search.query import ServiceQuery
from directory.search.text import Word, word_of, words_asked

NOTING = "what the answer rests on"


@dataclass
class Rests:
    """All that an answer asked of the public copy, or more.

    What has none of the `words`, nor all words of one of the `names`, nor a word that begins like one of the
    `begun` or is spelled like one of the `misspelt`, and fits none of the `questions`, had no part in it. Of
    the `places`, each found for a text and a day, the published places on their ground are part of it. With
    `everything`, nobody can say what it rests on.
    """

    words: set[Word] = field(default_factory=set)
    names: set[tuple[str, ...]] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    misspelt: set[str] = field(default_factory=set)
    questions: list[ServiceQuery] = field(default_factory=list)
    places: list[tuple[str, date, Place | None]] = field(default_factory=list)
    everything: bool = False


@contextmanager
def noted(session: Session) -> Iterator[Rests]:
    """Note what the answers of a session rest on."""
    rests = session.info[NOTING] = Rests()
    try:
        yield rests
    finally:
        del session.info[NOTING]


def note_question(session: Session, query: ServiceQuery) -> None:
    """Note a question that is put to the columns."""
    rests = _rests(session)
    words = words_asked(query.text, query.widenings)
    rests.words.update(words.values())
    # What only programs ask for is not in the columns.
    if query.organization_id or query.modified_after or query.with_terms or query.values or query.walk:
        rests.everything = True
    plain = replace(query, text="", widenings=(), page=1, per_page=1, sort="best")
    if not words and plain not in rests.questions:
        rests.questions.append(plain)


def note_text(session: Session, text: str) -> None:
    """Note some words, any of which counts."""
    _rests(session).words.update(words_asked(text).values())


def note_name(session: Session, words: Sequence[str]) -> None:
    """Note words that were looked for in names, all together."""
    _rests(session).names.add(tuple(words))


def note_spellings(
    session: Session, known: Collection[str], begun: Collection[str], misspelt: Collection[str]
) -> None:
    """Note of which words it was asked whether they are published, whether any begins so, or is like them."""
    rests = _rests(session)
    rests.words.update(map(word_of, known))
    rests.begun.update(begun)
    rests.misspelt.update(misspelt)


def note_place(session: Session, text: str, today: date, place: Place | None) -> None:
    """Note the place that was found for a text."""
    _rests(session).places.append((text, today, place))


def _rests(session: Session) -> Rests:
    """Where to note; if nobody wants to know, where it is lost."""
    rests: Rests = session.info.get(NOTING) or Rests()
    return rests
