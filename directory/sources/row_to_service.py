"""From a row to the service it offers."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from directory.opening_hours.parse import parse
from directory.openreferral.check import LONGEST_NAME
from directory.sources.ages import read_age, read_ages
from directory.sources.cells import Cells
from directory.sources.costs import read_costs
from directory.sources.dates import read_date
from directory.sources.identity import normalise, stable_id
from directory.sources.row_to_contact import contacts_of
from directory.sources.row_to_location import Place, location_from
from directory.sources.row_to_organization import website_of
from directory.sources.row_to_terms import attributes_of

STATUSES = {
    "active": "active",
    "open": "active",
    "running": "active",
    "yes": "active",
    "true": "active",
    "current": "active",
    "inactive": "inactive",
    "closed": "inactive",
    "ended": "inactive",
    "stopped": "inactive",
    "no": "inactive",
    "false": "inactive",
    "not running": "inactive",
    "defunct": "defunct",
    "temporarily closed": "temporarily closed",
    "paused": "temporarily closed",
    "on hold": "temporarily closed",
}
_AREA_CODE = re.compile(r"[EWSNK]\d{8}", re.IGNORECASE)


def service_name(cells: Cells) -> str:
    """The service's name: the organisation's where the row gives none."""
    return " ".join((cells.text("service") or cells.text("organisation")).split())


def service_from(cells: Cells, place: Place, service_id: str) -> dict[str, Any]:
    """The service that a row describes. What could not be placed ends in its internal notes."""
    name = service_name(cells)
    if len(name) > LONGEST_NAME:
        cells.reject("service", f"The name is longer than {LONGEST_NAME} characters. Shorten it.")
    location = location_from(cells, place, service_id)
    service: dict[str, Any] = {
        "id": service_id,
        "name": name,
        "description": cells.text("description"),
        "url": website_of(cells, "service_website"),
        "status": _status(cells),
        **_ages(cells),
        **_costs(cells, service_id),
        "assured_date": _last_checked(cells),
        "attributes": [
            attribute
            for taxonomy in ("category", "group", "gender", "referral")
            for attribute in attributes_of(cells, taxonomy, service_id)
        ],
        "schedules": _schedules(cells, service_id),
        "service_areas": _areas(cells, service_id),
        "service_at_locations": _at(location, service_id),
        "languages": _named(cells, "languages", service_id, r"[;,\n/]"),
        "contacts": contacts_of(cells, service_id),
        "funding": _named(cells, "funding", service_id, r"[;\n]"),
    }
    if cells.text("notes"):
        cells.note("notes", cells.text("notes"))
    return {key: value for key, value in service.items() if value not in (None, "", [])}


def today() -> date:
    """Today, where the directory is."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def _status(cells: Cells) -> str:
    text = cells.text("status")
    status = STATUSES.get(normalise(text), "") if text else "active"
    if not status:
        cells.flag("status", f"{text!r} is no status that we know; the service counts as active.", keep=text)
    return status or "active"


def _ages(cells: Cells) -> dict[str, int]:
    """The youngest and oldest age: from their own columns, else from the one for both."""
    ages: dict[str, int] = {}
    both = cells.text("ages")
    if both:
        found = read_ages(both)
        if found:
            ages = {"minimum_age": found[0], "maximum_age": found[1]}
        else:
            _keep_not_understood(cells, "ages", both, "ages")
    for key in ("minimum_age", "maximum_age"):
        text = cells.text(key)
        age = read_age(text) if text else None
        if age is not None:
            ages[key] = age
        elif text:
            _keep_not_understood(cells, key, text, "age")
    if ages and ages.get("minimum_age", 0) > ages.get("maximum_age", max(ages.values())):
        key = "minimum_age" if cells.text("minimum_age") else "ages"
        low, high = ages["minimum_age"], ages["maximum_age"]
        cells.reject(key, f"The youngest age, {low}, is above the oldest, {high}. Correct one of them.")
    return ages


def _keep_not_understood(cells: Cells, key: str, text: str, what: str) -> None:
    cells.unknown(key, text, f"Kept as a note; the {what} is marked not known.")
    cells.note(key, text)


def _costs(cells: Cells, service_id: str) -> dict[str, Any]:
    text = cells.text("cost")
    if not text:
        return {}
    options = read_costs(text)
    if options is None:
        if "donation" not in text.casefold():
            cells.unknown("cost", text, "Kept as text; the price is marked not known.")
        return {"fees": text}
    return {
        "cost_options": [
            {"id": stable_id(service_id, "cost", repr(sorted(option.items()))), **option}
            for option in options
        ]
    }


def _last_checked(cells: Cells) -> str | None:
    text = cells.text("last_checked")
    if not text:
        return None
    found = read_date(text)
    if found and found <= today():
        return found.isoformat()
    reason = "is in the future" if found else "is not a date such as 3/11/2025"
    cells.flag("last_checked", f"{text!r} {reason}; it was kept as a note.", keep=text)
    return None


def _schedules(cells: Cells, service_id: str) -> list[dict[str, Any]]:
    text = cells.text("opening_hours")
    if not text:
        return []
    parsed = parse(text, rules_add_up=cells.mapping.opening_hours_rules_add_up)
    if not parsed.understood:
        partly = any("freq" in schedule for schedule in parsed.schedules)
        known = "the rest was understood" if partly else "the opening hours are marked not known"
        cells.unknown("opening_hours", parsed.left_over or text, f"Kept as text; {known}.")
    return [
        {"id": stable_id(service_id, "schedule", repr(sorted(schedule.items()))), **schedule}
        for schedule in parsed.schedules
    ]


def _areas(cells: Cells, service_id: str) -> list[dict[str, Any]]:
    areas = []
    for text in _pieces(cells, "area", r"[;,\n]"):
        code = _AREA_CODE.fullmatch(text)
        area = {"extent": text.upper(), "extent_type": "gss"} if code else {"name": text}
        areas.append({"id": stable_id(service_id, "area", normalise(text)), **area})
    return areas


def _at(location: dict[str, Any] | None, service_id: str) -> list[dict[str, Any]]:
    return [{"id": stable_id(service_id, "at"), "location": location}] if location else []


def _named(cells: Cells, key: str, service_id: str, separators: str) -> list[dict[str, Any]]:
    name = "source" if key == "funding" else "name"
    return [
        {"id": stable_id(service_id, key, normalise(text)), name: text}
        for text in _pieces(cells, key, separators)
    ]


def _pieces(cells: Cells, key: str, separators: str) -> list[str]:
    """The parts of a cell, each once, as first written."""
    parts: dict[str, str] = {}
    for part in re.split(separators, cells.text(key)):
        if part.strip():
            parts.setdefault(normalise(part), part.strip())
    return list(parts.values())
