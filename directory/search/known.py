"""What a question may name: the places and terms of this directory, and the names of what is published."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Area, Postcode
from directory.phrases import listed
from directory.places.find import LEVEL_NAMES, neighbourhoods, place_key
from directory.places.frames import current_sites
from directory.remembering import remember
from directory.search.columns.segment import count
from directory.search.columns.snapshot import current
from directory.search.resting import note_name, note_spellings, note_text
from directory.search.text import NAMES, has_in_order, text_matches
from directory.search.understand import Part, Understood, Vocabulary, understand
from directory.search.wanted import words_of
from directory.search.widen import GENERAL, SHORTEST_MISSPELT, nearest, published_ones, read_terms
from directory.words import plain_words

# Whose terms a question may fill in, and which of them has a word that several have.
TAXONOMIES = ("gender", "group", "category")
SHORTEST_TERM = 4
_OUTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\b", re.IGNORECASE)


def understand_question(session: Session, text: str, today: date) -> Understood:
    """What a question asks, unless it is the name of something published: then its words stand."""
    if len(text) < 3 or '"' in text or _is_name(session, text):
        return Understood((), text)
    found = understand(text, vocabulary(session, text, today), today.weekday())
    kept = tuple(part for part in found.parts if part.kind != "term" or _tells(session, part))
    return Understood(kept, found.rest) if kept else Understood((), text)


def _tells(session: Session, part: Part) -> bool:
    """Whether most of what has the very words of a term has the term, so that it hides little."""
    ((taxonomy, code),) = part.arguments.items()
    if taxonomy != "category":
        return True
    note_text(session, part.words)
    snapshot = current(session)
    matches = text_matches(snapshot, part.words)
    if matches is None:
        return False
    total = having = 0
    for one, matched in zip(snapshot.parts, matches, strict=True):
        total += len(matched.rows)
        having += count(matched.bits(one.segment) & one.segment.having(taxonomy, [code]))
    return bool(total) and 2 * having >= total


def vocabulary(session: Session, text: str, today: date) -> Vocabulary:
    """The places and terms that a question may name."""
    known = remember(session, ("vocabulary", today), lambda: _vocabulary(session, today))
    others = _outcodes(session, text) | _misspelt_places(session, text, known.places)
    return replace(known, places={**known.places, **others}) if others else known


def _vocabulary(session: Session, today: date) -> Vocabulary:
    places: dict[str, str] = {}
    sure: set[str] = set()
    rows = session.execute(select(Area.name, Area.level).where(Area.level.in_(LEVEL_NAMES))).all()
    names = [(site.name, True) for site in current_sites(session, today)]
    names += [(name, level == "authority") for name, level in rows]
    names += [(part, False) for name, level in rows if level == "ward" for part in neighbourhoods(name)]
    for name, stands_alone in names:
        key, written = place_key(name), " ".join(plain_words(name))
        for spelling in {key, key.removeprefix("the "), written}:
            places.setdefault(spelling, name)
            if stands_alone or len(spelling.split()) > 1:
                sure.add(spelling)
    return Vocabulary(places, frozenset(sure), dict(_terms(session)))


def _outcodes(session: Session, text: str) -> dict[str, str]:
    """The first halves of postcodes in a text that there are."""
    found = {match[0].upper() for match in list(_OUTCODE.finditer(text))[:3]}
    known = {
        code
        for code in found
        if session.scalar(select(Postcode.postcode).where(Postcode.postcode.like(f"{code} %")).limit(1))
    }
    return {code.lower(): code for code in known}


def _misspelt_places(session: Session, text: str, places: Mapping[str, str]) -> dict[str, str]:
    """Words that no text has and that are, but for one letter, the name of one place and no other word."""
    words = {word for word in plain_words(text) if len(word) >= SHORTEST_MISSPELT}.difference(places, GENERAL)
    published = published_ones(session, words)
    unknown = sorted(words - published)
    note_spellings(session, {word: word in published for word in words}, (), unknown)
    found = {}
    for word in unknown:
        near = extract(word, places.keys(), scorer=OSA.distance, score_cutoff=1)
        # Bolton is no Olton with a letter wrong, but a town elsewhere.
        names = {places[key] for key, _, _ in near if key[0] == word[0] and len(key) >= SHORTEST_MISSPELT}
        if len(names) == 1 and places.keys() >= set(nearest(session, word)):
            found[word] = names.pop()
    return found


def _terms(session: Session) -> Iterator[tuple[str, tuple[str, str]]]:
    """Names and synonyms that mean one term alone, by their plain words."""
    meant: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for taxonomy, code, name, synonyms in read_terms(session):
        if taxonomy not in TAXONOMIES:
            continue
        for text in (name, *listed(synonyms)):
            meant[" ".join(plain_words(text))][taxonomy].add(code)
    for phrase, by_taxonomy in meant.items():
        taxonomy = next(one for one in TAXONOMIES if one in by_taxonomy)
        if len(phrase) >= SHORTEST_TERM and len(by_taxonomy[taxonomy]) == 1:
            yield phrase, (taxonomy, next(iter(by_taxonomy[taxonomy])))


def _is_name(session: Session, text: str) -> bool:
    """Whether all of a question stands in the name of something published, as in "Sunday night youth"."""
    words = plain_words(text)
    if len(words) < 2 or not words_of(text):
        return False
    note_name(session, words)
    return has_in_order(current(session), words, NAMES)
