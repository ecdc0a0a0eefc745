"""From what a person types - a postcode, ward, site, authority or district - to a place."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import Area, Postcode, PublishedPlace, Site
from directory.places.frames import current_sites, site_extent
from geodata.postcodes import normalise_postcode

Point = tuple[int, int]
LEVEL_NAMES = {"authority": "local authority", "ward": "ward"}
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
    text = " ".join(text.split())
    postcode = normalise_postcode(text)
    if postcode:
        return _find_postcode(session, postcode)
    return _find_site(session, text, today) or _find_area(session, text) or _find_district(session, text)


def suggest_places(session: Session, text: str, today: date, limit: int = 5) -> list[str]:
    """Names of places spelled nearly like a text."""
    names = [site.name for site in current_sites(session, today)]
    names += list(session.scalars(select(Area.name).where(Area.level.in_(LEVEL_NAMES)).distinct()))
    return difflib.get_close_matches(text.strip().title(), sorted(set(names)), n=limit, cutoff=0.6)


def areas_at(session: Session, point: Point) -> list[Area]:
    """The areas that hold a point: their bounds are asked of the database, their outlines of shapely."""
    easting, northing = point
    candidates = session.execute(
        select(Area, Area.outline).where(
            Area.west <= easting, Area.east >= easting, Area.south <= northing, Area.north >= northing
        )
    ).all()
    spot = shapely.Point(easting, northing)
    return [area for area, outline in candidates if shapely.from_wkb(outline).intersects(spot)]


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
    around = areas_at(session, point)
    names = [area.name for level in ("ward", "authority") for area in around if area.level == level]
    authority = next((area.code for area in around if area.level == "authority"), None)
    where = ", ".join(names) or "outside the areas that are loaded"
    middle = "" if kind == "postcode" else "the middle of "
    return Place(
        kind=kind,
        text=text,
        name=text,
        explanation=f"{middle}{text} ({where})",
        points=(point,),
        authority_code=authority,
        around=frozenset(area.code for area in around),
    )


def _find_site(session: Session, text: str, today: date) -> Place | None:
    wanted = _key(text)
    for site in current_sites(session, today):
        if wanted in (_key(site.slug), _key(site.name), _key(site.name).removeprefix("the ")):
            return site_place(session, site)
    return None


def site_place(session: Session, site: Site) -> Place:
    """A priority site as a place: its areas, its reference points, its authority."""
    extent = site_extent(session, site)
    authority = session.get(Area, site.authority_code)
    around = {area.code for point in site.points for area in areas_at(session, (point[0], point[1]))}
    return Place(
        kind="site",
        text=site.slug,
        name=site.name,
        explanation=f"{site.name}, a priority site in {authority.name if authority else site.authority_code}",
        points=tuple((round(e), round(n)) for e, n in site.points),
        authority_code=site.authority_code,
        place_ids=frozenset(_places_in(session, extent)),
        around=frozenset(around | {site.authority_code}),
        slug=site.slug,
    )


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
    rows = session.scalars(
        select(Area)
        .where(Area.level.in_(LEVEL_NAMES), func.lower(Area.name) == text.lower())
        .order_by(Area.code)
    ).all()
    rows = sorted(rows, key=lambda area: list(LEVEL_NAMES).index(area.level))
    if not rows:
        return None
    area = rows[0]
    authority = session.get(Area, area.authority_code) if area.authority_code else None
    where = f" in {authority.name}" if authority and area.level != "authority" else ""
    others = len([row for row in rows if row.level == area.level]) - 1
    more = f". There are {others} more of that name; add a postcode to be exact" if others else ""
    around = {area.code} | ({area.authority_code} if area.authority_code else set())
    return Place(
        kind=area.level,
        text=area.name,
        name=area.name,
        explanation=f"{area.name}, a {LEVEL_NAMES[area.level]}{where}{more}",
        points=((round(area.easting), round(area.northing)),),
        authority_code=area.code if area.level == "authority" else area.authority_code,
        inside=frozenset({area.code}),
        around=frozenset(around),
    )


def _key(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())
