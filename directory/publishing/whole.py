"""Read records whole, for many at once: a query a table and not one a row."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import selectinload

from directory.models import Contact, Location, Organization, Service, ServiceAtLocation

SERVICE_PARTS = (
    Service.schedules,
    Service.service_areas,
    Service.cost_options,
    Service.languages,
    Service.phones,
    Service.funding,
)


def whole() -> list[Any]:
    """Everything that a record holds, in a query a table and not one a row."""
    services = selectinload(Organization.services)
    locations = services.selectinload(Service.service_at_locations).selectinload(ServiceAtLocation.location)
    return [
        selectinload(Organization.identifiers),
        selectinload(Organization.phones),
        selectinload(Organization.attributes),
        selectinload(Organization.contacts).selectinload(Contact.phones),
        services.selectinload(Service.attributes),
        services.selectinload(Service.contacts).selectinload(Contact.phones),
        *(services.selectinload(part) for part in SERVICE_PARTS),
        *(locations.selectinload(part) for part in (Location.addresses, Location.accessibility)),
        locations.selectinload(Location.attributes),
    ]
