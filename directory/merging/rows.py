"""The rows beside a record that belong to it: which move when it is joined, and how they come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, delete, insert, select, update
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Base,
    Claim,
    FieldCheck,
    GrantAward,
    Membership,
    Organization,
    OutboxMessage,
    ReferralCount,
    Reminder,
    Report,
    ReviewFlag,
    ServiceFullness,
    SourceRecord,
    Unprotection,
    Upload,
)
from directory.models.base import UtcDateTime

# Go over to the kept record as they are, and back again.
MOVED: tuple[type[Base], ...] = (SourceRecord, ReviewFlag, Report, OutboxMessage, Claim, Upload)
# Kept in the merge as they were, for the kept record may have one of the same; put back when it is undone.
LEFT: tuple[type[Base], ...] = (Reminder, Unprotection, FieldCheck, GrantAward, Membership)
# What belongs to a service that both have: see `directory.merging.referrals`.
OF_SERVICES: tuple[type[Base], ...] = (ReferralCount, ServiceFullness)
# What becomes of every other table that refers to an organisation. A test asks for what is not here.
OTHERS = {
    "organization_identifier": "in the document",
    "contact": "in the document",
    "phone": "in the document",
    "service": "moved with all that it has; one that the kept has too is in the document",
    "revision": "the versions stay with the record that they are of",
    "submission": "a draft stays, and cannot be accepted; what waits is decided first",
    "organization": "children of the gone record become those of the kept one",
    "organization_merge": "what merging itself keeps",
    "matched_pair": "what merging itself keeps",
}


def take_over(session: Session, kept_id: str, gone_id: str) -> dict[str, Any]:
    """Hand the rows of one record over to another; what is needed to hand them back."""
    rows: dict[str, Any] = {"moved": {}, "left": {}}
    for model in MOVED:
        table, name = model.__table__, model.__tablename__
        ids = session.scalars(select(table.c.id).where(table.c.organization_id == gone_id)).all()
        rows["moved"][name] = list(ids)
        session.execute(
            update(model).where(table.c.organization_id == gone_id).values(organization_id=kept_id)
        )
    for model in LEFT:
        rows["left"][model.__tablename__] = _raw(session, model, gone_id)
    rows["kept_checks"] = _raw(session, FieldCheck, kept_id)
    rows["kept_grants"] = _raw(session, GrantAward, kept_id)
    _take_grants(session, kept_id, gone_id, rows)
    _take_members(session, kept_id, gone_id)
    children = Organization.parent_organization_id == gone_id
    rows["children"] = list(session.scalars(select(Organization.id).where(children)))
    session.execute(update(Organization).where(children).values(parent_organization_id=kept_id))
    session.flush()
    return rows


def _take_grants(session: Session, kept_id: str, gone_id: str, rows: dict[str, Any]) -> None:
    """A grant that both have is one grant."""
    known = {(one["source_id"], one["key"]) for one in rows["kept_grants"]}
    for one in rows["left"][GrantAward.__tablename__]:
        if (one["source_id"], one["key"]) not in known:
            session.execute(
                update(GrantAward).where(GrantAward.id == one["id"]).values(organization_id=kept_id)
            )


def _take_members(session: Session, kept_id: str, gone_id: str) -> None:
    """Whoever is a member of both stays one; there is one lead, the kept record's if it has one."""
    there = list(session.scalars(select(Membership).where(Membership.organization_id == kept_id)))
    has_lead = any(one.is_lead for one in there)
    known = {one.account_id for one in there}
    for one in session.scalars(select(Membership).where(Membership.organization_id == gone_id)).all():
        if one.account_id not in known:
            one.organization_id, one.is_lead = kept_id, one.is_lead and not has_lead
            has_lead = has_lead or one.is_lead
    session.flush()


def give_back(session: Session, kept_id: str, gone_id: str, rows: dict[str, Any]) -> None:
    """Hand the rows back to a record that is there again; what came meanwhile stays with the kept one."""
    for model in MOVED:
        table = model.__table__
        ids = rows["moved"].get(model.__tablename__, [])
        mine = table.c.id.in_(ids) & (table.c.organization_id == kept_id)
        session.execute(update(model).where(mine).values(organization_id=gone_id))
    for model in (Reminder, Unprotection):
        put_back(session, model, rows["left"][model.__tablename__])
    _give_grants(session, kept_id, gone_id, rows)
    _give_members(session, kept_id, rows["left"][Membership.__tablename__])
    mine = Organization.id.in_(rows["children"]) & (Organization.parent_organization_id == kept_id)
    session.execute(update(Organization).where(mine).values(parent_organization_id=gone_id))
    session.flush()


def _give_grants(session: Session, kept_id: str, gone_id: str, rows: dict[str, Any]) -> None:
    """A grant goes back by its key: its funder may have published it again, and then its row is another."""
    theirs = {(one["source_id"], one["key"]): one for one in rows["left"][GrantAward.__tablename__]}
    ours = {(one["source_id"], one["key"]) for one in rows["kept_grants"]}
    for award in session.scalars(select(GrantAward).where(GrantAward.organization_id == kept_id)).all():
        key = (award.source_id, award.key)
        if key in theirs and key in ours:
            put_back(session, GrantAward, [theirs[key]])
        elif key in theirs:
            award.organization_id = gone_id
    session.flush()


def _give_members(session: Session, kept_id: str, left: Sequence[dict[str, Any]]) -> None:
    accounts = set(
        session.scalars(select(Account.id).where(Account.id.in_([one["account_id"] for one in left])))
    )
    there = select(Membership).where(Membership.organization_id == kept_id)
    by_id = {one.id: one for one in session.scalars(there)}
    by_account = {one.account_id: one for one in by_id.values()}
    for one in left:
        moved = by_id.get(one["id"])
        if moved is not None:
            moved.organization_id, moved.is_lead = one["organization_id"], one["is_lead"]
        elif one["account_id"] in accounts and one["account_id"] in by_account:
            put_back(session, Membership, [one])  # was a member of both
    session.flush()


def put_back(session: Session, model: type[Base], left: Sequence[dict[str, Any]]) -> None:
    """Put rows in again as they were."""
    columns = model.__table__.columns
    for row in left:
        values = {name: _value(columns[name].type, value) for name, value in row.items()}
        key = [
            columns[name] == values[name] for name in (column.name for column in model.__table__.primary_key)
        ]
        session.execute(delete(model).where(*key))
        session.execute(insert(model).values(values))


def _raw(session: Session, model: type[Base], organization_id: str) -> list[dict[str, Any]]:
    """The rows of a table that belong to a record, as JSON can keep them."""
    return raw_rows(session, model, model.__table__.c.organization_id == organization_id)


def raw_rows(session: Session, model: type[Base], which: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Some rows of a table as JSON can keep them."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in session.execute(select(model.__table__).where(which)).mappings()
    ]


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime | DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
