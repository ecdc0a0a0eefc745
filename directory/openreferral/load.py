"""Put a checked document into the tables, and keep the version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Date, func, select
from sqlalchemy.orm import Session

from directory.models import (
    Accessibility,
    Address,
    Attribute,
    Base,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Revision,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    SourceRecord,
    Taxonomy,
    TaxonomyTerm,
    new_id,
    utc_now,
)
from directory.openreferral.dump import dump

Row = TypeVar("Row", bound=Base)
Document = Mapping[str, Any]
STRICTNESS = {"open": 0, "approximate": 1, "hidden": 2}


@dataclass(frozen=True)
class Origin:
    """Where a document comes from, and why it is accepted."""

    source_id: str
    reason: str
    run_id: str | None = None


@dataclass(frozen=True)
class Loaded:
    """What became of a document: created, updated or unchanged."""

    organization: Organization
    outcome: str


class Terms:
    """The taxonomy's terms by taxonomy and code, read once."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(select(Taxonomy.name, TaxonomyTerm).join(TaxonomyTerm.taxonomy)).all()
        self._terms = {(taxonomy, term.code): term for taxonomy, term in rows}

    def find(self, taxonomy: str, code: str | None) -> TaxonomyTerm | None:
        """The term, or None when there is none of that code."""
        return self._terms.get((taxonomy, code or ""))


def load(session: Session, document: Document, terms: Terms, origin: Origin) -> Loaded:
    """Create or update the organisation that a checked document describes.

    Services that the document does not mention are left as they are: a correction of one row must not
    remove the others. Nothing is written when the source says what it said last time.
    """
    organization_id = document.get("id") or new_id()
    existing = session.get(Organization, organization_id)
    changed = _changed_parts(session, document, organization_id, origin)
    if existing is not None and not changed:
        return Loaded(existing, "unchanged")
    organization = existing or Organization(id=organization_id, name=document["name"])
    # One flush at the end: to flush at each look-up would write every half-filled row.
    with session.no_autoflush:
        session.add(organization)
        if organization_id in changed:
            _fill_organization(organization, document, terms)
            organization.source_id = origin.source_id
        _fill_services(session, organization, document, changed, terms)
        organization.last_modified = utc_now()
    session.flush()
    _remember(session, organization_id, changed, origin)
    keep_version(session, organization, origin)
    return Loaded(organization, "updated" if existing is not None else "created")


def keep_version(session: Session, organization: Organization, origin: Origin) -> None:
    """Keep the organisation as it now stands as its newest version."""
    number = session.scalar(
        select(func.coalesce(func.max(Revision.number), 0)).where(Revision.organization_id == organization.id)
    )
    session.add(
        Revision(
            organization_id=organization.id,
            number=(number or 0) + 1,
            source_id=origin.source_id,
            run_id=origin.run_id,
            reason=origin.reason,
            document=dump(organization),
        )
    )


def _changed_parts(
    session: Session, document: Document, organization_id: str, origin: Origin
) -> dict[str, str]:
    """Checksums, by identifier, of the organisation and of the services that the source has changed."""
    parts = {organization_id: {name: value for name, value in document.items() if name != "services"}}
    parts |= {service["id"]: service for service in document.get("services", [])}
    checksums = {key: _checksum(part) for key, part in parts.items()}
    last = dict(
        session.execute(
            select(SourceRecord.key, SourceRecord.checksum).where(
                SourceRecord.source_id == origin.source_id, SourceRecord.key.in_(checksums)
            )
        ).all()
    )
    return {key: checksum for key, checksum in checksums.items() if last.get(key) != checksum}


def _checksum(part: Document) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()


def _remember(session: Session, organization_id: str, changed: Mapping[str, str], origin: Origin) -> None:
    records = {
        record.key: record
        for record in session.scalars(
            select(SourceRecord).where(
                SourceRecord.source_id == origin.source_id, SourceRecord.key.in_(changed)
            )
        )
    }
    for key, checksum in changed.items():
        record = records.get(key) or SourceRecord(
            source_id=origin.source_id, key=key, organization_id=organization_id
        )
        record.checksum, record.run_id = checksum, origin.run_id
        session.add(record)


