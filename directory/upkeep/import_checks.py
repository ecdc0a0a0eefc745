"""Keep the checks of fields that an import brings, for many records in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import FieldCheck, Organization, Revision
from directory.openreferral.fields import fields_of

Key = tuple[str, str]
Document = Mapping[str, Any]


def keep_import_checks(
    session: Session, organizations: Sequence[Organization], way: str, today: date
) -> None:
    """Date the fields of imported records by the day that their source gives.

    The day is when the source last checked a service (`assured_date`); for the organisation, the latest of
    its services. Without a day nobody knows when anybody looked, and what is new has no check.
    A field that says the same as before keeps its check, unless the source's day is later. A day to come
    counts as today.
    """
    ids = [organization.id for organization in organizations]
    known: dict[str, dict[Key, FieldCheck]] = defaultdict(dict)
    for check in session.scalars(select(FieldCheck).where(FieldCheck.organization_id.in_(ids))):
        known[check.organization_id][check.entity_id, check.field] = check
    versions = _last_two_versions(session, ids)
    for organization in organizations:
        now, before = versions[organization.id]
        days = _days(now, today)
        then = {(entity, field): said for entity, field, said in fields_of(before)} if before else {}
        checks = known[organization.id]
        said_now = {(entity, field): said for entity, field, said in fields_of(now)}
        for key in checks.keys() - said_now.keys():
            session.delete(checks.pop(key))
        for key, said in said_now.items():
            _keep(session, organization, (key, way, days.get(key[0])), checks.get(key), then.get(key) == said)


def _keep(
    session: Session,
    organization: Organization,
    told: tuple[Key, str, date | None],
    check: FieldCheck | None,
    is_same: bool,
) -> None:
    (entity_id, field), way, day = told
    if day is None:
        if check is not None and not is_same:
            session.delete(check)
        return
    if check is not None and is_same and check.checked_on >= day:
        return
    if check is None:
        check = FieldCheck(organization_id=organization.id, entity_id=entity_id, field=field)
        session.add(check)
    check.way, check.checked_on, check.source_id = way, day, organization.source_id


def _days(document: Document, today: date) -> dict[str, date]:
    """By identifier, the day on which the source last checked a service; for the organisation, the latest."""
    days = {
        service["id"]: min(date.fromisoformat(service["assured_date"]), today)
        for service in document.get("services") or []
        if service.get("assured_date")
    }
    return days | ({document["id"]: max(days.values())} if days else {})


def _last_two_versions(
    session: Session, organization_ids: Collection[str]
) -> dict[str, tuple[Document, Document | None]]:
    """The newest version of each record and the one before it."""
    newest = (
        select(Revision.organization_id, func.max(Revision.number).label("number"))
        .where(Revision.organization_id.in_(organization_ids))
        .group_by(Revision.organization_id)
        .subquery()
    )
    query = (
        select(Revision.organization_id, Revision.document)
        .join(newest, newest.c.organization_id == Revision.organization_id)
        .where(Revision.number >= newest.c.number - 1)
        .order_by(Revision.organization_id, Revision.number.desc())
    )
    found: dict[str, list[Document]] = defaultdict(list)
    for organization_id, document in session.execute(query):
        found[organization_id].append(document)
    return {key: (some[0], some[1] if len(some) > 1 else None) for key, some in found.items()}
