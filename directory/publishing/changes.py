"""What harvesters ask: when the public copy changed, and what is in it beside the words of the standard."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from directory.models import (
    Base,
    Publication,
    PublishedChange,
    PublishedLink,
    PublishedOrganization,
    PublishedService,
    PublishedValue,
    utc_now,
)
from directory.openreferral.values import Value, link_id, organization_values, values_of

# When the record was touched is nobody's business: what counts is when the public could see a difference.
NOT_COUNTED = frozenset({"last_modified"})


def note_changes(session: Session, organization_ids: Collection[str]) -> None:
    """Note what is new, what is changed and what is gone of some organisations and their services."""
    now = _next_moment(session)
    after = dict(_checksums(session, organization_ids))
    # A service may have moved here from an organisation that is not among these.
    theirs = or_(
        PublishedChange.organization_id.in_(organization_ids),
        PublishedChange.id.in_([key for key, _ in after]),
    )
    before = {row.id: row for row in session.scalars(select(PublishedChange).where(theirs))}
    for (key, organization_id), checksum in after.items():
        row = before.pop(key, None)
        if row is None:
            moments = {"first_published": now, "last_modified": now}
            session.add(
                PublishedChange(id=key, organization_id=organization_id, checksum=checksum, **moments)
            )
        elif row.checksum != checksum:
            row.checksum, row.last_modified, row.organization_id = checksum, now, organization_id
    session.execute(delete(PublishedChange).where(PublishedChange.id.in_(list(before))))
    session.flush()


def forget_gone(session: Session) -> None:
    """Forget what was published of organisations that are not there any more."""
    _next_moment(session)
    published = select(PublishedOrganization.organization_id)
    session.execute(delete(PublishedChange).where(PublishedChange.organization_id.not_in(published)))


def note_values(
    session: Session, services: Collection[PublishedService], organization_ids: Collection[str]
) -> None:
    """Fill the tables of places and of values by which the open data finds them."""
    rows: dict[type[Base], list[dict[str, Any]]] = {PublishedLink: [], PublishedValue: []}
    organizations = select(PublishedOrganization).where(
        PublishedOrganization.organization_id.in_(organization_ids)
    )
    for organization in session.scalars(organizations):
        values = organization_values(organization.document)
        rows[PublishedValue] += _values(values, organization.organization_id, None)
    for service in services:
        rows[PublishedLink] += _links(service)
        rows[PublishedValue] += _values(values_of(service.document), service.organization_id, service.id)
    for model, made in rows.items():
        if made:
            session.execute(insert(model), made)


def changed_at(session: Session) -> datetime | None:
    """When the public copy last changed; None before anything was published."""
    return session.scalar(select(Publication.changed_at))


def _next_moment(session: Session) -> datetime:
    """The moment of this change: later than any before, also when a clock was set back."""
    session.execute(update(Publication).values(id=Publication.id))  # locks the row before it is read
    before = changed_at(session)
    now = utc_now()
    if before is None:
        session.execute(insert(Publication).values(id=1, changed_at=now))
        return now
    now = max(now, before + timedelta(microseconds=1))
    session.execute(update(Publication).values(changed_at=now))
    return now


def _checksums(session: Session, organization_ids: Collection[str]) -> Iterator[tuple[tuple[str, str], str]]:
    organizations = select(PublishedOrganization.organization_id, PublishedOrganization.document).where(
        PublishedOrganization.organization_id.in_(organization_ids)
    )
    services = select(
        PublishedService.service_id, PublishedService.organization_id, PublishedService.document
    ).where(PublishedService.organization_id.in_(organization_ids))
    for key, document in session.execute(organizations):
        yield (key, key), _checksum(document)
    for key, organization_id, document in session.execute(services):
        yield (key, organization_id), _checksum(document)


def _checksum(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(document).encode()).hexdigest()


def _canonical(value: Any) -> str:
    """A value in one way of writing: in what order rows come, and whether 2 is 2.0, is no change."""
    if isinstance(value, dict):
        counted = sorted(name for name in value if name not in NOT_COUNTED)
        return "{" + ",".join(f"{json.dumps(name)}:{_canonical(value[name])}" for name in counted) + "}"
    if isinstance(value, list):
        return "[" + ",".join(sorted(_canonical(item) for item in value)) + "]"
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return json.dumps(value)


def _links(service: PublishedService) -> Iterator[dict[str, Any]]:
    """The places of a service, in the order of its document, each with its row where it has one."""
    places = iter(sorted(service.places, key=lambda place: place.id))
    seen = set[str]()
    for link in service.document["service_at_locations"]:
        location = link["location"]
        place = None if location["precision"] == "virtual" else next(places)
        if location["id"] in seen:
            continue
        seen.add(location["id"])
        yield {
            "id": link_id(service.service_id, location["id"]),
            "published_service_id": service.id,
            "published_place_id": place.id if place else None,
            "location_id": location["id"],
        }


def _values(
    values: Iterator[Value], organization_id: str, service_id: int | None
) -> Iterator[dict[str, Any]]:
    terms = {value.term_id: value for value in values}
    for term_id, value in terms.items():
        yield {
            "organization_id": organization_id,
            "published_service_id": service_id,
            "term_id": term_id,
            "taxonomy": value.taxonomy,
            "name": value.name,
        }
