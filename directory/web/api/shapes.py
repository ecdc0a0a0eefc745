"""The things of the open data by their identifiers, in the shapes of the profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from directory.exporting import to_profile
from directory.exporting.snapshot import dated, services_by_id, services_of
from directory.exporting.terms import Shape, Terms, value_term
from directory.models import PublishedLink, PublishedOrganization, PublishedService, PublishedValue

Ids = Sequence[str]


def brief_services(session: Session, _terms: Terms, ids: Ids) -> list[Shape]:
    """Services with their plain facts."""
    return [to_profile.service_brief(row.document, moment) for row, moment in services_by_id(session, ids)]


def whole_services(session: Session, terms: Terms, ids: Ids) -> list[Shape]:
    """Services with everything."""
    found = services_by_id(session, ids)
    return [to_profile.service_whole(row.document, moment, terms) for row, moment in found]


def minimal_services(session: Session, _terms: Terms, ids: Ids) -> list[Shape]:
    """Services with no more than when they changed."""
    found = services_by_id(session, ids)
    main = [to_profile.service_main(row.document, moment) for row, moment in found]
    return [{name: one[name] for name in ("id", "last_modified")} for one in main]


def brief_places(session: Session, _terms: Terms, ids: Ids) -> list[Shape]:
    """Services at places, in brief."""
    return _places(session, None, ids)


def whole_places(session: Session, terms: Terms, ids: Ids) -> list[Shape]:
    """Services at places, with everything."""
    return _places(session, terms, ids)


def brief_organizations(session: Session, _terms: Terms, ids: Ids) -> list[Shape]:
    """Organisations with their plain facts."""
    return [to_profile.organization_brief(document) for document in _documents(session, ids)]


def organizations(session: Session, terms: Terms, ids: Ids) -> list[Shape]:
    """Organisations with everything, and the plain facts of their services."""
    services = services_of(session, ids)
    found = []
    for document in _documents(session, ids):
        plain = [to_profile.service_main(*one) for one in services[document["id"]]]
        inside = to_profile.organization_inside(document, terms)
        found.append(inside | ({"services": plain} if plain else {}))
    return found


def whole_organizations(session: Session, terms: Terms, ids: Ids) -> list[Shape]:
    """Organisations with everything, and everything of their services."""
    services = services_of(session, ids)
    return [
        to_profile.organization_whole(document, services[document["id"]], terms)
        for document in _documents(session, ids)
    ]


def terms_by_id(session: Session, terms: Terms, ids: Ids) -> list[Shape]:
    """Terms, and values as terms."""
    known = {term["id"]: term for term in terms.terms.values()}
    values = session.execute(
        select(PublishedValue.term_id, PublishedValue.taxonomy, PublishedValue.name)
        .where(PublishedValue.term_id.in_([key for key in ids if key not in known]))
        .distinct()
    )
    known |= {row.term_id: value_term(row.taxonomy, row.name) for row in values}
    return [known[key] for key in ids]


def taxonomies_by_id(_session: Session, terms: Terms, ids: Ids) -> list[Shape]:
    """Taxonomies with their terms; the values of the open ones are too many to stand here."""
    by_id = {one["id"]: one for one in terms.taxonomies}
    found = []
    for key in ids:
        inside = [term for term in terms.terms.values() if term["taxonomy_id"] == key]
        found.append(by_id[key] | ({"taxonomy_terms": inside} if inside else {}))
    return found


def the_one(found: list[Shape]) -> Shape:
    """The thing asked for, or the error that is answered with 404."""
    if not found:
        raise NoResultFound
    return found[0]


def _places(session: Session, terms: Terms | None, ids: Ids) -> list[Shape]:
    query = select(PublishedLink, PublishedService).join(
        PublishedService, PublishedService.id == PublishedLink.published_service_id
    )
    rows = {
        link.id: (link, service) for link, service in session.execute(query.where(PublishedLink.id.in_(ids)))
    }
    services = list({service.id: service for _, service in rows.values()}.values())
    moments = {service.id: moment for service, moment in dated(session, services)}
    found = []
    for key in ids:
        link, service = rows[key]
        location = _location(service.document, link.location_id)
        found.append(to_profile.service_at_location(service.document, location, moments[service.id], terms))
    return found


def _location(document: dict[str, Any], location_id: str) -> dict[str, Any]:
    locations: list[dict[str, Any]] = [link["location"] for link in document["service_at_locations"]]
    return next(location for location in locations if location["id"] == location_id)


def _documents(session: Session, ids: Ids) -> list[dict[str, Any]]:
    rows = session.execute(
        select(PublishedOrganization.organization_id, PublishedOrganization.document).where(
            PublishedOrganization.organization_id.in_(ids)
        )
    )
    by_id = {row.organization_id: row.document for row in rows}
    return [by_id[key] for key in ids]
