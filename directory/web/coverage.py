"""Coverage against need: the map, the ranked list, the reasons, and files of them."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import shapely
from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy.orm import Session

from directory.coverage.areas import CoverageError, areas_version, shown_areas
from directory.coverage.candidates import lacking
from directory.coverage.levels import ranked
from directory.coverage.question import LEVELS
from directory.coverage.sentences import asked_words
from directory.coverage.spread import covered_people, spread_of
from directory.coverage.travel_words import travel_words
from directory.db import get_session
from directory.languages import gettext, ngettext, own_words, spoken
from directory.remembering import remember_coverage
from directory.web.clock import today
from directory.web.coverage_answer import Answered, answer, file_notes, is_fictional
from directory.web.coverage_files import geopackage_response, table_response
from directory.web.coverage_form import form_choices
from directory.web.coverage_map import coloured, coverage_page_map, map_table
from directory.web.coverage_tables import file_rows
from directory.web.coverage_words import page_rows, reason_table, spread_table, summary_words
from directory.web.exports import geojson_response
from geodata.choropleth import packed_outlines
from geodata.crs import to_wgs84

blueprint = Blueprint("coverage", __name__)
ROWS_SHOWN = 25
A_YEAR = "public, max-age=31536000, immutable"


@blueprint.errorhandler(CoverageError)
def cannot(error: CoverageError) -> tuple[str, int]:
    """A page that says what is missing and how to load it."""
    wants_file = "." in request.path.rpartition("/")[2]
    return render_template("coverage/cannot.html", message=error.args[0]), 404 if wants_file else 200


@blueprint.get("/coverage")
def index() -> str:
    """Where provision falls short of need: a map, a ranked list, and why."""
    session = get_session()
    found = answer(session)
    asked, table = found.asked, found.table
    level = "lsoa" if asked.level == "site" else asked.level
    whole = found if level == asked.level else answer(session, replace(asked, level=level), found.ground)
    whole = replace(whole, table=map_table(found.coverage, whole.table, level))
    key = ("shades", spoken().code, level, asked.show, *found.coverage.key)
    shades = remember_coverage(session, key, lambda: coloured(whole.table, asked.show))
    spread = ("spread", spoken().code, *found.coverage.key)
    sites = tuple(site.id for site in found.ground.sites)  # those of the day
    drawn = ("map", spoken().code, asked.href("coverage.index"), sites, *found.coverage.key)
    order = ranked(table)
    shown = order if request.args.get("rows") == "all" else order.head(ROWS_SHOWN)
    return render_template(
        "coverage/index.html",
        form=form_choices(asked),
        problems=[*asked.problems, *_cautions(found)],
        question=asked_words(asked.query, asked.names, today()),
        travel=travel_words(asked.query.travel),
        summary=summary_words(covered_people(found.coverage.table), found.coverage, asked),
        map=remember_coverage(session, drawn, lambda: coverage_page_map(session, whole, shades)),
        legend=shades,
        rows=page_rows(shown, asked),
        areas=len(order),
        all_href=asked.href("coverage.index", rows="all") if len(shown) < len(order) else None,
        reasons=reason_table(found.coverage.table),
        spread=spread_table(remember_coverage(session, spread, lambda: spread_of(found.coverage))),
        lacking=lacking(found.coverage.candidates, asked.query),
        exports={kind: asked.href(f"coverage.{kind}_file") for kind in ("csv", "xlsx", "geojson", "gpkg")},
        compare_href=asked.href("coverage_compare.show"),
        demand_href=url_for("coverage_demand.show", category=asked.query.category),
        help_href=asked.href("coverage_help.show"),
        what_if_href=asked.href("coverage_what_if.show"),
    )


def _cautions(found: Answered) -> list[str]:
    """What a reader must know before believing the figures."""
    candidates, query = found.coverage.candidates, found.asked.query
    said = []
    if candidates.services.empty:
        said.append(
            gettext(
                "No service of the kind \u201c%(kind)s\u201d is on record, so every area is a gap. "
                "Bring records in with: %(command)s",
                kind=found.asked.category_words,
                command=own_words("flask directory import FILE"),
            )
        )
    elif query.when.kind != "any" and not (candidates.services["time"] != 0).any():
        said.append(
            gettext(
                "The opening hours of these services are not on record or cannot be told for that time, so "
                "it is not known which are open. Add hours to the records and import them again."
            )
        )
    without = covered_people(found.coverage.table)["without"]
    if without:
        said.append(
            ngettext(
                "%(number)s area has no figure for people. It counts as nobody.",
                "%(number)s areas have no figure for people. They count as nobody.",
                int(without),
            )
        )
    return said


@blueprint.get("/coverage.csv")
def csv_file() -> Response:
    """The figures of every area as a table."""
    return _table_file("csv")


@blueprint.get("/coverage.xlsx")
def xlsx_file() -> Response:
    """The figures of every area as a spreadsheet, with a sheet of notes."""
    return _table_file("xlsx")


@blueprint.get("/coverage.geojson")
def geojson_file() -> Response:
    """The areas with their figures, to draw."""
    found = answer(get_session())
    frame = to_wgs84(_layer(found))
    shapes = shapely.orient_polygons(shapely.transform(frame.geometry.to_numpy(), lambda p: p.round(5)))
    features = [
        {"type": "Feature", "geometry": shape.__geo_interface__, "properties": row}
        for shape, row in zip(shapes, file_rows(ranked(found.table).sort_index()), strict=True)
    ]
    return geojson_response(
        features, found.asked.file_name("coverage"), fictional=is_fictional(found.coverage)
    )


@blueprint.get("/coverage.gpkg")
def gpkg_file() -> Response:
    """The areas with their figures as a GeoPackage, with a table of notes."""
    found = answer(get_session())
    frame = _layer(found)
    rows = pd.DataFrame(file_rows(found.table))
    layer = gpd.GeoDataFrame(rows, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    return geopackage_response(
        found.asked.file_name("coverage"), layer, file_notes(found), fictional=is_fictional(found.coverage)
    )


@blueprint.get("/coverage/outlines/<level>-<version>.json")
def outlines(level: str, version: str) -> Response:
    """The outlines that the map draws, kept by browsers until areas change."""
    session = get_session()
    level = level if level in LEVELS and level != "site" else "lsoa"
    now = areas_version(session)
    packed: bytes = remember_coverage(
        session, ("outlines", level), lambda: _packed(session, level), published=False
    )
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(packed if compressed else gzip.decompress(packed), content_type="application/json")
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = A_YEAR if version == now else "no-cache"
    return response


def _packed(session: Session, level: str) -> bytes:
    text = json.dumps(packed_outlines(shown_areas(session, level)), separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(text.encode("utf-8"), 6)


def _layer(found: Answered) -> gpd.GeoDataFrame:
    """The outlines of the areas of the table, in its order."""
    session = get_session()
    if found.asked.level == "site":
        return found.ground.extents
    return shown_areas(session, found.asked.level)


def _table_file(kind: str) -> Response:
    found = answer(get_session())
    rows = file_rows(ranked(found.table))
    fictional = is_fictional(found.coverage)
    return table_response(
        kind, found.asked.file_name("coverage"), rows, file_notes(found), fictional=fictional
    )
