"""Keep, for each field of a record, who last said that it is right, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.models import FieldCheck
from directory.openreferral.fields import fields_of

WAYS = ("self", "navigator", "register", "import")


@dataclass(frozen=True)
class Said:
    """Who says what a record says: in which way, on which day, by which source."""

    way: str
    on: date
    source_id: str | None = None


def keep_checks(
    session: Session, document: Mapping[str, Any], before: Mapping[str, Any] | None, said: Said
) -> None:
    """Date the fields of a record that now say something else than before; all of them without `before`.

    A field that says the same as before keeps its date: nobody looked at it.
    """
    known = {(c.entity_id, c.field): c for c in _checks(session, document["id"])}
    then = {(entity, field): what for entity, field, what in fields_of(before)} if before else {}
    now = {(entity, field): what for entity, field, what in fields_of(document)}
    for key in known.keys() - now.keys():
        session.delete(known[key])
    for key, what in now.items():
        if key in known and then.get(key) == what:
            continue
        check = known.get(key) or FieldCheck(organization_id=document["id"], entity_id=key[0], field=key[1])
        check.way, check.checked_on, check.source_id = said.way, said.on, said.source_id
        session.add(check)


def confirm_all(session: Session, document: Mapping[str, Any], said: Said) -> None:
    """Date every field of a record: somebody looked at all of it and says that it is still right."""
    session.execute(delete(FieldCheck).where(FieldCheck.organization_id == document["id"]))
    keep_checks(session, document, None, said)


def _checks(session: Session, organization_id: str) -> list[FieldCheck]:
    return list(session.scalars(select(FieldCheck).where(FieldCheck.organization_id == organization_id)))
