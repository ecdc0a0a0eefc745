"""From published documents to the shapes of the Open Referral UK profile: its fields alone, nothing null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid5

from directory.exporting.terms import Shape, Terms, value_attribute
from directory.openreferral.formats import is_email, web_uri, write_moment
from directory.openreferral.values import (
    OURS,
    Value,
    contact_values,
    contacts_of,
    link_id,
    location_values,
    organization_values,
    service_values,
)
from directory.schedules.rules import DAY_CODES

Document = Mapping[str, Any]
SERVICE = ("name", "description", "status", "fees", "accreditations", "minimum_age", "maximum_age", "alert")
SCHEDULE = ("valid_from", "dtstart", "freq", "interval", "byday", "bymonthday", "description", "notes")
COST = ("valid_from", "valid_to", "option", "amount", "amount_description")
# The profile wants a description of every organisation.
NO_DESCRIPTION = "No description is on record."
COUNTY = "West Midlands"
NOT_SHOWN = "The address is not shown."


def organization_brief(document: Document) -> Shape:
    """An organisation in a list."""
    shape = {
        "id": document["id"],
        "name": document["name"],
        "description": document.get("description") or NO_DESCRIPTION,
        "email": _email(document.get("email")),
        "website": web_uri(document.get("website")),
        "logo": web_uri(document.get("logo")),
        "uri": web_uri(document.get("uri")),
        "parent_organization_id": document.get("parent_organization_id"),
    }
    return _known(shape)


def organization_inside(document: Document, terms: Terms) -> Shape:
    """An organisation as it stands within a service: with its numbers and terms."""
    key = document["id"]
    identifiers = [
        _known(
            {
                "id": item["id"],
                "organization_id": key,
                "identifier_scheme": item.get("identifier_scheme"),
                "identifier_type": item.get("identifier_type") or item.get("identifier_scheme"),
                "identifier": item["identifier"],
            }
        )
        for item in document.get("organization_identifiers", [])
    ]
    attributes = _attributes(document, organization_values(document), terms)
    more = {"organization_identifiers": identifiers, "attributes": attributes}
    return organization_brief(document) | _known(more)


def organization_whole(
    document: Document, services: Iterable[tuple[Document, datetime]], terms: Terms
) -> Shape:
    """An organisation with all its services whole."""
    inside = [_without_organization(service_whole(one, changed, terms)) for one, changed in services]
    return organization_inside(document, terms) | _known({"services": inside})


def service_main(document: Document, changed: datetime) -> Shape:
    """The plain facts of a service."""
    shape = {"id": document["id"], "organization_id": document["organization"]["id"]}
    shape |= {name: document.get(name) for name in SERVICE}
    shape["url"] = web_uri(document.get("url"))
    shape["email"] = _email(document.get("email"))
    shape["assured_date"] = (document.get("assured_date") or "")[:10]
    shape["last_modified"] = write_moment(changed)
    return _known(shape)


def service_brief(document: Document, changed: datetime) -> Shape:
    """A service in a list."""
    return service_main(document, changed) | {"organization": organization_brief(document["organization"])}


def service_inside(document: Document, changed: datetime, terms: Terms) -> Shape:
    """A service with everything but its places."""
    key = document["id"]
    parts = {
        "schedules": [one for item in document.get("schedules", []) for one in _schedules(item, key)],
        "service_areas": [_area(item, key) for item in document.get("service_areas", [])],
        "languages": [{"id": item["id"], "service_id": key} for item in document.get("languages", [])],
        "organization": organization_inside(document["organization"], terms),
        "funding": [_only(item, ("source",), key) for item in document.get("funding", [])],
        "cost_options": [_only(item, COST, key) for item in document.get("cost_options", [])],
        "contacts": [_contact(number, item, key) for number, item in contacts_of(document)],
        "attributes": _attributes(document, service_values(document), terms),
    }
    return service_main(document, changed) | _known(parts)


def service_whole(document: Document, changed: datetime, terms: Terms) -> Shape:
    """A service with everything."""
    key = document["id"]
    links = [place_of_service(key, link["location"], terms) for link in document["service_at_locations"]]
    return service_inside(document, changed, terms) | _known({"service_at_locations": links})


def place_of_service(service_id: str, location: Document, terms: Terms) -> Shape:
    """One of the places of a service."""
    return _link(service_id, location) | {"location": location_whole(location, terms)}


def service_at_location(
    document: Document, location: Document, changed: datetime, terms: Terms | None
) -> Shape:
    """A service at a place; without the terms, in brief."""
    if terms is None:
        parts = {"location": location_brief(location), "service": service_brief(document, changed)}
        return _link(document["id"], location) | parts
    whole = place_of_service(document["id"], location, terms)
    return whole | {"service": service_inside(document, changed, terms)}


def location_brief(location: Document) -> Shape:
    """A place in a list. A point that stands for a whole ward is left out: the profile cannot say so."""
    shape = {"id": location["id"], "location_type": location["location_type"], "name": location.get("name")}
    said = [location.get("description")]
    if location["precision"] == "open" and None not in (location.get("latitude"), location.get("longitude")):
        shape |= {name: float(location[name]) for name in ("latitude", "longitude")}
    elif location["precision"] in ("approximate", "hidden"):
        area = ", ".join(location[name] for name in ("ward", "authority") if location.get(name))
        said = [f"{NOT_SHOWN} It is in {area}." if area else NOT_SHOWN]
    said += [text for address in _addresses(location) if not _is_whole(address) for text in _lines(address)]
    return _known(shape | {"description": " ".join(text for text in said if text)})


def location_whole(location: Document, terms: Terms) -> Shape:
    """A place with its addresses."""
    key = location["id"]
    parts = {
        "addresses": [_known(address) for address in _addresses(location) if _is_whole(address)],
        "accessibility": [_accessibility(item, key) for item in location.get("accessibility", [])],
        "attributes": _attributes(location, location_values(location), terms),
    }
    return location_brief(location) | _known(parts)


def _link(service_id: str, location: Document) -> Shape:
    key = location["id"]
    return {"id": link_id(service_id, key), "service_id": service_id, "location_id": key}


def _without_organization(service: Shape) -> Shape:
    return {name: value for name, value in service.items() if name != "organization"}


def _addresses(location: Document) -> list[Shape]:
    """The shown addresses. What the profile needs and the record lacks is taken from the place and area."""
    return [
        {
            "id": item["id"],
            "location_id": location["id"],
            "address_1": ", ".join(_filled(item.get("address_1"), item.get("address_2")))
            or location.get("name"),
            "city": item.get("city") or location.get("authority"),
            "region": item.get("region"),
            "state_province": item.get("region") or (COUNTY if location.get("authority") else None),
            "postal_code": item.get("postal_code"),
            "country": item.get("country") or "GB",
            "address_type": item.get("address_type") or "physical",
        }
        for item in location.get("addresses", [])
    ]


def _is_whole(address: Shape) -> bool:
    return all(address[name] for name in ("address_1", "city", "state_province", "postal_code"))


def _lines(address: Shape) -> list[str]:
    return _filled(*(address[name] for name in ("address_1", "city", "postal_code")))


def _filled(*texts: str | None) -> list[str]:
    return [text for text in texts if text]


def _schedules(item: Document, service_id: str) -> list[Shape]:
    """A schedule; one that goes past midnight as two, because harvesters take such hours for a mistake."""
    shape = _schedule(item, service_id)
    opens, closes = shape.get("opens_at"), shape.get("closes_at")
    if not opens or not closes or opens[:5] < closes[:5] or closes[:5] == "00:00":
        return [shape]
    days = str(shape.get("byday", "")).split(",")
    if shape.get("freq") == "WEEKLY" and set(days) <= set(DAY_CODES):
        later = [DAY_CODES[(DAY_CODES.index(day) + 1) % 7] for day in days]
        after = {"id": str(uuid5(OURS, shape["id"])), "byday": ",".join(later), "opens_at": "00:00"}
        return [shape | {"closes_at": "00:00"}, shape | after]
    said = f"It closes at {closes} on the next day."
    words = " ".join(_filled(shape.get("description"), said))
    return [shape | {"closes_at": "00:00", "description": words}]


def _schedule(item: Document, service_id: str) -> Shape:
    shape = _only(item, SCHEDULE, service_id)
    ends = _filled(item.get("valid_to"), item.get("until"))
    times = {name: item.get(name) for name in ("opens_at", "closes_at", "attending_type")}
    link = {"schedule_link": web_uri(item.get("schedule_link"))}
    return shape | _known({"valid_to": min(ends) if ends else None, **times, **link})


def _area(item: Document, service_id: str) -> Shape:
    return _only(item, ("name", "extent", "extent_type", "uri"), service_id)


def _accessibility(item: Document, location_id: str) -> Shape:
    shape = {"id": item["id"], "location_id": location_id, "url": web_uri(item.get("url"))}
    return _known(shape | {name: item.get(name) for name in ("description", "details")})


def _contact(key: str, contact: Document, service_id: str) -> Shape:
    shape = {"id": key, "service_id": service_id, "name": contact.get("name"), "title": contact.get("title")}
    attributes = [value_attribute(value) for value in contact_values(key, contact)]
    return _known(shape | {"attributes": attributes})


def _only(item: Document, names: Iterable[str], service_id: str) -> Shape:
    return _known({"id": item["id"], "service_id": service_id, **{name: item.get(name) for name in names}})


def _attributes(document: Document, values: Iterable[Value], terms: Terms) -> list[Shape]:
    given = [terms.attribute(document["id"], item) for item in document.get("attributes", [])]
    return [item for item in given if item] + [value_attribute(value) for value in dict.fromkeys(values)]


def _email(text: str | None) -> str | None:
    return text if text and is_email(text) else None


def _known(values: Shape) -> Shape:
    return {name: value for name, value in values.items() if value not in (None, [], "")}
