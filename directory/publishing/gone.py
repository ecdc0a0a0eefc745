"""What a source no longer has: said on the record, which stays until a person decides."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import MergedId, Organization, SourceRecord

# The day since which the source of a record has it no longer, by the identifier of organisation or service.
Gone = dict[str, date]


def gone_from(session: Session, organization_ids: Collection[str]) -> Gone:
    """What the sources that these organisations are credited to have no longer."""
    query = (
        select(SourceRecord.key, SourceRecord.gone_since)
        .join(
            Organization,
            (Organization.id == SourceRecord.organization_id)
            & (Organization.source_id == SourceRecord.source_id),
        )
        .where(SourceRecord.organization_id.in_(organization_ids), SourceRecord.gone_since.is_not(None))
    )
    found = {row.key: row.gone_since for row in session.execute(query)}
    for key in still_there(session, found.keys() & set(organization_ids)):
        del found[key]
    return found


def still_there(session: Session, organization_ids: Collection[str]) -> set[str]:
    """Those of some organisations that a source still has: a joined one may be of several sources."""
    if not organization_ids:
        return set()
    query = select(SourceRecord.organization_id).where(
        SourceRecord.organization_id.in_(organization_ids), SourceRecord.gone_since.is_(None)
    )
    records = session.execute(query.add_columns(SourceRecord.key)).all()
    old = set(session.scalars(select(MergedId.old_id).where(MergedId.new_id.in_(organization_ids))))
    return {key for key, said in records if said == key or said in old}


def say_gone(document: dict[str, Any], organization_id: str, gone: Gone) -> None:
    """Say with the credit of a public document since when its source has it no longer."""
    since = gone.get(document["id"]) or gone.get(organization_id)
    if since:
        document["source"] = {**document["source"], "gone_since": since.isoformat()}
