"""What an answer rests on: noted while it is worked out, to know later which changes leave it as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from directory.places.find import Place
from directory.search.columns.snapshot import current
from directory.search.having import Choices, Word, choices_of, commonness, words_asked
from directory.search.query import ServiceQuery

NOTING = "what the answer rests on"


@dataclass(frozen=True)
class Question:
    """One question that was put to the columns, and what has its words."""

    query: ServiceQuery
    any_word: bool
    choices: Choices


@dataclass
class Rests:
    """All that an answer asked of the public copy, or more.

    - `shown`: the organisations of which something stands in it;
    - `questions`: what was found and counted;
    - `weights`: how many have each word by which something was put in order;
    - `words`: words any of which counts;
    - `published`: whether anything has a word, as it is written;
    - `names`: words that were looked for in names, all together;
    - `begun`, `misspelt`: what a word begins with, or is spelled like;
    - `places`, each found for a text and a day: the published places on their ground.

    With `everything`, nobody can say what it rests on.
    """

    shown: set[str] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)
    weights: dict[Word, tuple[int, ...]] = field(default_factory=dict)
    words: set[Word] = field(default_factory=set)
    published: dict[str, bool] = field(default_factory=dict)
    names: set[tuple[str, ...]] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    misspelt: set[str] = field(default_factory=set)
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


def note_question(session: Session, query: ServiceQuery, *, any_word: bool) -> None:
    """Note a question that is put to the columns."""
    rests = _rests(session)
    if rests is None:
        return
    # What only programs ask for is not in the columns.
    if query.organization_id or query.modified_after or query.with_terms or query.values or query.walk:
        rests.everything = True
    plain = replace(query, page=1, per_page=1, sort="best")
    question = Question(plain, any_word, choices_of(query.text, query.widenings))
    if question not in rests.questions:
        rests.questions.append(question)


def note_order(session: Session, query: ServiceQuery) -> None:
    """Note that what answers a question is put in order by its words: how common they are then counts."""
    if (rests := _rests(session)) is not None:
        snapshot, words = current(session), {*words_asked(query.text, query.widenings).values()}
        rests.weights |= {word: commonness(snapshot, word) for word in words.difference(rests.weights)}


def note_shown(session: Session, organization_ids: Iterable[str]) -> None:
    """Note the organisations of which something is read to be shown."""
    if (rests := _rests(session)) is not None:
        rests.shown.update(organization_ids)


def note_text(session: Session, text: str) -> None:
    """Note some words, any of which counts."""
    if (rests := _rests(session)) is not None:
        rests.words.update(words_asked(text).values())


def note_name(session: Session, words: Sequence[str]) -> None:
    """Note words that were looked for in names, all together."""
    if (rests := _rests(session)) is not None:
        rests.names.add(tuple(words))


def note_spellings(
    session: Session, published: Mapping[str, bool], begun: Collection[str], misspelt: Collection[str]
) -> None:
    """Note which words are published or not, and for which it was asked what begins so or is spelled so."""
    if (rests := _rests(session)) is not None:
        rests.published |= published
        rests.begun.update(begun)
        rests.misspelt.update(misspelt)


def note_place(session: Session, text: str, today: date, place: Place | None) -> None:
    """Note the place that was found for a text."""
    if (rests := _rests(session)) is not None:
        rests.places.append((text, today, place))


def _rests(session: Session) -> Rests | None:
    """Where to note, if anybody wants to know."""
    return session.info.get(NOTING)
