"""Make maps for pages and pictures from the frames of an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
from flask import Response, current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.coverage.travel_words import metres_text
from directory.languages import ENGLISH, N_, gettext, plain_words, spoken, term
from directory.models import Area, Site
from directory.places.frames import area_frame, current_sites, site_frames
from directory.remembering import remember
from directory.search.frames import locations_frame
from directory.search.run import Found
from directory.taxonomies import term_names
from directory.web.clock import now, today
from directory.web.exports import FICTIONAL
from directory.web.fonts import URDU, font_files
from directory.web.kept_files import asset
from geodata.crs import to_wgs84
from geodata.distances import distance_words
from geodata.map_data import outlines_data, to_json
from geodata.map_layers import CategoryStyle, MapLayers, category_styles
from geodata.map_rendering import render
from geodata.maps import MapOptions, coverage_map
from geodata.picture_words import PictureWords
from geodata.pictures import PictureOptions, draw_map

# What Python writes on a map. What its scripts write is in templates/script_words.html.
FIXED_WORDS = (
    N_("Local authorities"),
    N_("Wards"),
    N_("Small areas"),
    N_("Priority sites"),
    N_("Reference points"),
    N_("Organisations"),
    N_("Areas"),
    N_("Full screen"),
    N_("Leave full screen"),
    N_("Another category, or not known"),
)
# What is written on a picture of a map.
PICTURE_WORDS = (
    N_("Priority site"),
    N_("Within %(distance)s of a site"),
    N_("Reference point"),
    N_("Approximate place"),
    N_("Uncertain"),
    N_("N"),
    N_("%(metres)s metres"),
    N_("%(kilometres)s km"),
    N_("%(number)s shown"),
    N_("%(number)s outside the picture"),
    N_("%(number)s without a place on the map"),
    N_(", "),
    N_("."),
    N_("Fictional demonstration data"),
    N_("Another category, or not known"),
)
# The outlines behind a map, the widest first.
LEVELS = ("authority", "ward")


def map_layers(
    session: Session, found: Sequence[Found], sites: Sequence[Site] | None = None, *, outlines: bool = False
) -> MapLayers:
    """The layers of a map: services, the sites in force, and, for a picture, the areas that are loaded."""
    chosen = current_sites(session, today()) if sites is None else list(sites)
    extents, references = site_frames(session, chosen)
    names = {code: plain_words(term(name)) for code, name in term_names(session, "category").items()}
    frame = locations_frame(found, names, now())
    hrefs = [url_for("services.show", service_id=key) for key in frame["id"]]
    areas = {level: area_frame(session, level) for level in LEVELS} if outlines else {}
    return MapLayers(
        providers=frame.assign(href=hrefs),
        sites=extents.assign(href=[url_for("sites.show", slug=slug) for slug in extents["slug"]]),
        references=references,
        outlines={level: area for level, area in areas.items() if len(area)},
    )


def styles(session: Session) -> tuple[CategoryStyle, ...]:
    """How each category looks, on every map the same."""
    return category_styles(term_names(session, "category"))


def map_words(within_metres: float | None, categories: Iterable[str] = ()) -> dict[str, str]:
    """The fixed words of a map, and the names of categories, in the language of the page."""
    if spoken() is ENGLISH:
        return {}
    words = _said(FIXED_WORDS, categories)
    if within_metres is not None:
        distance = plain_words(metres_text(within_metres))
        said = gettext("Within %(distance)s of a site", distance=distance)
        words[f"Within {distance_words(within_metres)} of a site"] = said
    return words


def picture_words(session: Session) -> PictureWords:
    """How a picture says what it says, in the language of the page."""
    language = spoken()
    if language is ENGLISH:
        return PictureWords()
    said = _said(PICTURE_WORDS, term_names(session, "category").values())
    return PictureWords(said, font_files()[URDU], language.direction == "rtl")


def _said(fixed: Iterable[str], categories: Iterable[str]) -> dict[str, str]:
    """Fixed words and the names of categories, each in the language of the page."""
    return {text: gettext(text) for text in fixed} | {name: plain_words(term(name)) for name in categories}


def page_map(
    session: Session, layers: MapLayers, options: MapOptions, title: str, summary: str
) -> dict[str, Any]:
    """The parts of a map, as the template map_frame takes them."""
    options = replace(
        options,
        label=plain_words(title),
        words=map_words(options.within_metres, term_names(session, "category").values()),
        many="places",
        one="place",
        tile_url=current_app.config["TILES_URL"],
        tile_attribution=current_app.config["TILES_ATTRIBUTION"],
        notice=gettext(FICTIONAL) if is_fictional(layers.providers) else "",
    )
    layers = replace(layers, outline_hrefs=_outline_hrefs(session))
    parts = render(coverage_map(layers, styles(session), options), asset(""))
    return {
        "html": parts.html,
        "key": parts.key_html,
        "css_hrefs": parts.css_hrefs,
        "js_hrefs": parts.js_hrefs,
        "fetched_hrefs": (),  # outlines are fetched when they are switched on
        "data": parts.data,
        "styles": parts.styles,
        "script": parts.script,
        "title": title,
        "summary": summary,
    }


def outlines_version(session: Session, level: str) -> str:
    """What the outlines of a level hold, in short: the same areas have the same version everywhere."""

    def make() -> str:
        return hashlib.sha256(outlines_text(session, level).encode()).hexdigest()[:16]

    return remember(session, ("version of outlines", level), make)


def outlines_text(session: Session, level: str) -> str:
    """The outlines of a level, as the page draws them: made once, until areas change."""

    def make() -> str:
        return to_json(outlines_data(to_wgs84(area_frame(session, level)), level, MapOptions.outline_metres))

    return remember(session, ("outlines", level), make)


def _outline_hrefs(session: Session) -> dict[str, str]:
    def make() -> list[str]:
        return list(session.scalars(select(Area.level).where(Area.level.in_(LEVELS)).distinct()))

    loaded = remember(session, "levels with outlines", make)
    return {
        level: url_for("maps.outlines_file", level=level, version=outlines_version(session, level))
        for level in LEVELS
        if level in loaded
    }


def picture(session: Session, layers: MapLayers, options: PictureOptions, name: str) -> Response:
    """The same map as a PNG."""
    options = replace(
        options,
        title=plain_words(options.title),
        fictional=is_fictional(layers.providers),
        words=picture_words(session),
    )
    response = Response(draw_map(layers, styles(session), options), content_type="image/png")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.png"'
    return response


def is_fictional(providers: gpd.GeoDataFrame) -> bool:
    """Whether any of the services is made up."""
    return bool(providers["fictional"].any())
