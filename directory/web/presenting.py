"""From the published record to the plain values that templates show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from math import hypot
from typing import Any

from flask import url_for

from directory.models import PublishedPlace, PublishedService
from directory.openreferral.check import is_web_address
from directory.places.find import Place
from directory.schedules.evaluate import describe_next
from directory.search.run import Found

Document = Mapping[str, Any]
SUMMARY_LENGTH = 220
STATUS_NOTES = {
    "temporarily closed": "Temporarily closed.",
    "inactive": "No longer running, as far as is known.",
    "defunct": "Closed for good.",
}
CHECKED_BY = {
    "self": "by the organisation",
    "navigator": "by a community navigator",
    "register": "in a public register",
}


def result_row(found: Found, place: Place | None, now: datetime) -> dict[str, Any]:
    """One service in a list."""
    service, document = found.service, found.service.document
    return {
        "service_id": service.service_id,
        "name": service.name,
        "href": url_for("services.show", service_id=service.service_id),
        "organisation_name": service.organization_name,
        "organisation_href": url_for("organisations.show", organization_id=service.organization_id),
        "summary": shorten(document.get("description")),
        "categories": term_names(document, "category"),
        "distance": distance_text(service, place),
        "where": where_text(service),
        "next_opening": describe_next(document["schedules"], now) if document.get("schedules") else None,
        "ages": ages_text(document),
        "cost": cost_text(document),
        "freshness": freshness(document.get("freshness"), now.date()),
        "missing": list(found.missing),
        "status_note": STATUS_NOTES.get(service.status),
        "full_note": full_note(document),
        "fictional": service.fictional,
    }


def full_note(document: Document) -> str | None:
    """That a service turned people away as full, and the day; None where nothing says so."""
    day = date_text(document.get("full_on"))
    return f"Full or referral only, as of {day}: ring first." if day else None


def shorten(text: str | None) -> str | None:
    """The beginning of a text, cut between words."""
    if text is None or len(text) <= SUMMARY_LENGTH:
        return text
    return text[:SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(".,;") + "\u2026"


def term_names(document: Document, taxonomy: str) -> list[str]:
    """The names of a document's terms of one taxonomy, and the words that no term fits."""
    names = [
        item["taxonomy_term"].get("name")
        for item in document.get("attributes", [])
        if item["link_type"] == taxonomy
    ]
    return [name for name in names if name]


def distance_text(service: PublishedService, place: Place | None) -> str | None:
    """How far the nearest of a service's shown places is from a place, in a straight line."""
    metres = metres_from(service, place)
    if metres is None:
        return None
    about = "About " if _nearest(service, place).precision != "open" else ""  # type: ignore[union-attr]
    return about + metres_text(metres)


def metres_from(service: PublishedService, place: Place | None) -> float | None:
    """Metres from the nearest of a service's shown places to a place's nearest point."""
    nearest = _nearest(service, place)
    return None if nearest is None or place is None else _metres(nearest, place)


def metres_text(metres: float) -> str:
    """A distance as people say it."""
    if round(metres, -1) < 1000:
        return f"{round(metres, -1):.0f} m"
    return f"{metres / 1000:.1f} km"


def _nearest(service: PublishedService, place: Place | None) -> PublishedPlace | None:
    placed = [spot for spot in service.places if spot.easting is not None]
    if place is None or not placed or place.kind in ("ward", "authority"):
        return None
    return min(placed, key=lambda spot: _metres(spot, place))


def _metres(spot: PublishedPlace, place: Place) -> float:
    assert spot.easting is not None and spot.northing is not None  # noqa: S101, PT018 - for the type checker
    return min(hypot(spot.easting - easting, spot.northing - northing) for easting, northing in place.points)


