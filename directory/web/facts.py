"""Everything on record, fact by fact, with where it came from and when it was checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from directory.languages import N_, gettext, joined, left_to_right, own_words, term
from directory.schedules.evaluate import describe
from directory.web.clock import today
from directory.web.presenting import address_text, ages_text, cost_text, date_text, term_names

Document = Mapping[str, Any]
PRECISION_NOTES = {
    "open": None,
    "approximate": N_("The address is withheld. The map shows the middle of the ward."),
    "hidden": N_("The address is withheld. Ring or write to find out where to go."),
    "virtual": N_("Online or by telephone."),
}


def _texts(name: str) -> Any:
    return lambda document: joined(term(one) for one in term_names(document, name))


def _status(status: str | None) -> str | None:
    return gettext(STATUSES.get(status, status)) if status else None


def precision_note(precision: str) -> str | None:
    """How exact the shown place is, where it is not the very place."""
    note = PRECISION_NOTES[precision]
    return gettext(note) if note else None


STATUSES = {
    "active": N_("active"),
    "inactive": N_("inactive"),
    "defunct": N_("defunct"),
    "temporarily closed": N_("temporarily closed"),
}
CHECKED = N_("checked %(day)s")
CHECKED_BY = {
    "self": N_("checked %(day)s by the organisation"),
    "navigator": N_("checked %(day)s by a community navigator"),
    "register": N_("checked %(day)s in a public register"),
}
# What a page says, which field's check stands for it, and where it stands in the document.
SERVICE_FACTS = (
    (N_("What it does"), "description", lambda d: own_words(d.get("description"))),
    (N_("Kind of help"), "description", _texts("category")),
    (N_("Who it is for"), "description", _texts("group")),
    (N_("Gender"), "description", _texts("gender")),
    (N_("Ages"), "ages", ages_text),
    (N_("How to get a place"), "description", _texts("referral")),
    (N_("Cost"), "cost", cost_text),
    (
        N_("Opening hours"),
        "hours",
        lambda d: joined(describe(d.get("schedules", [])), "; ") if d.get("schedules") else None,
    ),
    (
        N_("Languages"),
        "languages",
        lambda d: joined(term(item["name"]) for item in d.get("languages", [])),
    ),
    (N_("Where"), "place", lambda d: joined(_wheres(d), "; ")),
    (
        N_("Covers"),
        "place",
        lambda d: joined(
            own_words(a.get("name") or a.get("extent")) or "" for a in d.get("service_areas", [])
        ),
    ),
    (
        N_("Paid for by"),
        "funding",
        lambda d: joined(own_words(item["source"]) for item in d.get("funding", [])),
    ),
    (
        N_("Status"),
        "hours",
        lambda d: _status(d.get("status")),
    ),
)
ORGANIZATION_FACTS = (
    (N_("What it is"), "description", lambda d: own_words(d.get("description"))),
    (N_("Kind of organisation"), "kind", _texts("kind")),
    (N_("Faith tradition"), "kind", _texts("faith")),
    (N_("Networks"), "kind", _texts("network")),
    (N_("Keeping people safe"), "kind", lambda d: joined(_assurances(d))),
    (N_("Register numbers"), "identifiers", lambda d: left_to_right(", ".join(org_ids(d)))),
)


def facts(document: Document, wanted: tuple[tuple[str, str, Any], ...]) -> list[dict[str, Any]]:
    """Everything on record with its source and its date; what is not known is listed too."""
    source = document.get("source", {}).get("title")
    recorded = gettext("recorded %(day)s", day=date_text(document.get("last_modified")))
    return [
        {
            "label": gettext(label),
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
    said = gettext(CHECKED_BY.get(check["way"], CHECKED), day=date_text(check["checked_on"]))
    if today().isoformat() > check["due_on"]:
        return gettext("%(checked)s, due to be checked again", checked=said)
    return said


def _wheres(document: Document) -> Iterator[str]:
    for link in document.get("service_at_locations", []):
        location = link["location"]
        yield (
            own_words(location.get("name") or address_text(location))
            or precision_note(location["precision"])
            or gettext("On the map")
        )


def _assurances(document: Document) -> Iterator[str]:
    """What an organisation says that it has in place; the review of its policy with the day."""
    for item in document.get("attributes", []):
        if item["link_type"] == "assurance" and item["taxonomy_term"].get("name"):
            day = date_text(item["value"]) if is_day(item.get("value")) else None
            name = item["taxonomy_term"]["name"]
            said = term(name)
            if day and said == name:
                said = f"{name[0].lower()}{name[1:]}"
            yield gettext("%(what)s %(day)s", what=said, day=day) if day else said


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
