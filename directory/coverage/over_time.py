"""Is a gap closing? What the snapshots of a place say, and whether a service opened or was only found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import N_
from directory.models import (
    CoverageFigure,
    CoverageSnapshot,
    PublishedChange,
    PublishedPlace,
    PublishedService,
)
from directory.search.criteria import SHOWN

MOST_SNAPSHOTS = 24
HOW = {
    "opened": N_("Opened since"),
    "found": N_("Was there before, and was found since"),
    "changed": N_("Was on record, and now counts here"),
    "not known": N_("New on record; when it began is not known"),
}


@dataclass(frozen=True)
class Taken:
    """One snapshot of a place: its day, and its figures by kind of help."""

    day: date
    within_metres: int
    figures: Mapping[str, CoverageFigure]


@dataclass(frozen=True)
class NewHere:
    """A service that counts at the last snapshot and did not at the first, and how that came about."""

    service_id: str
    name: str
    organization_name: str
    how: str


def snapshots_of(session: Session, place: str) -> list[Taken]:
    """The newest snapshots of a place, the oldest of them first."""
    newest = select(CoverageSnapshot.id).order_by(CoverageSnapshot.taken_on.desc()).limit(MOST_SNAPSHOTS)
    rows = session.execute(
        select(CoverageSnapshot, CoverageFigure)
        .join(CoverageFigure, CoverageFigure.snapshot_id == CoverageSnapshot.id)
        .where(CoverageFigure.place == place, CoverageSnapshot.id.in_(newest))
        .order_by(CoverageSnapshot.taken_on)
    ).all()
    figures: dict[int, dict[str, CoverageFigure]] = {}
    for snapshot, figure in rows:
        figures.setdefault(snapshot.id, {})[figure.category] = figure
    snapshots = {snapshot.id: snapshot for snapshot, _ in rows}
    return [Taken(snapshots[key].taken_on, snapshots[key].within_metres, own) for key, own in figures.items()]


def new_here(session: Session, first: Taken, last: Taken, categories: Collection[str]) -> list[NewHere]:
    """The services that are new between two snapshots.

    A service is named only if all its places are shown to the public now: one that was hidden since is left
    out, for that it counted near a place would tell where it is.
    """
    before, after = (_ids(taken, categories) for taken in (first, last))
    if not after - before:
        return []
    own = PublishedPlace.published_service_id == PublishedService.id
    withheld = select(PublishedPlace.id).where(own, PublishedPlace.precision != "open").exists()
    rows = session.execute(
        select(PublishedService, PublishedChange.first_published)
        .outerjoin(PublishedChange, PublishedChange.id == PublishedService.service_id)
        .where(
            PublishedService.service_id.in_(sorted(after - before)),
            PublishedService.status.in_(SHOWN),
            ~withheld,
        )
        .order_by(PublishedService.organization_name, PublishedService.name)
    ).all()
    return [
        NewHere(
            service.service_id,
            service.name,
            service.organization_name,
            how_new(
                service.document.get("schedules") or [], published.date() if published else None, first.day
            ),
        )
        for service, published in rows
    ]


def how_new(schedules: Sequence[Mapping[str, Any]], first_published: date | None, since: date) -> str:
    """Whether a service that is new since a day opened since, or was there and was found: a key of `HOW`.

    It began on the earliest day on which one of its schedules begins, if each of them says when it does.
    """
    if first_published is not None and first_published <= since:
        return "changed"
    starts = [str(s.get("valid_from") or s.get("dtstart") or "")[:10] for s in schedules]
    if not starts or not all(starts):
        return "not known"
    return "opened" if min(starts) > since.isoformat() else "found"


def _ids(taken: Taken, categories: Collection[str]) -> set[str]:
    own = (figure for code, figure in taken.figures.items() if code in categories)
    return {key for figure in own for key in figure.service_ids or []}
