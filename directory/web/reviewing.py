"""The navigators' queue, and the page of one submission or one record in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.actors import target_of
from directory.db import get_session
from directory.languages import gettext, own_words
from directory.models import Account, Area, Claim, Organization, Reminder, Report, ReviewFlag, Submission
from directory.registration.previewing import previewed
from directory.registration.proposals import proposal_of, recipient_of, target_of_submission
from directory.registration.queue import KINDS, SUBMISSIONS, Item, counts, kind_words, queue_of
from directory.registration.saying import NO_NAME
from directory.web.access import require
from directory.web.asking import clean_arguments
from directory.web.clock import now, today
from directory.web.exports import csv_response
from directory.web.match_words import page_number
from directory.web.presenting import ago
from directory.web.records import organization_page, service_page
from directory.web.review_log import correspondence, log_lines
from directory.web.review_words import (
    authorities_text,
    claim_values,
    difference_values,
    due_words,
    duplicate_rows,
    flag_values,
    problem_rows,
    report_values,
    said_name,
    sent_values,
    submission_values,
    whole_record,
)
from directory.web.signing_in import current_actor

blueprint = Blueprint("review", __name__)
PER_PAGE = 50
CSV_COLUMNS = ("kind", "organisation", "what", "authorities", "since", "days", "awaits_answer", "address")


@blueprint.get("/review")
def index() -> str:
    """What waits for a navigator: new, changed, claimed, reported, flagged, due; filters and counts."""
    session = get_session()
    items, chosen = _queue(session)
    shown = _filtered(items, chosen)
    names = _authority_names(session)
    pages = max(1, -(-len(shown) // PER_PAGE))
    page = page_number(chosen["page"], pages)
    waiting = counts(_filtered(items, {**chosen, "kind": ""}))
    codes = sorted({code for item in items for code in item.codes}, key=lambda code: names.get(code, code))
    return render_template(
        "review/index.html",
        rows=[_row(item, names) for item in shown[(page - 1) * PER_PAGE : page * PER_PAGE]],
        total=len(shown),
        chosen=chosen,
        kinds=[{"key": key, "words": kind_words(key), "count": waiting[key]} for key in KINDS],
        authorities=[(code, own_words(names.get(code, code))) for code in codes],
        csv_href=url_for("review.csv_file", **_kept(chosen)),
        pagination=_pagination(page, pages, chosen),
        hrefs={
            key: url_for("review.index", **_kept({**chosen, "kind": key, "page": ""})) for key in ("", *KINDS)
        },
    )


@blueprint.get("/review.csv")
def csv_file() -> Response:
    """The queue as a table."""
    session = get_session()
    items, chosen = _queue(session)
    names = _authority_names(session)
    rows = [
        {
            "kind": KINDS[item.kind],
            "organisation": item.name,
            "what": item.what,
            "authorities": ", ".join(sorted(names.get(code, code) for code in item.codes)),
            "since": item.since.date().isoformat(),
            "days": _days(item),
            "awaits_answer": "yes" if item.awaits_answer else "no",
            "address": current_app.config["PUBLIC_URL"].rstrip("/") + _href(item),
        }
        for item in _filtered(items, chosen)
    ]
    fictional = any(session.scalars(select(Organization.fictional).where(Organization.fictional).limit(1)))
    return private(csv_response(rows, CSV_COLUMNS, "review", fictional=fictional))


@blueprint.get("/review/submissions/<uuid:submission_id>")
def submission(submission_id: UUID) -> str:
    """One submission: what it would change, what speaks against it, the correspondence, the decisions."""
    session = get_session()
    one = session.get_one(Submission, str(submission_id))
    require("review", target_of_submission(session, one))
    return submission_page(session, one)


def submission_page(
    session: Session,
    one: Submission,
    problem: str | None = None,
    meanwhile: Mapping[str, Any] | None = None,
    typed: Mapping[str, Any] | None = None,
    problem_at: str = "",
) -> str:
    """The page of a submission; with what was wrong and in which box, or what somebody else did meanwhile.

    Whoever asks was let through before.
    """
    proposal = proposal_of(session, one)
    names = _authority_names(session)
    sender = session.scalar(select(Account.email).where(Account.id == one.account_id))
    return render_template(
        "review/submission.html",
        submission=submission_values(proposal, sender, names),
        differences=[difference_values(item, proposal.disputed) for item in proposal.differences],
        problems=problem_rows(proposal.problems, one.document),
        duplicates=duplicate_rows(session, one),
        messages=correspondence(session, one),
        log=log_lines(session, one.id),
        may_ask=recipient_of(session, one) is not None,
        problem=problem,
        problem_at=problem_at,
        meanwhile=meanwhile,
        typed=typed or {},
    )


@blueprint.get("/review/submissions/<uuid:submission_id>/preview")
def preview(submission_id: UUID) -> str:
    """What the public would see of a submission as it stands, made by what publishes."""
    session = get_session()
    one = session.get_one(Submission, str(submission_id))
    require("review", target_of_submission(session, one))
    proposal = proposal_of(session, one)
    pages: dict[str, Any] = {"organisation": None, "services": [], "replaces": False}
    if not proposal.fatal:
        held = whole_record(session, one.organization_id)
        with previewed(session, one.document, today()) as shown:
            if shown.organization is not None:
                pages["replaces"] = held is not None
                pages["organisation"] = organization_page(shown.organization, [])
                pages["services"] = [service_page(service, now()) for service in shown.services]
    return render_template(
        "review/preview.html",
        **pages,
        title=one.document.get("name") or gettext(NO_NAME),
        name=said_name(str(one.document.get("name") or NO_NAME)),
        fatal=proposal.fatal,
        back=url_for("review.submission", submission_id=one.id),
    )


@blueprint.get("/review/records/<uuid:organization_id>")
def record(organization_id: UUID) -> str:
    """What waits about one record: flags, reports, claims, whether it is due."""
    require("review", target_of(get_session(), str(organization_id)))
    return record_page(get_session(), str(organization_id))


def record_page(
    session: Session,
    key: str,
    problem: str | None = None,
    meanwhile: Mapping[str, Any] | None = None,
    typed: Mapping[str, Any] | None = None,
    problem_at: str = "",
) -> str:
    """A record in the queue; with what was wrong and in which box, or what somebody else did meanwhile."""
    organization = session.get_one(Organization, key)
    flags = select(ReviewFlag).where(ReviewFlag.organization_id == key).order_by(ReviewFlag.raised_at)
    reports = select(Report).where(Report.organization_id == key).order_by(Report.created_at.desc())
    claims = (
        select(Claim, Account.email, Account.name)
        .join(Account, Account.id == Claim.account_id)
        .where(Claim.organization_id == key)
        .order_by(Claim.created_at.desc())
    )
    submissions = (
        select(Submission)
        .where(Submission.organization_id == key, Submission.status != "draft")
        .order_by(Submission.changed_at.desc())
    )
    return render_template(
        "review/record.html",
        organisation={"id": key, "name": organization.name},
        flags=[flag_values(flag) for flag in session.scalars(flags)],
        reports=[report_values(report) for report in session.scalars(reports.limit(PER_PAGE))],
        claims=[claim_values(*row) for row in session.execute(claims.limit(PER_PAGE))],
        submissions=[sent_values(one) for one in session.scalars(submissions.limit(PER_PAGE))],
        due=due_words(session.get(Reminder, key)),
        log=log_lines(session, key),
        problem=problem,
        problem_at=problem_at,
        meanwhile=meanwhile,
        typed=typed or {},
    )


def private(response: Response) -> Response:
    """A file for those who may see it, and for no cache or other website."""
    response.headers["Cache-Control"] = "private, no-store"
    del response.headers["Access-Control-Allow-Origin"]
    return response


def _queue(session: Session) -> tuple[list[Item], dict[str, str]]:
    arguments = clean_arguments()
    names = ("kind", "authority", "what", "sort", "page", "answer")
    return queue_of(session, current_actor(), today()), {name: arguments.get(name, "") for name in names}


def _filtered(items: Sequence[Item], chosen: Mapping[str, str]) -> list[Item]:
    words = chosen["what"].casefold()
    found = [
        item
        for item in items
        if (not chosen["kind"] or item.kind == chosen["kind"])
        and (not chosen["authority"] or chosen["authority"] in item.codes)
        and (not words or words in f"{item.name} {_without_marks(item.what)}".casefold())
        and (not chosen["answer"] or item.awaits_answer == (chosen["answer"] == "yes"))
    ]
    return found[::-1] if chosen["sort"] == "newest" else found


def _without_marks(what: str) -> str:
    return what.striptags() if isinstance(what, Markup) else what


def _row(item: Item, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "choice": item.choice,
        "selectable": item.kind in SUBMISSIONS or item.kind == "flag",
        "kind": kind_words(item.kind),
        "name": said_name(item.name),
        "what": item.what,
        "href": _href(item),
        "age": ago(_days(item)),
        "authorities": authorities_text(item.codes, names),
        "awaits_answer": item.awaits_answer,
    }


def _href(item: Item) -> str:
    if item.kind in SUBMISSIONS:
        return url_for("review.submission", submission_id=item.id)
    return url_for("review.record", organization_id=item.organization_id)


def _days(item: Item) -> int:
    return max(0, (today() - item.since.date()).days)


def _kept(chosen: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if value}


def _pagination(page: int, pages: int, chosen: Mapping[str, str]) -> dict[str, Any]:
    def href(number: int) -> str | None:
        kept = _kept({**chosen, "page": str(number)})
        return url_for("review.index", **kept) if 1 <= number <= pages else None

    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    links = [{"page": number, "href": href(number), "current": number == page} for number in near]
    return {
        "page": page,
        "pages": pages,
        "links": links,
        "previous_href": href(page - 1),
        "next_href": href(page + 1),
    }


def _authority_names(session: Session) -> dict[str, str]:
    return dict(session.execute(select(Area.code, Area.name).where(Area.level == "authority")).all())
