"""The desk of a navigator: what to do today, for their own authorities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import get_session
from directory.desk import (
    WEEK,
    Patch,
    changed_records,
    dead_links,
    due_records,
    full_services,
    patch_of,
    to_ring,
)
from directory.languages import N_, gettext, left_to_right, own_words
from directory.models import Area, utc_now
from directory.web.clock import today
from directory.web.exports import csv_response
from directory.web.presenting import date_text
from directory.web.signing_in import current_actor

blueprint = Blueprint("desk", __name__)
WITHIN_METRES = 2000
# A page shows so many of each list; the file has them all.
MOST_SHOWN = 25
Row = Mapping[str, Any]


@dataclass(frozen=True)
class List:
    """One list of the desk: its words, the columns of its file and page, and where it comes from."""

    title: str
    nothing: str
    explanation: str
    columns: tuple[str, ...]
    head: tuple[str, ...]
    read: Callable[[Session, Patch], list[dict[str, Any]]]
    row: Callable[[Row], list[Any]]


LISTS: Mapping[str, List] = {
    "changed": List(
        N_("Changed this week"),
        N_("No record of your patch has changed this week."),
        N_("Records with a new version in the last seven days, the newest first."),
        ("organization_id", "organisation", "changed", "version", "source", "why"),
        (N_("Organisation"), N_("Changed"), N_("Source"), N_("Why")),
        lambda session, patch: changed_records(session, patch, _a_week_ago()),
        lambda row: [date_text(row["changed"]), own_words(row["source"]), own_words(row["why"])],
    ),
    "due": List(
        N_("Due to be checked"),
        N_("Nothing of your patch is due within four weeks."),
        N_("Records that somebody should look at by now or within four weeks, the longest due first."),
        ("organization_id", "organisation", "due", "state", "letters", "telephone"),
        (N_("Organisation"), N_("Due"), N_("State"), N_("Letters sent"), N_("Telephone")),
        lambda session, patch: due_records(session, patch, today()),
        lambda row: [
            date_text(row["due"]),
            _state_words(row),
            row["letters"],
            left_to_right(row["telephone"]),
        ],
    ),
    "ring": List(
        N_("Whom to ring"),
        N_("No gap at the priority sites of your patch hangs on a fact that is not known."),
        N_(
            "Of some kind of help no service is known within 2 km of a priority site, though one of these "
            "may be there. One call may settle it."
        ),
        ("organization_id", "organisation", "telephone", "services", "gaps", "settles"),
        (N_("Organisation"), N_("Telephone"), N_("Services"), N_("What a call would settle")),
        lambda session, patch: to_ring(session, patch, today(), WITHIN_METRES),
        lambda row: [left_to_right(row["telephone"]), own_words(row["services"]), row["settles"]],
    ),
    "full": List(
        N_("Full, by what became of referrals"),
        N_("No service of your patch reads as full."),
        N_(
            "Navigators were told that these are full. Ask whether they still are. Whoever says on the page "
            "“Is this still right?” that there is room ends it."
        ),
        ("organization_id", "organisation", "service", "since", "telephone"),
        (N_("Organisation"), N_("Service"), N_("Last full"), N_("Telephone")),
        full_services,
        lambda row: [own_words(row["service"]), date_text(row["since"]), left_to_right(row["telephone"])],
    ),
    "links": List(
        N_("Dead links"),
        N_("No web address of your patch is dead."),
        N_("Web addresses that did not answer twice."),
        ("organization_id", "organisation", "link", "since"),
        (N_("Organisation"), N_("Address"), N_("Since")),
        dead_links,
        lambda row: [own_words(row["link"]), date_text(row["since"])],
    ),
}


@blueprint.get("/desk")
def index() -> str:
    """What changed in one's patch this week, what is due, whom to ring, and which links are dead."""
    session = get_session()
    patch = _patch(session)
    return render_template(
        "desk/index.html",
        patch_name=_patch_name(session, patch),
        lists=[_shown(key, one, one.read(session, patch)) for key, one in LISTS.items()],
    )


@blueprint.get("/desk/<name>.csv")
def csv_file(name: str) -> Response:
    """One list of the desk, whole."""
    session = get_session()
    one = LISTS.get(name) or abort(404)
    rows = one.read(session, _patch(session))
    fictional = any(row["fictional"] for row in rows)
    return csv_response(rows, one.columns, f"desk-{name}", fictional=fictional)


def _patch(session: Session) -> Patch:
    actor = current_actor()
    return patch_of(session, None if "administrator" in actor.roles else actor.patches)


def _patch_name(session: Session, patch: Patch) -> str:
    if patch.codes is None:
        return gettext("All authorities")
    names = session.scalars(select(Area.name).where(Area.code.in_(patch.codes)).order_by(Area.name)).all()
    own = ", ".join(names) or ", ".join(sorted(patch.codes))
    return own_words(own) or gettext("No authority yet: ask an administrator")


def _shown(key: str, one: List, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": key,
        "title": gettext(one.title),
        "nothing": gettext(one.nothing),
        "explanation": gettext(one.explanation),
        "head": [gettext(words) for words in one.head],
        "total": len(rows),
        "rows": [_with_links(row, one, key) for row in rows[:MOST_SHOWN]],
        "csv_href": url_for("desk.csv_file", name=key),
    }


def _with_links(row: Row, one: List, key: str) -> dict[str, Any]:
    endpoint = "still_right.own" if key in ("due", "full") else "organisations.show"
    return {
        "name": own_words(row["organisation"]),
        "href": url_for(endpoint, organization_id=row["organization_id"]),
        "cells": one.row(row),
    }


def _state_words(row: Row) -> str:
    state: str = row["state"]
    return gettext(state)


def _a_week_ago() -> datetime:
    return utc_now() - WEEK
