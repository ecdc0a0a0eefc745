"""The audit log: what was done, by whom; each line with the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import gettext
from directory.models import AuditEntry, utc_now
from directory.models.turns import take_turn

START = "0" * 64


def record(
    session: Session,
    actor_id: str | None,
    action: str,
    subject: tuple[str, str | None],
    detail: Mapping[str, str] | None = None,
) -> AuditEntry:
    """Write one line, as the last thing of a transaction: until it ends, others wait to write theirs.

    `subject` is the kind and the identifier of what something was done to. `detail` holds words and codes,
    never a name, an address or any other fact of a person: the log cannot be changed, so nothing in it can be
    erased.
    """
    take_turn(session, "audit")
    last = session.execute(
        select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    ).first()
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=utc_now().replace(microsecond=0),
        actor_id=actor_id,
        action=action,
        entity=subject[0],
        entity_id=subject[1],
        detail=dict(detail or {}),
        previous_hash=last.hash if last else START,
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()
    return entry


def hash_of(entry: AuditEntry) -> str:
    """The hash of a line with the hash of the one before it."""
    said = [
        entry.number,
        entry.at.isoformat(),
        entry.actor_id,
        entry.action,
        entry.entity,
        entry.entity_id,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def problems(session: Session) -> Iterator[str]:
    """What is wrong with the log, line by line: nothing, if nobody changed it."""
    number, before = 0, START
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)
    ):
        if entry.number != number + 1:
            yield gettext(
                "Line %(number)s is missing: the next one is %(next)s.", number=number + 1, next=entry.number
            )
        if entry.previous_hash != before:
            yield gettext("Line %(number)s does not follow the line before it.", number=entry.number)
        if entry.hash != hash_of(entry):
            yield gettext("Line %(number)s was changed after it was written.", number=entry.number)
        number, before = entry.number, entry.hash
