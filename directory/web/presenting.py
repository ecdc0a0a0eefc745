"""From the published record to the plain values that templates show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from math import hypot
from typing import Any

from flask import url_for

from directory.coverage.travel_words import metres_text
from directory.languages import (
    N_,
    gettext,
    joined,
    left_to_right,
    ngettext,
    own_words,
    say_date,
)
from directory.models import PublishedPlace, PublishedService
from directory.openreferral.check import is_web_address
from directory.places.find import Place
from directory.schedules.evaluate import describe_until
from directory.search.run import Found

Document = Mapping[str, Any]
SUMMARY_LENGTH = 220
STATUS_NOTES = {
    "temporarily closed": N_("Temporarily closed."),
    "inactive": N_("No longer running, as far as is known."),
    "defunct": N_("Closed for good."),
}
# Facts that may not be on record, by the words for them in an answer.
FACT_NAMES = {
    "category": N_("category"),
    "group": N_("group"),
    "gender": N_("gender"),
    "cost": N_("cost"),
    "referral": N_("referral"),
    "language": N_("language"),
    "accessibility": N_("accessibility"),
    "kind": N_("kind"),
    "authority": N_("authority"),
    "ages": N_("ages"),
    "opening hours": N_("opening hours"),
    "place": N_("place"),
}
CHECKED = N_("Checked %(ago)s")
CHECKED_BY = {
    "self": N_("Checked %(ago)s by the organisation"),
    "navigator": N_("Checked %(ago)s by a community navigator"),
    "register": N_("Checked %(ago)s in a public register"),
}


def result_row(found: Found, place: Place | None, now: datetime) -> dict[str, Any]:
    """One service in a list; `same_until` is the moment to which it may be shown as it is."""
    service, document = found.service, found.service.document
    schedules = document.get("schedules") or []
    next_opening, same_until = describe_until(schedules, now)
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
        "next_opening": next_opening if schedules else None,
        "same_until": same_until,
        "ages": ages_text(document),
        "cost": cost_text(document),
        "freshness": freshness(document.get("freshness"), now.date()),
        "missing": [missing_fact(fact) for fact in found.missing],
        "status_note": status_note(service.status),
        "full_note": full_note(document),
        "fictional": service.fictional,
    }


def status_note(status: str) -> str | None:
    """That a service does not run, where it does not."""
    note = STATUS_NOTES.get(status)
    return gettext(note) if note else None


def full_note(document: Document) -> str | None:
    """That a service turned people away as full, and the day; None where nothing says so."""
    day = date_text(document.get("full_on"))
    return gettext("Full or referral only, as of %(day)s: ring first.", day=day) if day else None


def missing_fact(fact: str) -> str:
    """The name of a fact that is not on record."""
    return gettext(FACT_NAMES.get(fact, fact))


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
    if _nearest(service, place).precision == "open":  # type: ignore[union-attr]
        return metres_text(metres)
    return gettext("About %(distance)s", distance=metres_text(metres))


def metres_from(service: PublishedService, place: Place | None) -> float | None:
    """Metres from the nearest of a service's shown places to a place's nearest point."""
    nearest = _nearest(service, place)
    return None if nearest is None or place is None else _metres(nearest, place)


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
    covered = joined(own_words(str(area)) or "" for area in areas)
    covers = gettext("Covers %(areas)s", areas=covered) if areas else None
    return joined(dict.fromkeys(text for text in [*places, covers] if text), "; ") or None


def _location_text(location: Document) -> str | None:
    area = ", ".join(location[name] for name in ("ward", "authority") if location.get(name))
    if location["precision"] == "virtual":
        return gettext("Online or by telephone")
    if location["precision"] == "open":
        return own_words(
            ", ".join(text for text in (location.get("name"), area) if text) or address_text(location)
        )
    if not area:
        return gettext("Address withheld")
    return gettext("Address withheld; in %(area)s", area=own_words(area))


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
        return gettext("%(age)s and over", age=f"{low:g}") if low else gettext("All ages")
    if not low:
        return gettext("Up to %(age)s", age=f"{high:g}")
    return gettext("%(low)s to %(high)s", low=f"{low:g}", high=f"{high:g}")


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
        once = {word.casefold(): word for word in words}.values()
        texts.append(joined((_cost_word(word) for word in once), " "))
    return joined(texts, "; ") or own_words(document.get("fees"))


def _cost_word(word: str) -> str:
    """A price in figures stands as it is; of the words, "free" is the one that is known in every language."""
    if word.casefold() == "free":
        return gettext("Free")
    return (left_to_right(word) if word[0] == "\u00a3" else own_words(word)) or ""


def freshness(found: Document | None, today: date) -> dict[str, str]:
    """How long ago a record was checked, by whom, in words, and whether that is fresh, ageing or stale.

    `found` is what publishing says of it (see `directory.publishing.freshness`).
    """
    if not found:
        return {"text": gettext("Not known when checked"), "level": "unknown"}
    level, text = freshness_level(found, today), gettext("Not known when checked")
    if "checked_on" in found:
        days = max(0, (today - date.fromisoformat(found["checked_on"])).days)
        text = gettext(CHECKED_BY.get(found["way"], CHECKED), ago=ago(days))
    if level == "stale":
        text = gettext("May be out of date. %(checked)s", checked=text)
    return {"text": text, "level": level}


def freshness_level(found: Document | None, today: date) -> str:
    """Whether a record is fresh, ageing (something on it is due to be checked), stale, or unknown."""
    if not found:
        return "unknown"
    if today >= date.fromisoformat(found["stale_on"]):
        return "stale"
    if "due_on" not in found:
        return "unknown"
    return "fresh" if today <= date.fromisoformat(found["due_on"]) else "ageing"


def ago(days: int) -> str:
    """A number of days past, as people say it."""
    if days < 1:
        return gettext("today")
    if days >= 365:
        return ngettext("%(number)s year ago", "%(number)s years ago", days // 365)
    if days >= 30:
        return ngettext("%(number)s month ago", "%(number)s months ago", days // 30)
    if days >= 7:
        return ngettext("%(number)s week ago", "%(number)s weeks ago", days // 7)
    return ngettext("%(number)s day ago", "%(number)s days ago", days)


def date_text(text: str | None) -> str | None:
    """A date as people write it, such as 3 November 2026."""
    if not text:
        return None
    return say_date(date.fromisoformat(text[:10]))


def safe_link(text: str | None) -> str | None:
    """A web address that may be a link, or None: anything else could be a script."""
    return text if is_web_address(text) else None
