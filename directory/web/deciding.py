"""What a navigator does on the page of one submission or one record: plain forms that send something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from directory.accepting import ChangedMeanwhileError, NotAcceptedError
from directory.accounts.actors import target_of
from directory.db import get_session
from directory.languages import N_, gettext, joined, kept_words, spoken
from directory.models import Claim, Report, Revision, Submission
from directory.registration import settling
from directory.registration.differences import differences
from directory.registration.proposals import Choice, target_of_submission, version_of
from directory.registration.reviewing import Decision, DisputedError, approve, ask, reject
from directory.web.access import require
from directory.web.answering import answer_token
from directory.web.clock import today
from directory.web.review_log import log_lines
from directory.web.review_words import difference_values
from directory.web.reviewing import record_page, submission_page
from directory.web.signing_in import current_actor

blueprint = Blueprint("deciding", __name__, url_prefix="/review")
LONGEST_REASON = 5_000
NO_QUESTION = N_("Nothing was done, because a question is missing. Write it, and send the form again.")
NO_REASON = N_("Nothing was done, because a reason is missing. Write it, and send the form again.")
NOT_SAID = N_("Nothing was done, because what was done is missing. Write it, and send the form again.")
Answer = Response | tuple[str, int]


@blueprint.post("/submissions/<uuid:submission_id>/approve", endpoint="approve")
def approve_submission(submission_id: UUID) -> Answer:
    """Approve a submission, as far as it is ticked."""
    one = _submission(submission_id)
    keys = frozenset(request.form.getlist("take"))
    offered = frozenset(request.form.getlist("offered"))
    written = {
        name.removeprefix("write:"): _clean(text)
        for name, text in request.form.items()
        if name.startswith("write:") and _clean(text) != _clean(request.form.get(f"was:{name[6:]}", ""))
    }
    choice = None if keys == offered and not written else Choice(keys | written.keys(), written)
    page = url_for("organisations.show", organization_id=one.organization_id)
    done = N_("Approved. Everybody can see it now.")
    return _decide(one, done, page, "approve-reason", lambda s, i, d: approve(s, i, d, choice))


@blueprint.post("/submissions/<uuid:submission_id>/ask", endpoint="ask")
def ask_sender(submission_id: UUID) -> Answer:
    """Send a question to whoever sent a submission."""
    one = _submission(submission_id)
    page = url_for("answers.show", token=answer_token(one))
    done = N_("Your question was sent. The answer will come back here.")
    return _decide(one, done, page, "ask-reason", ask, needed=NO_QUESTION)


@blueprint.post("/submissions/<uuid:submission_id>/reject", endpoint="reject")
def reject_submission(submission_id: UUID) -> Answer:
    """Refuse a submission, with the reason."""
    one = _submission(submission_id)
    done = N_("Rejected. Whoever sent it is told why.")
    return _decide(one, done, "", "reject-reason", reject, needed=NO_REASON)


@blueprint.post("/records/<uuid:organization_id>/flags", endpoint="flags")
def settle_flags(organization_id: UUID) -> Answer:
    """Say that flags of a record were looked at."""
    chosen = request.form.getlist("flag")
    return _settle(
        str(organization_id),
        N_("Settled.") if chosen else N_("Nothing was ticked, so nothing was settled."),
        "flags-reason",
        lambda s, d: settling.settle_flags(s, str(organization_id), chosen, d) if chosen else None,
    )


@blueprint.post("/reports/<uuid:report_id>", endpoint="report")
def settle_report(report_id: UUID) -> Answer:
    """Say what became of a reader's report."""
    report = get_session().get_one(Report, str(report_id))
    refused = request.form.get("outcome") == "refused"
    return _settle(
        report.organization_id,
        N_("Settled."),
        f"report-{report.id}",
        lambda s, d: settling.settle_report(s, str(report_id), d, refused=refused),
        needed=NOT_SAID,
    )


@blueprint.post("/claims/<uuid:claim_id>", endpoint="claim")
def settle_claim(claim_id: UUID) -> Answer:
    """Grant or refuse a claim."""
    claim = get_session().get_one(Claim, str(claim_id))
    granted = request.form.get("outcome") == "granted"
    act = settling.grant_claim if granted else settling.refuse_claim
    return _settle(
        claim.organization_id,
        N_("Granted.") if granted else N_("Refused. The claimant is told why."),
        f"claim-{claim.id}",
        lambda s, d: act(s, str(claim_id), d),
        needed=None if granted else NO_REASON,
    )


