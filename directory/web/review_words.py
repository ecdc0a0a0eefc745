"""The plain values of the reviewers' pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.accounts.permissions import Target, may
from directory.models import (
    Account,
    AuditEntry,
    Claim,
    Contact,
    Location,
    Organization,
    Reminder,
    Report,
    ReviewFlag,
    Service,
    ServiceAtLocation,
    Submission,
)
from directory.openreferral.shape import Problem
from directory.registration.authorities import authorities_of
from directory.registration.differences import Difference
from directory.registration.duplicates import likely_duplicates
from directory.registration.proposals import Proposal
from directory.registration.queue import KINDS, METHODS
from directory.web.clock import LONDON
from directory.web.presenting import date_text
from directory.web.signing_in import current_actor

# What a line of the audit log says, for those who need no codes.
ACTIONS = {
    "accept": "accepted a version",
    "answer": "answered",
    "approve": "approved",
    "ask": "asked a question",
    "bulk": "decided about several at once",
    "match later": "put off a pair of records",
    "match not same": "said that two records are not the same",
    "merge": "joined it with another record",
    "undo merge": "took it and another record apart again",
    "grant claim": "granted a claim",
    "refuse claim": "refused a claim",
    "reject": "rejected",
    "report done": "settled a report",
    "report refused": "refused a report",
    "restore": "brought an earlier version back",
    "settle flags": "settled flags",
    "submit": "sent it in",
    "undo": "undid what was done to several",
    "withdraw": "took it back",
}
STATUSES = {
    "submitted": "Waiting for a decision",
    "question": "Waiting for an answer",
    "approved": "Approved",
    "rejected": "Rejected",
    "withdrawn": "Taken back",
    "draft": "Not sent in yet",
}
ABOUT = {
    "closed": "It has closed",
    "moved": "It has moved",
    "hours": "The opening hours are wrong",
    "contact": "The contact is wrong",
    "missing": "Something is missing",
    "other": "Something else",
}
_SERVICE = re.compile(r"\$\.services\[(\d+)\]")


def moment_text(moment: datetime | None) -> str | None:
    """A moment as people here write it: "3 November 2026, 14:05"."""
    if moment is None:
        return None
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}, {local:%H:%M}"


def submission_values(proposal: Proposal, sender: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    """What the head of a submission's page says."""
    one = proposal.submission
    own = {one.authority_code} if one.authority_code else set()
    codes = proposal.codes or own
    return {
        "id": one.id,
        "name": one.document.get("name") or "Without a name",
        "kind": KINDS[one.kind],
        "status": STATUSES[one.status],
        "waits": one.status in ("submitted", "question"),
        "sender": sender or one.email or "nobody: an import brought it",
        "on": moment_text(one.submitted_at or one.changed_at),
        "authority": ", ".join(sorted(names.get(code, code) for code in codes)) or None,
        "version": one.version,
        "number": proposal.number,
        "base_number": one.base_number,
        "older": one.base_number is not None and one.base_number != proposal.number,
        "exists": proposal.current is not None,
        "organization_id": one.organization_id,
        "disputed": bool(proposal.disputed),
        "fatal": proposal.fatal,
        "reason": one.decision_reason,
        "decided_on": moment_text(one.decided_at),
    }


def difference_values(one: Difference, disputed: Iterable[str] = ()) -> dict[str, Any]:
    """One difference as the table shows it."""
    return {
        "key": one.key,
        "about": one.about,
        "label": one.label,
        "kind": one.kind,
        "before": one.before,
        "after": one.after,
        "protected": one.protected,
        "may_write": one.may_write and one.kind != "removed",
        "text": one.after[0] if one.after else "",
        "disputed": one.key in disputed,
    }


