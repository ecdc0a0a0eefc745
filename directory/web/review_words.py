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
from directory.languages import (
    ENGLISH,
    N_,
    NP_,
    gettext,
    joined,
    kept_words,
    left_to_right,
    own_words,
    pgettext,
    say_date,
    spoken,
    typed_words,
)
from directory.models import (
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
from directory.registration.queue import METHODS, kind_words
from directory.registration.saying import NO_NAME
from directory.web.clock import LONDON
from directory.web.signing_in import current_actor

STATUSES = {
    "submitted": N_("Waiting for a decision"),
    "question": N_("Waiting for an answer"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "withdrawn": N_("Taken back"),
    "draft": N_("Not sent in yet"),
}
REPORT_STATUSES = {
    "open": NP_("report", "Open"),
    "done": NP_("report", "Settled"),
    "refused": NP_("report", "Refused"),
}
CLAIM_STATUSES = {
    "open": NP_("claim", "Open"),
    "granted": NP_("claim", "Granted"),
    "refused": NP_("claim", "Refused"),
    "expired": NP_("claim", "Expired"),
}
ABOUT = {
    "closed": N_("It has closed"),
    "moved": N_("It has moved"),
    "hours": N_("The opening hours are wrong"),
    "contact": N_("The contact is wrong"),
    "missing": N_("Something is missing"),
    "other": N_("Something else"),
}
_SERVICE = re.compile(r"\$\.services\[(\d+)\]")


def moment_text(moment: datetime | None) -> str | None:
    """A moment as people here write it: "3 November 2026, 14:05"."""
    if moment is None:
        return None
    local = moment.astimezone(LONDON)
    return joined([say_date(local.date()), f"{local:%H:%M}"])


def said_name(name: str) -> str:
    """The name of a record on a page, or that it has none."""
    return gettext(NO_NAME) if name == NO_NAME else own_words(name)


def _typed(text: str | None) -> str | None:
    return typed_words(text) if text else None


def said_of(name: str | None, email: str) -> str:
    """Somebody with an account: the name that they gave, or their address."""
    return typed_words(name) if name else left_to_right(email)


def authorities_text(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """The names of authorities in a row."""
    return own_words(", ".join(sorted(names.get(code, code) for code in codes)))


def submission_values(proposal: Proposal, sender: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    """What the head of a submission's page says."""
    one = proposal.submission
    own = {one.authority_code} if one.authority_code else set()
    codes = proposal.codes or own
    return {
        "id": one.id,
        "title": one.document.get("name") or gettext(NO_NAME),
        "name": said_name(str(one.document.get("name") or NO_NAME)),
        "kind": kind_words(one.kind),
        "status": gettext(STATUSES[one.status]),
        "waits": one.status in ("submitted", "question"),
        "sender": left_to_right(sender or one.email) or gettext("nobody: an import brought it"),
        "on": moment_text(one.submitted_at or one.changed_at),
        "authority": authorities_text(codes, names) or None,
        "version": one.version,
        "number": proposal.number,
        "base_number": one.base_number,
        "older": one.base_number is not None and one.base_number != proposal.number,
        "exists": proposal.current is not None,
        "organization_id": one.organization_id,
        "disputed": bool(proposal.disputed),
        "fatal": proposal.fatal,
        "reason": _typed(one.decision_reason),
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
        "text": one.text,
        "disputed": one.key in disputed,
    }


def problem_rows(problems: Iterable[Problem], document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The checks that a document does not pass: where, what, and whether it keeps the record out."""
    services = document.get("services") or []
    rows = []
    for problem in problems:
        found = _SERVICE.match(problem.path)
        number = int(found.group(1)) if found else None
        where = gettext("The organisation")
        if number is not None and number < len(services):
            name = own_words(str(services[number].get("name") or number + 1))
            where = gettext("The service %(name)s", name=name)
        field = own_words(problem.path.rpartition(".")[2].replace("_", " "))
        words = own_words(problem.message)
        rows.append({"where": joined([where, field]), "words": words, "fatal": problem.fatal})
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
            rows.append({"name": own_words(likely.name), "href": href, "reasons": joined(reasons, " ")})
    return rows


def _begun(reason: str) -> str:
    """The reason of a flag at the beginning of a line."""
    return reason.capitalize() if spoken() is ENGLISH else kept_words(reason)


def flag_values(flag: ReviewFlag) -> dict[str, Any]:
    """One flag."""
    return {
        "id": flag.id,
        "reason": _begun(flag.reason),
        "message": kept_words(flag.message),
        "on": moment_text(flag.raised_at),
        "open": flag.settled_at is None,
        "outcome": _typed(flag.outcome),
    }


def report_values(report: Report) -> dict[str, Any]:
    """One reader's report."""
    return {
        "id": report.id,
        "about": kept_words(ABOUT.get(report.about, report.about)),
        "text": typed_words(report.text),
        "email": report.email,
        "on": moment_text(report.created_at),
        "open": report.status == "open",
        "status": pgettext("report", REPORT_STATUSES.get(report.status, "Open")),
        "outcome": _typed(report.outcome),
        "version": report.version,
    }


def sent_values(one: Submission) -> dict[str, Any]:
    """One submission in a list."""
    return {
        "id": one.id,
        "kind": kind_words(one.kind),
        "status": gettext(STATUSES[one.status]),
        "on": moment_text(one.changed_at),
    }


def claim_values(claim: Claim, email: str, name: str) -> dict[str, Any]:
    """One claim."""
    return {
        "id": claim.id,
        "who": gettext("%(fact)s (%(aside)s)", fact=typed_words(name), aside=left_to_right(email))
        if name
        else left_to_right(email),
        "method": kept_words(METHODS.get(claim.method, claim.method)),
        "statement": _typed(claim.statement),
        "on": moment_text(claim.created_at),
        "open": claim.status == "open",
        "status": pgettext("claim", CLAIM_STATUSES.get(claim.status, claim.status)),
        "reason": kept_words(claim.reason or "") or None,
        "version": claim.version,
    }


def due_words(reminder: Reminder | None) -> str | None:
    """When a record should be looked at, and how far the asking has come."""
    if reminder is None:
        return None
    due = gettext("Due on %(day)s.", day=say_date(reminder.due_on))
    if not reminder.stage:
        return due
    sent = gettext("Letters sent since the last answer: %(number)s.", number=reminder.stage)
    return joined([due, sent], " ")


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