def _fill_organization(organization: Organization, document: Document, terms: Terms) -> None:
    _fill(organization, document)
    organization.identifiers = _rows(OrganizationIdentifier, document.get("organization_identifiers"))
    organization.phones = _rows(Phone, document.get("phones"))
    organization.contacts = _contacts(document.get("contacts"))
    organization.attributes = _attributes("organization", document.get("attributes"), terms)


def _fill_services(
    session: Session, organization: Organization, document: Document, changed: Collection[str], terms: Terms
) -> None:
    known = {service.id: service for service in organization.services}
    locations: dict[str, Location] = {}
    for part in document.get("services", []):
        if part["id"] not in changed:
            continue
        service = known.get(part["id"])
        if service is None:
            service = Service(id=part["id"])
            organization.services.append(service)
        _fill_service(service, part, terms)
        service.service_at_locations = [
            ServiceAtLocation(
                id=link.get("id") or new_id(), location=_location(session, link["location"], terms, locations)
            )
            for link in part.get("service_at_locations", [])
            if link.get("location")
        ]


def _fill_service(service: Service, part: Document, terms: Terms) -> None:
    _fill(service, part)
    service.status = part.get("status", "active")
    service.last_modified = _moment(part.get("last_modified")) or utc_now()
    service.schedules = _rows(Schedule, part.get("schedules"))
    for position, schedule in enumerate(service.schedules):
        schedule.position = position
    service.service_areas = _rows(ServiceArea, part.get("service_areas"))
    service.cost_options = _rows(CostOption, part.get("cost_options"))
    service.languages = _rows(Language, part.get("languages"))
    service.phones = _rows(Phone, part.get("phones"))
    service.funding = _rows(Funding, part.get("funding"))
    service.contacts = _contacts(part.get("contacts"))
    service.attributes = _attributes("service", part.get("attributes"), terms)


def _location(session: Session, data: Document, terms: Terms, seen: dict[str, Location]) -> Location:
    """The place, shared by the services that name it; `seen` are those of this document."""
    key = data.get("id") or new_id()
    location = seen.get(key) or session.get(Location, key)
    # Nothing that comes in can loosen a protection: an address once hidden stays hidden.
    protection = max(
        data.get("protection", "open"),
        location.protection if location else "open",
        key=STRICTNESS.__getitem__,
    )
    location = seen[key] = location or Location(id=key)
    session.add(location)
    _fill(location, data)
    location.protection = protection
    location.location_type = data.get("location_type", "physical")
    location.point_source = "given" if data.get("latitude") is not None else None
    location.easting = location.northing = None
    location.addresses = _rows(Address, data.get("addresses"))
    location.accessibility = _rows(Accessibility, data.get("accessibility"))
    location.attributes = _attributes("location", data.get("attributes"), terms)
    return location


def _contacts(items: list[Document] | None) -> list[Contact]:
    contacts = _rows(Contact, items)
    for contact, item in zip(contacts, items or [], strict=True):
        contact.phones = _rows(Phone, item.get("phones"))
    return contacts


def _attributes(entity: str, items: list[Document] | None, terms: Terms) -> list[Attribute]:
    attributes = []
    for item in items or []:
        words = item.get("taxonomy_term") or {}
        taxonomy = words.get("taxonomy") or item.get("link_type") or ""
        term = terms.find(taxonomy, words.get("term"))
        attributes.append(
            Attribute(
                id=item.get("id") or new_id(),
                link_entity=entity,
                link_type=item.get("link_type") or taxonomy,
                term=term,
                value=None if term else (words.get("name") or words.get("term") or item.get("value")),
            )
        )
    return attributes


def _rows(model: type[Row], items: list[Document] | None) -> list[Row]:
    return [_fill(model(id=item.get("id") or new_id()), item) for item in items or []]


# Columns that `load` sets by its own rules, never from the document.
OWN_RULES = {"id", "last_modified", "protection", "easting", "northing", "source_id"}


def _fill(row: Row, data: Document) -> Row:
    """Set the row's plain columns from the document; what the document leaves out is not known."""
    for column in row.__table__.columns:
        if column.foreign_keys or column.name in OWN_RULES:
            continue
        value = data.get(column.name)
        if value is None and (column.default is not None or not column.nullable):
            continue
        if isinstance(column.type, Date) and value is not None:
            value = date.fromisoformat(str(value)[:10])
        setattr(row, column.name, value)
    return row


def _moment(text: Any) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=utc_now().tzinfo)
