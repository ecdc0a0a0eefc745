"""What else to look for: phrases of the field, and words that are spelled nearly so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from rapidfuzz.distance import OSA
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from directory.models import Phrase, PublishedWord
from directory.phrases import listed, singular, term_names
from directory.search.wanted import MOST_WORDS, STOP_WORDS, Widening
from directory.words import plain_words, term_word

SHORTEST_MISSPELT = 5
MOST_CORRECTIONS = 2
# Letters that are taken for one another at the beginning of a word.
BEGINNINGS = {
    "c": "ks",
    "k": "c",
    "s": "c",
    "f": "p",
    "p": "f",
    "g": "j",
    "j": "g",
    "e": "ai",
    "i": "e",
    "a": "e",
}


def widenings(session: Session, question: str, today: date) -> tuple[Widening, ...]:
    """Everything else to look for with a question, phrases before spellings."""
    words = plain_words(question)[: 2 * MOST_WORDS]
    taken: set[int] = set()
    found = list(_phrases(session, words, today, taken))
    rest = [word for place, word in enumerate(words) if place not in taken]
    return (*found, *_spellings(session, words, rest))


def _phrases(session: Session, words: Sequence[str], today: date, taken: set[int]) -> Iterator[Widening]:
    keys = [singular(word) for word in words]
    spans = {
        " ".join(keys[start:end]): (start, end)
        for start in range(len(keys))
        for end in range(start + 1, min(len(keys), start + 8) + 1)
    }
    query = select(Phrase).where(
        Phrase.key.in_(spans), or_(Phrase.retired_on.is_(None), Phrase.retired_on > today)
    )
    phrases = session.scalars(query).all()
    names = term_names(session) if any(phrase.terms for phrase in phrases) else {}
    # The longest first: "criminal exploitation" before "exploitation".
    for phrase in sorted(phrases, key=lambda one: (-len(one.key.split()), one.key)):
        start, end = spans[phrase.key]
        if taken.intersection(range(start, end)):
            continue
        taken.update(range(start, end))
        terms = [term for term in listed(phrase.terms) if term in names]
        alternatives = [tuple(plain_words(text)) for text in listed(phrase.words)]
        alternatives += [(term_word(*term.split(":", 1)),) for term in terms]
        said = [*listed(phrase.words), *(names[term] for term in terms)]
        yield Widening(tuple(words[start:end]), tuple(alternatives), tuple(dict.fromkeys(said)))


def _spellings(session: Session, words: Sequence[str], rest: Sequence[str]) -> Iterator[Widening]:
    """For each word that no published text has, those that it may be meant for."""
    joined = {a + b: (a, b) for a, b in pairwise(words)}
    wanted = {word for word in rest if len(word) >= SHORTEST_MISSPELT and word not in STOP_WORDS}
    known = set(session.scalars(select(PublishedWord.word).where(PublishedWord.word.in_({*wanted, *joined}))))
    for whole, parts in joined.items():
        if whole in known and not STOP_WORDS & set(parts):
            yield Widening(parts, ((whole,),), (whole,))
    for word in sorted(wanted - known):
        if near := _nearest(session, word):
            yield Widening((word,), tuple((other,) for other in near), tuple(near))


def _nearest(session: Session, word: str) -> list[str]:
    """The published words that are spelled most nearly like a word, the more common first."""
    most = 1 if len(word) < 7 else 2
    starts = {word[0], *BEGINNINGS.get(word[0], "")}
    query = select(PublishedWord.word, PublishedWord.services).where(
        func.length(PublishedWord.word).between(len(word) - most, len(word) + most),
        or_(*(PublishedWord.word.between(start, start + "\U0010ffff") for start in starts)),
    )
    found = []
    for other, services in session.execute(query):
        distance = OSA.distance(word, other, score_cutoff=most)
        if distance <= most and singular(other) != singular(word):
            found.append((distance, -services, other))
    found.sort()
    return [other for distance, _, other in found if distance == found[0][0]][:MOST_CORRECTIONS]
