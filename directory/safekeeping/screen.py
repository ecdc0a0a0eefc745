"""What may not come in: what is on the do-not-list, and what would write over places of other sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Location, Organization, Service, ServiceAtLocation
from directory.openreferral.protect import locations
from directory.openreferral.shape import Problem
from directory.places.batches import batches
from directory.publishing.spellings import fold
from directory.safekeeping.do_not_list import Register, read_register
from directory.safekeeping.identities import final_ids, other_selves
from geodata.postcodes import find_postcode

WITHDRAWN = "withdrawn"
# It must not repeat what is on the register: reasons go into files and pages.
LISTED = "This entry is on the do-not-list. Leave it out; whoever keeps the list can say more."
ANOTHER_SOURCE = "This place is another source's. Give it an identifier of its own."
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Screened:
    """A document as it may come in, how many contacts were left out of it, and what keeps it out."""

    document: dict[str, Any]
    left_out: int = 0
    problem: Problem | None = None


def screen(session: Session, documents: Sequence[Document]) -> list[Screened]:
    """Documents without what is on the do-not-list. One that is itself on the list has a problem."""
    register = read_register(session)
    if not register.digests:
        return [Screened(dict(document)) for document in documents]
    selves = other_selves(session, {str(document["id"]) for document in documents})
    return [_screen(register, document, selves.get(str(document["id"]), ())) for document in documents]


def foreign_places(session: Session, documents: Sequence[Document], source_id: str) -> set[str]:
    """The places that documents name and that records of other sources, or of people, are given at.

    By its identifier, a document could write over them: move them, or show what they are called.
    """
    places = [location for document in documents for location in locations(document)]
    wanted = {location["id"] for location in places if location.get("id")}
    found: set[str] = set()
    query = (
        select(ServiceAtLocation.location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Organization.source_id.is_distinct_from(source_id))
    )
    for some in batches(sorted(wanted)):
        found.update(session.scalars(query.where(ServiceAtLocation.location_id.in_(some))))
    if not found:
        return found
    ids = {str(document["id"]) for document in documents}
    return found - _of_the_documents(session, found, ids | {*final_ids(session, ids).values()})


def _of_the_documents(
    session: Session, places: Collection[str], organization_ids: Collection[str]
) -> set[str]:
    """Those places that are the documents' own organisations' already, whoever spoke of these last."""
    query = (
        select(Location.id)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Location.id.in_(sorted(places)), Service.organization_id.in_(sorted(organization_ids)))
    )
    return set(session.scalars(query))


def foreign_place_problem(document: Document, foreign: Collection[str]) -> Problem | None:
    """What keeps out a document that names a place of another source."""
    for i, service in enumerate(document.get("services") or []):
        for j, link in enumerate(service.get("service_at_locations") or []):
            if (link.get("location") or {}).get("id") in foreign:
                return Problem(f"$.services[{i}].service_at_locations[{j}].location.id", ANOTHER_SOURCE)
    return None


def _screen(register: Register, document: Document, selves: Sequence[Document]) -> Screened:
    """One document. `selves` are records that were joined with it: what is said of one is said of all."""
    if any(_is_listed(register, one) for one in (document, *selves)):
        return Screened(dict(document), problem=Problem("$", LISTED))
    left_out, ids = 0, {str(one["id"]) for one in (document, *selves)}
    cleaned = _without_listed(register, document)
    parts: list[dict[str, Any]] = [cleaned]
    if "services" in document:
        cleaned["services"] = [_without_listed(register, one) for one in document["services"] or []]
        parts += cleaned["services"]
    for part in parts:
        contacts = part.get("contacts") or []
        kept = [contact for contact in contacts if not _is_listed_contact(register, contact)]
        left_out += len(contacts) - len(kept)
        if contacts:
            part["contacts"] = [_with_withdrawal(register, ids, one) for one in kept]
    return Screened(cleaned, left_out)


def _is_listed(register: Register, document: Document) -> bool:
    """Whether a record is on the register: by its number, by name and postcode, or as a person."""
    for item in document.get("organization_identifiers") or []:
        if register.holds("org_id", f"{item.get('identifier_scheme')}-{item.get('identifier')}"):
            return True
    name = str(document.get("name") or "")
    if any(register.holds("name_postcode", f"{name},{code}") for code in _postcodes(document)):
        return True
    return is_person(document) and register.holds("person", name)


def is_person(document: Document) -> bool:
    """Whether a document is about one person."""
    kinds = [item for item in document.get("attributes") or [] if item.get("link_type") == "kind"]
    words = [item.get("taxonomy_term") or {} for item in kinds]
    return any("individual" in fold(str(word.get("term") or word.get("name") or "")) for word in words)


def _postcodes(document: Document) -> set[str]:
    lines = ("postal_code", "address_1", "address_2", "city", "region")
    found = {
        find_postcode(str(address.get(line) or ""))
        for location in locations(document)
        for address in location.get("addresses") or []
        for line in lines
    }
    return {code for code in found if code}


def _without_listed(register: Register, thing: Document) -> dict[str, Any]:
    """An organisation or a service without an e-mail address or a number that is on the register."""
    kept = {
        name: value for name, value in thing.items() if name != "email" or not register.holds("email", value)
    }
    if kept.get("phones"):
        kept["phones"] = [one for one in kept["phones"] if not register.holds("phone", one.get("number"))]
    return kept


def _is_listed_contact(register: Register, contact: Document) -> bool:
    numbers = [phone.get("number") for phone in contact.get("phones") or []]
    return (
        register.holds("person", contact.get("name"))
        or register.holds("email", contact.get("email"))
        or any(register.holds("phone", number) for number in numbers)
    )


def _with_withdrawal(register: Register, ids: Collection[str], contact: Document) -> dict[str, Any]:
    """A contact whose consent was taken back stays unnamed until a consent of a later day."""
    days = (register.withdrawn_on(organization_id, contact) for organization_id in sorted(ids))
    day = max((one for one in days if one), default=None)
    given = str(contact.get("consent_date") or "")[:10]
    if day is None or (given and date.fromisoformat(given) > day):
        return dict(contact)
    return {name: value for name, value in contact.items() if name != "consent_date"} | {
        "consent_scope": WITHDRAWN
    }
