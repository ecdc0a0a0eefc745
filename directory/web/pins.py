"""What a page says of a postcode, and the pin that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from flask import current_app
from shapely.geometry import mapping
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import gettext, joined, left_to_right, own_words
from directory.models import Area, Postcode
from directory.places.find import areas_near
from directory.registration.place_pages import PROTECTIONS
from geodata.crs import bng_to_lonlat, lonlat_to_bng
from geodata.grid_references import read_point
from geodata.postcodes import normalise_postcode

Point = tuple[int, int]
# Fine enough to see the street that a ward ends in, coarse enough for a telephone.
SIMPLER_METRES = 10
# Without background tiles, the outline of the ward is all there is to find one's way by.
STREET_ZOOM, WARD_ZOOM = 16, 13


def postcode_facts(session: Session, text: str) -> dict[str, Any]:
    """Where a postcode is, in words and as a point with the outline of its ward."""
    postcode = normalise_postcode(text)
    if postcode is None:
        return {"words": "", "point": None, "outline": None}
    row = session.get(Postcode, postcode)
    if row is None or row.easting is None or row.northing is None:
        words = gettext(
            "We do not know where %(postcode)s is. Look whether it is right. "
            "If it is, give the point below, or leave it: then the map shows no point.",
            postcode=left_to_right(postcode),
        )
        return {"words": words, "point": None, "outline": None}
    return _facts(session, (row.easting, row.northing), postcode)


def pin_of(session: Session, v: Mapping[str, Any]) -> dict[str, Any]:
    """The pin of a place as its page shows it: at the point given or else at the postcode."""
    facts = postcode_facts(session, str(v.get("postal_code", "")))
    given = read_point(str(v.get("point", ""))) if v.get("point_from") == "given" else None
    if given is not None:
        east, north = lonlat_to_bng([given[1]], [given[0]])
        if east[0] == east[0]:  # outside the grid it is not a number
            facts = _facts(session, (round(float(east[0])), round(float(north[0]))), None)
            facts["point"] = list(given)
    tiles = {"url": current_app.config["TILES_URL"], "attribution": current_app.config["TILES_ATTRIBUTION"]}
    return {**facts, "tiles": tiles, "zoom": STREET_ZOOM, "far": WARD_ZOOM}


def _facts(session: Session, point: Point, postcode: str | None) -> dict[str, Any]:
    (around,) = areas_near(session, [point], 0, levels=("ward", "authority"))
    names = [area.name for level in ("ward", "authority") for area in around if area.level == level]
    longitude, latitude = bng_to_lonlat([point[0]], [point[1]])
    place = joined(map(own_words, names)) or gettext("no area that this directory covers")
    if postcode is None:
        words = gettext("The point is in %(place)s.", place=place)
    else:
        words = gettext("%(postcode)s is in %(place)s.", postcode=left_to_right(postcode), place=place)
    return {
        "words": words,
        "point": [round(float(latitude[0]), 5), round(float(longitude[0]), 5)],
        "outline": _outline(session, next((area.code for area in around if area.level == "ward"), None)),
    }


def _outline(session: Session, code: str | None) -> dict[str, Any] | None:
    if code is None:
        return None
    wkb = session.scalar(select(Area.outline).where(Area.code == code))
    simple = shapely.simplify(shapely.from_wkb(wkb), SIMPLER_METRES)
    turned = shapely.transform(simple, _degrees)
    return dict(mapping(turned))


def _degrees(points: Any) -> Any:
    longitude, latitude = bng_to_lonlat(points[:, 0], points[:, 1])
    return shapely.get_coordinates(shapely.points(longitude.round(5), latitude.round(5)))


def protection_options() -> list[tuple[str, str, str]]:
    """How much may be shown, with what each means."""
    return [(code, gettext(words), gettext(meaning)) for code, (words, meaning) in PROTECTIONS.items()]
