"""The facts of a document in readers' words: what each part is called, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.languages import (
    N_,
    gettext,
    joined,
    kept_words,
    left_to_right,
    own_words,
    term,
)
from directory.schedules.words import describe

Document = Mapping[str, Any]
ADDRESS = ("address_1", "address_2", "city", "region", "postal_code")
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
    return lambda thing: [own_words(text) for text in _plain(thing, *names)]


def codes(name: str) -> Say:
    """Says a name of a document that holds one of few words."""
    return lambda thing: [kept_words(text) for text in _plain(thing, name)]


def say_terms(thing: Document) -> list[str]:
    """The terms given to something, by taxonomy."""
    lines: dict[str, list[str]] = {}
    for item in thing.get("attributes") or []:
        words = item.get("taxonomy_term") or {}
        said = str(words.get("name") or words.get("term") or item.get("value") or "")
        more = str(item["value"]) if item.get("value") and item["value"] != said else ""
        line = _labelled(term(said), own_words(more)) if more else term(said)
        lines.setdefault(str(item.get("link_type") or words.get("taxonomy") or "term"), []).append(line)
    return [
        _labelled(kept_words(name.capitalize()), joined(sorted(said))) for name, said in sorted(lines.items())
    ]


def say_phones(thing: Document) -> list[str]:
    """Telephone numbers, each with what it is for."""
    return [
        _with_aside(left_to_right(str(p.get("number") or "")), own_words(p.get("description")))
        for p in thing.get("phones") or []
    ]


def say_contacts(thing: Document) -> list[str]:
    """People, each with the consent that is on record."""
    return [say_contact(contact) for contact in thing.get("contacts") or []]


def say_contact(contact: Document) -> str:
    """One person with how to reach them and the consent that is on record."""
    facts = [
        own_words(contact.get("name")),
        own_words(contact.get("title")),
        left_to_right(contact.get("email")),
        *say_phones(contact),
    ]
    agreed = contact.get("consent_date")
    consent = gettext("no consent on record")
    if agreed:
        scope = kept_words(str(contact.get("consent_scope") or N_("scope not known")))
        consent = gettext("agreed on %(day)s: %(scope)s", day=str(agreed)[:10], scope=scope)
    return _with_aside(_joined(*facts) or gettext("A contact"), consent)


def say_ages(thing: Document) -> list[str]:
    """The youngest and the oldest age."""
    youngest, oldest = (
        None if thing.get(name) is None else f"{thing[name]:g}" for name in ("minimum_age", "maximum_age")
    )
    if youngest is not None and oldest is not None:
        return [gettext("From %(youngest)s to %(oldest)s", youngest=youngest, oldest=oldest)]
    if youngest is not None:
        return [gettext("From %(youngest)s", youngest=youngest)]
    return [gettext("to %(oldest)s", oldest=oldest)] if oldest is not None else []


def say_costs(thing: Document) -> list[str]:
    """What it costs, option by option."""
    return [
        _joined(
            own_words(option.get("option")),
            None if option.get("amount") is None else left_to_right(f"£{float(option['amount']):.2f}"),
            own_words(option.get("amount_description")),
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
    covers = gettext("Covers %(areas)s", areas=own_words(", ".join(areas)))
    return [*places, *([covers] if any(areas) else [])]


def say_place(place: Document) -> str:
    """A place on one line."""
    if any(address.get("address_type") == "postal" for address in place.get("addresses") or []):
        return _joined(own_words(place.get("name")), *say_addresses(place))
    # In one piece, so that it keeps its order on a page that is written from right to left.
    lines = [", ".join(_plain(address, *ADDRESS)) for address in place.get("addresses") or []]
    line = ", ".join(one for one in (*_plain(place, "name"), *lines) if one)
    return own_words(line) or gettext("A place without a name")


def say_addresses(place: Document) -> list[str]:
    """The addresses of a place, each on one line."""
    lines = []
    for address in place.get("addresses") or []:
        postal = address.get("address_type") == "postal"
        line = own_words(", ".join(_plain(address, *ADDRESS)))
        lines.append(gettext("%(address)s (for letters alone)", address=line) if postal else line)
    return [line for line in lines if line]


def say_point(place: Document) -> list[str]:
    """The latitude and longitude that somebody gave."""
    if place.get("latitude") is None:
        return []
    return [left_to_right(f"{float(place['latitude']):.5f}, {float(place['longitude']):.5f}")]


def say_access(place: Document) -> list[str]:
    """How people can get in."""
    items = place.get("accessibility") or []
    return [
        *say_terms(place),
        *(own_words(", ".join(_plain(item, "description", "details", "url"))) for item in items),
    ]


def say_identifiers(thing: Document) -> list[str]:
    """Numbers of public registers."""
    return [
        _with_aside(
            left_to_right(f"{i.get('identifier_scheme')}-{i.get('identifier')}"),
            own_words(i.get("identifier_type")),
        )
        for i in thing.get("organization_identifiers") or []
    ]


def say_names(key: str, name: str, say: Callable[[str], str] = own_words) -> Say:
    """Says one name of each item of a list."""
    return lambda thing: [say(str(item.get(name))) for item in thing.get(key) or [] if item.get(name)]


def say_protection(place: Document) -> list[str]:
    """How much of an address the public sees."""
    words = {
        "open": N_("Open: the public sees the address"),
        "approximate": N_("Approximate: the public sees the area"),
        "hidden": N_("Hidden: the public sees the authority alone"),
    }
    return [kept_words(words.get(str(place.get("protection") or "open"), str(place.get("protection"))))]


# Words that records hold, which `kept_words` says.
_HELD = (
    *(N_("Accessibility"), N_("Assurance"), N_("Category"), N_("Faith"), N_("Gender"), N_("Group")),
    *(N_("Kind"), N_("Network"), N_("Referral"), N_("Term"), N_("public"), N_("withdrawn")),
    *(N_("active"), N_("inactive"), N_("defunct"), N_("temporarily closed")),
    *(N_("physical"), N_("postal"), N_("virtual")),
)
# What is shown instead of a name that is missing.
NO_NAME = N_("Without a name")
PROTECTION = "protection"
ORGANIZATION_PARTS = (
    Part("name", N_("Name"), ("name",), texts("name"), may_write=True),
    Part("alternate_name", N_("Other name"), ("alternate_name",), texts("alternate_name"), may_write=True),
    Part("description", N_("What it is"), ("description",), texts("description"), may_write=True),
    Part("email", N_("E-mail"), ("email",), texts("email"), may_write=True),
    Part("website", N_("Website"), ("website",), texts("website"), may_write=True),
    Part("phones", N_("Telephone"), ("phones",), say_phones),
    Part("contacts", N_("People to ask for"), ("contacts",), say_contacts),
    Part("identifiers", N_("Register numbers"), ("organization_identifiers",), say_identifiers),
    Part("attributes", N_("Kind and networks"), ("attributes",), say_terms),
)
SERVICE_PARTS = (
    Part("name", N_("Name"), ("name",), texts("name"), may_write=True),
    Part("alternate_name", N_("Other name"), ("alternate_name",), texts("alternate_name"), may_write=True),
    Part("description", N_("What it does"), ("description",), texts("description"), may_write=True),
    Part("status", N_("Whether it runs"), ("status",), codes("status")),
    Part("alert", N_("Notice"), ("alert",), texts("alert"), may_write=True),
    Part("attributes", N_("Kind of help and who it is for"), ("attributes",), say_terms),
    Part("ages", N_("Ages"), ("minimum_age", "maximum_age"), say_ages),
    Part("hours", N_("Opening hours"), ("schedules",), say_hours),
    Part("where", N_("Where"), ("service_at_locations", "service_areas"), say_where),
    Part("cost", N_("Cost"), ("cost_options", "fees"), say_costs),
    Part("referral", N_("How to get a place"), ("application_process",), texts("application_process"), True),
    Part("email", N_("E-mail"), ("email",), texts("email"), may_write=True),
    Part("url", N_("Website"), ("url",), texts("url"), may_write=True),
    Part("phones", N_("Telephone"), ("phones",), say_phones),
    Part("contacts", N_("People to ask for"), ("contacts",), say_contacts),
    Part("languages", N_("Languages"), ("languages",), say_names("languages", "name", term)),
    Part("funding", N_("Paid for by"), ("funding",), say_names("funding", "source")),
    Part("eligibility", N_("Who can come"), ("accreditations",), texts("accreditations"), may_write=True),
    Part("notes", N_("Notes"), ("notes",), texts("notes"), private=True),
)
PLACE_PARTS = (
    Part("name", N_("Name of the place"), ("name",), texts("name"), may_write=True),
    Part("description", N_("About the place"), ("description",), texts("description"), may_write=True),
    Part("address", N_("Address"), ("addresses",), say_addresses),
    Part("point", N_("Point on the map"), ("latitude", "longitude"), say_point),
    Part(PROTECTION, N_("How much the public sees"), ("protection",), say_protection),
    Part("type", N_("Kind of place"), ("location_type",), codes("location_type")),
    Part("access", N_("Access"), ("accessibility", "attributes"), say_access),
)


def parts_of(table: Sequence[Part], *things: Document) -> Iterator[Part]:
    """The parts of a table, and one for each name of the things that no part has: nothing is passed over."""
    yield from table
    known = PASSED_OVER.union(*(part.names for part in table))
    for name in sorted({name for thing in things for name in thing} - known):
        yield Part(name, name.replace("_", " ").capitalize(), (name,), texts(name))


def _plain(thing: Document, *names: str) -> list[str]:
    return [str(thing[name]) for name in names if thing.get(name) not in (None, "")]


def _joined(*facts: str | None) -> str:
    return joined(fact for fact in facts if fact)


def _labelled(label: str, said: str) -> str:
    return gettext("%(label)s: %(said)s", label=label, said=said)


def _with_aside(fact: str, aside: str | None) -> str:
    return gettext("%(fact)s (%(aside)s)", fact=fact, aside=aside).strip() if aside else fact
