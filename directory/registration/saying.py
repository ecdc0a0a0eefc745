"""The facts of a document in readers' words: what each part is called, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.schedules.words import describe

Document = Mapping[str, Any]
Say = Callable[[Document], list[str]]
# Housekeeping: who made a row, and when, is no fact of the record.
PASSED_OVER = frozenset({"id", "last_modified", "point_source", "services", "link_entity", "position"})


@dataclass(frozen=True)
class Part:
    """Some names of a document that are one fact to a reader.

    `may_write` says that it is one plain text, which a reviewer may write otherwise. `private` says that the
    public never sees it.
    """

    key: str
    label: str
    names: tuple[str, ...]
    say: Say
    may_write: bool = False
    private: bool = False


def texts(*names: str) -> Say:
    """Says some names of a document as they are."""
    return lambda thing: [str(thing[name]) for name in names if thing.get(name) not in (None, "")]


def say_terms(thing: Document) -> list[str]:
    """The terms given to something, by taxonomy."""
    lines: dict[str, list[str]] = {}
    for item in thing.get("attributes") or []:
        words = item.get("taxonomy_term") or {}
        said = words.get("name") or words.get("term") or item.get("value") or ""
        more = f": {item['value']}" if item.get("value") and item["value"] != said else ""
        lines.setdefault(str(item.get("link_type") or words.get("taxonomy") or "term"), []).append(
            f"{said}{more}"
        )
    return [f"{name.capitalize()}: {', '.join(sorted(said))}" for name, said in sorted(lines.items())]


def say_phones(thing: Document) -> list[str]:
    """Telephone numbers, each with what it is for."""
    return [_joined(p.get("number"), _in_brackets(p.get("description"))) for p in thing.get("phones") or []]


def say_contacts(thing: Document) -> list[str]:
    """People, each with the consent that is on record."""
    return [say_contact(contact) for contact in thing.get("contacts") or []]


def say_contact(contact: Document) -> str:
    """One person with how to reach them and the consent that is on record."""
    facts = [contact.get("name"), contact.get("title"), contact.get("email"), *say_phones(contact)]
    agreed = contact.get("consent_date")
    consent = (
        f"agreed on {str(agreed)[:10]}: {contact.get('consent_scope') or 'scope not known'}"
        if agreed
        else "no consent on record"
    )
    return f"{', '.join(str(fact) for fact in facts if fact) or 'A contact'} ({consent})"


def say_ages(thing: Document) -> list[str]:
    """The youngest and the oldest age."""
    pairs = (("From", thing.get("minimum_age")), ("to", thing.get("maximum_age")))
    return [" ".join(f"{word} {age:g}" for word, age in pairs if age is not None)]


def say_costs(thing: Document) -> list[str]:
    """What it costs, option by option."""
    return [
        _joined(
            option.get("option"),
            None if option.get("amount") is None else f"£{float(option['amount']):.2f}",
            option.get("amount_description"),
        )
        for option in thing.get("cost_options") or []
    ] + texts("fees")(thing)


def say_hours(thing: Document) -> list[str]:
    """Opening hours in sentences."""
    return describe(thing["schedules"]) if thing.get("schedules") else []


def say_where(thing: Document) -> list[str]:
    """The names of the places of a service, and the areas that it covers."""
    places = [say_place(link.get("location") or {}) for link in thing.get("service_at_locations") or []]
    areas = [str(a.get("name") or a.get("extent") or "") for a in thing.get("service_areas") or []]
    return [*places, *(["Covers " + ", ".join(areas)] if any(areas) else [])]


def say_place(place: Document) -> str:
    """A place on one line."""
    return _joined(place.get("name"), *say_addresses(place)) or "A place without a name"


def say_addresses(place: Document) -> list[str]:
    """The addresses of a place, each on one line."""
    names = ("address_1", "address_2", "city", "region", "postal_code")
    lines = []
    for address in place.get("addresses") or []:
        postal = address.get("address_type") == "postal"
        line = _joined(*(address.get(name) for name in names))
        lines.append(f"{line} (for letters alone)" if postal else line)
    return [line for line in lines if line]


def say_point(place: Document) -> list[str]:
    """The latitude and longitude that somebody gave."""
    if place.get("latitude") is None:
        return []
    return [f"{float(place['latitude']):.5f}, {float(place['longitude']):.5f}"]


def say_access(place: Document) -> list[str]:
    """How people can get in."""
    items = place.get("accessibility") or []
    return [
        *say_terms(place),
        *(_joined(item.get("description"), item.get("details"), item.get("url")) for item in items),
    ]


def say_identifiers(thing: Document) -> list[str]:
    """Numbers of public registers."""
    return [
        _joined(f"{i.get('identifier_scheme')}-{i.get('identifier')}", _in_brackets(i.get("identifier_type")))
        for i in thing.get("organization_identifiers") or []
    ]


def say_names(key: str, name: str) -> Say:
    """Says one name of each item of a list."""
    return lambda thing: [str(item.get(name)) for item in thing.get(key) or [] if item.get(name)]


def say_protection(place: Document) -> list[str]:
    """How much of an address the public sees."""
    words = {
        "open": "Open: the public sees the address",
        "approximate": "Approximate: the public sees the area",
        "hidden": "Hidden: the public sees the authority alone",
    }
    return [words.get(str(place.get("protection") or "open"), str(place.get("protection")))]


PROTECTION = "protection"
ORGANIZATION_PARTS = (
    Part("name", "Name", ("name",), texts("name"), may_write=True),
    Part("alternate_name", "Other name", ("alternate_name",), texts("alternate_name"), may_write=True),
    Part("description", "What it is", ("description",), texts("description"), may_write=True),
    Part("email", "E-mail", ("email",), texts("email"), may_write=True),
    Part("website", "Website", ("website",), texts("website"), may_write=True),
    Part("phones", "Telephone", ("phones",), say_phones),
    Part("contacts", "People to ask for", ("contacts",), say_contacts),
    Part("identifiers", "Register numbers", ("organization_identifiers",), say_identifiers),
    Part("attributes", "Kind and networks", ("attributes",), say_terms),
)
SERVICE_PARTS = (
    Part("name", "Name", ("name",), texts("name"), may_write=True),
    Part("alternate_name", "Other name", ("alternate_name",), texts("alternate_name"), may_write=True),
    Part("description", "What it does", ("description",), texts("description"), may_write=True),
    Part("status", "Whether it runs", ("status",), texts("status")),
    Part("alert", "Notice", ("alert",), texts("alert"), may_write=True),
    Part("attributes", "Kind of help and who it is for", ("attributes",), say_terms),
    Part("ages", "Ages", ("minimum_age", "maximum_age"), say_ages),
    Part("hours", "Opening hours", ("schedules",), say_hours),
    Part("where", "Where", ("service_at_locations", "service_areas"), say_where),
    Part("cost", "Cost", ("cost_options", "fees"), say_costs),
    Part("referral", "How to get a place", ("application_process",), texts("application_process"), True),
    Part("email", "E-mail", ("email",), texts("email"), may_write=True),
    Part("url", "Website", ("url",), texts("url"), may_write=True),
    Part("phones", "Telephone", ("phones",), say_phones),
    Part("contacts", "People to ask for", ("contacts",), say_contacts),
    Part("languages", "Languages", ("languages",), say_names("languages", "name")),
    Part("funding", "Paid for by", ("funding",), say_names("funding", "source")),
    Part("eligibility", "Who can come", ("accreditations",), texts("accreditations"), may_write=True),
    Part("notes", "Notes", ("notes",), texts("notes"), private=True),
)
PLACE_PARTS = (
    Part("name", "Name of the place", ("name",), texts("name"), may_write=True),
    Part("description", "About the place", ("description",), texts("description"), may_write=True),
    Part("address", "Address", ("addresses",), say_addresses),
    Part("point", "Point on the map", ("latitude", "longitude"), say_point),
    Part(PROTECTION, "How much the public sees", ("protection",), say_protection),
    Part("type", "Kind of place", ("location_type",), texts("location_type")),
    Part("access", "Access", ("accessibility", "attributes"), say_access),
)


def parts_of(table: Sequence[Part], *things: Document) -> Iterator[Part]:
    """The parts of a table, and one for each name of the things that no part has: nothing is passed over."""
    yield from table
    known = PASSED_OVER.union(*(part.names for part in table))
    for name in sorted({name for thing in things for name in thing} - known):
        yield Part(name, name.replace("_", " ").capitalize(), (name,), texts(name))


def _joined(*facts: Any) -> str:
    return ", ".join(str(fact) for fact in facts if fact not in (None, "")).replace(", (", " (")


def _in_brackets(text: Any) -> str | None:
    return f"({text})" if text else None
