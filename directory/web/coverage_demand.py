"""Asked for and absent: what people looked for in vain, beside need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta
from flask import Blueprint, Response, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.areas import CoverageError
from directory.coverage.demand import FEW, IN_WORDS, LEAST, NOWHERE, Demand, demand
from directory.db import get_session
from directory.languages import N_, gettext, ngettext, own_words, plain_words, term
from directory.models import Area, UnmetSearch
from directory.schedules.words import say_date
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.coverage import cannot
from directory.web.coverage_answer import Answered, answer, file_notes, is_fictional
from directory.web.coverage_asking import ANY, read_coverage_question
from directory.web.coverage_files import table_response
from directory.web.coverage_form import said, terms
from directory.web.coverage_map import Beside, Coloured, coverage_page_map, map_table
from directory.web.coverage_tables import between, records_of
from geodata.classes import fixed_classes

blueprint = Blueprint("coverage_demand", __name__)
blueprint.register_error_handler(CoverageError, cannot)
LEVELS = {"ward": N_("Wards"), "authority": N_("Local authorities")}
MONTHS = {
    "3": N_("3 months"),
    "6": N_("6 months"),
    "12": N_("12 months"),
    "24": N_("24 months"),
}
EDGES = (LEAST, 10, 25, 50, 100)
LABELS = (
    N_("Fewer than 5, or none"),
    N_("5 to 9"),
    N_("10 to 24"),
    N_("25 to 49"),
    N_("50 to 99"),
    N_("100 or more"),
)
ROWS_SHOWN = 50
COUNTED = N_("Looked for in vain")


@dataclass(frozen=True)
class Wanted:
    """The question: by which areas, of which kind of help ("" for each), over which months."""

    level: str
    category: str
    months: str
    first: date
    end: date


@dataclass(frozen=True)
class Found:
    """The counts, the coverage of the same areas, and the names of kinds of help."""

    wanted: Wanted
    answered: Answered
    counts: list[Demand]
    names: Mapping[str, str]


def _read() -> Found:
    session, args = get_session(), clean_arguments()
    level = args.get("level") if args.get("level") in LEVELS else "ward"
    months = args.get("months") if args.get("months") in MONTHS else "12"
    question = MultiDict({"category": args.get("category") or ANY, "level": str(level), "show": "need"})
    answered = answer(session, read_coverage_question(session, question))
    names = answered.asked.names["category"]
    end = today().replace(day=1)
    first = end - relativedelta(months=int(months or 12))
    wanted = Wanted(str(level), answered.asked.query.category or "", str(months), first, end)
    counts = demand(session, wanted.level, (first, end), wanted.category or None)
    return Found(wanted, answered, counts, names)


@blueprint.get("/coverage/demand")
def show() -> str:
    """What people looked for and did not find: a map, and a table beside need and what there is."""
    session, found = get_session(), _read()
    wanted, asked = found.wanted, found.answered.asked
    rows = demand_rows(session, found)
    shades, beside = _layer(found)
    whole = replace(
        found.answered, table=map_table(found.answered.coverage, found.answered.table, wanted.level)
    )
    return render_template(
        "coverage/demand.html",
        form={
            "level": wanted.level,
            "levels": said(LEVELS),
            "category": wanted.category,
            "categories": [("", gettext("Each kind of help")), *terms(found.names)],
            "months": wanted.months,
            "months_choices": said(MONTHS),
        },
        problems=asked.problems,
        first=say_date(wanted.first),
        last=say_date(wanted.end - relativedelta(days=1)),
        began=_began(session),
        few=FEW,
        least=LEAST,
        chosen=bool(wanted.category),
        rows=rows[:ROWS_SHOWN],
        more=max(len(rows) - ROWS_SHOWN, 0),
        map=coverage_page_map(session, whole, shades, beside=beside),
        legend=shades,
        exports={
            kind: url_for(
                f"coverage_demand.{kind}_file",
                level=wanted.level,
                category=wanted.category or None,
                months=wanted.months,
            )
            for kind in ("csv", "xlsx")
        },
        coverage_href=url_for("coverage.index"),
    )


@blueprint.get("/coverage/demand.csv")
def csv_file() -> Response:
    """The counts as a table."""
    return _file("csv")


@blueprint.get("/coverage/demand.xlsx")
def xlsx_file() -> Response:
    """The counts as a spreadsheet, with a sheet of notes."""
    return _file("xlsx")


def _file(kind: str) -> Response:
    found = _read()
    wanted = found.wanted
    keys = ("area_code", "area", "kind_of_help", "searches", "months_not_shown", "need")
    rows = [
        {
            "from": wanted.first.isoformat(),
            "before": wanted.end.isoformat(),
            **{key: row[key] for key in keys},
        }
        for row in demand_rows(get_session(), found)
    ]
    notes = [
        ("Searches", f"Searches that found fewer than {FEW} services; the same one of a day counts once"),
        ("Months not shown", f"Months with fewer than {LEAST} such searches that are not in the figure"),
        *file_notes(found.answered),
    ]
    made_up = is_fictional(found.answered.coverage)
    return table_response(kind, "looked-for-in-vain", rows, notes, fictional=made_up)


def demand_rows(session: Session, found: Found) -> list[dict[str, Any]]:
    """Each area and kind of help with its count, beside need and what is in reach there."""
    table = {row["code"]: row for row in records_of(found.answered.table)}
    codes = {item.area_code for item in found.counts}
    areas = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)))
    names = {area.code: area.name for area in areas}
    rows = []
    for item in found.counts:
        figures = table.get(item.area_code)
        need = figures["need"] if figures and not pd.isna(figures["need"]) else None
        rows.append(
            {
                "area_code": item.area_code,
                "area": gettext("No place was named")
                if item.area_code == NOWHERE
                else own_words(names.get(item.area_code)),
                "kind_of_help": _kind(found, item.category),
                "searches": item.searches or None,
                "months_not_shown": item.hidden,
                "need": None if need is None else round(need, 2),
                "in_reach": between(figures, "providers") if figures else None,
                "gap": between(figures, "gap") if figures else None,
                "href": _href(found, item),
            }
        )
    return rows


def _kind(found: Found, code: str) -> str:
    return gettext("In words alone") if code == IN_WORDS else term(found.names.get(code, code))


def _href(found: Found, item: Demand) -> str:
    if item.area_code == NOWHERE:
        return url_for("search.results", category=item.category or None)
    return url_for("coverage.area", code=item.area_code, category=item.category or ANY)


def _searches(count: float) -> str:
    if not count:
        return gettext(LABELS[0])
    return plain_words(ngettext("%(number)s search", "%(number)s searches", int(count)))


def _layer(found: Found) -> tuple[Coloured, Beside]:
    """The areas in classes by their counts, which no need and no supply goes into."""
    totals = pd.Series({item.area_code: 0 for item in found.counts}, dtype=float)
    for item in found.counts:
        totals[item.area_code] += item.searches
    values = found.answered.table["code"].map(totals).fillna(0.0)
    place = fixed_classes(EDGES).of(values.to_numpy())
    rows = [
        {"colour": shade, "label": gettext(label), "areas": int((place == shade).sum())}
        for shade, label in enumerate(LABELS)
    ]
    need = found.answered.table["need"]
    facts = {
        gettext(COUNTED): values.map(_searches),
        gettext("Need, from 0 to 1"): need.map(
            lambda value: gettext("Not known") if pd.isna(value) else f"{value:.2f}"
        ),
    }
    colours = np.asarray(place, dtype=np.intp)
    return Coloured(colours, rows, gettext("Classes of fixed size.")), Beside(COUNTED, facts)


def _began(session: Session) -> str | None:
    """Since when searches are counted here, as far as the counts say."""
    first = session.scalar(select(UnmetSearch.month).order_by(UnmetSearch.month).limit(1))
    return say_date(first) if first else None
