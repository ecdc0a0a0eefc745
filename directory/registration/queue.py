"""What waits for a navigator: submissions, claims, reports, flags, and records that are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Actor, Target, may
from directory.languages import (
    N_,
    NP_,
    gettext,
    joined,
    kept_words,
    left_to_right,
    pgettext,
    typed_words,
)
from directory.models import (
    Account,
    Claim,
    Organization,
    Reminder,
    Report,
    ReviewFlag,
    Submission,
)
from directory.registration.authorities import authorities_of
from directory.registration.proposals import WAITING
from directory.registration.saying import NO_NAME

KINDS = {
    "new": NP_("review", "New"),
    "change": NP_("review", "Changed"),
    "import": NP_("review", "Changed by an import"),
    "claim": NP_("review", "Claimed"),
    "report": NP_("review", "Reported"),
    "flag": NP_("review", "Flagged by an import"),
    "due": NP_("review", "Due for review"),
}
SUBMISSIONS = frozenset({"new", "change", "import"})
METHODS = {
    "email": N_("by e-mail at the organisation's own address"),
    "post": N_("by a code in a letter"),
    "telephone": N_("by a code on the telephone"),
    "dispute": N_("somebody else holds it already"),
}

# What a reader's report is about, as it is kept.
_ABOUT = (
    *(NP_("report", "closed"), NP_("report", "moved"), NP_("report", "hours")),
    *(NP_("report", "contact"), NP_("report", "missing"), NP_("report", "other")),
)


def kind_words(kind: str) -> str:
    """What kind of thing waits, in the language that is spoken."""
    return pgettext("review", KINDS[kind])


@dataclass(frozen=True)
class Item:
    """One thing that waits. `id` is that of the submission, claim or report; of the record for the others.

    `what` is said in the language that is spoken, with the words of others marked.
    """

    kind: str
    id: str
    organization_id: str
    name: str
    what: str
    since: datetime
    version: int
    codes: frozenset[str] = frozenset()
    awaits_answer: bool = False

    @property
    def choice(self) -> str:
        """How a form names it, with the version that was seen."""
        return f"{self.kind}:{self.id}:{self.version}"


def queue_of(session: Session, actor: Actor, today: date) -> list[Item]:
    """Everything that waits for somebody, the oldest first."""
    items = [
        *_submissions(session),
        *_claims(session),
        *_reports(session),
        *_flags(session),
        *_due(session, today),
    ]
    codes = authorities_of(session, {item.organization_id for item in items})
    found = [replace(item, codes=codes.get(item.organization_id, item.codes)) for item in items]
    mine = [item for item in found if may(actor, "review", Target(item.organization_id, item.codes))]
    return sorted(mine, key=lambda item: (item.since, item.kind, item.id))


def _submissions(session: Session) -> Iterator[Item]:
    query = select(Submission).where(Submission.status.in_(WAITING))
    for one in session.scalars(query):
        waits = one.status == "question"
        sent = gettext("An import says otherwise") if one.kind == "import" else gettext("Sent in")
        yield Item(
            kind=one.kind,
            id=one.id,
            organization_id=one.organization_id,
            name=str(one.document.get("name") or NO_NAME),
            what=gettext("Waiting for an answer") if waits else sent,
            since=one.submitted_at or one.changed_at,
            version=one.version,
            codes=_codes(one.authority_code),
            awaits_answer=waits,
        )


def _claims(session: Session) -> Iterator[Item]:
    query = (
        select(Claim, Organization.name, Account.email)
        .join(Organization, Organization.id == Claim.organization_id)
        .join(Account, Account.id == Claim.account_id)
        .where(Claim.status == "open")
    )
    for claim, name, email in session.execute(query):
        how = kept_words(METHODS.get(claim.method, claim.method))
        what = joined([left_to_right(email), how])
        yield Item("claim", claim.id, claim.organization_id, name, what, claim.created_at, claim.version)


def _reports(session: Session) -> Iterator[Item]:
    query = select(Report, Organization.name).join(Organization, Organization.id == Report.organization_id)
    for one, name in session.execute(query.where(Report.status == "open")):
        yield Item(
            kind="report",
            id=one.id,
            organization_id=one.organization_id,
            name=name,
            what=gettext(
                "%(label)s: %(said)s", label=pgettext("report", one.about), said=typed_words(one.text)
            ),
            since=one.created_at,
            version=one.version,
            codes=_codes(one.authority_code),
        )


def _flags(session: Session) -> Iterator[Item]:
    """The flags of a record together: they are looked at in one go. Their number is the version."""
    rows = session.execute(
        select(ReviewFlag, Organization.name)
        .join(Organization, Organization.id == ReviewFlag.organization_id)
        .where(ReviewFlag.settled_at.is_(None))
        .order_by(ReviewFlag.raised_at)
    )
    by_record: dict[tuple[str, str], list[ReviewFlag]] = {}
    for flag, name in rows:
        by_record.setdefault((flag.organization_id, name), []).append(flag)
    for (key, name), flags in by_record.items():
        what = joined((kept_words(reason) for reason in sorted({flag.reason for flag in flags})), "; ")
        yield Item("flag", key, key, name, what, flags[0].raised_at, len(flags))


def _due(session: Session, today: date) -> Iterator[Item]:
    query = select(Reminder, Organization.name).join(
        Organization, Organization.id == Reminder.organization_id
    )
    for one, name in session.execute(query.where(Reminder.due_on <= today)):
        stale = gettext("Out of date: no letter was answered")
        what = stale if one.stale_since else gettext("Not checked in time")
        since = datetime.combine(one.due_on, time(), UTC)
        yield Item("due", one.organization_id, one.organization_id, name, what, since, one.stage)


def _codes(code: str | None) -> frozenset[str]:
    return frozenset([code] if code else [])


def counts(items: Iterable[Item]) -> dict[str, int]:
    """How many of each kind wait."""
    found = dict.fromkeys(KINDS, 0)
    for item in items:
        found[item.kind] += 1
    return found
