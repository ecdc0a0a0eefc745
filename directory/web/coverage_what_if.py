"""What if: an organisation closes, moves or opens longer, or a site's extent changes. Before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from flask import Blueprint, Response, abort, render_template
from sqlalchemy.orm import Session

from directory.coverage.areas import CoverageError
from directory.coverage.levels import level_table
from directory.coverage.sentences import asked_words
from directory.coverage.spread import covered_people
from directory.coverage.travel_words import travel_words
from directory.coverage.what_if import Change, changed_coverage, changed_ground
from directory.db import get_session
from directory.languages import N_, gettext, own_words
from directory.web.clock import today
from directory.web.coverage import cannot
from directory.web.coverage_answer import Answered, answer, file_notes, is_fictional
from directory.web.coverage_compare import drawn_side_by_side
from directory.web.coverage_files import table_response
from directory.web.coverage_form import form_choices
from directory.web.coverage_tables import between, metres_between, percent_between, records_of
from directory.web.coverage_what_if_asking import WhatIfAsked, read_what_if, what_if_choices

blueprint = Blueprint("coverage_what_if", __name__)
blueprint.register_error_handler(CoverageError, cannot)
ROWS_SHOWN = 25
NOTHING = Change("")


@dataclass(frozen=True)
class BeforeAfter:
    """The same question twice: as the record is, and as if the change had been made."""

    wanted: WhatIfAsked
    before: Answered
    after: Answered
    sites: tuple[pd.DataFrame, pd.DataFrame]


def _work_out(session: Session) -> BeforeAfter:
    wanted = read_what_if(session)
    asked = replace(wanted.asked, level="lsoa")
    before = answer(session, asked, wanted.ground)
    change = wanted.change or NOTHING
    coverage, ground = before.coverage, wanted.ground
    if wanted.change is not None:
        coverage, ground = changed_coverage(session, coverage, change), changed_ground(ground, change)
    after = Answered(asked, coverage, level_table(session, coverage, "lsoa"), ground)
    sites = [level_table(session, side.coverage, "site", side.ground) for side in (before, after)]
    return BeforeAfter(wanted, before, after, (sites[0], sites[1]))


@blueprint.get("/coverage/what-if")
def show() -> str:
    """Before and after a change that nobody has made."""
    session = get_session()
    found = _work_out(session)
    wanted, asked = found.wanted, found.before.asked
    drawn = drawn_side_by_side(session, (found.before, found.after), (wanted.fit, wanted.fit))
    areas = area_rows(found)
    return render_template(
        "coverage/what_if.html",
        form=form_choices(asked) | what_if_choices(wanted, found.before.coverage.candidates),
        problems=[*asked.problems, *wanted.problems],
        question=asked_words(asked.query, asked.names, today()),
        travel=travel_words(asked.query.travel),
        changed=wanted.words,
        sides=[
            {"title": title, "map": part}
            for title, part in zip((gettext("Before"), gettext("After")), drawn.maps, strict=True)
        ],
        figures=figure_rows(found),
        sites=site_rows(found),
        areas=areas[:ROWS_SHOWN],
        more=max(len(areas) - ROWS_SHOWN, 0),
        map=drawn.together,
        legend=drawn.legend,
        exports={
            table: {
                kind: wanted.href("coverage_what_if.table_file", table=table, kind=kind) for kind in FILES
            }
            for table in TABLES
        },
        coverage_href=asked.href("coverage.index"),
    )


def figure_rows(found: BeforeAfter) -> list[dict[str, Any]]:
    """The figures of all areas together, before and after."""
    sides = [_sums(side) for side in (found.before, found.after)]
    rows = []
    for name in (N_("People covered"), N_("Need not met"), N_("Small areas without")):
        low_high = [side[name] for side in sides]
        rows.append(
            {
                "figure": gettext(name),
                "before": between(low_high[0], "x"),
                "after": between(low_high[1], "x"),
                "change_known": round(low_high[1]["x_known"] - low_high[0]["x_known"]),
            }
        )
    return rows


def _sums(side: Answered) -> dict[str, dict[str, float]]:
    table, people = side.table, covered_people(side.table)
    enough = side.asked.query.enough
    return {
        "People covered": {"x_known": people["known"], "x_possible": people["possible"]},
        "Need not met": {f"x_{w}": float(table[f"gap_{w}"].sum()) for w in WHICH},
        "Small areas without": {f"x_{w}": float((table[f"providers_{w}"] < enough).sum()) for w in WHICH},
    }


WHICH = ("known", "possible")


def site_rows(found: BeforeAfter) -> list[dict[str, Any]]:
    """The figures of each site, before and after."""
    rows = []
    for old, new in zip(*(records_of(table) for table in found.sites), strict=True):
        row: dict[str, Any] = {"site": own_words(old["name"])}
        for when, side in (("before", old), ("after", new)):
            row[f"people_{when}"] = None if pd.isna(side["people"]) else f"{side['people']:,.0f}"
            row[f"in_reach_{when}"] = between(side, "providers")
            row[f"covered_{when}"] = percent_between(side, "share_covered")
            row[f"need_not_met_{when}"] = between(side, "gap")
        rows.append(row)
    return rows


def area_rows(found: BeforeAfter) -> list[dict[str, Any]]:
    """The small areas of which a figure changes, those with the greatest change in need not met first."""
    columns = ["providers_known", "providers_possible", "nearest_metres_known", "gap_known", "gap_possible"]
    old, new = found.before.table, found.after.table
    changed = (old[columns].round(3).fillna(-1) != new[columns].round(3).fillna(-1)).any(axis=1)
    order = (new["gap_known"] - old["gap_known"]).abs()[changed].sort_values(ascending=False, kind="stable")
    rows = []
    for before, after in zip(records_of(old.loc[order.index]), records_of(new.loc[order.index]), strict=True):
        row: dict[str, Any] = {
            "code": before["code"],
            "area": own_words(before["name"]),
            "people": before["people"],
        }
        for when, side in (("before", before), ("after", after)):
            row[f"in_reach_{when}"] = between(side, "providers")
            row[f"nearest_{when}"] = metres_between(side, "nearest_metres")
            row[f"need_not_met_{when}"] = between(side, "gap")
        rows.append(row)
    return rows


FILES = ("csv", "xlsx")
TABLES = {"figures": figure_rows, "sites": site_rows, "areas": area_rows}


@blueprint.get("/coverage/what-if/<table>.<kind>")
def table_file(table: str, kind: str) -> Response:
    """One of the tables of the page: all areas together, the sites, or the areas that change."""
    if table not in TABLES or kind not in FILES:
        abort(404)
    found = _work_out(get_session())
    notes = [
        ("What if", f"{found.wanted.words} Nothing of this is on record: it is a question."),
        *file_notes(found.before),
    ]
    fictional = is_fictional(found.before.coverage)
    return table_response(kind, f"what-if-{table}", TABLES[table](found), notes, fictional=fictional)
