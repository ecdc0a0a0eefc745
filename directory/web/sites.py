"""The priority sites: all of them by kind of help, and each with its own map."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy import select

from directory.coverage import site_coverage
from directory.db import get_session
from directory.models import Area, Site
from directory.places.find import site_place
from directory.places.frames import current_sites, site_frames
from directory.search.query import ServiceQuery
from directory.search.run import Answer, search_all
from directory.web.clock import now, today
from directory.web.exports import csv_response, geojson_response, service_features
from directory.web.mapping import map_layers, page_map, picture
from directory.web.presenting import result_row
from directory.web.searching import MOST_EXPORTED
from directory.web.site_numbers import COLUMNS, WITHIN, cell, gap, number_row, records, site_href, table_rows
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
    return render_template(
        "sites/index.html",
        sites=[{"slug": s.slug, "name": s.name, "href": site_href(s.slug, within)} for s in coverage.sites],
        rows=[
            {"category": name, "cells": [cell(coverage, site, code) for site in coverage.sites]}
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
    return csv_response(table_rows(site_coverage(get_session(), today(), _within())), COLUMNS, "sites")


@blueprint.get("/sites.geojson")
def geojson_file() -> Response:
    """The extents of the sites with their numbers."""
    coverage = site_coverage(get_session(), today(), _within())
    rows = table_rows(coverage)
    features = [
        {
            "type": "Feature",
            "geometry": shape.__geo_interface__,
            "properties": {
                "slug": slug,
                "name": name,
                "kinds_of_help": [r for r in rows if r["site"] == name],
            },
        }
        for slug, name, shape in to_wgs84(coverage.extents)[["slug", "name", "geometry"]].itertuples(
            index=False
        )
    ]
    return geojson_response(features, "sites", fictional=_has_fictional_areas())


@blueprint.get("/sites.png")
def png_file() -> Response:
    """The sites as a picture."""
    session = get_session()
    found = search_all(session, ServiceQuery(), MOST_EXPORTED).found
    return picture(session, map_layers(session, found), PictureOptions(title="Priority sites"), "sites")


@blueprint.get("/sites/<slug>")
def show(slug: str) -> str:
    """One site: its map, its numbers, its gaps, its providers."""
    session, site, within = get_session(), _site(slug), _within()
    coverage = site_coverage(session, today(), within, [slug])
    answer = _answer(site, within)
    layers = map_layers(session, answer.found, [site])
    place, moment = site_place(session, site), now()
    authority = session.get(Area, site.authority_code)
    authority_name = authority.name if authority else site.authority_code
    summary = f"Services inside {site.name} or within {WITHIN[within]} of it, by kind of help."
    category = coverage.categories.get(request.args.get("category", ""))
    return render_template(
        "sites/show.html",
        site={
            "name": site.name,
            "authority_name": authority_name,
            "description": site.description,
            "reference_points": _point_texts(site),
        },
        category=category,
        category_code=request.args.get("category", "") if category else "",
        within_options=_within_options(within),
        map=page_map(session, layers, MapOptions(within_metres=within), f"Coverage of {site.name}", summary),
        table=[number_row(row, coverage) for row in records(coverage)],
        gaps=[gap(row, coverage, site) for row in records(coverage) if row["state"] != "some"],
        providers=[result_row(item, place, moment) for item in answer.found if item.sure],
        exports={
            kind: url_for(f"sites.site_{kind}", slug=slug, within_metres=within)
            for kind in ("csv", "geojson", "png")
        },
    )


@blueprint.get("/sites/<slug>.csv")
def site_csv(slug: str) -> Response:
    """The numbers of one site."""
    _site(slug)
    return csv_response(table_rows(site_coverage(get_session(), today(), _within(), [slug])), COLUMNS, slug)


@blueprint.get("/sites/<slug>.geojson")
def site_geojson(slug: str) -> Response:
    """The services of one site as points."""
    found = _answer(_site(slug), _within()).found
    return geojson_response(service_features(found), slug, fictional=any(f.service.fictional for f in found))


@blueprint.get("/sites/<slug>.png")
def site_png(slug: str) -> Response:
    """The map of one site as a picture."""
    session, site, within = get_session(), _site(slug), _within()
    layers = map_layers(session, _answer(site, within).found, [site])
    title = f"{site.name}: services within {WITHIN[within]}"
    return picture(session, layers, PictureOptions(title=title, within_metres=within), slug)


def _site(slug: str) -> Site:
    site = next((site for site in current_sites(get_session(), today()) if site.slug == slug), None)
    return site or abort(404)


def _answer(site: Site, within: int) -> Answer:
    session = get_session()
    categories = tuple(request.args.getlist("category"))
    query = ServiceQuery(
        place=site_place(session, site),
        within_metres=within,
        sort="distance",
        terms={"category": categories} if categories else {},
    )
    return search_all(session, query, MOST_EXPORTED)


def _within() -> int:
    text = request.args.get("within_metres", "")
    return int(text) if text.isascii() and text.isdigit() and int(text) in WITHIN else DEFAULT_WITHIN


def _within_options(within: int) -> list[dict[str, Any]]:
    return [
        {"value": metres, "label": words, "selected": metres == within} for metres, words in WITHIN.items()
    ]


def _point_texts(site: Site) -> list[str]:
    _, references = site_frames(get_session(), [site])
    return [f"{point.y:.4f}, {point.x:.4f}" for point in to_wgs84(references).geometry]


def _has_fictional_areas() -> bool:
    return get_session().scalar(select(Area.code).where(Area.fictional).limit(1)) is not None
