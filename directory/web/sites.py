"""The priority sites: all of them by kind of help, and each with its own map."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from directory.coverage.around_sites import site_coverage
from directory.coverage.from_sites import SITE_CODE
from directory.coverage.travel import Travel
from directory.coverage.travel_words import distance_text, minutes_words, reach_words, travel_words
from directory.db import get_session
from directory.languages import N_, gettext, own_words
from directory.models import Area, Site
from directory.places.find import Place, site_place, site_points
from directory.places.frames import current_sites
from directory.search.query import ServiceQuery
from directory.search.reading import chosen_codes
from directory.search.run import Answer, Found, search_all
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
    WHAT_COUNTS,
    WITHIN,
    in_reach,
    is_fictional,
    matrix_cells,
    number_row,
    records,
    site_href,
    table_rows,
)
from directory.web.travelling import read_travel, travel_arguments, walks
from geodata.crs import to_wgs84
from geodata.maps import MapOptions
from geodata.pictures import PictureOptions

blueprint = Blueprint("sites", __name__)
DEFAULT_WITHIN = 2000


@blueprint.get("/sites")
def index() -> str:
    """Every site by every kind of help."""
    within = _within()
    coverage = site_coverage(get_session(), today(), Travel(within))
    cells = matrix_cells(coverage)
    return render_template(
        "sites/index.html",
        sites=[{"slug": s.slug, "name": s.name, "href": site_href(s.slug, within)} for s in coverage.sites],
        rows=[
            {"category": name, "cells": [cells[site.slug, code] for site in coverage.sites]}
            for code, name in coverage.categories.items()
        ],
        within_options=_within_options(within),
        travel=travel_words(Travel(within)),
        exports={
            kind: url_for(f"sites.{kind}_file", within_metres=within) for kind in ("csv", "geojson", "png")
        },
    )


@blueprint.get("/sites.csv")
def csv_file() -> Response:
    """The matrix as a table."""
    coverage = site_coverage(get_session(), today(), Travel(_within()))
    return csv_response(table_rows(coverage), COLUMNS, "sites", fictional=is_fictional())


@blueprint.get("/sites.geojson")
def geojson_file() -> Response:
    """The extents of the sites with their numbers."""
    coverage = site_coverage(get_session(), today(), Travel(_within()))
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
    options = PictureOptions(gettext("Priority sites"))
    return picture(session, map_layers(session, found, outlines=True), options, "sites")


@blueprint.get("/sites/<slug>")
def show(slug: str) -> str:
    """One site: its map, its numbers, its gaps, its providers."""
    session, site = get_session(), _site(slug)
    travel, problems = _travel(site)
    coverage = site_coverage(session, today(), travel, [slug])
    place, moment = site_place(session, site), now()
    found = in_reach(_answer(place, travel.within_metres).found, coverage)
    way = travel_arguments(travel)
    authority = session.get(Area, site.authority_code)
    authority_name = authority.name if authority else site.authority_code
    asked = request.args.get("category", "")
    code = asked if asked in coverage.categories else None
    explained = explain_site(session, coverage)
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
        **_travel_parts(travel, problems),
        map=_map(site, found, travel),
        table=[number_row(row, coverage) for row in records(coverage)],
        what_counts=gettext(WHAT_COUNTS),
        gaps=gap_table(coverage, explained),
        week=week_table(week_rows(explained, code)),
        reasons_href=url_for("coverage.area", code=SITE_CODE + slug, category=code, **way),
        history=history(session, slug, coverage.categories, code),
        help_href=url_for("coverage_help.show", place=SITE_CODE + slug, category=code, **way),
        providers=[result_row(item, place, moment) for item in found if item.sure],
        exports={
            kind: url_for(f"sites.site_{kind}", slug=slug, category=code, **way)
            for kind in ("csv", "geojson", "png")
        }
        | {"pdf": url_for("coverage_report.site_pdf", slug=slug, **way)},
    )


def _map(site: Site, found: list[Found], travel: Travel) -> dict[str, Any]:
    session, name = get_session(), own_words(site.name)
    summary = gettext(
        "Services inside %(site)s or within %(reach)s of it, by kind of help.",
        site=name,
        reach=reach_words(travel),
    )
    options = MapOptions(within_metres=travel.within_metres)
    layers = map_layers(session, found, [site])
    return page_map(session, layers, options, gettext("Coverage of %(site)s", site=name), summary)


@blueprint.get("/sites/<slug>.csv")
def site_csv(slug: str) -> Response:
    """The numbers of one site."""
    coverage = site_coverage(get_session(), today(), _travel(_site(slug))[0], [slug])
    return csv_response(table_rows(coverage), COLUMNS, f"site-{slug}", fictional=is_fictional())


@blueprint.get("/sites/<slug>.geojson")
def site_geojson(slug: str) -> Response:
    """The services of one site as points."""
    found, _ = _found(_site(slug))
    return geojson_response(service_features(found), f"site-{slug}", fictional=any_fictional(found))


@blueprint.get("/sites/<slug>.png")
def site_png(slug: str) -> Response:
    """The map of one site as a picture."""
    session, site = get_session(), _site(slug)
    found, travel = _found(site)
    title = gettext(
        "%(site)s: services within %(reach)s", site=own_words(site.name), reach=reach_words(travel)
    )
    options = PictureOptions(title, within_metres=travel.within_metres)
    return picture(session, map_layers(session, found, [site], outlines=True), options, f"site-{slug}")


def _found(site: Site) -> tuple[list[Found], Travel]:
    """The services of the map of a site, and how far people go to them."""
    session, (travel, _) = get_session(), _travel(site)
    found = _answer(site_place(session, site), travel.within_metres).found
    if travel.network is None:
        return found, travel
    return in_reach(found, site_coverage(session, today(), travel, [site.slug])), travel


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


def _travel(site: Site) -> tuple[Travel, list[str]]:
    """How far people go from a site: the minutes asked about, or else one of the distances."""
    problems: list[str] = []
    args = clean_arguments()
    if not args.get("minutes"):
        return Travel(_within()), problems
    xy = np.array(site_points(site), dtype=float)
    return read_travel(
        MultiDict({"minutes": args["minutes"]}), xy, N_("reference points"), problems
    ), problems


def _travel_parts(travel: Travel, problems: list[str]) -> dict[str, Any]:
    return {
        "way": travel_arguments(travel),
        "problems": problems,
        "within_options": _within_options(_within()),
        "walk_options": _walk_options(travel),
        "travel": travel_words(travel),
    }


def _walk_options(travel: Travel) -> list[dict[str, Any]]:
    chosen = travel.minutes or ""
    pairs = walks()
    pairs = pairs if chosen in dict(pairs) else [*pairs, (chosen, minutes_words(travel.minutes or 0))]
    return [{"value": value, "label": words, "selected": value == chosen} for value, words in pairs]


def _within() -> int:
    text = request.args.get("within_metres", "")
    return next((metres for metres in WITHIN if str(metres) == text), DEFAULT_WITHIN)


def _within_options(within: int) -> list[dict[str, Any]]:
    return [
        {"value": metres, "label": distance_text(metres), "selected": metres == within} for metres in WITHIN
    ]


def _point_texts(references: gpd.GeoDataFrame) -> list[str]:
    return [f"{point.y:.4f}, {point.x:.4f}" for point in to_wgs84(references).geometry]
