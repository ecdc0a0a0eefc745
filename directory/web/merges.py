"""Records that were joined: the list, what each merge did, and taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response as Redirect

from directory.accepting import ChangedMeanwhileError
from directory.db import get_session
from directory.languages import gettext, typed_words
from directory.merging.listing import ACTION, merges_of, whose
from directory.merging.merge import Merging
from directory.merging.undo import NotUndoneError, built_on, undo
from directory.models import Account, Organization, OrganizationMerge
from directory.registration.differences import differences
from directory.registration.saying import NO_NAME
from directory.web.access import require
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.exports import csv_response
from directory.web.match_words import WAYS, merge_row, page_number, pages_of, said_by
from directory.web.review_words import difference_values, moment_text, said_name
from directory.web.reviewing import private
from directory.web.signing_in import current_actor

blueprint = Blueprint("merges", __name__)
PER_PAGE = 50
CSV_COLUMNS = ("kept", "gone", "joined_on", "by", "undone_on", "kept_id", "gone_id")


@blueprint.get("/merges")
def index() -> str:
    """What was joined, by whom, and whether it was taken apart again."""
    items = merges_of(get_session(), current_actor())
    pages = max(1, -(-len(items) // PER_PAGE))
    page = page_number(clean_arguments().get("page", ""), pages)
    return render_template(
        "merges/index.html",
        rows=[merge_row(item) for item in items[(page - 1) * PER_PAGE : page * PER_PAGE]],
        total=len(items),
        pagination=pages_of(page, pages, "merges.index", {}),
        csv_href=url_for("merges.csv_file"),
    )


@blueprint.get("/merges.csv")
def csv_file() -> Response:
    """What was joined as a table."""
    session = get_session()
    rows = [
        {
            "kept": item.names[0],
            "gone": item.names[1],
            "joined_on": item.merge.merged_at.isoformat(timespec="seconds"),
            "by": item.by or WAYS[item.merge.way],
            "undone_on": item.merge.undone_at.isoformat(timespec="seconds") if item.merge.undone_at else "",
            "kept_id": item.merge.organization_id,
            "gone_id": item.merge.gone_id,
        }
        for item in merges_of(session, current_actor())
    ]
    fictional = session.scalar(select(Organization.id).where(Organization.fictional).limit(1)) is not None
    return private(csv_response(rows, CSV_COLUMNS, "merges", fictional=fictional))


@blueprint.get("/merges/<uuid:merge_id>")
def show(merge_id: UUID) -> str:
    """One merge: both records before it, what it made of them, and the way back."""
    return _page(get_session(), _merge(merge_id))


@blueprint.post("/merges/<uuid:merge_id>", endpoint="undo")
def take_apart(merge_id: UUID) -> Redirect | tuple[str, int]:
    """Take a merge back: both records as they were, with what was written since."""
    session, one = get_session(), _merge(merge_id)
    if request.form.get("confirm") != "yes":
        problem = gettext("Nothing was undone: tick the box that says so, and press the button again.")
        return _page(session, one, problem), 422
    try:
        undo(session, one.id, Merging(current_actor().account_id, today()))
    except (ChangedMeanwhileError, StaleDataError):
        session.rollback()
        problem = gettext("Somebody else undid it before you. Both records are there again.")
        return _page(session, session.get_one(OrganizationMerge, str(merge_id)), problem), 409
    except NotUndoneError as error:
        session.rollback()
        one = session.get_one(OrganizationMerge, str(merge_id))
        return _page(session, one, gettext("Nothing was undone. %(why)s", why=error.args[0])), 422
    session.commit()
    flash(gettext("Taken apart. Both records are there again."))
    return redirect(url_for("merges.show", merge_id=str(merge_id)), 303)


def _merge(merge_id: UUID) -> OrganizationMerge:
    session = get_session()
    one = session.get_one(OrganizationMerge, str(merge_id))
    for key in (one.organization_id, one.gone_id):
        require(ACTION, whose(session, key))
    return one


def _page(session: Session, one: OrganizationMerge, problem: str | None = None) -> str:
    later = built_on(session, one) if one.undone_at is None else None
    who = {
        key: name or email
        for key, name, email in session.execute(
            select(Account.id, Account.name, Account.email).where(
                Account.id.in_([key for key in (one.account_id, one.undone_by_id) if key])
            )
        )
    }
    undone_by = who.get(one.undone_by_id or "")
    sides: list[tuple[str, dict[str, Any]]] = [("kept", one.kept_document), ("gone", one.gone_document)]
    return render_template(
        "merges/show.html",
        merge={
            "id": one.id,
            "on": moment_text(one.merged_at),
            "by": said_by(who.get(one.account_id or ""), one.way),
            "undone_on": moment_text(one.undone_at),
            "undone_by": typed_words(undone_by) if undone_by else gettext("Not recorded"),
        },
        title=one.kept_document.get("name") or gettext(NO_NAME),
        names={side: said_name(str(document.get("name") or NO_NAME)) for side, document in sides},
        hrefs={
            "kept": url_for("organisations.show", organization_id=one.organization_id),
            "kept_history": url_for("history.show", organization_id=one.organization_id),
            "gone_history": url_for("history.show", organization_id=one.gone_id),
            "pair": url_for("matches.show", pair_id=one.pair_id) if one.pair_id and one.undone_at else None,
            "later": url_for("merges.show", merge_id=later.id) if later else None,
        },
        changed=[difference_values(item) for item in differences(one.kept_document, one.document)],
        problem=problem,
        problem_at="confirm" if one.undone_at is None and later is None else "",
    )
