"""What else to look for: phrases of the field, and words that are spelled nearly so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from rapidfuzz.distance import OSA
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from directory.models import Phrase, PublishedWord, Taxonomy, TaxonomyTerm
from directory.phrases import listed, phrase_key, singular
from directory.remembering import remember
from directory.search.resting import note_spellings
from directory.search.sayings import Sayings, sayings_of
from directory.search.wanted import MOST_WORDS, STOP_WORDS, Widening, Words
from directory.words import plain_words, term_word

SHORTEST_MISSPELT = 5
MOST_CORRECTIONS = 2
MOST_WRONG = 2  # letters
LONGEST_PHRASE = 8
# Words that say what sort of thing is sought, or for whom: without them, a service may still be just that.
_GENERAL = """
    club clubs group groups team teams class classes session sessions course courses centre project
    referral provider providers organisation organisations charity scheme son sons daughter daughters lad
    lads lass kid kids child nephew niece grandson granddaughter grandchild nan gran grandma granny
    youngster person people junior juniors senior seniors beginner beginners children
    lesson lessons programme programmes"""
GENERAL = frozenset(_GENERAL.split())
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


@dataclass
class _Meaning:
    """The words and terms that something stands for, and the words that these stand for in turn."""

    words: list[str] = field(default_factory=list)
    terms: dict[str, str] = field(default_factory=dict)
    beyond: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Meanings:
    """What phrases and terms stand for, by key, how their keys are met in a question, and their words."""

    by_key: Mapping[str, _Meaning]
    sayings: Sayings
    words: Collection[str]


def widenings(session: Session, question: str, today: date) -> tuple[Widening, ...]:
    """Everything else to look for with a question: phrases, synonyms of terms, and spellings."""
    words = plain_words(question)[: 2 * MOST_WORDS]
    if not words:
        return ()
    known, taken = _known(session, today), set[int]()
    found = list(_phrases(words, words, known, taken))
    # What is part of a phrase is spelled rightly, whether or not a record has it.
    rest = [word for place, word in enumerate(words) if place not in taken]
    joined, meant = _spellings(session, words, rest, known.words)
    spelled = [meant.get(word, [word])[0] for word in words]
    if meant:
        found += _phrases(words, spelled, known, taken)
    wrong = dict.fromkeys(word for place, word in enumerate(words) if place not in taken and word in meant)
    optional = [
        Widening((word,), (), ())
        for place, word in enumerate(words)
        if place not in taken and word in GENERAL
    ]
    together = [
        _widening(parts, [whole], known.by_key.get(singular(whole), _Meaning()))
        for whole, parts in joined.items()
    ]
    return (*found, *together, *(_corrected((word,), meant[word]) for word in wrong), *optional)


def further(found: Sequence[Widening]) -> tuple[Widening, ...]:
    """The same widenings, in which what is beyond the alternatives will do as well as they."""
    return tuple(replace(one, alternatives=(*one.alternatives, *one.beyond), beyond=()) for one in found)


def _known(session: Session, today: date) -> _Meanings:
    return remember(session, ("meanings", today), lambda: _meanings(session, today))


def _corrected(words: Words, near: Sequence[str]) -> Widening:
    others = tuple((other,) for other in near)
    return Widening(words, others, tuple(near), spelled=others)


def _phrases(
    words: Sequence[str], spelled: Sequence[str], known: _Meanings, taken: set[int]
) -> Iterator[Widening]:
    # Most words first: "criminal exploitation" before "exploitation"; and the very words before their like.
    for places in sorted(met := _met(spelled, known), key=lambda one: (-len(one), met[one][1], one)):
        if taken.intersection(places):
            continue
        taken.update(places)
        own, meant = tuple(words[place] for place in places), tuple(spelled[place] for place in places)
        yield _widening(own, [" ".join(meant)] if meant != own else [], met[places][0])


def _widening(own: Words, corrected: Sequence[str], wider: _Meaning) -> Widening:
    """Some words of a question with what they stand for; `corrected` is how others spell them."""
    alternatives = [tuple(plain_words(text)) for text in [*corrected, *wider.words]]
    alternatives += [(term_word(*term.split(":", 1)),) for term in wider.terms]
    said = [*corrected, *wider.words, *wider.terms.values()]
    same = tuple(alternatives[: len(corrected)])
    # For whom it is says less than what is sought, and half of all have it.
    what = bool(wider.words or wider.terms) and not any(term.startswith("gender:") for term in wider.terms)
    others = dict.fromkeys(tuple(plain_words(text)) for text in wider.beyond) if what else ()
    beyond = tuple(words for words in others if words != own and words not in alternatives)
    return Widening(own, tuple(alternatives), tuple(dict.fromkeys(said)), same, meant=what, beyond=beyond)


def _met(words: Sequence[str], known: _Meanings) -> dict[tuple[int, ...], tuple[_Meaning, bool]]:
    """The phrases that a question holds, by the places of their words; and whether they stand nearly so."""
    keys = [singular(word) for word in words]
    found: dict[tuple[int, ...], tuple[_Meaning, bool]] = {}
    for start in range(len(keys)):
        for end in range(start + 1, min(len(keys), start + LONGEST_PHRASE) + 1):
            key = " ".join(keys[start:end])
            if key in known.by_key:
                found[tuple(range(start, end))] = (known.by_key[key], False)
    for one in known.sayings.met(words):
        places = tuple(sorted(one.places))
        meaning, nearly = found.get(places, (_Meaning(), True))
        if nearly:
            also = known.by_key[one.key]
            words_of_both = list(dict.fromkeys([*meaning.words, *also.words]))
            beyond = [*meaning.beyond, *also.beyond]
            found[places] = (_Meaning(words_of_both, meaning.terms | also.terms, beyond), True)
    return found


def _meanings(session: Session, today: date) -> _Meanings:
    """What phrases and the names and synonyms of terms stand for, by key."""
    found: dict[str, _Meaning] = {}
    texts: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for taxonomy, code, name, synonyms in read_terms(session):
        term = f"{taxonomy}:{code}"
        names[term] = name
        for key, words in {phrase_key(text): plain_words(text) for text in (name, *listed(synonyms))}.items():
            if key:
                texts[key] = words
                found.setdefault(key, _Meaning()).terms[term] = name
    in_force = or_(Phrase.retired_on.is_(None), Phrase.retired_on > today)
    for phrase in session.scalars(select(Phrase).where(in_force)):
        texts[phrase.key] = plain_words(phrase.phrase)
        meaning = found.setdefault(phrase.key, _Meaning())
        meaning.words += listed(phrase.words)
        meaning.terms |= {term: names[term] for term in listed(phrase.terms) if term in names}
    for meaning in found.values():
        keys = (phrase_key(text) for text in meaning.words)
        meaning.beyond = [text for key in keys if key in found for text in found[key].words]
    spelled = sorted({word for words in texts.values() for word in words if len(word) >= SHORTEST_MISSPELT})
    return _Meanings(found, sayings_of(texts), spelled)


def read_terms(session: Session) -> list[tuple[str, str, str, str]]:
    """Every term as taxonomy, code, name and synonyms."""
    query = (
        select(Taxonomy.name, TaxonomyTerm.code, TaxonomyTerm.name, TaxonomyTerm.synonyms)
        .join(TaxonomyTerm.taxonomy)
        .order_by(TaxonomyTerm.position)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def _spellings(
    session: Session, words: Sequence[str], rest: Sequence[str], of_the_field: Collection[str]
) -> tuple[dict[str, Words], dict[str, list[str]]]:
    """Words that are one when joined, by that one; and what each word that no text has may be meant for.

    That is a published word, or else a word of the phrases and terms, of which one letter at most is wrong.
    """
    joined = {a + b: (a, b) for a, b in pairwise(words) if not STOP_WORDS & {a, b}}
    wanted = {word for word in rest if len(word) >= SHORTEST_MISSPELT and word not in STOP_WORDS}
    asked = {*wanted, *joined}
    known = published_ones(session, asked)
    published = {word: word in known for word in asked}
    begun = {words[-1]} & (wanted - known)
    known.update(word for word in begun if _begins(session, word))  # somebody is still typing it
    together: dict[str, Words] = {whole: parts for whole, parts in joined.items() if whole in known}
    unknown = sorted(wanted.difference(known, of_the_field, GENERAL))
    note_spellings(session, published, begun, unknown)
    near = {
        word: nearest(session, word)
        or _likest(word, ((one, 0) for one in of_the_field if one[0] in _starts(word)), 1)
        for word in unknown
    }
    meant = {word: others for word, others in near.items() if others}
    return together, meant


def published_ones(session: Session, words: Collection[str]) -> set[str]:
    """Which of some words stand in anything that is published."""
    return set(session.scalars(select(PublishedWord.word).where(PublishedWord.word.in_(words))))


def _begins(session: Session, word: str) -> bool:
    """Whether a published word begins so."""
    longer = PublishedWord.word.between(word, word + "\U0010ffff")
    return session.scalar(select(PublishedWord.word).where(longer).limit(1)) is not None


def _starts(word: str) -> set[str]:
    """The letters that a word may begin with when it is spelled rightly."""
    return {word[0], *BEGINNINGS.get(word[0], "")}


def nearest(session: Session, word: str) -> list[str]:
    """The published words that are spelled most nearly like a word, the more common first."""
    most = 1 if len(word) < 7 else MOST_WRONG
    query = select(PublishedWord.word, PublishedWord.services).where(
        func.length(PublishedWord.word).between(len(word) - most, len(word) + most),
        or_(*(PublishedWord.word.between(start, start + "\U0010ffff") for start in _starts(word))),
    )
    return _likest(word, ((row[0], row[1]) for row in session.execute(query)), most)


def _likest(word: str, others: Iterable[tuple[str, int]], most: int) -> list[str]:
    """Of words, each with the number of services that have it, those spelled most nearly like one."""
    found = []
    for other, services in others:
        distance = OSA.distance(word, other, score_cutoff=most)
        if distance <= most and singular(other) != singular(word):
            found.append((distance, -services, other))
    found.sort()
    return [other for distance, _, other in found if distance == found[0][0]][:MOST_CORRECTIONS]
