"""From what a person types - a postcode, ward, site, authority or district - to a place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from directory.languages import N_, gettext, left_to_right, ngettext, own_words, spoken
from directory.models import Area, Postcode, PublishedPlace, Site
from directory.places.frames import current_sites, site_extent
from directory.remembering import remember
from directory.words import plain_words
from geodata.postcodes import normalise_postcode

Point = tuple[int, int]
LEVEL_NAMES = {"authority": N_("local authority"), "ward": N_("ward")}
# Between the neighbourhoods that one ward is named by, and what tells parts of one from each other.
_BETWEEN = re.compile(r"\s*(?:&|,|/|\band\b|\bwith\b)\s*", re.IGNORECASE)
_COMPASS = frozenset({"north", "south", "east", "west", "central"})
# What a ward is called beside the name of a town: Tipton Green, but not Heath Town, for a heath is anywhere.
_BESIDE, _SHORTEST_TOWN = frozenset({"town", "green"}), 6
_OUTWARD = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?$")


@dataclass(frozen=True)
class Place:
    """Somewhere a person asked about. Points are eastings and northings in metres, EPSG:27700.

    `inside` are the areas that are the place itself, `place_ids` the published places on its ground, and
    `around` all the areas it lies in, so that a service which covers one of them covers the place.
    """

    kind: str
    text: str
    name: str
    explanation: str
    points: tuple[Point, ...]
    authority_code: str | None
    inside: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    place_ids: frozenset[int] = frozenset()
    slug: str | None = None


def find_place(session: Session, text: str, today: date) -> Place | None:
    """The place that a text means, or None. Sites come before wards, and wards before districts."""
    key = ("place", text, today, spoken().code)  # its explanation is in words
    return remember(session, key, lambda: _find_place(session, text, today), published=True)


def _find_place(session: Session, text: str, today: date) -> Place | None:
    text = " ".join(text.split())
    postcode = normalise_postcode(text)
    if postcode:
        return _find_postcode(session, postcode)
    return (
        _find_site(session, text, today)
        or _find_area(session, text)
        or _find_neighbourhood(session, text)
        or _find_district(session, text)
    )


def suggest_places(session: Session, text: str, today: date, limit: int = 5) -> list[str]:
    """Names of places spelled nearly like a text."""
    names = [site.name for site in current_sites(session, today)]
    names += list(session.scalars(select(Area.name).where(Area.level.in_(LEVEL_NAMES)).distinct()))
    by_key = {place_key(name): name for name in sorted(set(names))}
    return [by_key[key] for key in difflib.get_close_matches(place_key(text), by_key, n=limit, cutoff=0.6)]


def areas_near(
    session: Session, points: Sequence[Point], within_metres: float, levels: Collection[str] | None = None
) -> list[list[Area]]:
    """For each point the areas that come within a distance of it; 0 for those that hold it.

    Their bounds are asked of the database, their outlines of shapely.
    """
    close = or_(
        *(
            and_(
                Area.west <= easting + within_metres,
                Area.east >= easting - within_metres,
                Area.south <= northing + within_metres,
                Area.north >= northing - within_metres,
            )
            for easting, northing in points
        )
    )
    query = select(Area, Area.outline).where(close).order_by(Area.code)
    rows = session.execute(query if levels is None else query.where(Area.level.in_(levels))).all()
    outlines = shapely.from_wkb([outline for _, outline in rows])
    near = shapely.dwithin(outlines[np.newaxis, :], shapely.points(points)[:, np.newaxis], within_metres)
    return [[row[0] for row, reached in zip(rows, reaches, strict=True) if reached] for reaches in near]


def _find_postcode(session: Session, postcode: str) -> Place | None:
    row = session.get(Postcode, postcode)
    if row is None or row.easting is None or row.northing is None:
        return None
    return _at_point(session, "postcode", postcode, (row.easting, row.northing))


def _find_district(session: Session, text: str) -> Place | None:
    outward = text.upper()
    if not _OUTWARD.match(outward):
        return None
    easting, northing = session.execute(
        select(func.avg(Postcode.easting), func.avg(Postcode.northing)).where(
            Postcode.postcode.like(f"{outward} %")
        )
    ).one()
    if easting is None:
        return None
    return _at_point(session, "district", outward, (round(easting), round(northing)))


def _at_point(session: Session, kind: str, text: str, point: Point) -> Place:
    (around,) = areas_near(session, [point], 0)
    names = [area.name for level in ("ward", "authority") for area in around if area.level == level]
    authority = next((area.code for area in around if area.level == "authority"), None)
    where = own_words(", ".join(names)) or gettext("outside the areas that are loaded")
    place = left_to_right(text)
    return Place(
        kind=kind,
        text=text,
        name=text,
        explanation=(
            gettext("%(place)s (%(where)s)", place=place, where=where)
            if kind == "postcode"
            else gettext("the middle of %(place)s (%(where)s)", place=place, where=where)
        ),
        points=(point,),
        authority_code=authority,
        around=frozenset(area.code for area in around),
    )


def _find_site(session: Session, text: str, today: date) -> Place | None:
    wanted = place_key(text)
    for site in current_sites(session, today) if wanted else ():
        if wanted in (place_key(site.slug), place_key(site.name), place_key(site.name).removeprefix("the ")):
            return site_place(session, site)
    return None


def site_place(session: Session, site: Site) -> Place:
    """A priority site as a place: its areas, its reference points, its authority."""
    extent = site_extent(session, site)
    authority = session.get(Area, site.authority_code)
    points = site_points(site)
    around = {area.code for areas in areas_near(session, points, 0) for area in areas}
    return Place(
        kind="site",
        text=site.slug,
        name=site.name,
        explanation=gettext(
            "%(site)s, a priority site in %(authority)s",
            site=own_words(site.name),
            authority=own_words(authority.name if authority else site.authority_code),
        ),
        points=points,
        authority_code=site.authority_code,
        place_ids=frozenset(_places_in(session, extent)),
        around=frozenset(around | {site.authority_code}),
        slug=site.slug,
    )


def site_points(site: Site) -> tuple[Point, ...]:
    """The reference points of a site."""
    return tuple((round(easting), round(northing)) for easting, northing in site.points)


def _places_in(session: Session, extent: BaseGeometry) -> list[int]:
    """The published places that surely lie on some ground: those whose very point may be shown."""
    west, south, east, north = extent.bounds
    candidates = session.execute(
        select(PublishedPlace.id, PublishedPlace.easting, PublishedPlace.northing).where(
            PublishedPlace.easting.between(west, east),
            PublishedPlace.northing.between(south, north),
            PublishedPlace.precision == "open",
        )
    ).all()
    shapely.prepare(extent)
    return [key for key, easting, northing in candidates if extent.covers(shapely.Point(easting, northing))]


def _find_area(session: Session, text: str) -> Place | None:
    wanted = place_key(text)
    names = session.execute(
        select(Area.code, Area.name).where(Area.level.in_(LEVEL_NAMES)).order_by(Area.level, Area.code)
    ).all()
    codes = [code for code, name in names if wanted and place_key(name) == wanted]
    if not codes:
        return None
    area = session.get_one(Area, codes[0])
    authority = session.get(Area, area.authority_code) if area.authority_code else None
    return _of_areas(area.name, [area], _explain_area(area, authority, len(codes) - 1))


def _of_areas(name: str, areas: Sequence[Area], explanation: str) -> Place:
    """Areas of one level and authority as a place."""
    first, codes = areas[0], frozenset(area.code for area in areas)
    return Place(
        kind=first.level,
        text=name,
        name=name,
        explanation=explanation,
        points=tuple((round(area.easting), round(area.northing)) for area in areas),
        authority_code=first.code if first.level == "authority" else first.authority_code,
        inside=codes,
        around=codes | ({first.authority_code} if first.authority_code else set()),
    )


def neighbourhoods(ward: str) -> list[str]:
    """What else a ward is named by: "Brandwood & King's Heath" by two, "Halesowen North" by one."""
    found = []
    for part in _BETWEEN.split(ward):
        *words, last = part.split() or [""]
        town = last.casefold() in _BESIDE and len(" ".join(words)) >= _SHORTEST_TOWN
        found.append(" ".join(words) if words and (last.casefold() in _COMPASS or town) else part)
    return [name for name in found if place_key(name) not in ("", place_key(ward))]


def _find_neighbourhood(session: Session, text: str) -> Place | None:
    """All wards of one authority that are named by a neighbourhood."""
    wanted = place_key(text)
    wards = session.execute(
        select(Area.code, Area.name).where(Area.level == "ward").order_by(Area.code)
    ).all()
    named = [code for code, name in wards if wanted in map(place_key, neighbourhoods(name))]
    if not named:
        return None
    areas = [session.get_one(Area, code) for code in named]
    areas = [area for area in areas if area.authority_code == areas[0].authority_code]
    authority = session.get(Area, areas[0].authority_code) if areas[0].authority_code else None
    explanation = gettext(
        "%(area)s: %(wards)s in %(authority)s",
        area=own_words(text),
        wards=own_words(", ".join(area.name for area in areas)),
        authority=own_words(authority.name if authority else ""),
    )
    return _of_areas(text, areas, explanation)


def _explain_area(area: Area, authority: Area | None, others: int) -> str:
    name, kind = own_words(area.name), gettext(LEVEL_NAMES[area.level])
    said = gettext("%(area)s, a %(kind)s", area=name, kind=kind)
    if authority and area.level != "authority":
        within = own_words(authority.name)
        said = gettext("%(area)s, a %(kind)s in %(authority)s", area=name, kind=kind, authority=within)
    if not others:
        return said
    return ngettext(
        "%(place)s. There is %(number)s more place of that name; ask for a postcode to be exact",
        "%(place)s. There are %(number)s more places of that name; ask for a postcode to be exact",
        others,
        place=said,
    )


def place_key(text: str) -> str:
    """What names are compared by: "St. Michael's" and "st michaels" are one."""
    return " ".join(plain_words(re.sub("['\u2019\u02bc]", "", text).replace("&", " and ")))
