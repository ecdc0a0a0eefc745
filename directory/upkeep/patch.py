"""Which records lie in which authorities, for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Area, Location, Service, ServiceArea, ServiceAtLocation


def authorities_of_all(session: Session) -> Mapping[str, frozenset[str]]:
    """The authorities that the services of each organisation are in or cover, in three queries.

    The same as `directory.accounts.actors.target_of`, which asks for one. What lies in none is not there.
    """
    places = (
        select(Service.organization_id, Location.authority_code)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Location.authority_code.is_not(None))
    )
    parts = (
        select(Service.organization_id, Area.authority_code)
        .join(ServiceArea, ServiceArea.service_id == Service.id)
        .join(Area, Area.code == ServiceArea.extent)
        .where(Area.authority_code.is_not(None))
    )
    whole = (
        select(Service.organization_id, Area.code)
        .join(ServiceArea, ServiceArea.service_id == Service.id)
        .join(Area, Area.code == ServiceArea.extent)
        .where(Area.level == "authority")
    )
    found: dict[str, set[str]] = defaultdict(set)
    for query in (places, parts, whole):
        for organization_id, code in session.execute(query.distinct()):
            found[organization_id].add(str(code))
    return {organization_id: frozenset(codes) for organization_id, codes in found.items()}


def is_in_patch(codes: Collection[str], patches: Collection[str] | None) -> bool:
    """Whether a record is a navigator's: it lies in one of their authorities, or in none that is known.

    Without patches (None) everything is.
    """
    return patches is None or not codes or bool(set(codes) & set(patches))
