"""Entries that somebody may be about to put in a second time. Looks at what is published alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.languages import N_, gettext, joined
from directory.models import PublishedOrganization, PublishedPlace, PublishedService
from directory.sources.identity import normalise
from geodata.postcodes import normalise_postcode, outward

MOST = 5
SHORTEST = 3
# How alike names must be, of 100: anywhere; in the same district; at the same postcode.
ALIKE, ALIKE_NEAR, ALIKE_THERE = 88, 75, 55
# Words that many names share, and that tell none from another.
COMMON = frozenset("the of and for in ltd limited cic cio charity trust group project association".split())  # noqa: SIM905


@dataclass(frozen=True)
class Likely:
    """A published entry that may be the same, and why."""

    organization_id: str
    name: str
    why: str


def likely_entries(session: Session, name: str, postcode: str | None = None) -> list[Likely]:
    """Published entries with a name nearly like this one, or at this postcode, the likeliest first."""
    there, near = _near(session, postcode)
    rows = session.execute(select(PublishedOrganization.organization_id, PublishedOrganization.name)).all()
    names = {row.organization_id: row.name for row in rows}
    scores = _scores(name, names)
    found: list[tuple[float, Likely]] = []
    for key, title in names.items():
        score = scores.get(key, 0.0)
        if key in there and (score >= ALIKE_THERE or not _telling(name)):
            found.append((score + 40, Likely(key, title, _why(score, N_("at the same postcode")))))
        elif key in near and score >= ALIKE_NEAR:
            found.append((score + 20, Likely(key, title, _why(score, N_("in the same postcode district")))))
        elif score >= ALIKE:
            found.append((score, Likely(key, title, _why(score, ""))))
    found.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].organization_id))
    return [likely for _, likely in found[:MOST]]


def _scores(name: str, names: Mapping[str, str]) -> dict[str, float]:
    """How alike the names of entries are to a name, by identifier; those far from it are left out."""
    wanted = _telling(name)
    if len(wanted) < SHORTEST:
        return {}
    known = {key: _telling(title) for key, title in names.items()}
    found = process.extract(
        wanted, known, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE_THERE, limit=10 * MOST
    )
    # A name within another ("Lantern" in "Lantern House School") is less alike than its words alone say.
    return {
        key: (score + fuzz.ratio(wanted, words)) / 2 if score < 100 or words != wanted else 100.0
        for words, score, key in found
    }


def _telling(name: str) -> str:
    """The words of a name that tell it from others; all of them where none does."""
    words = normalise(name).split()
    return " ".join([word for word in words if word not in COMMON] or words)


def _why(score: float, where: str) -> str:
    name = N_("the same name") if score >= 99 else N_("a name like yours") if score >= ALIKE_THERE else ""
    return joined(gettext(part) for part in (name, where) if part)


def _near(session: Session, text: str | None) -> tuple[set[str], set[str]]:
    """The organisations with a shown address at a postcode, and those in its district.

    A withheld address has no postcode in the public copy, so nothing is told of it.
    """
    postcode = normalise_postcode(text)
    if postcode is None:
        return set(), set()
    district = outward(postcode)
    query = (
        select(PublishedService.organization_id, PublishedPlace.postcode)
        .join(PublishedPlace, PublishedPlace.published_service_id == PublishedService.id)
        .where(
            PublishedPlace.precision == "open",
            or_(PublishedPlace.postcode == postcode, PublishedPlace.postcode.startswith(f"{district} ")),
        )
    )
    rows = session.execute(query).all()
    there = {row.organization_id for row in rows if normalise_postcode(row.postcode) == postcode}
    return there, {row.organization_id for row in rows}
