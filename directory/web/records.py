"""The plain values of the pages about one organisation and one service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from directory.languages import gettext, joined, own_words, say_day, term
from directory.models import PublishedOrganization, PublishedService
from directory.schedules.evaluate import Opening, describe, describe_next, hours_known, weekly_openings
from directory.schedules.words import say_hours
from directory.search.frames import places_or_none
from directory.web.clock import today
from directory.web.crediting import credit, grants
from directory.web.facts import (
    ORGANIZATION_FACTS,
    SERVICE_FACTS,
    facts,
    field_text,
    org_ids,
    precision_note,
)
from directory.web.files import files
from directory.web.presenting import (
    address_lines,
    ages_text,
    cost_text,
    date_text,
    freshness,
    freshness_level,
    full_note,
    safe_link,
    status_note,
    term_names,
    where_text,
)

Document = Mapping[str, Any]
# Where a number of a public register can be looked up; the number follows.
REGISTERS = {
    "GB-CHC": "https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/",
    "GB-COH": "https://find-and-update.company-information.service.gov.uk/company/",
}


def service_page(service: PublishedService, now: datetime) -> dict[str, Any]:
    """Everything that the page of a service shows."""
    document = service.document
    schedules = document.get("schedules", [])
    return {
        "service_id": service.service_id,
        "name": service.name,
        "organisation_name": service.organization_name,
        "organisation_href": url_for("organisations.show", organization_id=service.organization_id),
        "description": document.get("description"),
        "status_note": status_note(service.status),
        "full_note": full_note(document),
        "alert": document.get("alert"),
        "categories": term_names(document, "category"),
        "groups": term_names(document, "group"),
        "gender": _terms(document, "gender"),
        "ages": ages_text(document),
        "cost": cost_text(document),
        "referral": _terms(document, "referral") or own_words(document.get("application_process")),
        "steps": own_words(document.get("application_process")),
        "hours": describe(schedules),
        "hours_known": hours_known(schedules),
        "week": week_rows(weekly_openings(schedules, now.date())),
        "next_opening": describe_next(schedules, now) if schedules else None,
        "places": [_place(link["location"]) for link in document.get("service_at_locations", [])],
        "service_areas": [
            area.get("name") or area.get("extent") for area in document.get("service_areas", [])
        ],
        "languages": [language["name"] for language in document.get("languages", [])],
        "contacts": [_contact(contact) for contact in document.get("contacts", [])],
        "phones": [phone["number"] for phone in document.get("phones", [])],
        "email": document.get("email"),
        "website": safe_link(document.get("url")),
        "eligibility": document.get("accreditations"),
        "credit": credit(document),
        "funding": [fund["source"] for fund in document.get("funding", [])],
        "facts": facts(document, SERVICE_FACTS),
        "freshness": freshness(document.get("freshness"), now.date()),
        "contact_checked": field_text(document, "contact"),
        "fictional": service.fictional,
    }


def organization_page(organization: PublishedOrganization, services: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything that the page of an organisation shows."""
    document = organization.document
    return {
        "name": organization.name,
        "alternate_name": document.get("alternate_name"),
        "kind": _terms(document, "kind"),
        "faith": _terms(document, "faith"),
        "description": document.get("description"),
        "website": safe_link(document.get("website")),
        "email": document.get("email"),
        "phones": [phone["number"] for phone in document.get("phones", [])],
        "identifiers": [_identifier(item) for item in document.get("organization_identifiers", [])],
        "networks": term_names(document, "network"),
        "credit": credit(document),
        "grants": grants(document),
        **files(document),
        "contacts": [_contact(contact) for contact in document.get("contacts", [])],
        "facts": facts(document, ORGANIZATION_FACTS),
        "services": services,
        "last_changed": date_text(document.get("last_modified")),
        "fictional": organization.fictional,
        "freshness": freshness(document.get("freshness"), today()),
        "contact_checked": field_text(document, "contact"),
    }


def week_rows(openings: list[Opening]) -> list[dict[str, str]]:
    """The spans of an ordinary week, day by day."""
    rows = []
    for weekday in range(7):
        spans = sorted(
            (opening.opens_minute, opening.closes_minute, opening.every_week)
            for opening in openings
            if opening.weekday == weekday
        )
        texts = [
            said if weekly else gettext("%(hours)s (not every week)", hours=said)
            for said, weekly in ((say_hours(opens, closes), weekly) for opens, closes, weekly in spans)
        ]
        rows.append({"day": say_day(weekday), "spans": joined(texts)})
    return rows


def _terms(document: Document, taxonomy: str) -> str | None:
    """The names of a document's terms in a row."""
    return joined(term(name) for name in term_names(document, taxonomy)) or None


def _place(location: Document) -> dict[str, Any]:
    addresses = location.get("addresses", [])
    return {
        "name": location.get("name"),
        "address_lines": [line for address in addresses for line in address_lines(address)],
        "postcode": next((a["postal_code"] for a in addresses if a.get("postal_code")), None),
        "precision": "hidden" if location["precision"] == "virtual" else location["precision"],
        "precision_note": precision_note(location["precision"]),
        "accessibility": term_names(location, "accessibility")
        + [item["description"] for item in location.get("accessibility", [])],
        "area": ", ".join(location[name] for name in ("ward", "authority") if location.get(name)) or None,
    }


def _contact(contact: Document) -> dict[str, Any]:
    return {
        "name": contact.get("name"),
        "title": contact.get("title"),
        "email": contact.get("email"),
        "phones": [phone["number"] for phone in contact.get("phones", [])],
    }


def _identifier(item: Document) -> dict[str, Any]:
    scheme, number = item["identifier_scheme"], item["identifier"]
    address = REGISTERS.get(scheme)
    return {
        "label": item.get("identifier_type") or scheme,
        "org_id": f"{scheme}-{number}",
        "href": f"{address}{number}" if address and number.isalnum() else None,
    }


def export_facts(service: PublishedService) -> dict[str, Any]:
    """One service as a row of a table to take away."""
    document = service.document
    places = places_or_none(service)
    place = next((spot for spot in places if spot and spot.longitude is not None), places[0])
    source, found = document.get("source", {}), document.get("freshness") or {}
    return {
        "service_id": service.service_id,
        "service": service.name,
        "organisation": service.organization_name,
        "register_numbers": ", ".join(org_ids(document["organization"])),
        "kind_of_help": ", ".join(term_names(document, "category")),
        "description": document.get("description"),
        "who_it_is_for": ", ".join(term_names(document, "group")),
        "gender": ", ".join(term_names(document, "gender")),
        "ages": ages_text(document),
        "cost": cost_text(document),
        "how_to_get_a_place": ", ".join(term_names(document, "referral")),
        "opening_hours": "; ".join(describe(document["schedules"])) if document.get("schedules") else None,
        "languages": ", ".join(item["name"] for item in document.get("languages", [])),
        "where": where_text(service),
        "postcode": place.postcode if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "website": safe_link(document.get("url")),
        "email": document.get("email"),
        "telephone": ", ".join(phone["number"] for phone in document.get("phones", [])),
        "status": service.status,
        "full_on": document.get("full_on"),
        "checked_on": found.get("checked_on"),
        "checked_by": found.get("way"),
        "due_on": found.get("due_on"),
        "freshness": freshness_level(found, today()),
        "source": source.get("title"),
        "licence": source.get("licence"),
        "attribution": source.get("attribution"),
        "note": "Fictional: demonstration data" if service.fictional else None,
    }