def decision_of(link: str = "") -> Decision:
    """What the form says, and who sent it.

    `link` goes into a letter, which is in the language of whoever gets it: that of this page is taken off.
    """
    account_id = current_actor().account_id
    assert account_id is not None  # noqa: S101 - for the type checker: nobody else gets here
    return Decision(
        account_id=account_id,
        today=today(),
        version=_number("version") or 0,
        number=_number("number"),
        reason=_clean(request.form.get("reason", "")),
        link=link.removeprefix(f"/{spoken().code}"),
        site_name=current_app.config["SITE_NAME"],
        public_url=current_app.config["PUBLIC_URL"],
    )


def _submission(submission_id: UUID) -> Submission:
    session = get_session()
    one = session.get_one(Submission, str(submission_id))
    require("review", target_of_submission(session, one))
    return one


def _decide(
    one: Submission,
    done: str,
    link: str,
    box: str,
    act: Callable[[Session, str, Decision], Any],
    needed: str | None = None,
) -> Answer:
    """Decide; or show the page again, with what was wrong or what somebody else did meanwhile.

    `box` is where the reason was typed, and `needed` what is wrong if there is none.
    """
    session, key, typed = get_session(), one.id, _typed(box)
    decision = decision_of(link)
    if needed and not decision.reason:
        return submission_page(session, one, gettext(needed), typed=typed, problem_at=box), 422
    try:
        act(session, key, decision)
    except (ChangedMeanwhileError, StaleDataError):
        session.rollback()
        meanwhile = _meanwhile(session, key, decision)
        return submission_page(
            session, session.get_one(Submission, key), meanwhile=meanwhile, typed=typed
        ), 409
    except DisputedError:
        session.rollback()
        problem = gettext(
            "The record was changed since this was sent in. Tick which of the facts shall hold."
        )
        one = session.get_one(Submission, key)
        return submission_page(session, one, problem, typed=typed, problem_at="differences"), 409
    except NotAcceptedError as error:
        session.rollback()
        why = joined((kept_words(one.message) for one in error.problems), " ")
        problem = gettext("It was not accepted. %(why)s", why=why)
        one = session.get_one(Submission, key)
        return submission_page(session, one, problem, typed=typed, problem_at="differences"), 422
    session.commit()
    flash(gettext(done))
    return redirect(url_for("review.submission", submission_id=key), 303)


def _settle(
    organization_id: str,
    done: str,
    box: str,
    act: Callable[[Session, Decision], Any],
    needed: str | None = None,
) -> Answer:
    """Settle something about a record; or show its page again and say why not. `box`, `needed`: as above."""
    session = get_session()
    require("review", target_of(session, organization_id))
    decision = decision_of(url_for("organisations.show", organization_id=organization_id))
    if needed and not decision.reason:
        return record_page(session, organization_id, gettext(needed), problem_at=box), 422
    try:
        act(session, decision)
    except (ChangedMeanwhileError, StaleDataError):
        session.rollback()
        lines = log_lines(session, organization_id, limit=5)
        meanwhile = {"lines": lines, "differences": [], "typed": decision.reason}
        return record_page(session, organization_id, meanwhile=meanwhile, typed=_typed(box)), 409
    session.commit()
    flash(gettext(done))
    return redirect(url_for("review.record", organization_id=organization_id), 303)


def _meanwhile(session: Session, submission_id: str, decision: Decision) -> dict[str, Any]:
    """Who did what to a submission, and by what the record differs from the one that the reviewer saw."""
    one = session.get_one(Submission, submission_id)
    seen = version_of(session, one.organization_id, decision.number)
    newest = session.scalars(
        select(Revision)
        .where(Revision.organization_id == one.organization_id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()
    changed = newest is not None and newest.number != decision.number
    ids = [submission_id, *([one.organization_id] if changed else [])]
    return {
        "lines": log_lines(session, *ids, limit=8),
        "differences": [
            difference_values(item)
            for item in (differences(seen, newest.document) if changed and newest else [])
        ],
        "typed": decision.reason,
    }


def _typed(box: str) -> dict[str, Any]:
    """What stood in the boxes and what was ticked, so that nothing is lost and nothing goes elsewhere."""
    form = request.form
    written = {name: text for name, text in form.items() if name.startswith("write:")}
    ticks = {"offered": form.getlist("offered"), "take": form.getlist("take")}
    return {box: form.get("reason", ""), **ticks, **written}


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _clean(text: str) -> str:
    """A text as it was typed, without what no database takes."""
    lines = text[:LONGEST_REASON].replace("\r\n", "\n")
    return "".join(c for c in lines if c.isprintable() or c == "\n").strip()
