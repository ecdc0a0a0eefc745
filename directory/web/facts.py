"""Everything on record, fact by fact, with where it came from and when it was checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from directory.schedules.evaluate import describe
from directory.web.clock import today
from directory.web.presenting import address_text, ages_text, checked_by, cost_text, date_text, term_names

Document = Mapping[str, Any]
PRECISION_NOTES = {
    "open": None,
    "approximate": "The address is withheld. The map shows the middle of the ward.",
    "hidden": "The address is withheld. Ring or write to find out where to go.",
    "virtual": "Online or by telephone.",
}


def _texts(name: str) -> Any:
    return lambda document: ", ".join(term_names(document, name))


# What a page says, which field's check stands for it, and where it stands in the document.
SERVICE_FACTS = (
    ("What it does", "description", lambda d: d.get("description")),
    ("Kind of help", "description", _texts("category")),
    ("Who it is for", "description", _texts("group")),
    ("Gender", "description", _texts("gender")),
    ("Ages", "ages", ages_text),
    ("How to get a place", "description", _texts("referral")),
    ("Cost", "cost", cost_text),
    (
        "Opening hours",
        "hours",
        lambda d: "; ".join(describe(d.get("schedules", []))) if d.get("schedules") else None,
    ),
    ("Languages", "languages", lambda d: ", ".join(item["name"] for item in d.get("languages", []))),
    ("Where", "place", lambda d: "; ".join(_wheres(d))),
    (
        "Covers",
        "place",
        lambda d: ", ".join(a.get("name") or a.get("extent", "") for a in d.get("service_areas", [])),
    ),
    ("Paid for by", "funding", lambda d: ", ".join(item["source"] for item in d.get("funding", []))),
    ("Status", "hours", lambda d: d.get("status")),
)
ORGANIZATION_FACTS = (
    ("What it is", "description", lambda d: d.get("description")),
    ("Kind of organisation", "kind", _texts("kind")),
    ("Faith tradition", "kind", _texts("faith")),
    ("Networks", "kind", _texts("network")),
    ("Keeping people safe", "kind", lambda d: ", ".join(_assurances(d))),
    ("Register numbers", "identifiers", lambda d: ", ".join(org_ids(d))),
)


def facts(document: Document, wanted: tuple[tuple[str, str, Any], ...]) -> list[dict[str, Any]]:
    """Everything on record with its source and its date; what is not known is listed too."""
    source = document.get("source", {}).get("title")
    recorded = f"recorded {date_text(document.get('last_modified'))}"
    return [
        {
            "label": label,
            "value": read(document) or None,
            "source": source,
            "date": field_text(document, field) or recorded,
        }
        for label, field, read in wanted
    ]


def field_text(document: Document, field: str) -> str | None:
    """When a field was last checked, and by whom; None when nobody said so."""
    fields = (document.get("freshness") or {}).get("fields", [])
    check = next((check for check in fields if check["field"] == field), None)
    if check is None:
        return None
    due = ", due to be checked again" if today().isoformat() > check["due_on"] else ""
    return f"checked {date_text(check['checked_on'])}{checked_by(check)}{due}"


def _wheres(document: Document) -> Iterator[str]:
    for link in document.get("service_at_locations", []):
        location = link["location"]
        yield (
            location.get("name")
            or address_text(location)
            or PRECISION_NOTES[location["precision"]]
            or "On the map"
        )


def _assurances(document: Document) -> Iterator[str]:
    """What an organisation says that it has in place; the review of its policy with the day."""
    for item in document.get("attributes", []):
        if item["link_type"] == "assurance" and item["taxonomy_term"].get("name"):
            day = date_text(item["value"]) if is_day(item.get("value")) else None
            name = item["taxonomy_term"]["name"]
            yield f"{name[0].lower()}{name[1:]} {day}" if day else name


def is_day(text: str | None) -> bool:
    """Whether a text is a date: a feed may say anything beside a term."""
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True


def org_ids(document: Document) -> Iterator[str]:
    """The numbers of public registers, as org-id.guide writes them."""
    for item in document.get("organization_identifiers", []):
        yield f"{item['identifier_scheme']}-{item['identifier']}"
