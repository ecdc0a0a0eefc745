"""Decide about several things of the queue at once: choose, look at what would happen, do it, undo it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from directory.accepting import ChangedMeanwhileError
from directory.accounts.permissions import Target, may
from directory.db import get_session
from directory.languages import gettext, own_words
from directory.models import Account, BulkAction, Organization, Submission
from directory.registration.authorities import authorities_of
from directory.registration.bulk import ACTIONS, Outcome, do, items_chosen, preview
from directory.registration.queue import Item, kind_words, queue_of
from directory.registration.saying import NO_NAME
from directory.registration.undoing import undo
from directory.web.clock import today
from directory.web.deciding import NO_REASON, decision_of
from directory.web.review_words import moment_text, said_name, said_of
from directory.web.signing_in import current_actor

blueprint = Blueprint("bulk", __name__, url_prefix="/review/bulk")


@blueprint.post("", endpoint="preview")
def preview_many() -> Response | str:
    """What would happen to the things that were chosen. Nothing is done yet."""
    action = _action()
    items = _chosen(get_session())
    if not items:
        flash(gettext("Nothing was chosen, or it is no longer there. Tick what you want to decide about."))
        return redirect(url_for("review.index"), 303)
    return _preview_page(action, preview(get_session(), action, items))


@blueprint.post("/do", endpoint="do")
def do_many() -> Response | tuple[str, int]:
    """Do it to each that nobody changed meanwhile."""
    session, action = get_session(), _action()
    decision = decision_of(url_for("home.index") + "organisations/{}")
    items = _chosen(session)
    if action != "approve" and not decision.reason:
        return _preview_page(action, preview(session, action, items), gettext(NO_REASON)), 422
    session.rollback()  # what was read so far may be old by the time it is our turn
    bulk, outcomes = do(session, action, items, decision)
    session.commit()
    for outcome in outcomes:
        if not outcome.done:
            flash(gettext("%(label)s: %(said)s", label=said_name(outcome.item.name), said=outcome.words))
    return redirect(url_for("bulk.show", bulk_id=bulk.id), 303)


@blueprint.get("/<uuid:bulk_id>")
def show(bulk_id: UUID) -> str:
    """What was done to several at once, with a way to undo it."""
    session = get_session()
    bulk = _bulk(session, bulk_id)
    account = session.get(Account, bulk.account_id) if bulk.account_id else None
    return render_template(
        "review/bulk_done.html",
        bulk={
            "id": bulk.id,
            "action": gettext(ACTIONS[bulk.action]),
            "reason": bulk.reason,
            "on": moment_text(bulk.done_at),
            "by": said_of(account.name, account.email) if account else gettext("Not recorded"),
            "undone_on": moment_text(bulk.undone_at),
        },
        rows=_done_rows(session, bulk.items),
    )


@blueprint.post("/<uuid:bulk_id>/undo", endpoint="undo")
def undo_many(bulk_id: UUID) -> Response:
    """Undo it, but for what somebody changed since."""
    session = get_session()
    _bulk(session, bulk_id)
    try:
        stay = undo(session, str(bulk_id), decision_of())
    except ChangedMeanwhileError:
        session.rollback()
        flash(gettext("It was undone already. Nothing was changed now."))
        return redirect(url_for("bulk.show", bulk_id=bulk_id), 303)
    session.commit()
    flash(_undone(list(stay.values())))
    return redirect(url_for("bulk.show", bulk_id=bulk_id), 303)


def _undone(stay: list[str]) -> str:
    if not stay:
        return gettext("Undone.")
    return gettext("Undone, but for %(number)s. %(why)s", number=len(stay), why=stay[0])


def _action() -> str:
    action = request.form.get("action", "")
    if action not in ACTIONS:
        abort(400)
    return action


def _chosen(session: Session) -> list[Item]:
    """The chosen things that are this navigator's to decide about."""
    items = queue_of(session, current_actor(), today())
    return list(items_chosen(items, request.form.getlist("choose")))


def _bulk(session: Session, bulk_id: UUID) -> BulkAction:
    """One's own, or one of which every record is one's own to review."""
    bulk = session.get_one(BulkAction, str(bulk_id))
    actor = current_actor()
    keys = {item["organization"] for item in bulk.items}
    codes = authorities_of(session, keys)
    targets = [Target(key, codes.get(key, frozenset())) for key in keys]
    theirs = bool(targets) and all(may(actor, "review", target) for target in targets)
    if bulk.account_id != actor.account_id and not theirs:
        abort(403)
    return bulk


def _preview_page(action: str, outcomes: list[Outcome], problem: str | None = None) -> str:
    able = sum(one.done for one in outcomes)
    return render_template(
        "review/bulk_preview.html",
        action=action,
        action_words=gettext(ACTIONS[action]),
        rows=[
            {
                "name": said_name(one.item.name),
                "kind": kind_words(one.item.kind),
                "words": one.words,
                "done": one.done,
                "choice": one.item.choice,
            }
            for one in outcomes
        ],
        able=able,
        problem=problem,
        problem_at="bulk-reason" if able else "",
        reason=request.form.get("reason", ""),
    )


def _done_rows(session: Session, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [item["submission"] for item in items if item["kind"] == "submission"]
    submissions = {one.id: one for one in session.scalars(select(Submission).where(Submission.id.in_(keys)))}
    records = [item["organization"] for item in items if item["kind"] == "flag"]
    columns = select(Organization.id, Organization.name)
    names = dict(session.execute(columns.where(Organization.id.in_(records))).all())
    rows = []
    for item in items:
        if item["kind"] == "flag":
            key = item["organization"]
            href = url_for("review.record", organization_id=key) if key in names else None
            words = gettext("Flags settled: %(number)s.", number=len(item["flags"]))
            name = own_words(names.get(key)) or gettext("A record that is gone")
            rows.append({"name": name, "href": href, "words": words})
            continue
        one = submissions.get(item["submission"])
        made = item["number_before"] != item["number_after"]
        rows.append(
            {
                "name": said_name(str((one.document.get("name") if one else None) or NO_NAME)),
                "href": url_for("review.submission", submission_id=one.id) if one else None,
                "words": gettext("Version %(number)s was made.", number=item["number_after"])
                if made
                else gettext("The record stays as it was."),
            }
        )
    return rows
