"""Hand a draft in for review, or take it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import NotAcceptedError
from directory.languages import N_
from directory.letters.write import Letter, write_letter
from directory.models import Submission, utc_now
from directory.models.review import OPEN_STATUSES
from directory.openreferral.check import check
from directory.registration.navigators import tell_navigators
from directory.registration.pages import NEEDED, Step, steps
from directory.registration.previewing import previewed


class NotReadyError(Exception):
    """A draft that cannot be handed in yet: the steps that are missing, or what is wrong with it."""

    def __init__(self, missing: list[Step], problems: list[str]) -> None:
        self.missing, self.problems = missing, problems
        super().__init__("; ".join([*(step.key for step in missing), *problems]))


@dataclass(frozen=True)
class Sender:
    """Who hands something in, on which day, and the address of the site for the letters."""

    account_id: str | None
    today: date
    public_url: str


def missing_steps(draft: Submission) -> list[Step]:
    """What has to be filled in before a draft can be handed in, and pages with something that is not read."""
    return list(_missing(draft.document, set(draft.pages_done), draft.unfinished))


def _missing(document: Mapping[str, Any], done: set[str], unfinished: Mapping[str, Any]) -> Iterator[Step]:
    for step in steps(document):
        if step.key in unfinished or (step.name in NEEDED and step.key not in done):
            yield step


def submit(session: Session, draft: Submission, sender: Sender) -> None:
    """Hand a draft in. Raises NotReadyError, and then nothing was changed."""
    missing = missing_steps(draft)
    problems = [problem.message for problem in check(draft.document) if problem.fatal]
    if missing or problems or draft.status not in OPEN_STATUSES:
        raise NotReadyError(missing, problems)
    codes = authorities_of(session, draft, sender.today)
    draft.authority_code = next(iter(sorted(codes)), None)
    draft.status = "submitted"
    draft.submitted_at = draft.changed_at = utc_now()
    session.flush()
    if draft.email:
        key = f"submitted {draft.id} {draft.version}"
        values = {"name": draft.document["name"], "kind": draft.kind}
        write_letter(session, Letter(draft.email, "submitted", values, key=key))
    tell_navigators(session, codes, N_("records to review"), sender.public_url, sender.today)
    audit.record(session, sender.account_id, "submit", ("submission", draft.id), {"kind": draft.kind})


def withdraw(session: Session, draft: Submission, account_id: str | None) -> bool:
    """Take a submission back for good; False when it was decided already."""
    if draft.status not in (*OPEN_STATUSES, "submitted"):
        return False
    draft.status = "withdrawn"
    draft.changed_at = utc_now()
    session.flush()
    audit.record(session, account_id, "withdraw", ("submission", draft.id), {"kind": draft.kind})
    return True


def authorities_of(session: Session, draft: Submission, today: date) -> frozenset[str]:
    """The authorities that the record would lie in or cover."""
    try:
        with previewed(session, draft.document, today) as shown:
            return shown.authority_codes
    except NotAcceptedError:
        return frozenset()
