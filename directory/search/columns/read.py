"""From the tables of the public copy to the rows that columns are made of. Nothing else is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.models import (
    Area,
    PublishedArea,
    PublishedOpening,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    PublishedText,
)

Row = Sequence[Any]
# So many services are read at a time, for a whole copy by their numbers, and by organisation.
STEP = 20_000
FEW = 500
SERVICE = (
    PublishedService.id,
    PublishedService.service_id,
    PublishedService.organization_id,
    PublishedService.name,
    PublishedService.status,
    PublishedService.hours_known,
    PublishedService.place_known,
    PublishedService.minimum_age,
    PublishedService.maximum_age,
    PublishedService.cost,
    PublishedService.checked_on,
    PublishedService.due_on,
    PublishedService.stale_on,
)
PLACE = (
    PublishedPlace.published_service_id,
    PublishedPlace.id,
    PublishedPlace.easting,
    PublishedPlace.northing,
    PublishedPlace.precision,
    PublishedPlace.ward_code,
    PublishedPlace.authority_code,
)
OPENING = (
    PublishedOpening.published_service_id,
    PublishedOpening.weekday,
    PublishedOpening.opens_minute,
    PublishedOpening.closes_minute,
    PublishedOpening.every_week,
    PublishedOpening.valid_from,
    PublishedOpening.valid_to,
)
TEXT = (
    PublishedText.published_service_id,
    PublishedText.name,
    PublishedText.organization_name,
    PublishedText.terms,
    PublishedText.description,
)


@dataclass(frozen=True)
class Rows:
    """Rows of the public copy. `levels` says of each area that is covered its level and its authority."""

    services: Sequence[Row]
    terms: Sequence[Row]
    areas: Sequence[Row]
    places: Sequence[Row]
    openings: Sequence[Row]
    texts: Sequence[Row]
    levels: dict[str, tuple[str, str | None]]
    authorities: Sequence[str]


def read_all(session: Session) -> Iterator[Rows]:
    """Read the whole public copy, some thousands of services at a time."""
    services: Sequence[Row] = ()
    while not services or len(services) == STEP:
        after = services[-1][0] if services else 0
        query = select(*SERVICE).where(PublishedService.id > after).order_by(PublishedService.id)
        services = session.execute(query.limit(STEP)).all()
        if not services:
            return
        last = services[-1][0]
        yield _read(session, services, lambda column, after=after, last=last: column.between(after + 1, last))


def read_some(session: Session, organization_ids: Collection[str]) -> Iterator[Rows]:
    """Read the public copy of some organisations."""
    wanted = sorted(organization_ids)
    for start in range(0, len(wanted), FEW):
        theirs = PublishedService.organization_id.in_(wanted[start : start + FEW])
        services = session.execute(select(*SERVICE).where(theirs)).all()
        # Asked again: their numbers may be more than a statement takes.
        ids = select(PublishedService.id).where(theirs)
        yield _read(session, services, lambda column, ids=ids: column.in_(ids))


def _read(session: Session, services: Sequence[Row], which: Any) -> Rows:
    there = {row[0] for row in services}

    def rows(key: InstrumentedAttribute[int], *columns: InstrumentedAttribute[Any]) -> Sequence[Row]:
        found = session.execute(select(*columns).where(which(key)))
        # What somebody published since the services were read comes with its own number of change.
        return [row for row in found if row[0] in there]

    areas = rows(PublishedArea.published_service_id, PublishedArea.published_service_id, PublishedArea.code)
    codes = {code for _, code in areas}
    levels = select(Area.code, Area.level, Area.authority_code).where(
        Area.code.in_(codes) | (Area.level == "authority")
    )
    known = {code: (level, authority) for code, level, authority in session.execute(levels)}
    term = PublishedTerm.published_service_id
    return Rows(
        services=services,
        terms=rows(term, term, PublishedTerm.facet, PublishedTerm.code),
        areas=areas,
        places=rows(PublishedPlace.published_service_id, *PLACE),
        openings=rows(PublishedOpening.published_service_id, *OPENING),
        texts=rows(PublishedText.published_service_id, *TEXT),
        levels=known,
        authorities=[code for code, (level, _) in known.items() if level == "authority"],
    )