def where_text(service: PublishedService) -> str | None:
    """Where a service is given, as far as may be said."""
    locations = [link["location"] for link in service.document.get("service_at_locations", [])]
    places = [_location_text(location) for location in locations]
    areas = [area.get("name") or area.get("extent") for area in service.document.get("service_areas", [])]
    covers = f"Covers {', '.join(str(area) for area in areas)}" if areas else None
    return "; ".join(dict.fromkeys(text for text in [*places, covers] if text)) or None


def _location_text(location: Document) -> str | None:
    area = ", ".join(location[name] for name in ("ward", "authority") if location.get(name))
    if location["precision"] == "virtual":
        return "Online or by telephone"
    if location["precision"] == "open":
        return ", ".join(text for text in (location.get("name"), area) if text) or address_text(location)
    return f"Address withheld; in {area}" if area else "Address withheld"


def address_text(location: Document) -> str | None:
    """The shown address of a place on one line."""
    lines = [line for address in location.get("addresses", []) for line in address_lines(address)]
    return ", ".join(lines) or None


def address_lines(address: Document) -> list[str]:
    """The lines of an address without its postcode."""
    return [address[name] for name in ("address_1", "address_2", "city", "region") if address.get(name)]


def ages_text(document: Document) -> str | None:
    """Who may come, by age; None when not known."""
    low, high = document.get("minimum_age"), document.get("maximum_age")
    if low is None and high is None:
        return None
    # 120 is how readers write "no upper limit".
    if high is None or high >= 120:
        return f"{low:g} and over" if low else "All ages"
    return f"Up to {high:g}" if not low else f"{low:g} to {high:g}"


def cost_text(document: Document) -> str | None:
    """What it costs; None when not known."""
    texts = []
    for option in document.get("cost_options", []):
        amount = option.get("amount")
        price = (
            None if amount is None else "Free" if amount == 0 else f"\u00a3{amount:.2f}".removesuffix(".00")
        )
        words = [word for word in (price, option.get("amount_description"), option.get("option")) if word]
        # "Free" is often said twice, as the amount and in words.
        texts.append(" ".join({word.casefold(): word for word in words}.values()))
    return "; ".join(texts) or document.get("fees")


def freshness(found: Document | None, today: date) -> dict[str, str]:
    """How long ago a record was checked, by whom, in words, and whether that is fresh, ageing or stale.

    `found` is what publishing says of it (see `directory.publishing.freshness`).
    """
    if not found:
        return {"text": "Not known when checked", "level": "unknown"}
    level, text = freshness_level(found, today), "Not known when checked"
    if "checked_on" in found:
        days = max(0, (today - date.fromisoformat(found["checked_on"])).days)
        text = f"Checked {ago(days)}{checked_by(found)}"
    return {"text": f"May be out of date. {text}" if level == "stale" else text, "level": level}


def freshness_level(found: Document | None, today: date) -> str:
    """Whether a record is fresh, ageing (something on it is due to be checked), stale, or unknown."""
    if not found:
        return "unknown"
    if today >= date.fromisoformat(found["stale_on"]):
        return "stale"
    if "due_on" not in found:
        return "unknown"
    return "fresh" if today <= date.fromisoformat(found["due_on"]) else "ageing"


def checked_by(check: Document) -> str:
    """By whom something was checked, to go after the time; nothing where a source only gave a day."""
    words = CHECKED_BY.get(check["way"], "")
    return f" {words}" if words else ""


def ago(days: int) -> str:
    """A number of days past, as people say it."""
    if days < 1:
        return "today"
    units = ((365, "year"), (30, "month"), (7, "week"), (1, "day"))
    size, word = next(unit for unit in units if days >= unit[0])
    count = days // size
    return f"{count} {word}{'s' if count > 1 else ''} ago"


def date_text(text: str | None) -> str | None:
    """A date as people write it, such as 3 November 2026."""
    if not text:
        return None
    day = date.fromisoformat(text[:10])
    return f"{day.day} {day:%B %Y}"


def safe_link(text: str | None) -> str | None:
    """A web address that may be a link, or None: anything else could be a script."""
    return text if is_web_address(text) else None
