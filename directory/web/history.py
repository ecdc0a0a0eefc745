"""The history of a record, for those who look after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response as Redirect

from directory.accepting import ChangedMeanwhileError, NotAcceptedError
from directory.accounts.permissions import may
from directory.db import get_session
from directory.languages import N_, gettext, kept_words, left_to_right, own_words, typed_words
from directory.merging.listing import merges_about, whose
from directory.models import Organization, Revision
from directory.registration.differences import Difference, differences
from directory.registration.history import Version, restore, versions_of
from directory.registration.saying import NO_NAME
from directory.web.access import require
from directory.web.deciding import decision_of
from directory.web.exports import csv_response
from directory.web.match_words import merge_row
from directory.web.review_words import difference_values, moment_text
from directory.web.reviewing import private
from directory.web.signing_in import current_actor

blueprint = Blueprint("history", __name__)
CSV_COLUMNS = (
    *("version", "accepted", "by", "source", "file", "reason", "about", "fact", "kind", "before", "after"),
    "withheld",
)
MEANWHILE = N_(
    "Nothing was brought back: somebody else changed the record meanwhile. Look at the new version first."
)


@blueprint.get("/organisations/<uuid:organization_id>/history")
def show(organization_id: UUID) -> str:
    """Every version of a record: who, when, from which source, why, and what changed."""
    session, key = get_session(), str(organization_id)
    _allowed(session, key)
    return _page(session, key)


@blueprint.get("/organisations/<uuid:organization_id>/history.csv")
def csv_file(organization_id: UUID) -> Response:
    """The history as a table, a row for each fact that changed."""
    session, key = get_session(), str(organization_id)
    _allowed(session, key)
    versions = versions_of(session, key)
    fictional = any(one.revision.document.get("fictional") for one in versions)
    rows: list[dict[str, Any]] = []
    for one in versions:
        rows += [_csv_row(one, change) for change in one.differences] or [_csv_row(one, None)]
    return private(csv_response(rows, CSV_COLUMNS, "history", fictional=fictional))


@blueprint.post("/organisations/<uuid:organization_id>/history", endpoint="restore")
def restore_version(organization_id: UUID) -> Redirect | tuple[str, int]:
    """Bring an earlier version back, as a new one."""
    session, key = get_session(), str(organization_id)
    require("restore", whose(session, key))
    text = request.form.get("restore", "")
    decision = decision_of()
    if not decision.reason:
        problem = gettext("Nothing was brought back, because the reason is missing. Write why.")
        return _page(session, key, problem, "restore-reason"), 422
    try:
        restore(session, key, int(text) if text.isdecimal() and len(text) < 10 else 0, decision)
    except (ChangedMeanwhileError, StaleDataError):
        session.rollback()
        return _page(session, key, gettext(MEANWHILE)), 409
    except NotAcceptedError as error:
        session.rollback()
        why = own_words(" ".join(problem.message for problem in error.problems))
        return _page(session, key, gettext("Nothing was brought back. %(why)s", why=why)), 422
    session.commit()
    flash(gettext("Version %(number)s is the newest again.", number=text))
    return redirect(url_for("history.show", organization_id=key), 303)


def _allowed(session: Session, key: str) -> None:
    """Whoever has no history of this record to see gets the same answer as for one that is not there."""
    require("history", whose(session, key))
    session.scalars(select(Revision.id).where(Revision.organization_id == key).limit(1)).one()


def _page(session: Session, key: str, problem: str | None = None, problem_at: str = "") -> str:
    versions = versions_of(session, key)
    newest = versions[0].revision
    there = session.get(Organization, key) is not None
    name = newest.document.get("name")
    said = name or gettext(NO_NAME)
    # Whoever left the reason out goes on with the version that they chose.
    text = request.values.get("version") or request.form.get("restore", "")
    chosen = next((one for one in versions if str(one.revision.number) == text), None)
    shown = _chosen(chosen, newest) if chosen else None
    return render_template(
        "history/show.html",
        organisation={"id": key, "title": said, "name": own_words(name) or said, "is_there": there},
        versions=[_version(one) for one in versions],
        newest=newest.number,
        chosen=shown,
        may_restore=may(current_actor(), "restore", whose(session, key)),
        csv_href=url_for("history.csv_file", organization_id=key),
        merges=_merges(session, key),
        problem=problem,
        problem_at=problem_at if shown and shown["differences"] else "",
    )


def _merges(session: Session, key: str) -> list[dict[str, Any]]:
    """The merges of a record, each with a link for those who may join records."""
    rows = [merge_row(item) for item in merges_about(session, key)]
    sees = may(current_actor(), "merge", whose(session, key))
    return [row if sees else {**row, "href": None} for row in rows]


def _version(one: Version) -> dict[str, Any]:
    revision = one.revision
    return {
        "number": revision.number,
        "on": moment_text(revision.accepted_at),
        "by": _by(one),
        "origin": own_words(", ".join(text for text in (one.source, one.file_name) if text)),
        "reason": kept_words(revision.reason.rstrip(".")),
        "differences": [difference_values(change) for change in one.differences],
        "href": url_for("history.show", organization_id=revision.organization_id, version=revision.number),
    }


def _by(one: Version) -> str:
    """Who accepted a version: by name, or by address for those who review, who know each other's."""
    if one.email is None:
        return gettext("An import") if one.revision.run_id else gettext("Not recorded")
    if one.name:
        return typed_words(one.name)
    reviews = may(current_actor(), "review")
    return left_to_right(one.email) if reviews else gettext("Somebody with an account")


def _chosen(one: Version, newest: Revision) -> dict[str, Any]:
    """An earlier version, and what bringing it back would change."""
    changes = differences(newest.document, one.revision.document)
    return {
        "number": one.revision.number,
        "on": moment_text(one.revision.accepted_at),
        "differences": [difference_values(change) for change in changes],
        "is_newest": one.revision.number == newest.number,
    }


def _csv_row(one: Version, change: Difference | None) -> dict[str, Any]:
    revision = one.revision
    row = {
        "version": revision.number,
        "accepted": revision.accepted_at.isoformat(timespec="seconds"),
        "by": _by(one),
        "source": one.source,
        "file": one.file_name,
        "reason": revision.reason,
    }
    if change is None:
        return row
    return row | {
        "about": change.about,
        "fact": change.label,
        "kind": change.kind,
        "before": "; ".join(change.before),
        "after": "; ".join(change.after),
        "withheld": "yes" if change.protected else "no",
    }
