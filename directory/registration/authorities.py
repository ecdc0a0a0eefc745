"""The authorities of many records at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import Area, Location, Service, ServiceArea, ServiceAtLocation
from directory.places.batches import batches


def authorities_of(session: Session, organization_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """The authorities that the services of records are in or cover; a record without any is not there."""
    found: dict[str, set[str]] = {}
    places = (
        select(Service.organization_id, Location.authority_code)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Location.authority_code.is_not(None))
    )
    areas = (
        select(Service.organization_id, func.coalesce(Area.authority_code, Area.code))
        .join(ServiceArea, ServiceArea.service_id == Service.id)
        .join(Area, Area.code == ServiceArea.extent)
    )
    for some in batches(sorted(organization_ids), 5_000):
        for query in (places, areas):
            for organization_id, code in session.execute(query.where(Service.organization_id.in_(some))):
                if code:
                    found.setdefault(organization_id, set()).add(code)
    return {key: frozenset(codes) for key, codes in found.items()}
