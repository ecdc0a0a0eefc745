"""What is different between two documents of an organisation, fact by fact, in readers' words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.languages import gettext, joined, kept_words, own_words
from directory.registration.saying import (
    ORGANIZATION_PARTS,
    PLACE_PARTS,
    SERVICE_PARTS,
    Document,
    Part,
    parts_of,
    say_place,
)

# What a document may leave out, because it goes without saying.
USUAL = {
    "status": "active",
    "location_type": "physical",
    "protection": "open",
    "address_type": "physical",
    "country": "GB",
    "fictional": False,
}
ORGANIZATION = "organization"


@dataclass(frozen=True)
class Difference:
    """One fact that is added, removed or changed.

    `key` names it in a form: organization.name, service/ID.hours, place/ID.address, or service/ID for a
    service that comes or goes as a whole. `protected` says that the public does not see it. `may_write` says
    that a reviewer may write `text`, which is what it would be, otherwise.
    """

    key: str
    about: str
    label: str
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    protected: bool = False
    may_write: bool = False
    text: str = ""


def differences(before: Document | None, after: Document) -> list[Difference]:
    """The facts by which two documents of one organisation differ; all that are there without `before`."""
    before = before or {}
    found = list(_of_parts(ORGANIZATION, gettext("The organisation"), ORGANIZATION_PARTS, before, after))
    found += _of_services(before, after)
    old, new = places_of(before), places_of(after)
    for place_id in [key for key in new if key in old]:
        about = gettext("The place %(place)s", place=say_place(new[place_id]))
        found += _of_parts(f"place/{place_id}", about, PLACE_PARTS, old[place_id], new[place_id])
    return found


def services_of(document: Document) -> dict[str, Document]:
    """The services of a document by identifier."""
    return {service["id"]: service for service in document.get("services") or []}


def places_of(document: Document) -> dict[str, Document]:
    """The places of a document by identifier, each once."""
    places: dict[str, Document] = {}
    for service in document.get("services") or []:
        for link in service.get("service_at_locations") or []:
            place = link.get("location") or {}
            if place.get("id"):
                places.setdefault(place["id"], place)
    return places


def plain(value: Any) -> Any:
    """A value without what tells nothing: identifiers of rows, empty things, what goes without saying."""
    if isinstance(value, Mapping):
        if "taxonomy_term" in value:
            return _plain_term(value)
        found = {name: plain(item) for name, item in value.items() if name not in ("id", "last_modified")}
        if found.get("point_source") == "postcode":
            found = {name: item for name, item in found.items() if name not in ("latitude", "longitude")}
        found.pop("point_source", None)
        return {
            name: item
            for name, item in found.items()
            if item not in (None, "", [], {}) and USUAL.get(name, ()) != item
        }
    if isinstance(value, list | tuple):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return value


def _plain_term(item: Mapping[str, Any]) -> Any:
    """A term by its code or, where it has none, by its words: the name of a term is not the record's."""
    words = item["taxonomy_term"] or {}
    said = words.get("term") or words.get("name") or ""
    return [
        str(item.get("link_type") or words.get("taxonomy") or ""),
        str(said),
        str(item.get("value") or ""),
    ]


def _of_services(before: Document, after: Document) -> Iterator[Difference]:
    old, new = services_of(before), services_of(after)
    for service_id, service in new.items():
        about = _about_service(service)
        if service_id in old:
            yield from _of_parts(f"service/{service_id}", about, SERVICE_PARTS, old[service_id], service)
        else:
            yield _whole(service, about, "added")
    for service_id, service in old.items():
        if service_id not in new:
            yield _whole(service, _about_service(service), "removed")


def _about_service(service: Document) -> str:
    if not service.get("name"):
        return gettext("The service without a name")
    return gettext("The service %(name)s", name=own_words(str(service["name"])))


def _whole(service: Document, about: str, kind: str) -> Difference:
    """A service that comes or goes, with all that is said of it."""
    lines = [
        gettext("%(label)s: %(said)s", label=kept_words(part.label), said=joined(part.say(service), "; "))
        for part in parts_of(SERVICE_PARTS, service)
        if any(service.get(name) not in (None, "", []) for name in part.names) and any(part.say(service))
    ]
    for link in service.get("service_at_locations") or []:
        place = link.get("location") or {}
        lines += [
            gettext(
                "%(label)s (%(place)s): %(said)s",
                label=gettext(part.label),
                place=say_place(place),
                said=joined(part.say(place), "; "),
            )
            for part in PLACE_PARTS
            if part.key not in ("name", "address") and place.get(part.names[0]) not in (None, "", [])
        ]
    protected = any(
        is_withheld(link.get("location") or {}) for link in service.get("service_at_locations") or []
    )
    protected = protected or any(not _agreed(contact) for contact in service.get("contacts") or [])
    before, after = ((), tuple(lines)) if kind == "added" else (tuple(lines), ())
    return Difference(
        f"service/{service['id']}", about, gettext("The whole service"), kind, before, after, protected
    )


def _of_parts(
    key: str, about: str, table: Sequence[Part], before: Document, after: Document
) -> Iterator[Difference]:
    for part in parts_of(table, before, after):
        old, new = (_said(part, thing) for thing in (before, after))
        if old == new:
            continue
        lines = [tuple(line for line in part.say(thing) if line) for thing in (before, after)]
        kind = "added" if not lines[0] else "removed" if not lines[1] else "changed"
        yield Difference(
            key=f"{key}.{part.key}",
            about=about,
            label=kept_words(part.label),
            kind=kind,
            before=lines[0],
            after=lines[1],
            protected=part.private or _is_protected(part, before, after),
            may_write=part.may_write,
            text=str(after.get(part.names[0]) or "") if part.may_write else "",
        )


def _said(part: Part, thing: Document) -> Any:
    if part.key == "where":
        links = thing.get("service_at_locations") or []
        places = sorted(str((link.get("location") or {}).get("id")) for link in links)
        return [places, plain(thing.get("service_areas") or [])]
    return plain({name: thing.get(name) for name in part.names} | _source_of_point(part, thing))


def _source_of_point(part: Part, thing: Document) -> dict[str, Any]:
    return {"point_source": thing.get("point_source")} if part.key == "point" else {}


def is_withheld(place: Document) -> bool:
    """Whether the public may not see just where a place is."""
    letters = any(a.get("address_type") == "postal" for a in place.get("addresses") or [])
    return (place.get("protection") or "open") != "open" or letters or place.get("location_type") == "postal"


def _is_protected(part: Part, *things: Document) -> bool:
    if part.key == "contacts":
        return any(not _agreed(contact) for thing in things for contact in thing.get("contacts") or [])
    if part.key == "where":
        links = [link for thing in things for link in thing.get("service_at_locations") or []]
        return any(is_withheld(link.get("location") or {}) for link in links)
    return part.key in ("address", "point", "name") and any(
        "addresses" in thing and is_withheld(thing) for thing in things
    )


def _agreed(contact: Document) -> bool:
    return bool(contact.get("consent_date")) and contact.get("consent_scope") == "public"
