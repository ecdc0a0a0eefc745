"""The versions of a record: who, when, from which source, why, what changed; and bringing one back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import Acceptance, ChangedMeanwhileError, NotAcceptedError, accept, latest_number
from directory.models import Account, ImportRun, Organization, Revision, Source
from directory.models.turns import take_turn
from directory.openreferral.shape import Problem
from directory.registration.differences import Difference, differences
from directory.registration.proposals import version_of
from directory.registration.reviewing import Decision


@dataclass(frozen=True)
class Version:
    """One accepted version, with what it changed of the one before."""

    revision: Revision
    name: str | None
    email: str | None
    source: str | None
    file_name: str | None
    differences: list[Difference]


def versions_of(session: Session, organization_id: str) -> list[Version]:
    """Every version of a record, the newest first."""
    rows = session.execute(
        select(Revision, Account.name, Account.email, Source.title, ImportRun.file_name)
        .outerjoin(Account, Account.id == Revision.account_id)
        .outerjoin(Source, Source.id == Revision.source_id)
        .outerjoin(ImportRun, ImportRun.id == Revision.run_id)
        .where(Revision.organization_id == organization_id)
        .order_by(Revision.number)
    ).all()
    before = None
    found = []
    for revision, name, email, source, file_name in rows:
        changes = differences(before, revision.document)
        found.append(Version(revision, name, email, source, file_name, changes))
        before = revision.document
    return found[::-1]


def restore(session: Session, organization_id: str, number: int, decision: Decision) -> Organization:
    """Make an earlier version the newest again, by the same door as every other; the caller commits.

    `decision.number` is the newest version that the reviewer saw. No protection is loosened by it.
    """
    take_turn(session, f"organization {organization_id}")
    if latest_number(session, organization_id) != decision.number:
        raise ChangedMeanwhileError(organization_id)
    document = version_of(session, organization_id, number)
    if document is None:
        raise NotAcceptedError([Problem("$", f"There is no version {number} of this record.")])
    session.get(Organization, organization_id, populate_existing=True)
    reason = f"Version {number} brought back. {decision.reason}".strip()
    acceptance = Acceptance(decision.account_id, "navigator", reason, decision.today, decision.number)
    organization = accept(session, {**document, "id": organization_id}, acceptance)
    detail = {"version": str(number)}
    audit.record(session, decision.account_id, "restore", ("organization", organization_id), detail)
    return organization
