"""Write the public copy: once, when a record is accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from directory.models import (
    Attribute,
    Base,
    Location,
    Organization,
    PublishedArea,
    PublishedOpening,
    PublishedOrganization,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    PublishedText,
    Service,
    Source,
)
from directory.openreferral.dump import dump_service
from directory.publishing.approximate import fixed_areas
from directory.publishing.area_names import area_names
from directory.publishing.changes import forget_gone, note_changes, note_values
from directory.publishing.freshness import Checks, organization_freshness, read_checks, service_freshness
from directory.publishing.fullness import say_full
from directory.publishing.gone import Gone, gone_from, say_gone
from directory.publishing.grants import grants_of
from directory.publishing.joined import credit_too, joined_sources
from directory.publishing.shape import AreaNames, is_published, public_organization, public_service
from directory.publishing.uploads import Approved, approved_uploads, public_uploads
from directory.publishing.vocabulary import count_in, withdraw
from directory.publishing.whole import whole
from directory.publishing.withhold import Withholder
from directory.schedules.evaluate import flat_openings, hours_known
from directory.words import plain_words, term_word
from geodata.crs import bng_to_lonlat

BATCH = 200


@dataclass(frozen=True)
class PublicMaker:
    """What public shapes are made with, beside the record: names of areas, checks of fields, uploads."""

    areas: AreaNames
    checks: Checks
    uploads: Approved
    gone: Gone = field(default_factory=dict)
    grants: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    joined: Mapping[str, list[Source]] = field(default_factory=dict)


def publish(session: Session, organization_ids: Collection[str], today: date) -> int:
    """Make the public copy of organisations anew; how many of them the public may see."""
    ids = sorted(organization_ids)
    areas, sources = area_names(session), {source.id: source for source in session.scalars(select(Source))}
    shown = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        withdraw(session, batch)
        rows = session.scalars(select(Organization).where(Organization.id.in_(batch)).options(*whole()))
        public = [row for row in rows if is_published(row)]
        areas = replace(areas, fixed=fixed_areas(session, _places(public)))
        uploads, gone = approved_uploads(session, batch), gone_from(session, batch)
        checks, joined = read_checks(session, batch), joined_sources(session, batch)
        made = PublicMaker(areas, checks, uploads, gone, grants_of(session, batch), joined)
        pairs = [
            pair
            for organization in public
            for pair in _publish_one(session, organization, sources.get(organization.source_id or ""), made)
        ]
        session.flush()
        _index(session, pairs)
        note_values(session, [row for _, row in pairs], batch)
        note_changes(session, batch)
        shown += len(public)
    return shown


def publish_all(session: Session, today: date) -> int:
    """Make the whole public copy anew, as after areas were loaded."""
    shown = publish(session, session.scalars(select(Organization.id)).all(), today)
    forget_gone(session)
    return shown


def _places(organizations: Sequence[Organization]) -> Iterator[Location]:
    for organization in organizations:
        for service in organization.services:
            yield from (link.location for link in service.service_at_locations)


def _publish_one(
    session: Session, organization: Organization, source: Source | None, made: PublicMaker
) -> list[tuple[Service, PublishedService]]:
    row, pairs = public_copy(organization, source, made)
    session.add(row)
    session.add_all(service_row for _, service_row in pairs)
    return pairs


def public_copy(
    organization: Organization, source: Source | None, made: PublicMaker
) -> tuple[PublishedOrganization, list[tuple[Service, PublishedService]]]:
    """The public copy of an organisation, before it is stored: its own row, and one for each service."""
    withhold = Withholder(organization, places=made.areas.common)
    services = [
        _with_freshness(
            service, public_service(service, dump_service(service), source, withhold, made.areas), made
        )
        for service in organization.services
    ]
    document = public_organization(organization, source, withhold)
    for one in (document, *services):
        credit_too(one, made.joined.get(organization.id, ()))
        say_gone(one, organization.id, made.gone)
        say_full(one, made.checks.full)
    if organization.id in made.grants:
        document["grants"] = withhold(made.grants[organization.id])
    document["freshness"] = organization_freshness(
        document, [service["freshness"] for service in services], made.checks
    )
    row = PublishedOrganization(
        organization_id=organization.id,
        name=document["name"],
        fictional=organization.fictional,
        source_slug=document["source"]["slug"],
        document=document | public_uploads(made.uploads.get(organization.id, []), withhold),
    )
    pairs = [
        (service, _service_row(service, whole | {"organization": document}))
        for service, whole in zip(organization.services, services, strict=True)
    ]
    return row, pairs


def _with_freshness(service: Service, document: dict[str, Any], made: PublicMaker) -> dict[str, Any]:
    freshness = service_freshness(document, service.organization_id, made.checks, service.assured_date)
    dated = {"assured_date": freshness["checked_on"]} if freshness and "checked_on" in freshness else {}
    return document | dated | {"freshness": freshness}


def _index(session: Session, pairs: Collection[tuple[Service, PublishedService]]) -> None:
    """Fill the tables by which services are found, from the public copy and the terms."""
    rows: dict[type[Base], list[dict[str, Any]]] = {
        PublishedTerm: [row for service, public in pairs for row in _terms(service, public)],
        PublishedArea: [row for _, public in pairs for row in _service_areas(public)],
        PublishedOpening: [row for _, public in pairs for row in _openings(public)],
        PublishedText: [_words(service, public) for service, public in pairs],
    }
    for model, values in rows.items():
        if values:
            session.execute(insert(model), values)
    count_in(session, rows[PublishedText])


def _service_row(service: Service, document: dict[str, Any]) -> PublishedService:
    locations = [link["location"] for link in document["service_at_locations"]]
    places = [_place(location) for location in locations if location["precision"] != "virtual"]
    document["service_at_locations"] = [{"location": _without_grid(location)} for location in locations]
    return PublishedService(
        service_id=service.id,
        organization_id=service.organization_id,
        name=document["name"],
        organization_name=document["organization"]["name"],
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        cost=_cost(service),
        hours_known=_all_hours_known(document.get("schedules", [])),
        place_known=_place_known(service, locations, places),
        status=service.status,
        **_freshness_days(document["freshness"]),
        fictional=service.organization.fictional,
        document=document,
        places=places,
    )


def _freshness_days(freshness: Mapping[str, str] | None) -> dict[str, date]:
    days = ("checked_on", "due_on", "stale_on")
    return (
        {name: date.fromisoformat(freshness[name]) for name in days if name in freshness} if freshness else {}
    )


def _place(location: Mapping[str, Any]) -> PublishedPlace:
    place = PublishedPlace(
        name=location.get("name"),
        precision=location["precision"],
        **{
            name: location.get(name)
            for name in ("easting", "northing", "lsoa_code", "ward_code", "authority_code")
        },
    )
    postcodes = (address.get("postal_code") for address in location.get("addresses", []))
    place.postcode = next((postcode for postcode in postcodes if postcode), None)
    if place.easting is not None and place.northing is not None:
        longitude, latitude = bng_to_lonlat([place.easting], [place.northing])
        place.longitude, place.latitude = round(float(longitude[0]), 5), round(float(latitude[0]), 5)
    return place


def _without_grid(location: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in location.items() if name not in ("easting", "northing")}


def _place_known(
    service: Service, locations: Collection[Mapping[str, Any]], places: Collection[PublishedPlace]
) -> bool:
    if places:
        return all(place.easting is not None for place in places)
    return bool(locations or any(area.extent for area in service.service_areas))


def _cost(service: Service) -> str | None:
    amounts = [option.amount for option in service.cost_options if option.amount is not None]
    if not amounts:
        return None
    # Free for some and not for others: whether it is free for this person is not known.
    return "free" if max(amounts) == 0 else "paid" if min(amounts) > 0 else None


def _terms(service: Service, public: PublishedService) -> list[dict[str, Any]]:
    pairs = {(a.link_type, a.term.code) for a in _attributes(service) if a.term}
    pairs |= {("language", language["name"]) for language in public.document.get("languages", [])}
    return [
        {"published_service_id": public.id, "facet": facet, "code": code} for facet, code in sorted(pairs)
    ]


def _attributes(service: Service) -> Iterator[Attribute]:
    yield from service.organization.attributes
    yield from service.attributes
    for link in service.service_at_locations:
        yield from link.location.attributes


def _service_areas(public: PublishedService) -> list[dict[str, Any]]:
    codes = {area["extent"] for area in public.document.get("service_areas", []) if area.get("extent")}
    return [{"published_service_id": public.id, "code": code} for code in sorted(codes)]


def _all_hours_known(schedules: list[dict[str, Any]]) -> bool:
    """Whether each schedule tells days and times: beside one that does not, no hour is surely closed."""
    return bool(schedules) and all(hours_known([schedule]) for schedule in schedules)


def _openings(public: PublishedService) -> list[dict[str, Any]]:
    return [
        {
            "published_service_id": public.id,
            "weekday": opening.weekday,
            "opens_minute": opening.opens_minute,
            "closes_minute": opening.closes_minute,
            "every_week": opening.every_week,
            "valid_from": None if opening.starts == date.min else opening.starts,
            "valid_to": None if opening.ends == date.max else opening.ends,
        }
        for opening in flat_openings(public.document.get("schedules", []))
    ]


def _words(service: Service, public: PublishedService) -> dict[str, Any]:
    document, organization = public.document, public.document["organization"]
    terms = [a.term for a in _attributes(service) if a.term]
    places = [link["location"] for link in document["service_at_locations"]]
    texts = {
        "name": [document["name"], document.get("alternate_name"), organization.get("alternate_name")],
        "organization_name": [organization["name"]],
        "terms": [term.name for term in terms],
        "description": [
            document.get("description"),
            organization.get("description"),
            *(place.get(name) for place in places for name in ("name", "ward")),
        ],
    }
    words = {name: " ".join(plain_words(" ".join(filter(None, parts)))) for name, parts in texts.items()}
    codes = sorted({term_word(a.link_type, a.term.code) for a in _attributes(service) if a.term})
    words["terms"] = " ".join(filter(None, [words["terms"], *codes]))
    return {"published_service_id": public.id, **words}
