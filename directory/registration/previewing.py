"""What the public would see of a document: made by the very code that publishes, and then undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from directory.accepting import OWN_SOURCES, NotAcceptedError
from directory.models import (
    Area,
    Location,
    Organization,
    PublishedOrganization,
    PublishedService,
    Service,
    ServiceAtLocation,
    Source,
    utc_now,
)
from directory.openreferral.check import check
from directory.openreferral.dump import dump
from directory.openreferral.fields import fields_of
from directory.openreferral.fill import Terms, fill_organization, fill_services
from directory.places.locate import locate
from directory.publishing.approximate import fixed_areas
from directory.publishing.area_names import area_names
from directory.publishing.freshness import Check, Checks, read_checks
from directory.publishing.publish import PublicMaker, public_copy
from directory.publishing.shape import is_published
from directory.upkeep.checks import Said

LISTS = ("identifiers", "phones", "contacts", "attributes", "services")


@dataclass(frozen=True)
class Shown:
    """The public copy that a document would have; no organisation where nothing of it would be shown.

    `authority_codes` are the authorities that it lies in or covers.
    """

    organization: PublishedOrganization | None
    services: list[PublishedService]
    authority_codes: frozenset[str]


@contextmanager
def previewed(
    session: Session, document: Mapping[str, Any], today: date, way: str = "self"
) -> Iterator[Shown]:
    """Fill, place and publish a document within a savepoint, and take all of it back at the end.

    Read what is shown before the end. Raises NotAcceptedError for a document that nobody could accept.
    """
    fatal = [problem for problem in check(document) if problem.fatal]
    if fatal:
        raise NotAcceptedError(fatal)
    session.flush()
    savepoint = session.begin_nested()
    try:
        with session.no_autoflush:
            organization = _filled(session, document)
            places = {
                link.location.id: link.location
                for service in organization.services
                for link in service.service_at_locations
            }
            locate(session, list(places.values()))
            source = Source(slug=way, title=OWN_SOURCES[way], licence="OGL-UK-3.0")
            areas = replace(area_names(session), fixed=fixed_areas(session, places.values()))
            checks = _checks_after(session, dump(organization), Said(way, today))
            row, pairs = public_copy(organization, source, PublicMaker(areas, checks, {}))
            services = sorted(
                (service for _, service in pairs), key=lambda one: (one.name.lower(), one.service_id)
            )
            codes = _authorities(session, places.values(), services)
            yield Shown(row if is_published(organization) else None, services, codes)
    finally:
        savepoint.rollback()


def _checks_after(session: Session, document: Mapping[str, Any], said: Said) -> Checks:
    """The checks of fields as they will be: what now says something else is said on this day."""
    checks, key = read_checks(session, [document["id"]]), document["id"]
    before = session.get(Organization, key)
    then = {(entity, field): what for entity, field, what in fields_of(dump(before))} if before else {}
    known = {(entity, one.field): one for (_, entity), found in checks.found.items() for one in found}
    after: dict[tuple[str, str], list[Check]] = {}
    for entity, field, what in fields_of(document):
        check = known.get((entity, field))
        if check is None or then.get((entity, field)) != what:
            check = Check(field, said.way, said.on, checks.rule.due_on(field, said.on))
        after.setdefault((key, entity), []).append(check)
    return replace(
        checks, found={entity: sorted(some, key=lambda one: one.field) for entity, some in after.items()}
    )


def _filled(session: Session, document: Mapping[str, Any]) -> Organization:
    """The organisation as `replace` would make it, outside the session: its places alone are in it."""
    empty: dict[str, list[Any]] = {name: [] for name in LISTS}
    organization = Organization(id=document["id"], name=document["name"], fictional=False, **empty)
    organization.services = _present_services(session, organization.id)
    terms = Terms(session)
    fill_organization(organization, document, terms)
    organization.fictional = bool(document.get("fictional"))
    organization.last_modified = utc_now()
    named = {service["id"] for service in document.get("services") or []}
    fill_services(session, organization, document, named, terms)
    organization.services = [service for service in organization.services if service.id in named]
    for service in organization.services:
        service.organization_id = organization.id
    return organization


def _present_services(session: Session, organization_id: str) -> list[Service]:
    """The services on record with their places alone: what replaces a withheld place is withheld too."""
    query = (
        select(ServiceAtLocation.service_id, Location)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id == organization_id)
        .options(
            joinedload(Location.addresses),
            joinedload(Location.accessibility),
            selectinload(Location.attributes),
        )
    )
    services: dict[str, Service] = {}
    for service_id, location in session.execute(query).unique():
        service = services.setdefault(service_id, Service(id=service_id, service_at_locations=[]))
        service.service_at_locations.append(ServiceAtLocation(location=location, location_id=location.id))
    return list(services.values())


def _authorities(session: Session, places: Any, services: list[PublishedService]) -> frozenset[str]:
    codes = {place.authority_code for place in places}
    extents = {
        area["extent"] for one in services for area in one.document["service_areas"] if area.get("extent")
    }
    if extents:
        areas = session.execute(
            select(Area.code, Area.level, Area.authority_code).where(Area.code.in_(extents))
        )
        codes |= {code if level == "authority" else authority for code, level, authority in areas}
    return frozenset(code for code in codes if code)
