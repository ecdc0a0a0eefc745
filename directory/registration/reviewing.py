"""Decide about a submission: approve, ask, reject; and the answer of whoever sent it.

Each takes its turn, looks whether the submission and the record are still what the reviewer saw, writes the
letter and the line of the log. The caller commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import (
    Acceptance,
    ChangedMeanwhileError,
    NotAcceptedError,
    accept,
    latest_number,
)
from directory.languages import N_, gettext, site_address, speak
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter
from directory.models import Account, Membership, Message, Organization, Submission, utc_now
from directory.models.turns import take_turn
from directory.openreferral.dump import dump
from directory.openreferral.shape import Problem
from directory.registration.links import submission_link
from directory.registration.proposals import WAITING, Choice, recipient_of, version_of
from directory.registration.taking import proposed, rebase, take

NOTHING_CHOSEN = N_(
    "Nothing would be changed. Tick at least one change, or reject the submission with a reason."
)
NOBODY_TO_ASK = N_("Nobody is on record to whom a question could be sent.")


class DisputedError(Exception):
    """Facts that were changed on both sides: a person must say, one by one, which of them holds."""

    def __init__(self, keys: set[str]) -> None:
        self.keys = keys
        super().__init__(", ".join(sorted(keys)))


@dataclass(frozen=True)
class Decision:
    """What a reviewer decides, about what that reviewer saw.

    `version` is that of the submission and `number` that of the record when the page was made. `link` is
    the path of what the letter leads to, the public page or the page for an answer, at `public_url`.
    """

    account_id: str
    today: date
    version: int
    number: int | None = None
    reason: str = ""
    link: str = ""
    site_name: str = ""
    public_url: str = ""

    def whole_link(self) -> str:
        """What the letter leads to, in the language that is spoken."""
        return site_address(self.public_url) + self.link


def approve(
    session: Session, submission_id: str, decision: Decision, choice: Choice | None = None
) -> Submission:
    """Make the record what a submission says, whole or as far as chosen.

    Raises ChangedMeanwhileError, DisputedError or NotAcceptedError; the caller then rolls back.
    """
    submission = open_submission(session, submission_id, decision.version)
    organization_id = submission.organization_id
    take_turn(session, f"organization {organization_id}")
    number = latest_number(session, organization_id)
    existing = session.get(Organization, organization_id, populate_existing=True)
    if number != decision.number or (submission.kind == "new" and existing):
        raise ChangedMeanwhileError(organization_id)
    current = dump(existing) if existing else None
    base = version_of(session, organization_id, submission.base_number) or current
    proposal = {**submission.document, "id": organization_id}
    changes, disputed = proposed(base, proposal, current)
    if choice is None:
        if disputed:
            raise DisputedError(disputed)
        document = rebase(base, proposal, current)[0]
        left = []
    else:
        keys = choice.keys & {one.key for one in changes}
        if not keys:
            raise NotAcceptedError([Problem("$", NOTHING_CHOSEN)])
        document = take(current, proposal, keys, choice.written)
        left = [f"{one.about}: {one.label}" for one in changes if one.key not in keys]
    accept(session, document, _acceptance(session, submission, decision, number))
    _decide(submission, "approved", decision)
    _tell(session, submission, "submission-approved", decision, left_out=left, name=document["name"])
    _log(session, submission, "approve", decision, {"left_out": str(len(left))} if left else {})
    return submission


def ask(session: Session, submission_id: str, decision: Decision) -> Submission:
    """Ask whoever sent a submission; it waits for the answer. `reason` is the question."""
    submission = open_submission(session, submission_id, decision.version)
    if recipient_of(session, submission) is None:
        raise NotAcceptedError([Problem("$", NOBODY_TO_ASK)])
    submission.messages.append(
        Message(author="navigator", account_id=decision.account_id, text=decision.reason)
    )
    submission.status = "question"
    submission.changed_at = utc_now()
    session.flush()
    _tell(session, submission, "submission-question", decision)
    _log(session, submission, "ask", decision)
    return submission


def reject(session: Session, submission_id: str, decision: Decision) -> Submission:
    """Refuse a submission, with the reason; the record stays as it is."""
    submission = open_submission(session, submission_id, decision.version)
    _decide(submission, "rejected", decision)
    session.flush()
    _tell(session, submission, "submission-rejected", decision)
    _log(session, submission, "reject", decision)
    return submission


def answer(
    session: Session, submission_id: str, text: str, account_id: str | None, public_url: str
) -> Submission:
    """Keep the answer to the question that is open; the submission is the reviewers' again."""
    take_turn(session, f"submission {submission_id}")
    submission = session.get_one(Submission, submission_id, populate_existing=True)
    if submission.status != "question":
        raise ChangedMeanwhileError(submission_id)
    asked = [one.account_id for one in submission.messages if one.author == "navigator"]
    submission.messages.append(Message(author="submitter", account_id=account_id, text=text))
    submission.status = "submitted"
    submission.changed_at = utc_now()
    session.flush()
    navigator = session.get(Account, asked[-1]) if asked and asked[-1] else None
    if navigator is not None and navigator.active:
        key = f"submission {submission.id} answer {submission.version}"
        with speak(language_of(session, navigator.email)):
            link = submission_link(public_url, submission.id)
            values = {"name": submission.document.get("name") or "", "answer": text, "link": link}
            write_letter(session, Letter(navigator.email, "submission-answered", values, key))
    audit.record(session, account_id, "answer", ("submission", submission.id))
    return submission


