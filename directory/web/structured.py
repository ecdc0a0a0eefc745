"""The facts of a page in the words of schema.org, for search engines: JSON-LD that no text breaks out of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from directory.languages import DAYS
from directory.models import PublishedOrganization, PublishedService
from directory.openreferral.values import FICTIONAL
from directory.schedules.evaluate import weekly_openings
from directory.web.clock import today
from directory.web.presenting import safe_link, term_names

Document = Mapping[str, Any]
# Within a script element these could end it, or begin a comment.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def service_data(service: PublishedService) -> Markup:
    """A service."""
    document = service.document
    thing = {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": url_for("services.show", service_id=service.service_id, _external=True),
        "name": service.name,
        "description": document.get("description"),
        "url": safe_link(document.get("url")),
        "serviceType": term_names(document, "category"),
        "audience": _audience(document),
        "provider": _organization(document["organization"]),
        "areaServed": [area["name"] for area in document.get("service_areas", []) if area.get("name")],
        "availableChannel": [_channel(link["location"]) for link in document.get("service_at_locations", [])],
        "hoursAvailable": list(_hours(document)),
        "offers": [_offer(item) for item in document.get("cost_options", []) if "amount" in item],
        "disambiguatingDescription": FICTIONAL if service.fictional else None,
    }
    return as_data(_known(thing))


def organization_data(organization: PublishedOrganization) -> Markup:
    """An organisation."""
    return as_data({"@context": "https://schema.org", **_organization(organization.document)})


def as_data(document: Mapping[str, Any]) -> Markup:
    """A document as the text of a script element that only holds data."""
    return Markup(json.dumps(document, ensure_ascii=False).translate(_ESCAPES))  # noqa: S704 - escaped here


def _organization(document: Document) -> dict[str, Any]:
    phones = [phone["number"] for phone in document.get("phones", [])]
    thing = {
        "@type": "Organization",
        "@id": url_for("organisations.show", organization_id=document["id"], _external=True),
        "name": document["name"],
        "alternateName": document.get("alternate_name"),
        "description": document.get("description"),
        "url": safe_link(document.get("website")),
        "email": document.get("email"),
        "telephone": phones[0] if phones else None,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": item["identifier_scheme"], "value": item["identifier"]}
            for item in document.get("organization_identifiers", [])
        ],
        "disambiguatingDescription": FICTIONAL if document.get("fictional") else None,
    }
    return _known(thing)


def _audience(document: Document) -> dict[str, Any] | None:
    low, high = document.get("minimum_age"), document.get("maximum_age")
    ages = _known({"suggestedMinAge": low, "suggestedMaxAge": high})
    return {"@type": "PeopleAudience", **ages} if ages else None


def _channel(location: Document) -> dict[str, Any]:
    """A place as far as it may be shown: a point that stands for a ward would be taken for the address."""
    area = ", ".join(location[name] for name in ("ward", "authority") if location.get(name))
    address: Document = next(iter(location.get("addresses", [])), {})
    postal = {
        "streetAddress": address.get("address_1"),
        "addressLocality": address.get("city") or area,
        "postalCode": address.get("postal_code"),
        "addressCountry": address.get("country") or "GB",
    }
    place = {"@type": "Place", "name": location.get("name")}
    place["address"] = {"@type": "PostalAddress", **_known(postal)}
    if location["precision"] == "open" and location.get("latitude") is not None:
        point = {name: location[name] for name in ("latitude", "longitude")}
        place["geo"] = {"@type": "GeoCoordinates", **point}
    return {"@type": "ServiceChannel", "serviceLocation": _known(place)}


def _hours(document: Document) -> Iterator[dict[str, Any]]:
    for opening in weekly_openings(document.get("schedules", []), today()):
        if opening.every_week:
            yield {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": f"https://schema.org/{DAYS[opening.weekday]}",
                "opens": _time(opening.opens_minute),
                "closes": _time(opening.closes_minute),
            }


def _time(minute: int) -> str:
    # The end of a day is its last minute: 24:00 is no time there.
    hours, minutes = divmod(min(minute, 24 * 60 - 1), 60)
    return f"{hours:02}:{minutes:02}"


def _offer(item: Document) -> dict[str, Any]:
    words = " ".join(item[name] for name in ("option", "amount_description") if item.get(name))
    return _known({"@type": "Offer", "price": item["amount"], "priceCurrency": "GBP", "description": words})


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], "", {})}
