"""A submission beside its record: what an approval would change, and what speaks against it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.actors import target_of
from directory.accounts.permissions import Target
from directory.models import Account, Organization, Revision, Submission
from directory.openreferral.check import check
from directory.openreferral.shape import Problem
from directory.registration.authorities import authorities_of
from directory.registration.differences import Difference
from directory.registration.taking import proposed

# A submission that a reviewer can decide about; with "question" an answer is awaited.
WAITING = ("submitted", "question")


@dataclass(frozen=True)
class Choice:
    """The facts that a reviewer takes over, by key, and those that the reviewer writes otherwise."""

    keys: frozenset[str]
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A submission with the record as it is now: `number` is the newest version, None when there is none.

    `disputed` are the keys of facts that were changed on both sides since the submission began; `codes` are
    the authorities of the record.
    """

    submission: Submission
    current: dict[str, Any] | None
    number: int | None
    differences: list[Difference]
    disputed: set[str]
    problems: list[Problem]
    codes: frozenset[str] = frozenset()

    @property
    def fatal(self) -> bool:
        """Whether a check keeps it out as it stands."""
        return any(problem.fatal for problem in self.problems)


def proposal_of(session: Session, submission: Submission) -> Proposal:
    """Put a submission beside the record."""
    return proposals_of(session, [submission])[0]


def proposals_of(session: Session, submissions: Collection[Submission]) -> list[Proposal]:
    """Put submissions beside their records, in few statements."""
    ids = {one.organization_id for one in submissions}
    there = set(session.scalars(select(Organization.id).where(Organization.id.in_(ids))))
    codes = authorities_of(session, there)
    newest: dict[str, Revision] = {}
    versions: dict[tuple[str, int], dict[str, Any]] = {}
    for revision in session.scalars(
        select(Revision).where(Revision.organization_id.in_(ids)).order_by(Revision.number)
    ):
        newest[revision.organization_id] = revision
        versions[revision.organization_id, revision.number] = revision.document
    found = []
    for one in submissions:
        last = newest.get(one.organization_id)
        current = last.document if last and one.organization_id in there else None
        base = versions.get((one.organization_id, one.base_number or 0))
        changes, disputed = proposed(base or current, one.document, current)
        found.append(
            Proposal(
                submission=one,
                current=current,
                number=last.number if last else None,
                differences=changes,
                disputed=disputed,
                problems=check(one.document),
                codes=codes.get(one.organization_id, frozenset()),
            )
        )
    return found


def version_of(session: Session, organization_id: str, number: int | None) -> dict[str, Any] | None:
    """The document of a version of a record; None when there is none of that number."""
    return session.scalar(
        select(Revision.document).where(
            Revision.organization_id == organization_id, Revision.number == number
        )
    )


def target_of_submission(session: Session, submission: Submission) -> Target:
    """Whose a submission is to review: that of its record or, where that lies nowhere, of the one it names.

    What a submission itself says never takes a record that has an authority out of that authority's hands.
    """
    target = target_of(session, submission.organization_id)
    if target.authority_codes:
        return target
    codes = frozenset([submission.authority_code] if submission.authority_code else [])
    return Target(submission.organization_id, codes)


def recipient_of(session: Session, submission: Submission) -> str | None:
    """Where to write to whoever sent a submission; None where nobody did, as with an import."""
    if submission.kind == "import":
        return None
    if submission.account_id:
        query = select(Account.email).where(Account.id == submission.account_id, Account.active)
        email = session.scalar(query)
        if email:
            return email
    return submission.email
