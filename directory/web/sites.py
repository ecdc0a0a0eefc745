"""The priority sites: all of them by kind of help, and each with its own map."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely
from flask import Blueprint, Response, abort, render_template, request, url_for

from directory.coverage.around_sites import site_coverage
from directory.coverage.from_sites import SITE_CODE
from directory.db import get_session
from directory.models import Area, Site
from directory.places.find import Place, site_place
from directory.places.frames import current_sites
from directory.search.query import ServiceQuery
from directory.search.reading import chosen_codes
from directory.search.run import Answer, search_all
from directory.web.asking import clean_arguments
from directory.web.clock import now, today
from directory.web.coverage_areas import explain_site, gap_table, week_rows
from directory.web.coverage_week import week_table
from directory.web.exports import any_fictional, csv_response, geojson_response, service_features
from directory.web.mapping import map_layers, page_map, picture
from directory.web.presenting import result_row
from directory.web.searching import MOST_EXPORTED
from directory.web.site_history import history
from directory.web.site_numbers import (
    COLUMNS,
    WITHIN,
    is_fictional,
    matrix_cells,
    number_row,
    records,
    site_href,
    table_rows,
)
from geodata.crs import to_wgs84
from geodata.maps import MapOptions
from geodata.pictures import PictureOptions

blueprint = Blueprint("sites", __name__)
DEFAULT_WITHIN = 2000


@blueprint.get("/sites")
def index() -> str:
    """Every site by every kind of help."""
    within = _within()
    coverage = site_coverage(get_session(), today(), within)
    cells = matrix_cells(coverage)
    return render_template(
        "sites/index.html",
        sites=[{"slug": s.slug, "name": s.name, "href": site_href(s.slug, within)} for s in coverage.sites],
        rows=[
            {"category": name, "cells": [cells[site.slug, code] for site in coverage.sites]}
            for code, name in coverage.categories.items()
        ],
        within_options=_within_options(within),
        exports={
            kind: url_for(f"sites.{kind}_file", within_metres=within) for kind in ("csv", "geojson", "png")
        },
    )


@blueprint.get("/sites.csv")
def csv_file() -> Response:
    """The matrix as a table."""
    return _numbers_file("sites", None)


@blueprint.get("/sites.geojson")
def geojson_file() -> Response:
    """The extents of the sites with their numbers."""
    coverage = site_coverage(get_session(), today(), _within())
    rows = table_rows(coverage)
    # RFC 7946 wants the outer ring anticlockwise; six places of a degree are a tenth of a metre.
    shapes = shapely.orient_polygons(to_wgs84(coverage.extents).geometry.to_numpy())
    features = [
        {
            "type": "Feature",
            "geometry": shapely.transform(shape, lambda pairs: pairs.round(6)).__geo_interface__,
            "properties": {
                "slug": site.slug,
                "name": site.name,
                "kinds_of_help": [row for row in rows if row["site"] == site.name],
            },
        }
        for site, shape in zip(coverage.sites, shapes, strict=True)
    ]
    return geojson_response(features, "sites", fictional=is_fictional())


@blueprint.get("/sites.png")
def png_file() -> Response:
    """The sites as a picture."""
    session = get_session()
    found = search_all(session, ServiceQuery(), MOST_EXPORTED).found
    return picture(session, map_layers(session, found), PictureOptions(title="Priority sites"), "sites")


@blueprint.get("/sites/<slug>")
def show(slug: str) -> str:
    """One site: its map, its numbers, its gaps, its providers."""
    session, within = get_session(), _within()
    coverage = site_coverage(session, today(), within, [slug])
    site = next(iter(coverage.sites), None) or abort(404)
    place, moment = site_place(session, site), now()
    answer = _answer(place, within)
    layers = map_layers(session, answer.found, [site])
    authority = session.get(Area, site.authority_code)
    authority_name = authority.name if authority else site.authority_code
    summary = f"Services inside {site.name} or within {WITHIN[within]} of it, by kind of help."
    asked = request.args.get("category", "")
    code = asked if asked in coverage.categories else None
    found = explain_site(session, coverage)
    return render_template(
        "sites/show.html",
        site={
            "name": site.name,
            "authority_name": authority_name,
            "description": site.description,
            "reference_points": _point_texts(coverage.references),
        },
        category=coverage.categories[code] if code else None,
        category_code=code,
        within_options=_within_options(within),
        map=page_map(session, layers, MapOptions(within_metres=within), f"Coverage of {site.name}", summary),
        table=[number_row(row, coverage) for row in records(coverage)],
        gaps=gap_table(coverage, found),
        week=week_table(week_rows(found, code)),
        reasons_href=url_for("coverage.area", code=SITE_CODE + slug, category=code, within_metres=within),
        history=history(session, slug, coverage.categories, code),
        help_href=url_for("coverage_help.show", place=SITE_CODE + slug, category=code),
        providers=[result_row(item, place, moment) for item in answer.found if item.sure],
        exports={
            kind: url_for(f"sites.site_{kind}", slug=slug, within_metres=within, category=code)
            for kind in ("csv", "geojson", "png")
        }
        | {"pdf": url_for("coverage_report.site_pdf", slug=slug, within_metres=within)},
    )


@blueprint.get("/sites/<slug>.csv")
def site_csv(slug: str) -> Response:
    """The numbers of one site."""
    _site(slug)
    return _numbers_file(slug, [slug])


@blueprint.get("/sites/<slug>.geojson")
def site_geojson(slug: str) -> Response:
    """The services of one site as points."""
    found = _answer(site_place(get_session(), _site(slug)), _within()).found
    return geojson_response(service_features(found), slug, fictional=any_fictional(found))


@blueprint.get("/sites/<slug>.png")
def site_png(slug: str) -> Response:
    """The map of one site as a picture."""
    session, site, within = get_session(), _site(slug), _within()
    layers = map_layers(session, _answer(site_place(session, site), within).found, [site])
    title = f"{site.name}: services within {WITHIN[within]}"
    return picture(session, layers, PictureOptions(title=title, within_metres=within), slug)


def _numbers_file(name: str, slugs: list[str] | None) -> Response:
    rows = table_rows(site_coverage(get_session(), today(), _within(), slugs))
    return csv_response(rows, COLUMNS, name, fictional=is_fictional())


def _site(slug: str) -> Site:
    site = next((site for site in current_sites(get_session(), today()) if site.slug == slug), None)
    return site or abort(404)


def _answer(place: Place, within: int) -> Answer:
    categories = chosen_codes(clean_arguments(), "category")
    query = ServiceQuery(
        place=place,
        within_metres=within,
        sort="distance",
        terms={"category": categories},
    )
    return search_all(get_session(), query, MOST_EXPORTED)


def _within() -> int:
    text = request.args.get("within_metres", "")
    return next((metres for metres in WITHIN if str(metres) == text), DEFAULT_WITHIN)


def _within_options(within: int) -> list[dict[str, Any]]:
    return [
        {"value": metres, "label": words, "selected": metres == within} for metres, words in WITHIN.items()
    ]


def _point_texts(references: gpd.GeoDataFrame) -> list[str]:
    return [f"{point.y:.4f}, {point.x:.4f}" for point in to_wgs84(references).geometry]
