"""What somebody may be typing: terms, organisations that are published, and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Area, Phrase, PublishedOrganization, Taxonomy, TaxonomyTerm
from directory.places.find import LEVEL_NAMES
from directory.places.frames import current_sites
from directory.remembering import remember
from directory.search.columns.snapshot import current
from directory.search.text import text_matches
from directory.words import plain_words

MOST = 8
MOST_OF_A_KIND = 4
MOST_ORGANIZATIONS = 50
SHORTEST, LONGEST = 2, 60
TAXONOMIES = ("category", "group", "faith")


@dataclass(frozen=True)
class Suggestion:
    """Words to search by, and what they are."""

    text: str
    kind: str


def suggest(session: Session, text: str, today: date) -> list[Suggestion]:
    """What may be meant by the beginning of a question, the likeliest first."""
    words = plain_words(text[:LONGEST])
    if len("".join(words)) < SHORTEST:
        return []
    terms = remember(session, "suggested terms", lambda: _written(_terms(session)))
    phrases = remember(session, ("suggested phrases", today), lambda: _written(_phrases(session, today)))
    return [
        *_first(terms, words, "Kind of help"),
        *_organizations(session, words),
        *suggest_places(session, text, today),
        *_first(phrases, words, "Also understood"),
    ][:MOST]


def suggest_places(session: Session, text: str, today: date) -> list[Suggestion]:
    """Sites, authorities and wards whose names have words that begin so."""
    words = plain_words(text[:LONGEST])
    if len("".join(words)) < SHORTEST:
        return []
    names = [site.name for site in current_sites(session, today)]
    query = select(Area.name).where(Area.level.in_(LEVEL_NAMES)).order_by(Area.level, Area.name)
    return list(_first(_written([*names, *session.scalars(query)]), words, "Place"))


def _written(names: list[str]) -> dict[str, list[str]]:
    """Some names, each once, with their plain words."""
    return {name: plain_words(name) for name in names}


def _terms(session: Session) -> list[str]:
    query = select(TaxonomyTerm.name).join(TaxonomyTerm.taxonomy).where(Taxonomy.name.in_(TAXONOMIES))
    return list(session.scalars(query.order_by(TaxonomyTerm.position)))


def _phrases(session: Session, today: date) -> list[str]:
    running = Phrase.retired_on.is_(None) | (Phrase.retired_on > today)
    return list(session.scalars(select(Phrase.phrase).where(running).order_by(Phrase.key)))


def _first(names: Mapping[str, list[str]], words: list[str], kind: str) -> Iterator[Suggestion]:
    """The names that fit, those that begin so before those in which a later word does."""
    fitting = [
        (not " ".join(own).startswith(" ".join(words)), place, name)
        for place, (name, own) in enumerate(names.items())
        if _fits(own, words)
    ]
    return (Suggestion(name, kind) for _, _, name in sorted(fitting)[:MOST_OF_A_KIND])


def _fits(own: list[str], words: list[str]) -> bool:
    *whole, last = words
    return set(whole) <= set(own) and any(word.startswith(last) for word in own)


def _organizations(session: Session, words: list[str]) -> Iterator[Suggestion]:
    snapshot = current(session)
    matches = text_matches(snapshot, " ".join(words))
    best = [
        (-points, part.segment.keys[row], part.segment.organizations[part.segment.organization[row]])
        for part, matched in zip(snapshot.parts, matches or (), strict=matches is not None)
        for row, points in matched.best(MOST_ORGANIZATIONS)
    ]
    keys = {key for _, _, key in sorted(best)[:MOST_ORGANIZATIONS]}
    query = select(PublishedOrganization.name).where(PublishedOrganization.organization_id.in_(keys))
    names = list(session.scalars(query.order_by(PublishedOrganization.name)))
    return _first(_written(names), words, "Organisation")
