"""After a storm: is anything lost, done twice, or told twice?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import audit
from directory.models import (
    AuditEntry,
    Message,
    Organization,
    OutboxMessage,
    ReviewFlag,
    Revision,
    Service,
    Submission,
)
from scripts.storming.stage import CHANGES, change_of, made_id

LETTERS = {
    "approve": "% is in the directory",
    "reject": "About what you sent %",
    "ask": "A question %",
    "answer": "An answer %",
}


def faults(session: Session, organizations: int, journals: Path) -> Iterator[str]:
    """Everything that a storm must not do."""
    yield from audit.problems(session)
    done = actions_done(session)
    yield from _decided_twice(session, done, organizations)
    yield from _lost(session, organizations)
    yield from _letters(session, done)
    yield from _not_as_told(session, done, journals)


def actions_done(session: Session) -> Counter[tuple[str, str]]:
    """How often each thing was done to each thing, by the log."""
    rows = session.execute(
        select(AuditEntry.action, AuditEntry.entity_id, func.count()).group_by(
            AuditEntry.action, AuditEntry.entity_id
        )
    )
    return Counter({(action, str(key)): count for action, key, count in rows})


def _decided_twice(session: Session, done: Counter[tuple[str, str]], organizations: int) -> Iterator[str]:
    statuses = dict(session.execute(select(Submission.id, Submission.status)).all())
    for number in range(organizations):
        for change in range(CHANGES):
            key = change_of(number, change)
            decided = done["approve", key] + done["reject", key]
            if decided > 1:
                yield f"{key} was decided {decided} times."
            if (statuses[key] == "approved") != (done["approve", key] == 1):
                yield f"{key} is {statuses[key]}, and the log says {done['approve', key]} approvals."
    yield from _settled_twice(session)


def _settled_twice(session: Session) -> Iterator[str]:
    """The log counts the flags of each settling: together as many as are settled, or one was twice."""
    lines = select(AuditEntry.entity_id, AuditEntry.detail).where(AuditEntry.action == "settle flags")
    logged = Counter[str]()
    for key, detail in session.execute(lines):
        logged[str(key)] += int(detail["flags"])
    query = select(ReviewFlag.organization_id, func.count()).where(ReviewFlag.settled_at.is_not(None))
    settled = Counter(dict(session.execute(query.group_by(ReviewFlag.organization_id)).all()))
    for key in logged | settled:
        if logged[key] != settled[key]:
            yield f"Of {key}, {logged[key]} flags were settled by the log, and {settled[key]} by the table."


def _lost(session: Session, organizations: int) -> Iterator[str]:
    """Each approved change has its service, each amendment its count, each version its number."""
    statuses = dict(session.execute(select(Submission.id, Submission.status)).all())
    services = set(session.scalars(select(Service.id)))
    counters = dict(session.execute(select(Organization.id, Organization.description)).all())
    reasons: dict[str, list[str]] = {}
    numbers: dict[str, list[int]] = {}
    columns = select(Revision.organization_id, Revision.number, Revision.reason)
    for key, number, reason in session.execute(columns.order_by(Revision.number)):
        numbers.setdefault(key, []).append(number)
        reasons.setdefault(key, []).append(reason)
    for organization in range(organizations):
        name = f"Storm {organization}"
        key = made_id(name)
        for change in range(CHANGES):
            approved = statuses[change_of(organization, change)] == "approved"
            if approved != (made_id(name, f"change {change}") in services):
                yield f"{name}: change {change} was {'lost' if approved else 'made without approval'}."
        amended = sum(reason.startswith("Amended.") for reason in reasons[key])
        if int(counters[key]) != amended:
            yield f"{name}: {amended} amendments were accepted, and {counters[key]} are in the record."
        if numbers[key] != list(range(1, len(numbers[key]) + 1)):
            yield f"{name}: its versions are {numbers[key]}."


def _letters(session: Session, done: Counter[tuple[str, str]]) -> Iterator[str]:
    """As many letters as decisions, questions and answers; and each question and answer kept."""
    for action, subject in LETTERS.items():
        letters = session.scalar(
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.subject.like(subject))
        )
        expected = sum(count for (name, _), count in done.items() if name == action)
        if letters != expected:
            yield f"{action}: {expected} were done, and {letters} letters are in the outbox."
    for author, action in (("navigator", "ask"), ("submitter", "answer")):
        kept = session.scalar(select(func.count()).select_from(Message).where(Message.author == author))
        expected = sum(count for (name, _), count in done.items() if name == action)
        if kept != expected:
            yield f"{action}: {expected} were done, and {kept} are kept with the submissions."


def _not_as_told(session: Session, done: Counter[tuple[str, str]], journals: Path) -> Iterator[str]:
    """What a process was told was done is done, also when it was killed right after."""
    reasons = " ".join(session.scalars(select(Revision.reason).where(Revision.reason.like("Amended.%"))))
    amended = set(reasons.split())
    for outcome, verb, thing in journal_lines(journals):
        if outcome != "done":
            continue
        action = "settle flags" if verb == "settle" else verb
        if not (thing in amended if verb == "amend" else done[action, thing]):
            yield f"{verb} {thing} was said to be done, and is not."


def journal_lines(journals: Path) -> list[tuple[str, str, str]]:
    """The lines of all journals: outcome, verb, thing. A last line cut short by a kill is left out."""
    lines = [line for path in journals.glob("*.txt") for line in path.read_text().split("\n")[:-1]]
    return [(outcome, verb, thing) for outcome, verb, thing in (line.split(" ") for line in lines)]
