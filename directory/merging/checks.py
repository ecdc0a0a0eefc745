"""Who said what of the fields of a joined record, and of both when they are taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.merging.parts import ORGANIZATION_ONE
from directory.merging.rows import put_back
from directory.merging.survive import BOTH, GONE, part_key
from directory.models import FieldCheck

Raw = Mapping[str, Any]


def join_checks(
    session: Session, kept_id: str, gone_id: str, rows: dict[str, Any], choices: Mapping[str, str]
) -> None:
    """The checks of services go over; of the organisation's own fields, that of the side that was taken."""
    moved = set(rows["services"])
    for one in _checks(session, gone_id):
        if one.entity_id in moved:
            one.organization_id = kept_id
    session.flush()
    gone = {row["field"]: row for row in rows["left"]["field_check"] if row["entity_id"] == gone_id}
    kept = {row["field"]: row for row in rows["kept_checks"] if row["entity_id"] == kept_id}
    made = []
    for field, row in gone.items():
        sides = set(_sides(field, choices))
        later = field not in kept or row["checked_on"] > kept[field]["checked_on"]
        if sides == {GONE} or (sides <= {GONE, BOTH} and later):
            made.append({**row, "organization_id": kept_id, "entity_id": kept_id})
    for field in kept.keys() - gone.keys():
        if set(_sides(field, choices)) == {GONE}:
            session.execute(delete(FieldCheck).where(*_is(kept_id, kept_id, field)))
    put_back(session, FieldCheck, made)
    session.flush()
    rows["made_checks"] = [_said(one) for one in _checks(session, kept_id) if one.entity_id == kept_id]


def divide_checks(
    session: Session, kept_id: str, gone_id: str, rows: dict[str, Any], choices: Mapping[str, str]
) -> None:
    """The checks of both as they were; one that was made since goes with its field."""
    made = {row["field"]: row for row in rows["made_checks"]}
    since = [
        one
        for one in _checks(session, kept_id)
        if one.entity_id == kept_id and made.get(one.field) != _said(one)
    ]
    news = [(one.field, one.way, one.checked_on, one.source_id) for one in since]
    left = rows["left"]["field_check"]
    session.execute(
        delete(FieldCheck).where(FieldCheck.organization_id == kept_id, FieldCheck.entity_id.in_([kept_id]))
    )
    moved = set(rows["services"])
    session.execute(
        update(FieldCheck)
        .where(FieldCheck.organization_id == kept_id, FieldCheck.entity_id.in_(moved))
        .values(organization_id=gone_id)
    )
    put_back(session, FieldCheck, [row for row in rows["kept_checks"] if row["entity_id"] == kept_id])
    put_back(session, FieldCheck, [row for row in left if row["entity_id"] not in moved])
    for field, way, day, source_id in news:
        sides = set(_sides(field, choices))
        owners = [gone_id] if sides == {GONE} else [kept_id, gone_id] if sides == {BOTH} else [kept_id]
        for owner_id in owners:
            row = session.get(FieldCheck, (owner_id, owner_id, field))
            row = row or FieldCheck(organization_id=owner_id, entity_id=owner_id, field=field)
            row.way, row.checked_on, row.source_id = way, day, source_id
            session.add(row)
    session.flush()


def _sides(field: str, choices: Mapping[str, str]) -> list[str]:
    keys = [part_key("organization", names) for names, group in ORGANIZATION_ONE.items() if group == field]
    return [choices[key] for key in keys if key in choices]


def _checks(session: Session, organization_id: str) -> list[FieldCheck]:
    return list(session.scalars(select(FieldCheck).where(FieldCheck.organization_id == organization_id)))


def _said(one: FieldCheck) -> dict[str, Any]:
    return {
        "field": one.field,
        "way": one.way,
        "checked_on": one.checked_on.isoformat(),
        "source_id": one.source_id,
    }


def _is(organization_id: str, entity_id: str, field: str) -> tuple[Any, ...]:
    return (
        FieldCheck.organization_id == organization_id,
        FieldCheck.entity_id == entity_id,
        FieldCheck.field == field,
    )
