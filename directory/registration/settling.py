"""Settle what waits beside submissions: flags, readers' reports, and claims."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import ChangedMeanwhileError
from directory.languages import speak
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter
from directory.models import Claim, Organization, Report, ReviewFlag, utc_now
from directory.models.turns import take_turn
from directory.registration import claiming
from directory.registration.reviewing import Decision
from directory.registration.submitting import Sender

FLAGS_TURN = "flags of {}"


def settle_flags(
    session: Session, organization_id: str, flag_ids: Collection[str], decision: Decision
) -> list[ReviewFlag]:
    """Say that somebody looked at flags of a record, and what was done (`reason`).

    Raises ChangedMeanwhileError when one of them is settled or gone.
    """
    take_turn(session, FLAGS_TURN.format(organization_id))
    query = select(ReviewFlag).where(
        ReviewFlag.id.in_(flag_ids),
        ReviewFlag.organization_id == organization_id,
        ReviewFlag.settled_at.is_(None),
    )
    flags = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(flags) != len(set(flag_ids)):
        raise ChangedMeanwhileError(organization_id)
    for flag in flags:
        flag.settled_at, flag.settled_by_id, flag.outcome = utc_now(), decision.account_id, decision.reason
    session.flush()
    detail = {"flags": str(len(flags))}
    audit.record(session, decision.account_id, "settle flags", ("organization", organization_id), detail)
    return flags


def settle_report(session: Session, report_id: str, decision: Decision, *, refused: bool) -> Report:
    """Say what became of a reader's report; the reader is told, where there is an address."""
    take_turn(session, f"report {report_id}")
    report = session.get_one(Report, report_id, populate_existing=True)
    if report.status != "open" or report.version != decision.version:
        raise ChangedMeanwhileError(report_id)
    report.status = "refused" if refused else "done"
    report.settled_at, report.settled_by_id, report.outcome = utc_now(), decision.account_id, decision.reason
    session.flush()
    if report.email and not refused:
        name = session.get_one(Organization, report.organization_id).name
        key = f"report {report.id} {report.version}"
        with speak(language_of(session, report.email)):
            values = {"name": name, "outcome": decision.reason, **_of_letter(decision)}
            write_letter(session, Letter(report.email, "report-settled", values, key))
    audit.record(session, decision.account_id, f"report {report.status}", ("report", report.id))
    return report


def grant_claim(session: Session, claim_id: str, decision: Decision) -> Claim:
    """Make the claimant a member, the lead when there is none; tell those who were members already."""
    claim = _open_claim(session, claim_id, decision)
    claiming.grant(session, claim, _sender(decision), decision.reason or claiming.BY_NAVIGATOR)
    return claim


def refuse_claim(session: Session, claim_id: str, decision: Decision) -> Claim:
    """Refuse a claim, with the reason."""
    claim = _open_claim(session, claim_id, decision)
    claiming.refuse(session, claim, _sender(decision), decision.reason)
    return claim


def _open_claim(session: Session, claim_id: str, decision: Decision) -> Claim:
    organization_id = session.scalar(select(Claim.organization_id).where(Claim.id == claim_id))
    take_turn(session, f"claims {organization_id}")
    claim = session.get_one(Claim, claim_id, populate_existing=True)
    if claim.status != "open" or claim.version != decision.version:
        raise ChangedMeanwhileError(claim_id)
    return claim


def _sender(decision: Decision) -> Sender:
    return Sender(decision.account_id, decision.today, decision.public_url)


def _of_letter(decision: Decision) -> dict[str, str]:
    return {"link": decision.whole_link(), "site_name": decision.site_name}
