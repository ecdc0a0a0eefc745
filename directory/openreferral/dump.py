"""Write an organisation with all its services as one Open Referral UK document."""

from __future__ import annotations

from datetime import date
from typing import Any

from directory.models import (
    Attribute,
    Base,
    Contact,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
)

# Columns that tell of our housekeeping, or that `location` carries as latitude and longitude.
LEFT_OUT = {
    "position",
    "easting",
    "northing",
    "lsoa_code",
    "ward_code",
    "authority_code",
    "source_id",
    "link_entity",
}


def dump(organization: Organization) -> dict[str, Any]:
    """The whole record, with what is protected: for versions, never for the public."""
    return _without_nothing(
        _columns(organization)
        | {
            "organization_identifiers": [_columns(row) for row in organization.identifiers],
            "phones": [_columns(row) for row in organization.phones],
            "contacts": [_contact(row) for row in organization.contacts],
            "attributes": [dump_attribute(row) for row in organization.attributes],
            "services": [dump_service(row) for row in organization.services],
        }
    )


def dump_service(service: Service) -> dict[str, Any]:
    """One service, as it stands in its organisation's document."""
    return _without_nothing(
        _columns(service)
        | {
            "attributes": [dump_attribute(row) for row in service.attributes],
            "schedules": [_columns(row) for row in service.schedules],
            "service_areas": [_columns(row) for row in service.service_areas],
            "cost_options": [_columns(row) for row in service.cost_options],
            "languages": [_columns(row) for row in service.languages],
            "phones": [_columns(row) for row in service.phones],
            "funding": [_columns(row) for row in service.funding],
            "contacts": [_contact(row) for row in service.contacts],
            "service_at_locations": [_link(row) for row in service.service_at_locations],
        }
    )


def dump_attribute(attribute: Attribute) -> dict[str, Any]:
    """A term given to something, with its name; or the words that no term fits."""
    if attribute.term is None:
        words: dict[str, Any] = {"name": attribute.value, "taxonomy": attribute.link_type}
    else:
        words = {"term": attribute.term.code, "name": attribute.term.name, "taxonomy": attribute.link_type}
    value = attribute.value if attribute.term else None
    return _without_nothing(
        {"id": attribute.id, "link_type": attribute.link_type, "value": value, "taxonomy_term": words}
    )


def dump_location(location: Location) -> dict[str, Any]:
    """A place with everything known of it, protected or not."""
    return _without_nothing(
        _columns(location)
        | {
            "addresses": [_columns(row) for row in location.addresses],
            "accessibility": [_columns(row) for row in location.accessibility],
            "attributes": [dump_attribute(row) for row in location.attributes],
        }
    )


def _contact(contact: Contact) -> dict[str, Any]:
    return _without_nothing(_columns(contact) | {"phones": [_columns(row) for row in contact.phones]})


def _link(link: ServiceAtLocation) -> dict[str, Any]:
    return {"id": link.id, "location": dump_location(link.location)}


def _columns(row: Base) -> dict[str, Any]:
    values = {
        column.name: getattr(row, column.name)
        for column in row.__table__.columns
        if not column.foreign_keys and column.name not in LEFT_OUT
    }
    return _without_nothing(
        {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    )


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: absent, never null."""
    return {name: value for name, value in values.items() if value is not None and value != []}
