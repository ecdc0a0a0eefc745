"""All services on one map, or those that fit a question."""

from __future__ import annotations

from typing import Any, Literal

import geopandas as gpd
from flask import Blueprint, Response, abort, render_template

from directory.db import get_session
from directory.languages import N_, gettext, term
from directory.search.run import Answer, search_all
from directory.web.asking import Asked, read_question, removable
from directory.web.exports import any_fictional, csv_response, geojson_response, service_features
from directory.web.kept_files import A_YEAR
from directory.web.mapping import (
    LEVELS,
    map_layers,
    outlines_text,
    outlines_version,
    page_map,
    picture,
    styles,
)
from directory.web.searching import MOST_EXPORTED
from geodata.map_layers import with_points
from geodata.maps import MapOptions
from geodata.pictures import PictureOptions

blueprint = Blueprint("maps", __name__)
NO_KIND = N_("No kind of help on record")


@blueprint.get("/map")
def index() -> str:
    """The map, its legend, and the same numbers in a table."""
    session = get_session()
    asked, answer = _answer()
    layers = map_layers(session, answer.found)
    rows = _numbers(layers.providers)
    summary = gettext(
        "%(shown)s of %(total)s services have a place that can be shown.",
        shown=_drawn(layers.providers),
        total=answer.total,
    )
    options = MapOptions(fit="providers" if asked.query.place or asked.query.text else "sites")
    return render_template(
        "maps/index.html",
        query=asked.form,
        place_problem=asked.place_problem,
        problems=asked.problems,
        removable=removable(session, asked, "maps.index"),
        map=page_map(session, layers, options, gettext("Services by kind of help"), summary),
        table=_table(rows),
        exports={kind: asked.href(f"maps.{kind}_file") for kind in ("csv", "geojson", "png")},
    )


@blueprint.get("/map/outlines/<level>-<version>.json")
def outlines_file(level: str, version: str) -> Response:
    """The outlines of areas that maps draw behind services, kept by browsers until areas change."""
    if level not in LEVELS:
        abort(404)
    response = Response(outlines_text(get_session(), level), content_type="application/json")
    current = version == outlines_version(get_session(), level)
    response.headers["Cache-Control"] = A_YEAR if current else "no-cache"
    return response


@blueprint.get("/map.csv")
def csv_file() -> Response:
    """The numbers of the map."""
    asked, answer = _answer()
    layers = map_layers(get_session(), answer.found)
    columns = ["kind_of_help", "services", "on_the_map", "place_not_known_or_not_shown"]
    fictional = any_fictional(answer.found)
    return csv_response(_numbers(layers.providers), columns, asked.file_name("map"), fictional=fictional)


@blueprint.get("/map.geojson")
def geojson_file() -> Response:
    """The services of the map as points."""
    asked, answer = _answer()
    fictional = any_fictional(answer.found)
    return geojson_response(service_features(answer.found), asked.file_name("map"), fictional=fictional)


@blueprint.get("/map.png")
def png_file() -> Response:
    """The map as a picture."""
    session = get_session()
    asked, answer = _answer()
    fit: Literal["providers", "sites"] = "providers" if asked.query.place or asked.query.text else "sites"
    options = PictureOptions(gettext("Services by kind of help"), fit=fit)
    return picture(session, map_layers(session, answer.found, outlines=True), options, "map")


def _answer() -> tuple[Asked, Answer]:
    asked = read_question(get_session())
    return asked, search_all(get_session(), asked.query, MOST_EXPORTED)


def _drawn(providers: gpd.GeoDataFrame) -> int:
    return int(with_points(providers)["id"].nunique())


def _numbers(providers: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Services by the category that they are drawn in: in all, on the map, and not on it."""
    drawn = set(with_points(providers)["id"])
    each = providers.drop_duplicates("id")
    names = {style.code: style.name for style in styles(get_session())}
    rows = []
    for code, name in {**names, "": NO_KIND}.items():
        ids = set(each.loc[each["category"].eq(code), "id"])
        if ids:
            shown = len(ids & drawn)
            counts = {
                "services": len(ids),
                "on_the_map": shown,
                "place_not_known_or_not_shown": len(ids) - shown,
            }
            rows.append({"kind_of_help": name, **counts})
    return rows


def _cells(row: dict[str, Any]) -> list[Any]:
    name, *counts = row.values()
    return [gettext(NO_KIND) if name == NO_KIND else term(name), *counts]


def _table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    total = [gettext("All"), *(sum(row[name] for row in rows) for name in list(rows[0])[1:])] if rows else []
    return {
        "caption": gettext("Services by their first kind of help"),
        "head": [
            gettext("Kind of help"),
            gettext("Services"),
            gettext("On the map"),
            gettext("Place not known or not shown"),
        ],
        "rows": [*(_cells(row) for row in rows), *([total] if total else [])],
    }
