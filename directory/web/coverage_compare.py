"""Two questions side by side: two sites, two kinds of help, or two times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.areas import CoverageError
from directory.coverage.from_sites import SITE_CODE, SiteGround, read_sites
from directory.coverage.levels import level_table
from directory.coverage.sentences import asked_words, reason_words
from directory.coverage.spread import covered_people
from directory.coverage.travel_words import travel_words
from directory.db import get_session
from directory.languages import N_, gettext, own_words
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.coverage import cannot
from directory.web.coverage_answer import Answered, answer, file_notes, is_fictional
from directory.web.coverage_asking import CoverageAsked, read_coverage_question
from directory.web.coverage_files import table_response
from directory.web.coverage_form import form_choices
from directory.web.coverage_map import Coloured, coloured, coverage_page_map, map_table
from directory.web.coverage_tables import between, metres_between, percent_between, records_of

blueprint = Blueprint("coverage_compare", __name__)
blueprint.register_error_handler(CoverageError, cannot)
OTHER = "with_"
MAY_DIFFER = ("category", "site", "when", "day", "date", "from", "to")
EVERYWHERE = N_("All areas")


@dataclass(frozen=True)
class Side:
    """One of the two questions: the place it is about, and its answer."""

    slug: str
    place: str
    found: Answered
    row: dict[str, Any]
    words: str


def _sides(session: Session) -> tuple[Side, Side]:
    args = clean_arguments()
    plain = [(name, value) for name, value in args.items(multi=True) if not name.startswith(OTHER)]
    other = {name.removeprefix(OTHER): value for name, value in args.items() if name.startswith(OTHER)}
    second = [(n, v) for n, v in plain if n not in other] + list(other.items())
    ground = read_sites(session, today())
    asked = read_coverage_question(session, MultiDict(plain))
    other_asked = read_coverage_question(session, MultiDict(second), asked)
    return (
        _side(session, asked, args.get("site", ""), ground),
        _side(session, other_asked, MultiDict(second).get("site", ""), ground),
    )


def _side(session: Session, question: CoverageAsked, site: str, ground: SiteGround) -> Side:
    asked = replace(question, level="lsoa")
    names = {site.slug: site.name for site in ground.sites}
    slug = site if site in names else ""
    found = answer(session, asked, ground)
    place = own_words(names[slug]) if slug else gettext(EVERYWHERE)
    said = asked_words(asked.query, asked.names, today())
    words = gettext("%(place)s. %(question)s", place=place, question=said)
    return Side(slug, place, found, _row(session, found, slug), words)


def _row(session: Session, found: Answered, slug: str) -> dict[str, Any]:
    if slug:
        table = level_table(session, found.coverage, "site", found.ground)
        return records_of(table[table["code"].eq(SITE_CODE + slug)])[0]
    table = found.table
    people = covered_people(table)
    weights = table["people"].fillna(0)
    row: dict[str, Any] = {name: _mean(table[name], weights) for name in MEANS}
    for which in ("known", "possible"):
        row |= {
            f"share_covered_{which}": people[which] / people["people"],
            f"gap_{which}": table[f"gap_{which}"].sum(),
        }
    return row | {"people": people["people"], "reason": None}


def _mean(values: pd.Series, weights: pd.Series) -> float:
    some = values.notna() & weights.gt(0)
    total = weights[some].sum()
    return float((values[some] * weights[some]).sum() / total) if total else float("nan")


MEANS = tuple(
    f"{name}_{which}"
    for name in ("providers", "nearest_metres", "second_metres", "two_step")
    for which in ("known", "possible")
)


def comparison_rows(sides: tuple[Side, Side]) -> list[list[str | None]]:
    """The same figures of both sides."""
    rows: list[list[str | None]] = [
        [gettext("Kind of help"), *(side.found.asked.category_words for side in sides)]
    ]
    figures: dict[str, Callable[[dict[str, Any]], str | None]] = {
        gettext("People"): lambda row: f"{row['people']:,.0f}",
        gettext("People covered"): lambda row: percent_between(row, "share_covered"),
        gettext("Services in reach"): lambda row: between(row, "providers"),
        gettext("Nearest"): lambda row: metres_between(row, "nearest_metres"),
        gettext("Second nearest"): lambda row: metres_between(row, "second_metres"),
        gettext("Services for 1,000 people"): lambda row: between(row, "two_step"),
        gettext("Need not met"): lambda row: between(row, "gap"),
        gettext("Why"): lambda row: None if row["reason"] is None else reason_words(row["reason"]),
    }
    return [*rows, *([name, *(figure(side.row) for side in sides)] for name, figure in figures.items())]


@blueprint.get("/coverage/compare")
def show() -> str:
    """Two sites, two kinds of help or two times side by side."""
    session = get_session()
    sides = _sides(session)
    first, second = sides
    drawn = drawn_side_by_side(session, (first.found, second.found), (first.slug, second.slug))
    problems = dict.fromkeys([*first.found.asked.problems, *second.found.asked.problems])
    return render_template(
        "coverage/compare.html",
        sides=[
            {"title": title, "words": side.words, "map": part}
            for title, side, part in zip(_titles(sides), sides, drawn.maps, strict=True)
        ],
        rows=comparison_rows(sides),
        travel=travel_words(first.found.asked.query.travel),
        head=[gettext("Figure"), *_titles(sides)],
        forms=[form_choices(side.found.asked) for side in sides],
        places=[
            ("", gettext(EVERYWHERE)),
            *((site.slug, own_words(site.name)) for site in first.found.ground.sites),
        ],
        chosen=[side.slug for side in sides],
        map=drawn.together,
        legend=drawn.legend,
        problems=list(problems),
        exports=_exports(first.found.asked),
    )


@dataclass(frozen=True)
class Drawn:
    """Two maps with the same classes, what the page needs for both, and what the classes mean."""

    maps: list[dict[str, Any]]
    together: dict[str, Any]
    legend: Coloured


def drawn_side_by_side(session: Session, pair: tuple[Answered, Answered], fits: tuple[str, str]) -> Drawn:
    """Draw two answers for small areas so that the same colour means the same on both maps."""
    tables = [map_table(found.coverage, found.table, "lsoa") for found in pair]
    both = coloured(pd.concat(tables, ignore_index=True), pair[0].asked.show)
    middle = len(tables[0])
    shades = [replace(both, colours=both.colours[:middle]), replace(both, colours=both.colours[middle:])]
    maps = [
        coverage_page_map(session, replace(found, table=table), shade, fit)
        for found, table, shade, fit in zip(pair, tables, shades, fits, strict=True)
    ]
    return Drawn(maps, _together(maps), both)


def _titles(sides: tuple[Side, Side]) -> list[str]:
    """What tells the two sides apart, in a few words."""
    first, second = sides
    if first.place != second.place:
        return [first.place, second.place]
    names = [side.found.asked.category_words for side in sides]
    return names if names[0] != names[1] else [gettext("First"), gettext("Second")]


def _together(maps: list[dict[str, Any]]) -> dict[str, Any]:
    """What a page with two maps needs in its head and at its end."""
    return {
        "css_hrefs": maps[0]["css_hrefs"],
        "js_hrefs": maps[0]["js_hrefs"],
        "fetched_hrefs": maps[0]["fetched_hrefs"],
        "data": [block for part in maps for block in part["data"]],
        "styles": "\n".join(part["styles"] for part in maps),
        "script": "\n".join(part["script"] for part in maps),
    }


def _exports(asked: CoverageAsked) -> dict[str, str]:
    given = clean_arguments().to_dict(flat=False)
    return {kind: asked.href(f"coverage_compare.{kind}_file", **given) for kind in ("csv", "xlsx")}


@blueprint.get("/coverage/compare.csv")
def csv_file() -> Response:
    """The comparison as a table."""
    return _file("csv")


@blueprint.get("/coverage/compare.xlsx")
def xlsx_file() -> Response:
    """The comparison as a spreadsheet, with a sheet of notes."""
    return _file("xlsx")


def _file(kind: str) -> Response:
    sides = _sides(get_session())
    rows = [{"figure": name, "first": a, "second": b} for name, a, b in comparison_rows(sides)]
    words = [("First", sides[0].words), ("Second", sides[1].words)]
    fictional = any(is_fictional(side.found.coverage) for side in sides)
    return table_response(kind, "compare", rows, [*words, *file_notes(sides[0].found)], fictional=fictional)
