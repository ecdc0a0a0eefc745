"""Put a checked document into the tables, and keep the version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import Organization, Revision, SourceRecord, utc_now
from directory.openreferral.dump import dump
from directory.openreferral.fill import Document, Terms, fill_organization, fill_services


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


def load(session: Session, document: Document, terms: Terms, origin: Origin) -> Loaded:
    """Create or update the organisation that a checked document describes.

    Services that the document does not mention are left as they are: a correction of one row must not
    remove the others. Nothing is written when the source says what it said last time.
    """
    organization_id = document["id"]
    existing = session.get(Organization, organization_id)
    checksums = _checksums(document)
    records = _source_records(session, origin, checksums)
    # A service that the source gave to another organisation before is no service of this one yet.
    said = {key: (record.organization_id, record.checksum) for key, record in records.items()}
    changed = {
        key: checksum for key, checksum in checksums.items() if said.get(key) != (organization_id, checksum)
    }
    if existing is not None and not changed:
        return Loaded(existing, "unchanged")
    organization = existing or Organization(id=organization_id, name=document["name"])
    # One flush at the end: to flush at each look-up would write every half-filled row.
    with session.no_autoflush:
        session.add(organization)
        if organization_id in changed:
            fill_organization(organization, document, terms)
            organization.source_id = origin.source_id
        fill_services(session, organization, document, changed, terms)
        organization.last_modified = utc_now()
    session.flush()
    keep_version(session, organization, origin)
    for key, checksum in changed.items():
        record = records.get(key) or SourceRecord(
            source_id=origin.source_id, key=key, organization_id=organization_id
        )
        record.checksum, record.run_id = checksum, origin.run_id
        session.add(record)
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


def _checksums(document: Document) -> dict[str, str]:
    """Checksums, by identifier, of what the document says of the organisation and of each service."""
    parts = {document["id"]: {name: value for name, value in document.items() if name != "services"}}
    parts |= {service["id"]: service for service in document.get("services") or []}
    return {
        key: hashlib.sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()
        for key, part in parts.items()
    }


def _source_records(session: Session, origin: Origin, keys: Collection[str]) -> dict[str, SourceRecord]:
    """What the source said last of these, by identifier."""
    query = select(SourceRecord).where(SourceRecord.source_id == origin.source_id, SourceRecord.key.in_(keys))
    return {record.key: record for record in session.scalars(query)}
