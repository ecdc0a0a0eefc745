"""The fields of a record whose freshness is kept, and where each stands in a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# The name of the field for a reader, and the parts of the document that hold it.
ORGANIZATION_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "name": ("Name", ("name", "alternate_name")),
    "description": ("What it is", ("description",)),
    "contact": ("How to make contact", ("email", "website", "phones", "contacts")),
    "identifiers": ("Register numbers", ("organization_identifiers",)),
    "kind": ("Kind of organisation", ("attributes",)),
}
SERVICE_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "name": ("Name", ("name", "alternate_name")),
    "description": ("What it does", ("description", "attributes")),
    "hours": ("Opening hours", ("schedules", "status", "alert")),
    "ages": ("Ages", ("minimum_age", "maximum_age")),
    "cost": ("Cost", ("cost_options", "fees")),
    "referral": ("How to get a place", ("application_process",)),
    "contact": ("How to make contact", ("email", "url", "phones", "contacts")),
    "place": ("Where", ("service_at_locations", "service_areas")),
    "languages": ("Languages", ("languages",)),
    "funding": ("Paid for by", ("funding",)),
}


def fields_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each field of a record that says something: the identifier of its entity, its name, what it says."""
    for entity, fields in _entities(document):
        for field, (_, names) in fields.items():
            if said := says(entity, names):
                yield entity["id"], field, said


def says(entity: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What an organisation or a service says under some names, without what is empty."""
    return {name: entity[name] for name in names if entity.get(name) not in (None, [], "")}


def _entities(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    yield document, ORGANIZATION_FIELDS
    for service in document.get("services") or []:
        yield service, SERVICE_FIELDS
