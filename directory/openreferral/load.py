"""Put checked documents into the tables, and keep each version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import Organization, Revision, SourceRecord, utc_now
from directory.openreferral.dump import dump
from directory.openreferral.fill import Document, Terms, fill_organization, fill_services
from directory.places.batches import batches


@dataclass(frozen=True)
class Origin:
    """Where a document comes from, and why it is accepted."""

    source_id: str | None
    reason: str
    run_id: str | None = None
    account_id: str | None = None


@dataclass(frozen=True)
class Loaded:
    """What became of a document: created, updated or unchanged."""

    organization: Organization
    outcome: str


def load(session: Session, document: Document, terms: Terms, origin: Origin) -> Loaded:
    """Create or update the organisation that a checked document describes; see `load_all`."""
    return load_all(session, [document], terms, origin)[0]


def load_all(session: Session, documents: Sequence[Document], terms: Terms, origin: Origin) -> list[Loaded]:
    """Create or update the organisations that checked documents describe, in few statements.

    Services that a document does not mention are left as they are: a correction of one row must not
    remove the others. Nothing is written when the source says what it said last time.
    """
    checksums = [checksums_of(document) for document in documents]
    records = source_records(session, origin, {key for some in checksums for key in some})
    ids = [document["id"] for document in documents]
    known = {row.id: row for row in session.scalars(select(Organization).where(Organization.id.in_(ids)))}
    loaded: list[Loaded] = []
    written: list[tuple[Organization, dict[str, str]]] = []
    # One flush for all: to flush at each look-up would write every half-filled row.
    with session.no_autoflush:
        for document, said in zip(documents, checksums, strict=True):
            existing = known.get(document["id"])
            changed = _changed(document["id"], said, records)
            if existing is not None and not changed:
                loaded.append(Loaded(existing, "unchanged"))
                continue
            organization = existing or _new_organization(document)
            session.add(organization)
            _fill(session, organization, document, changed, terms, origin)
            written.append((organization, changed))
            loaded.append(Loaded(organization, "created" if existing is None else "updated"))
    if not written:
        return loaded
    session.flush()
    keep_versions(session, [organization for organization, _ in written], origin)
    for organization, changed in written:
        keep_said(session, organization.id, changed, records, origin)
    return loaded


def news_of(session: Session, document: Document, origin: Origin) -> list[str]:
    """The identifiers of what a source says for the first time, or otherwise than last time."""
    said = checksums_of(document)
    return list(_changed(document["id"], said, source_records(session, origin, said)))


def remember(session: Session, document: Document, news: Collection[str], origin: Origin) -> None:
    """Keep what a source says of an organisation as said, where it is not loaded but waits for a person."""
    said = {key: sum_ for key, sum_ in checksums_of(document).items() if key in news}
    keep_said(session, document["id"], said, source_records(session, origin, said), origin)


def replace(session: Session, document: Document, terms: Terms, origin: Origin) -> Organization:
    """Make an organisation what a checked document says, whole: what it leaves out goes, services too.

    A protection is not loosened by it (see `Places`).
    """
    with session.no_autoflush:
        organization = session.get(Organization, document["id"]) or _new_organization(document)
        session.add(organization)
        fill_organization(organization, document, terms)
        organization.source_id = origin.source_id
        services = document.get("services") or []
        named = {service["id"] for service in services}
        fill_services(session, organization, document, named, terms)
        organization.services = [service for service in organization.services if service.id in named]
        organization.last_modified = utc_now()
    session.flush()
    keep_versions(session, [organization], origin)
    session.flush()
    return organization


def _new_organization(document: Document) -> Organization:
    """An organisation whose lists are known to be empty, so that nobody asks the tables for them."""
    lists: dict[str, list[Any]] = {
        name: [] for name in ("identifiers", "phones", "contacts", "attributes", "services")
    }
    return Organization(id=document["id"], name=document["name"], **lists)


def checksums_of(document: Document) -> dict[str, str]:
    """Checksums, by identifier, of what the document says of the organisation and of each service."""
    parts = {document["id"]: {name: value for name, value in document.items() if name != "services"}}
    parts |= {service["id"]: service for service in document.get("services") or []}
    return {
        key: hashlib.sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()
        for key, part in parts.items()
    }


def source_records(session: Session, origin: Origin, keys: Collection[str]) -> dict[str, SourceRecord]:
    """What the source said last of these, by identifier."""
    query = select(SourceRecord).where(SourceRecord.source_id == origin.source_id)
    return {
        record.key: record
        for some in batches(sorted(keys), 5_000)
        for record in session.scalars(query.where(SourceRecord.key.in_(some)))
    }


def _changed(
    organization_id: str, checksums: Mapping[str, str], records: Mapping[str, SourceRecord]
) -> dict[str, str]:
    """The checksums of what the source says for the first time, or otherwise than before."""
    # A service that the source gave to another organisation before is no service of this one yet.
    before = {key: (record.organization_id, record.checksum) for key, record in records.items()}
    return {key: sum_ for key, sum_ in checksums.items() if before.get(key) != (organization_id, sum_)}


def _fill(
    session: Session,
    organization: Organization,
    document: Document,
    changed: Collection[str],
    terms: Terms,
    origin: Origin,
) -> None:
    if organization.id in changed:
        said = _with_what_was_said(session, organization, document)
        fill_organization(organization, said, terms)
        organization.source_id = origin.source_id
    fill_services(session, organization, document, changed, terms)
    organization.last_modified = utc_now()


def _with_what_was_said(session: Session, organization: Organization, document: Document) -> Document:
    """The document with what it leaves out of the organisation as it stands."""
    return document if organization in session.new else said_over(dump(organization), document)


def said_over(before: Document, document: Document) -> Document:
    """What a document says of an organisation, with what it leaves out as it was before.

    A corrected row has less to say than the whole file had. And a key individual stays one until a person
    says otherwise: to forget the kind must not publish a name.
    """
    document = {**before, **{name: value for name, value in document.items() if value not in (None, [])}}
    kinds = [item for item in before.get("attributes") or [] if item["link_type"] == "kind"]
    if any(item["taxonomy_term"].get("term") == "individual" for item in kinds):
        named = [item for item in document.get("attributes") or [] if item.get("link_type") != "kind"]
        document = {**document, "attributes": [*named, *kinds]}
    return document


def keep_versions(session: Session, organizations: Collection[Organization], origin: Origin) -> None:
    """Keep each organisation as it now stands as its newest version."""
    ids = [organization.id for organization in organizations]
    query = select(Revision.organization_id, func.max(Revision.number))
    numbers = dict(
        session.execute(
            query.where(Revision.organization_id.in_(ids)).group_by(Revision.organization_id)
        ).all()
    )
    for organization in organizations:
        session.add(
            Revision(
                organization_id=organization.id,
                number=numbers.get(organization.id, 0) + 1,
                source_id=origin.source_id,
                run_id=origin.run_id,
                account_id=origin.account_id,
                reason=origin.reason,
                document=dump(organization),
            )
        )


def keep_said(
    session: Session,
    organization_id: str,
    changed: Mapping[str, str],
    records: Mapping[str, SourceRecord],
    origin: Origin,
) -> None:
    """Keep the checksums of what a source said, as said of an organisation."""
    for key, checksum in changed.items():
        record = records.get(key) or SourceRecord(source_id=origin.source_id, key=key)
        record.organization_id, record.checksum = organization_id, checksum
        record.run_id = origin.run_id
        session.add(record)
