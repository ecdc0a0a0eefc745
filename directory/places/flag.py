"""Place locations, and flag for review those that are not where one would look for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from directory.languages import N_
from directory.models import Area, Location, ReviewFlag, Service, ServiceAtLocation
from directory.places.batches import batches
from directory.places.locate import locate

FAR, NO_POINT, OUTSIDE = N_("far from postcode"), N_("no point"), N_("outside")


def place(session: Session, locations: Sequence[Location], run_id: str | None = None) -> None:
    """Give locations their points and areas, and flag their organisations anew.

    The locations are all those of their organisations: the open flags about places that stood before go.
    """
    far = locate(session, locations)
    owners = _owners(session, [location.id for location in locations])
    organization_ids = sorted({owner for some in owners.values() for owner in some})
    for some in batches(organization_ids):
        session.execute(
            delete(ReviewFlag).where(
                ReviewFlag.organization_id.in_(some),
                ReviewFlag.reason.in_((FAR, NO_POINT, OUTSIDE)),
                ReviewFlag.settled_at.is_(None),
            )
        )
    settled = settled_flags(session, organization_ids)
    authorities = session.scalar(select(Area.code).where(Area.level == "authority").limit(1)) is not None
    for location in locations:
        for reason, message in _remarks(location, far.get(location.id), authorities=authorities):
            for owner in owners.get(location.id, set()):
                if (owner, reason, message) in settled:
                    continue
                session.add(ReviewFlag(organization_id=owner, run_id=run_id, reason=reason, message=message))


def settled_flags(session: Session, organization_ids: Sequence[str]) -> set[tuple[str, str, str]]:
    """What somebody looked at already: the record, the reason, the words. It is not raised again."""
    columns = select(ReviewFlag.organization_id, ReviewFlag.reason, ReviewFlag.message)
    return {
        (row.organization_id, row.reason, row.message)
        for some in batches(organization_ids)
        for row in session.execute(
            columns.where(ReviewFlag.organization_id.in_(some), ReviewFlag.settled_at.is_not(None))
        )
    }


def place_all(session: Session) -> int:
    """Place every location again, after postcodes or areas were loaded; the number of locations."""
    locations = session.scalars(select(Location).options(selectinload(Location.addresses))).all()
    place(session, locations)
    return len(locations)


def _remarks(location: Location, metres: float | None, *, authorities: bool) -> Iterator[tuple[str, str]]:
    if location.location_type == "virtual":
        return
    if metres is not None:
        yield FAR, f"The point is {metres:,.0f} metres from the postcode. Which is right?"
    if location.easting is None:
        yield NO_POINT, N_("Its place on the map is not known.")
    elif authorities and location.authority_code is None:
        yield OUTSIDE, N_("It is outside the local authorities that are loaded.")


def _owners(session: Session, location_ids: Sequence[str]) -> dict[str, set[str]]:
    """The organisations that give a service at each location."""
    owners: dict[str, set[str]] = {}
    for some in batches(location_ids):
        rows = session.execute(
            select(ServiceAtLocation.location_id, Service.organization_id)
            .join(Service, Service.id == ServiceAtLocation.service_id)
            .where(ServiceAtLocation.location_id.in_(some))
        )
        for location_id, organization_id in rows:
            owners.setdefault(location_id, set()).add(organization_id)
    return owners
