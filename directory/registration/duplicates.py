"""Records that may be of the same organisation, each with the reasons in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.languages import gettext, left_to_right
from directory.models import (
    Address,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Service,
    ServiceAtLocation,
)
from directory.registration.differences import places_of
from directory.words import plain_words
from geodata.postcodes import find_postcode, normalise_postcode

Document = Mapping[str, Any]
# Out of 100, as rapidfuzz counts. A name like that alone is reason enough to look.
ALIKE = 88
# A neighbour in the same building is no duplicate, unless the names are somewhat alike.
SOMEWHAT_ALIKE = 60
MOST = 10
# Words that say what a group is and not which.
COMMON = frozenset(
    (
        *("the", "and", "of", "for", "in", "at", "uk", "ltd", "limited", "cic", "cio"),
        *("trust", "charity", "group", "groups", "project", "projects"),
    )
)
SHORTEST_NUMBER = 9


@dataclass(frozen=True)
class Reason:
    """Why a record may be the same. A withheld one rests on an address that the public does not see."""

    words: str
    withheld: bool = False


@dataclass(frozen=True)
class Likely:
    """A record that may be of the same organisation."""

    organization_id: str
    name: str
    likeness: int
    reasons: tuple[Reason, ...]


def likely_duplicates(session: Session, document: Document) -> list[Likely]:
    """The records that may be of the organisation of a document, the likeliest first."""
    names = _names(session, str(document["id"]))
    alike = _alike(names, document)
    strong: dict[str, list[Reason]] = {}
    for organization_id, reason in (
        *_same_numbers(session, document),
        *_same_website(session, document),
        *_same_telephones(session, document),
    ):
        strong.setdefault(organization_id, []).append(reason)
    places = dict(_same_postcodes(session, document))
    likely = []
    for key in {*alike, *strong, *places} & names.keys():
        likeness = round(alike.get(key) or _likeness(document, names[key]))
        if likeness < ALIKE and key not in strong and not (key in places and likeness >= SOMEWHAT_ALIKE):
            continue
        reasons = [Reason(_name_words(likeness))] if likeness >= SOMEWHAT_ALIKE else []
        reasons += strong.get(key, []) + ([places[key]] if key in places else [])
        likely.append(Likely(key, names[key][0], likeness, tuple(reasons)))
    return sorted(likely, key=lambda one: (-len(one.reasons), -one.likeness, one.name))[:MOST]


def _name_words(likeness: int) -> str:
    if likeness == 100:
        return gettext("The name says the same.")
    return gettext("The name is alike, %(likeness)s of 100.", likeness=likeness)


def _names(session: Session, own_id: str) -> dict[str, list[str]]:
    rows = session.execute(
        select(Organization.id, Organization.name, Organization.alternate_name).where(
            Organization.id != own_id
        )
    )
    return {row.id: [name for name in (row.name, row.alternate_name) if name] for row in rows}


def _alike(names: Mapping[str, list[str]], document: Document) -> dict[str, float]:
    keys = [key for key, some in names.items() for _ in some]
    choices = [_bare(name) for some in names.values() for name in some]
    found: dict[str, float] = {}
    for name in _own_names(document):
        for _, score, place in process.extract(
            _bare(name), choices, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=MOST
        ):
            found[keys[place]] = max(score, found.get(keys[place], 0))
    return found


def _likeness(document: Document, names: list[str]) -> float:
    pairs = [(_bare(own), _bare(other)) for own in _own_names(document) for other in names]
    return max((fuzz.token_sort_ratio(*pair) for pair in pairs), default=0)


def _own_names(document: Document) -> list[str]:
    return [str(document[name]) for name in ("name", "alternate_name") if document.get(name)]


def _bare(name: str) -> str:
    words = plain_words(name)
    return " ".join([word for word in words if word not in COMMON] or words)


def _same_numbers(session: Session, document: Document) -> Iterator[tuple[str, Reason]]:
    own = {
        str(item["identifier"]): str(item.get("identifier_scheme"))
        for item in document.get("organization_identifiers") or []
        if item.get("identifier")
    }
    if not own:
        return
    query = select(OrganizationIdentifier).where(OrganizationIdentifier.identifier.in_(own))
    for row in session.scalars(query):
        if own.get(row.identifier) == row.identifier_scheme:
            yield (
                row.organization_id,
                Reason(gettext("The same register number, %(number)s.", number=left_to_right(row.org_id))),
            )


def _same_website(session: Session, document: Document) -> Iterator[tuple[str, Reason]]:
    own = _site(document.get("website"))
    if not own:
        return
    rows = session.execute(
        select(Organization.id, Organization.website).where(
            Organization.website.icontains(own.partition("/")[0], autoescape=True)
        )
    )
    for organization_id, website in rows:
        if _site(website) == own:
            yield organization_id, Reason(gettext("The same website, %(site)s.", site=left_to_right(own)))


def _site(address: Any) -> str:
    """The host and path of a web address: on shared hosts, the path tells one group from another."""
    try:
        parts = urlsplit(str(address or "").strip().casefold())
    except ValueError:
        return ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"


def _same_telephones(session: Session, document: Document) -> Iterator[tuple[str, Reason]]:
    own = {_digits(number) for number in _numbers(document)} - {""}
    if not own:
        return
    query = (
        select(Phone.number, Phone.organization_id, Service.organization_id.label("through"))
        .outerjoin(Service, Service.id == Phone.service_id)
        .where(or_(Phone.organization_id.is_not(None), Phone.service_id.is_not(None)))
    )
    for number, organization_id, through in session.execute(query):
        if _digits(number) in own:
            yield (
                organization_id or through,
                Reason(gettext("The same telephone, %(number)s.", number=left_to_right(number))),
            )


def _numbers(document: Document) -> Iterator[str]:
    for thing in (document, *(document.get("services") or [])):
        for phone in thing.get("phones") or []:
            yield str(phone.get("number") or "")


def _digits(number: str) -> str:
    """The last digits of a number, the same from within the country and from without."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return digits[-SHORTEST_NUMBER:] if len(digits) >= SHORTEST_NUMBER else ""


def _same_postcodes(session: Session, document: Document) -> Iterator[tuple[str, Reason]]:
    """The last one of an organisation counts: an open place is put after one that is withheld."""
    own = {code for place in places_of(document).values() for code in _postcodes(place)}
    if not own:
        return
    query = (
        select(Service.organization_id, Address.postal_code, Location.protection, Address.address_type)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .join(Address, Address.location_id == Location.id)
        .where(Address.postal_code.in_(own))
        .order_by((Location.protection == "open").asc())
    )
    for organization_id, code, protection, kind in session.execute(query):
        withheld = protection != "open" or kind == "postal"
        yield (
            organization_id,
            Reason(gettext("The same postcode, %(code)s.", code=left_to_right(code)), withheld),
        )


def _postcodes(place: Document) -> set[str]:
    found = (
        normalise_postcode(str(a.get("postal_code") or "")) or find_postcode(str(a.get("postal_code") or ""))
        for a in place.get("addresses") or []
    )
    return {code for code in found if code}
