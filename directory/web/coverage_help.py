"""What would help most: the best place for one more service, or for several, and the best hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from flask import Blueprint, Response, abort, render_template, url_for
from sqlalchemy.orm import Session

from directory.coverage.additions import (
    LONGEST_SECONDS,
    Ask,
    Ground,
    best_of_each_kind,
    best_places,
    counts_by_kind,
    lay_ground,
    newly_reached,
)
from directory.coverage.areas import CoverageError
from directory.coverage.room import KINDS
from directory.coverage.sentences import asked_words
from directory.coverage.sessions_week import SESSIONS, best_session, session_table
from directory.coverage.travel_words import travel_words
from directory.db import get_session
from directory.languages import gettext
from directory.remembering import remember_coverage
from directory.web.clock import today
from directory.web.coverage import cannot
from directory.web.coverage_answer import Answered, answer, file_notes, is_fictional
from directory.web.coverage_files import table_response
from directory.web.coverage_form import form_choices
from directory.web.coverage_help_asking import HelpAsked, help_choices, read_help_question
from directory.web.coverage_help_words import (
    addition_rows,
    best_words,
    bound_words,
    hour_grid,
    hour_rows,
    kind_rows,
    place_words,
)
from directory.web.coverage_map import coloured, coverage_page_map, map_table
from geodata.crs import BNG
from geodata.siting import Additions

blueprint = Blueprint("coverage_help", __name__)
blueprint.register_error_handler(CoverageError, cannot)


@dataclass(frozen=True)
class Helped:
    """The answer: where to add, what each place adds, the best of each kind of help, the hours."""

    wanted: HelpAsked
    found: Answered
    ground: Ground
    best: Additions | None
    people: list[tuple[float, float]]
    kinds: pd.DataFrame
    hours: pd.DataFrame


def work_out_help(session: Session, wanted: HelpAsked) -> Helped:
    """Answer what would help most."""
    found = answer(session, replace(wanted.asked, level="lsoa"), wanted.ground)
    query, base = found.asked.query, found.coverage.base
    ask = Ask(query, wanted.kinds, wanted.worth, wanted.number, wanted.scope)
    settings = (*found.coverage.key, wanted.place, wanted.kinds, wanted.worth, wanted.number)

    def work_out() -> tuple[Ground, Additions | None, list[tuple[float, float]], pd.DataFrame]:
        ground = lay_ground(session, base, ask)
        known, possible = found.coverage.reached.known, found.coverage.reached.possible
        best = best_places(ground, known, ask)
        people = [
            (
                newly_reached(ground, best.chosen[:n], known, query.enough),
                newly_reached(ground, best.chosen[:n], possible, query.enough),
            )
            for n in range(1, len(best.chosen) + 1)
        ] if best else []  # fmt: skip
        counts = counts_by_kind(session, base, replace(query, category=None))
        return ground, best, people, best_of_each_kind(ground, counts, wanted.category_codes, query.enough)

    ground, best, people, kinds = remember_coverage(session, ("help", *settings), work_out)
    return Helped(wanted, found, ground, best, people, kinds, _hours(session, found, ground, best, settings))


def _hours(
    session: Session, found: Answered, ground: Ground, best: Additions | None, settings: tuple[object, ...]
) -> pd.DataFrame:
    """The sessions of the week at the best place, for a question that names no time itself."""
    if best is None or not len(best.chosen) or found.asked.query.when.kind != "any":
        return pd.DataFrame()
    near = np.diff(ground.covers[:, best.chosen[:1]].indptr) > 0
    coverage = found.coverage
    return remember_coverage(
        session,
        ("hours", *settings, today()),
        lambda: session_table(
            coverage.candidates,
            coverage.reached,
            np.where(near, ground.people, 0),
            np.where(near, ground.worth, 0),
            today(),
        ),
    )


@blueprint.get("/coverage/help")
def show() -> str:
    """Where one more service, or several, would help most."""
    session = get_session()
    helped = work_out_help(session, read_help_question(session))
    wanted, found = helped.wanted, helped.found
    asked = found.asked
    shaded = replace(found, table=map_table(found.coverage, found.table, "lsoa"))
    shades = coloured(shaded.table, asked.show)
    session_best = best_session(helped.hours) if len(helped.hours) else None
    return render_template(
        "coverage/help.html",
        form=form_choices(asked) | help_choices(wanted),
        problems=[*asked.problems, *wanted.problems],
        question=asked_words(asked.query, asked.names, today()),
        travel=travel_words(asked.query.travel),
        scope=place_words(wanted),
        sentence=best_words(helped, session_best),
        bound=bound_words(helped.best, LONGEST_SECONDS) if helped.best else None,
        map=coverage_page_map(session, shaded, shades, wanted.slug, _marked(helped)),
        legend=shades,
        additions=addition_rows(helped),
        kinds=kind_rows(helped),
        hours=hour_grid(helped.hours),
        sessions=[gettext(hours) for hours in SESSIONS],
        exports={
            table: {kind: wanted.href("coverage_help.table_file", table=table, kind=kind) for kind in FILES}
            for table in TABLES
        },
        coverage_href=asked.href("coverage.index"),
    )


def _marked(helped: Helped) -> gpd.GeoDataFrame:
    """A circle round each chosen place: what would be in its reach."""
    chosen = helped.ground.rooms.iloc[helped.best.chosen if helped.best else []]
    points = gpd.GeoSeries(gpd.points_from_xy(chosen["easting"], chosen["northing"]), crs=BNG)
    names = [f"Place {number}" for number in range(1, len(chosen) + 1)]
    circles = points.buffer(helped.found.asked.query.within_metres)
    facts = {"slug": names, "name": names, "href": [url_for("coverage_help.show")] * len(names)}
    return gpd.GeoDataFrame(facts, geometry=circles.to_numpy(), crs=BNG)


FILES = ("csv", "xlsx")
TABLES: Mapping[str, Callable[[Helped], list[dict[str, Any]]]] = {
    "places": addition_rows,
    "kinds": kind_rows,
    "hours": lambda helped: hour_rows(helped.hours),
}


@blueprint.get("/coverage/help/<table>.<kind>")
def table_file(table: str, kind: str) -> Response:
    """One of the tables of the page: the places, the kinds of help or the hours."""
    if table not in TABLES or kind not in FILES:
        abort(404)
    session = get_session()
    helped = work_out_help(session, read_help_question(session))
    rows: list[dict[str, Any]] = [
        {name: value for name, value in row.items() if not name.endswith("href")}
        for row in TABLES[table](helped)
    ]
    wanted = helped.wanted
    notes = [
        ("For", place_words(wanted)),
        ("Places that could be chosen", KINDS[wanted.kinds]),
        *([("Bound", bound_words(helped.best, LONGEST_SECONDS))] if helped.best else []),
        *file_notes(helped.found),
    ]
    fictional = is_fictional(helped.found.coverage)
    return table_response(kind, f"help-{table}", rows, notes, fictional=fictional)