def open_submission(session: Session, submission_id: str, version: int) -> Submission:
    """A submission that may be decided about, and that nobody touched since it was seen."""
    take_turn(session, f"submission {submission_id}")
    submission = session.get_one(Submission, submission_id, populate_existing=True)
    if submission.version != version or submission.status not in WAITING:
        raise ChangedMeanwhileError(submission_id)
    return submission


def _acceptance(
    session: Session, submission: Submission, decision: Decision, number: int | None
) -> Acceptance:
    words = {"new": "Registered", "change": "Changed", "import": "Imported"}[submission.kind]
    reason = f"{words} and approved. {decision.reason}".strip()
    way = "import" if submission.kind == "import" else _whose_word(session, submission)
    source_id = submission.source_id if submission.kind == "import" else None
    return Acceptance(decision.account_id, way, reason, decision.today, number, source_id)


def _whose_word(session: Session, submission: Submission) -> str:
    """The organisation's own word, unless a navigator wrote it who is no member."""
    if submission.account_id is None:
        return "self"
    member = select(Membership.id).where(
        Membership.account_id == submission.account_id,
        Membership.organization_id == submission.organization_id,
    )
    account = session.get(Account, submission.account_id)
    staff = account is not None and {"navigator", "administrator"} & {role.name for role in account.roles}
    return "navigator" if staff and session.scalar(member) is None else "self"


def _decide(submission: Submission, status: str, decision: Decision) -> None:
    submission.status = status
    submission.decided_at = submission.changed_at = utc_now()
    submission.decided_by_id = decision.account_id
    submission.decision_reason = decision.reason or None


def _tell(
    session: Session, submission: Submission, template: str, decision: Decision, **more: object
) -> None:
    recipient = recipient_of(session, submission)
    if recipient is None:
        return
    session.flush()  # so that the version, which is part of the key, is counted on
    key = f"submission {submission.id} {submission.status} {submission.version}"
    organization_id = submission.organization_id
    known = session.scalar(select(Organization.id).where(Organization.id == organization_id))
    with speak(language_of(session, recipient)):
        values = {
            "name": submission.document.get("name") or gettext("your organisation"),
            "reason": decision.reason,
            "link": decision.whole_link(),
            "site_name": decision.site_name,
            **more,
        }
        write_letter(session, Letter(recipient, template, values, key, known))


def _log(
    session: Session,
    submission: Submission,
    action: str,
    decision: Decision,
    detail: dict[str, str] | None = None,
) -> None:
    session.flush()
    said = {"organization": submission.organization_id, "kind": submission.kind, **(detail or {})}
    audit.record(session, decision.account_id, action, ("submission", submission.id), said)
