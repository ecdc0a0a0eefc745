"""Give locations their points and areas: from their coordinates, or else from their postcodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Location, Postcode
from directory.places.batches import batches
from directory.places.frames import area_frame
from geodata.areas import area_of_points
from geodata.crs import BNG, bng_to_lonlat, lonlat_to_bng
from geodata.postcodes import normalise_postcode

LEVELS = {"lsoa21": "lsoa_code", "ward": "ward_code", "authority": "authority_code"}
FAR_METRES = 1000
Point = tuple[int, int]


def locate(session: Session, locations: Sequence[Location]) -> dict[str, float]:
    """Fill the points and areas of locations; metres from the postcode where that is over 1 km, by id."""
    if not locations:
        return {}
    postcodes = _postcode_points(session, locations)
    given = [location for location in locations if location.point_source == "given"]
    _place_given(given)
    _place_at_postcodes([one for one in locations if one.point_source != "given"], postcodes)
    _fill_areas(session, locations)
    session.flush()
    return {
        location.id: metres
        for location in given
        if (metres := _metres_apart(location, postcodes.get(location.id))) > FAR_METRES
    }


def location_postcode(location: Location) -> str | None:
    """The first well-formed postcode of a location: of its door or, without a door, of its letters."""
    doors = [address for address in location.addresses if address.address_type != "postal"]
    codes = (normalise_postcode(address.postal_code or "") for address in doors or location.addresses)
    return next((code for code in codes if code), None)


def _postcode_points(session: Session, locations: Sequence[Location]) -> dict[str, Point]:
    codes = {location.id: location_postcode(location) for location in locations}
    wanted = sorted({code for code in codes.values() if code})
    points: dict[str, Point] = {}
    for some in batches(wanted):
        query = select(Postcode.postcode, Postcode.easting, Postcode.northing)
        for code, easting, northing in session.execute(query.where(Postcode.postcode.in_(some))):
            if easting is not None and northing is not None:
                points[code] = (easting, northing)
    return {key: points[code] for key, code in codes.items() if code in points}


def _place_given(locations: Sequence[Location]) -> None:
    easting, northing = lonlat_to_bng(
        np.array([location.longitude for location in locations], dtype=float),
        np.array([location.latitude for location in locations], dtype=float),
    )
    for location, e, n in zip(locations, easting, northing, strict=True):
        known = bool(np.isfinite(e) and np.isfinite(n))
        location.easting, location.northing = (round(e), round(n)) if known else (None, None)


def _place_at_postcodes(locations: Sequence[Location], postcodes: Mapping[str, Point]) -> None:
    points = np.array([postcodes.get(one.id, (np.nan, np.nan)) for one in locations], dtype=float)
    longitude, latitude = bng_to_lonlat(*points.reshape(-1, 2).T)
    for location, x, y in zip(locations, longitude, latitude, strict=True):
        point = postcodes.get(location.id)
        location.easting, location.northing = point or (None, None)
        location.point_source = "postcode" if point else None
        location.longitude = round(float(x), 5) if point else None
        location.latitude = round(float(y), 5) if point else None


def _fill_areas(session: Session, locations: Sequence[Location]) -> None:
    """Without a point, or where no areas of a level are loaded, the area is not known."""
    placed = [location for location in locations if location.easting is not None]
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([one.easting for one in placed], [one.northing for one in placed]),
        crs=BNG,
    )
    for level, column in LEVELS.items():
        codes = area_of_points(points, area_frame(session, level))
        found = {location.id: code for location, code in zip(placed, codes, strict=True)}
        for location in locations:
            setattr(location, column, found.get(location.id))


def _metres_apart(location: Location, point: Point | None) -> float:
    if point is None or location.easting is None or location.northing is None:
        return 0.0
    return float(np.hypot(location.easting - point[0], location.northing - point[1]))
