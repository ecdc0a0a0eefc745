"""The audit log, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, url_for
from sqlalchemy import Select, func, select

from directory.audit import problems
from directory.db import get_session
from directory.languages import gettext
from directory.models import Account, AuditEntry
from directory.web.access import require
from directory.web.asking import clean_arguments
from directory.web.exports import csv_response
from directory.web.match_words import page_number
from directory.web.review_words import moment_text, said_of
from directory.web.reviewing import private

blueprint = Blueprint("audit", __name__)
PER_PAGE = 100
CSV_COLUMNS = ("number", "at", "by", "action", "entity", "entity_id", "detail", "hash")


@blueprint.get("/audit")
def index() -> str:
    """Who did what, line by line, the newest first; and whether the log is whole."""
    require("audit")
    session, chosen = get_session(), _chosen()
    total = session.scalar(select(func.count()).select_from(_lines(chosen).subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = page_number(chosen["page"], pages)
    query = _lines(chosen).order_by(AuditEntry.number.desc())
    lines = session.execute(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value and name != "page"}

    def href(number: int) -> str | None:
        return url_for("audit.index", **kept, page=number) if 1 <= number <= pages else None

    shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    return render_template(
        "audit/index.html",
        rows=[_row(entry, name, email) for entry, name, email in lines],
        total=total,
        chosen=chosen,
        actions=session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all(),
        faults=list(problems(session)) if page == 1 else [],
        csv_href=url_for("audit.csv_file", **kept),
        pagination={
            "page": page,
            "pages": pages,
            "links": [{"page": number, "href": href(number), "current": number == page} for number in shown],
            "previous_href": href(page - 1),
            "next_href": href(page + 1),
        },
    )


@blueprint.get("/audit.csv")
def csv_file() -> Response:
    """The audit log as a table."""
    require("audit")
    lines = get_session().execute(_lines(_chosen()).order_by(AuditEntry.number))
    rows = [_row(entry, name, email) | {"at": entry.at.isoformat()} for entry, name, email in lines]
    return private(csv_response(rows, CSV_COLUMNS, "audit"))


def _chosen() -> dict[str, str]:
    arguments = clean_arguments()
    return {name: arguments.get(name, "") for name in ("action", "about", "page")}


def _lines(chosen: dict[str, str]) -> Select[AuditEntry, str, str]:
    query = select(AuditEntry, Account.name, Account.email).outerjoin(
        Account, Account.id == AuditEntry.actor_id
    )
    if chosen["action"]:
        query = query.where(AuditEntry.action == chosen["action"])
    if chosen["about"]:
        query = query.where(AuditEntry.entity_id == chosen["about"])
    return query


def _row(entry: AuditEntry, name: str | None, email: str | None) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": moment_text(entry.at),
        "by": said_of(name, email) if email else gettext("A command, or nobody signed in"),
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "detail": ", ".join(f"{key}: {value}" for key, value in sorted(entry.detail.items())),
        "hash": entry.hash,
    }
