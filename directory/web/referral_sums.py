"""What became of referrals: the sums of all navigators by quarter, and one's own counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.permissions import may
from directory.coverage.demand import LEAST
from directory.db import get_session
from directory.languages import gettext, say_month
from directory.models import PublishedService
from directory.referrals.count import MONTHS_OPEN, OUTCOMES, own_counts
from directory.referrals.sums import ALL, QUARTER, Sum, quarters, sums
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.coverage_files import table_response
from directory.web.referrals import rule
from directory.web.reviewing import private
from directory.web.signing_in import current_actor

blueprint = Blueprint("referral_sums", __name__)
ROWS_SHOWN = 100


@blueprint.get("/referrals")
def index() -> str:
    """What became of referrals: one's own counts, and those of all navigators by quarter."""
    session, found = get_session(), _chosen_quarter()
    told = _rows(session, found["sums"])
    own = _own_rows(session)
    return render_template(
        "referrals/index.html",
        quarter=found["first"],
        quarters=[(one.isoformat(), _quarter_words(one)) for one in found["choices"]],
        words=_quarter_words(found["first"]) if found["first"] else None,
        totals=[row for row in told if row["is_all"]],
        rows=[row for row in told if not row["is_all"]][:ROWS_SHOWN],
        more=max(0, sum(not row["is_all"] for row in told) - ROWS_SHOWN),
        exports=_exports(("csv_file", "xlsx_file"), quarter=found["first"]),
        own=own[:ROWS_SHOWN],
        own_exports=_exports(("own_csv", "own_xlsx")),
        counts=may(current_actor(), "count referrals"),
        least=LEAST,
        open_months=MONTHS_OPEN + 1,
        rule=rule(),
    )


@blueprint.get("/referrals.csv")
def csv_file() -> Response:
    """The counts of all navigators in a quarter, as a table."""
    return _file("csv")


@blueprint.get("/referrals.xlsx")
def xlsx_file() -> Response:
    """The same as a spreadsheet, with a sheet of notes."""
    return _file("xlsx")


@blueprint.get("/referrals/own.csv")
def own_csv() -> Response:
    """One's own counts, as a table."""
    return _own_file("csv")


@blueprint.get("/referrals/own.xlsx")
def own_xlsx() -> Response:
    """The same as a spreadsheet, with a sheet of notes."""
    return _own_file("xlsx")


def _chosen_quarter() -> dict[str, Any]:
    """The quarters that can be told, the one that was chosen or the newest, and its counts."""
    session, asked = get_session(), clean_arguments().get("quarter", "")
    choices = quarters(session, today())
    first = next((one for one in choices if one.isoformat() == asked), choices[0] if choices else None)
    found = sums(session, first, current_user.id) if first else []
    return {"choices": choices, "first": first, "sums": found}


def _rows(session: Session, found: Sequence[Sum]) -> list[dict[str, Any]]:
    """The sums with the names of their services, in the order of these."""
    names = _names(session, {one.service_id for one in found} - {ALL})
    rows = []
    for one in found:
        is_all = one.service_id == ALL
        name, organisation, fictional = (
            (gettext("All services"), None, False) if is_all else names[one.service_id]
        )
        rows.append(
            {
                "is_all": is_all,
                "service_id": None if is_all else one.service_id,
                "service": name,
                "organisation": organisation,
                "fictional": fictional,
                "href": None if is_all else url_for("services.show", service_id=one.service_id),
                "outcome": gettext(OUTCOMES[one.outcome]),
                "referrals": one.referrals,
                "more": one.more,
            }
        )
    # The sort is stable: outcomes stay in their order.
    return sorted(
        rows, key=lambda row: (not row["is_all"], row["service"].casefold(), row["service_id"] or "")
    )


def _own_rows(session: Session) -> list[dict[str, Any]]:
    counts = own_counts(session, current_user.id)
    names = _names(session, {one.service_id for one in counts})
    return [
        {
            "month": one.month.isoformat(),
            "month_words": say_month(one.month),
            "service_id": one.service_id,
            "service": names[one.service_id][0],
            "organisation": names[one.service_id][1],
            "fictional": names[one.service_id][2],
            "href": url_for("referrals.show", service_id=one.service_id),
            "outcome": gettext(OUTCOMES[one.outcome]),
            "referrals": one.referrals,
        }
        for one in counts
        if one.service_id in names
    ]


def _names(session: Session, service_ids: set[str]) -> dict[str, tuple[str, str, bool]]:
    columns = (PublishedService.name, PublishedService.organization_name, PublishedService.fictional)
    query = select(PublishedService.service_id, *columns).where(PublishedService.service_id.in_(service_ids))
    return {key: (name, organisation, made_up) for key, name, organisation, made_up in session.execute(query)}


def _file(kind: str) -> Response:
    found = _chosen_quarter()
    rows = _rows(get_session(), found["sums"])
    first: date | None = found["first"]
    span = {"from": first.isoformat(), "before": (first + QUARTER).isoformat()} if first else {}
    keys = ("service_id", "service", "organisation", "outcome", "referrals")
    told = [
        {**span, **{key: row[key] for key in keys}, "not_all": "yes" if row["more"] else None} for row in rows
    ]
    notes = [
        ("Referrals", "Each is counted once, in the month in which it was made, by what has become of it"),
        ("Empty", f"Fewer than {LEAST} that others counted, or a number from which such a one could be told"),
        ("Not all", "The figure leaves such counts out"),
    ]
    made_up = any(row["fictional"] for row in rows)
    return private(table_response(kind, "referrals", told, notes, fictional=made_up))


def _own_file(kind: str) -> Response:
    rows = _own_rows(get_session())
    keys = ("month", "service_id", "service", "organisation", "outcome", "referrals")
    told = [{key: row[key] for key in keys} for row in rows]
    notes = [
        ("Referrals", "What you counted yourself. Small counts are for nobody else: do not pass them on")
    ]
    made_up = any(row["fictional"] for row in rows)
    return private(table_response(kind, "my-referrals", told, notes, fictional=made_up))


def _exports(names: tuple[str, str], quarter: date | None = None) -> dict[str, str]:
    asked = quarter.isoformat() if quarter else None
    return {
        kind: url_for(f"referral_sums.{name}", quarter=asked)
        for kind, name in zip(("csv", "xlsx"), names, strict=True)
    }


def _quarter_words(first: date) -> str:
    last = say_month(first + QUARTER - date.resolution)
    return gettext("%(first)s to %(last)s", first=say_month(first, year=False), last=last)