def problem_rows(problems: Iterable[Problem], document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The checks that a document does not pass: where, what, and whether it keeps the record out."""
    services = document.get("services") or []
    rows = []
    for problem in problems:
        found = _SERVICE.match(problem.path)
        number = int(found.group(1)) if found else None
        where = "The organisation"
        if number is not None and number < len(services):
            where = f"The service {services[number].get('name') or number + 1}"
        field = problem.path.rpartition(".")[2].replace("_", " ")
        rows.append({"where": f"{where}, {field}", "words": problem.message, "fatal": problem.fatal})
    return rows


def duplicate_rows(session: Session, one: Submission) -> list[dict[str, Any]]:
    """Records that may be the same, without what this reviewer may not see of them."""
    found = likely_duplicates(session, {**one.document, "id": one.organization_id})
    codes = authorities_of(session, {likely.organization_id for likely in found})
    actor, rows = current_actor(), []
    for likely in found:
        target = Target(likely.organization_id, codes.get(likely.organization_id, frozenset()))
        sees = may(actor, "see withheld", target)
        reasons = [reason.words for reason in likely.reasons if sees or not reason.withheld]
        if reasons:
            href = url_for("organisations.show", organization_id=likely.organization_id)
            rows.append({"name": likely.name, "href": href, "reasons": reasons})
    return rows


def correspondence(session: Session, one: Submission) -> list[dict[str, Any]]:
    """The letters about a submission, in order."""
    ids = {message.account_id for message in one.messages if message.account_id}
    columns = select(Account.id, Account.name, Account.email).where(Account.id.in_(ids))
    names = {row.id: row.name or row.email for row in session.execute(columns)}
    usual = {"navigator": "A navigator", "submitter": "Whoever sent it"}
    return [
        {
            "who": names.get(message.account_id or "") or usual.get(message.author, message.author),
            "on": moment_text(message.written_at),
            "text": message.text,
            "ours": message.author == "navigator",
        }
        for message in one.messages
    ]


def log_lines(session: Session, *ids: str, limit: int = 20) -> list[dict[str, Any]]:
    """Who did what to some things, the newest first."""
    rows = session.execute(
        select(AuditEntry, Account.name, Account.email)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.entity_id.in_(ids))
        .order_by(AuditEntry.number.desc())
        .limit(limit)
    )
    return [
        {
            "number": entry.number,
            "who": name or email or "Somebody without an account",
            "what": ACTIONS.get(entry.action, entry.action),
            "on": moment_text(entry.at),
        }
        for entry, name, email in rows
    ]


def flag_values(flag: ReviewFlag) -> dict[str, Any]:
    """One flag."""
    return {
        "id": flag.id,
        "reason": flag.reason,
        "message": flag.message,
        "on": moment_text(flag.raised_at),
        "open": flag.settled_at is None,
        "outcome": flag.outcome,
    }


def report_values(report: Report) -> dict[str, Any]:
    """One reader's report."""
    return {
        "id": report.id,
        "about": ABOUT.get(report.about, report.about),
        "text": report.text,
        "email": report.email,
        "on": moment_text(report.created_at),
        "open": report.status == "open",
        "status": {"done": "Settled", "refused": "Refused"}.get(report.status, "Open"),
        "outcome": report.outcome,
        "version": report.version,
    }


def sent_values(one: Submission) -> dict[str, Any]:
    """One submission in a list."""
    return {
        "id": one.id,
        "kind": KINDS[one.kind],
        "status": STATUSES[one.status],
        "on": moment_text(one.changed_at),
    }


def claim_values(claim: Claim, email: str, name: str) -> dict[str, Any]:
    """One claim."""
    return {
        "id": claim.id,
        "who": f"{name} ({email})" if name else email,
        "method": METHODS.get(claim.method, claim.method),
        "statement": claim.statement,
        "on": moment_text(claim.created_at),
        "open": claim.status == "open",
        "status": claim.status.capitalize(),
        "reason": claim.reason,
        "version": claim.version,
    }


def due_words(reminder: Reminder | None) -> str | None:
    """When a record should be looked at, and how far the asking has come."""
    if reminder is None:
        return None
    sent = f" Letters sent since the last answer: {reminder.stage}." if reminder.stage else ""
    return f"Due on {date_text(reminder.due_on.isoformat())}.{sent}"


def whole_record(session: Session, organization_id: str) -> Organization | None:
    """A record with all that hangs on it, read in few statements, and known as long as it is held."""
    services = selectinload(Organization.services)
    places = services.selectinload(Service.service_at_locations).selectinload(ServiceAtLocation.location)
    return session.scalars(
        select(Organization)
        .where(Organization.id == organization_id)
        .options(
            selectinload(Organization.identifiers),
            selectinload(Organization.phones),
            selectinload(Organization.attributes),
            selectinload(Organization.contacts).selectinload(Contact.phones),
            services.selectinload(Service.schedules),
            services.selectinload(Service.service_areas),
            services.selectinload(Service.cost_options),
            services.selectinload(Service.languages),
            services.selectinload(Service.phones),
            services.selectinload(Service.funding),
            services.selectinload(Service.attributes),
            services.selectinload(Service.contacts).selectinload(Contact.phones),
            places.selectinload(Location.addresses),
            places.selectinload(Location.accessibility),
            places.selectinload(Location.attributes),
        )
    ).one_or_none()
