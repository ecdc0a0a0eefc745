"""The public shape of an organisation and its services, made from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from directory.models import Contact, Location, Organization, Service, Source
from directory.openreferral.dump import dump, dump_location
from directory.publishing.approximate import FixedArea
from directory.publishing.spellings import fold
from directory.publishing.withhold import Withholder, is_shown, is_venue, may_show_address

PROTECTED_PLACE = UUID("b0d2a5f6-8a53-4d4e-9f0e-6b1f3b3c7a11")
INTERNAL = ("notes", "point_source", "protection", "consent_date", "consent_scope", "contacts", "services")


@dataclass(frozen=True)
class AreaNames:
    """The names of areas and, for wards, the point in each that stands for it (easting, northing).

    `common` are the folded names of areas and towns, which give nothing away when they stand in an address;
    `codes` are the codes of areas by folded name, where only one area has the name. `fixed` says by place
    what stands for it; a place that is not in it, as in a draft, is shown by the ward that it lies in now.
    """

    names: dict[str, str]
    codes: dict[str, str]
    common: frozenset[str]
    ward_points: dict[str, tuple[float, float]]
    fixed: Mapping[str, FixedArea | None] = field(default_factory=dict)


def public_organization(
    organization: Organization, source: Source | None, withhold: Withholder
) -> dict[str, Any]:
    """What the public may see of an organisation, without its services."""
    document = {name: value for name, value in dump(organization).items() if name not in INTERNAL}
    document["contacts"] = [_contact(contact) for contact in organization.contacts if is_shown(contact)]
    document["source"] = public_source(source)
    cleaned: dict[str, Any] = withhold(document)
    return cleaned


def public_service(
    service: Service, document: dict[str, Any], source: Source | None, withhold: Withholder, areas: AreaNames
) -> dict[str, Any]:
    """What the public may see of a service, its organisation and its places with it."""
    public = {name: value for name, value in document.items() if name not in INTERNAL}
    public["contacts"] = [_contact(contact) for contact in service.contacts if is_shown(contact)]
    public["source"] = public_source(source)
    links = sorted(service.service_at_locations, key=lambda link: link.id)
    public["service_areas"] = [_with_code(area, areas) for area in document.get("service_areas", [])]
    public["service_at_locations"] = [
        {"location": public_location(link.location, f"{service.id}/{number}", areas)}
        for number, link in enumerate(links)
    ]
    cleaned: dict[str, Any] = withhold(public)
    return cleaned


def public_location(location: Location, key: str, areas: AreaNames) -> dict[str, Any]:
    """What the public may see of a place: all, or the ward, or the authority alone.

    The identifier of a place that is withheld is made from `key`, which names its service, because one that
    was made from the address could be guessed back to it.
    """
    place = {"id": str(uuid5(PROTECTED_PLACE, key)), "location_type": "physical"}
    if location.location_type == "virtual":
        return place | {"location_type": "virtual", "precision": "virtual"}
    authority = {
        "authority_code": location.authority_code,
        "authority": areas.names.get(location.authority_code or ""),
    }
    ward = {"ward_code": location.ward_code, "ward": areas.names.get(location.ward_code or "")}
    if may_show_address(location):
        document = {name: value for name, value in dump_location(location).items() if name not in INTERNAL}
        document["addresses"] = [
            a for a in document.get("addresses", []) if a.get("address_type") != "postal"
        ]
        grid = {"easting": location.easting, "northing": location.northing, "lsoa_code": location.lsoa_code}
        return _known(document | {"precision": "open"} | grid | ward | authority)
    fixed = _fixed_area(location, areas) if location.protection == "approximate" else None
    if fixed is not None and is_venue(location):
        point = {"easting": fixed.easting, "northing": fixed.northing, "ward": fixed.name}
        # A ward that is no longer has no code: nobody could look it up, and searches go by the authority.
        code = {"ward_code": fixed.code} if fixed.current else {}
        return _known(place | {"precision": "approximate"} | point | code | authority)
    return _known(place | {"precision": "hidden"} | authority)


def _fixed_area(location: Location, areas: AreaNames) -> FixedArea | None:
    if location.id in areas.fixed:
        return areas.fixed[location.id]
    code = location.ward_code or ""
    if code not in areas.ward_points:
        return None
    easting, northing = areas.ward_points[code]
    return FixedArea(code, areas.names[code], round(easting), round(northing))


def public_source(source: Source | None) -> dict[str, Any]:
    """Whom to credit for a record."""
    if source is None:
        return {"slug": "", "title": "Not recorded"}
    names = ("slug", "title", "publisher", "licence", "licence_url", "attribution")
    return _known({name: getattr(source, name) for name in names})


def is_published(organization: Organization) -> bool:
    """A key individual is shown only when that very person agreed; everybody else is."""
    if not is_individual(organization):
        return True
    contacts = [*organization.contacts, *(c for service in organization.services for c in service.contacts)]
    return any(is_shown(c) and _is_named(organization, c.name or "") for c in contacts)


def is_individual(organization: Organization) -> bool:
    """Whether the entry is a person, by its term or by words that no term fits."""
    kinds = [a for a in organization.attributes if a.link_type == "kind"]
    return any("individual" in fold(kind.term.code if kind.term else kind.value or "") for kind in kinds)


def _is_named(organization: Organization, name: str) -> bool:
    """Whether a contact is the person that the entry is about: all words of one name are in the other."""
    own, other = set(fold(organization.name).split()), set(fold(name).split())
    return bool(other) and (other <= own or own <= other)


def _with_code(area: dict[str, Any], areas: AreaNames) -> dict[str, Any]:
    """An area that a service covers, with its code where people gave its name alone."""
    code = None if area.get("extent") else areas.codes.get(fold(area.get("name") or ""))
    return area | {"extent": code, "extent_type": "gss"} if code else area


def _contact(contact: Contact) -> dict[str, Any]:
    phones = [_known({"number": phone.number, "description": phone.description}) for phone in contact.phones]
    return _known({"name": contact.name, "title": contact.title, "email": contact.email, "phones": phones})


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], "")}
