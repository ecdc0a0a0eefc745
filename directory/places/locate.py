"""Give locations their points and areas: from their coordinates, or else from their postcodes."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.models import Area, Location, Postcode
from directory.places.frames import area_frame
from geodata.areas import area_of_points
from geodata.crs import BNG, bng_to_lonlat, lonlat_to_bng
from geodata.postcodes import normalise_postcode

LEVELS = {"lsoa21": "lsoa_code", "ward": "ward_code", "authority": "authority_code"}
FAR_METRES = 1000


def locate(session: Session, locations: Sequence[Location]) -> dict[str, float]:
    """Fill the points and areas of locations; metres from the postcode where that is over 1 km, by id."""
    if not locations:
        return {}
    postcodes = _postcode_points(session, locations)
    given = [location for location in locations if location.point_source == "given"]
    _place_given(given)
    for location in locations:
        if location.point_source != "given":
            _place_at_postcode(location, postcodes.get(location.id))
    _fill_areas(session, [location for location in locations if location.easting is not None])
    session.flush()
    return {
        location.id: metres
        for location in given
        if (metres := _metres_apart(location, postcodes.get(location.id))) > FAR_METRES
    }


def locate_all(session: Session) -> int:
    """Place every location again, after postcodes or areas were loaded; the number of locations."""
    locations = session.scalars(select(Location).options(selectinload(Location.addresses))).all()
    locate(session, locations)
    return len(locations)


def location_postcode(location: Location) -> str | None:
    """The first well-formed postcode among a location's addresses."""
    codes = (normalise_postcode(address.postal_code or "") for address in location.addresses)
    return next((code for code in codes if code), None)


def _postcode_points(session: Session, locations: Sequence[Location]) -> dict[str, tuple[int, int]]:
    codes = {location.id: location_postcode(location) for location in locations}
    wanted = sorted({code for code in codes.values() if code})
    points: dict[str, tuple[int, int]] = {}
    for start in range(0, len(wanted), 500):  # databases limit how long a list may be
        rows = session.execute(
            select(Postcode.postcode, Postcode.easting, Postcode.northing).where(
                Postcode.postcode.in_(wanted[start : start + 500]), Postcode.easting.is_not(None)
            )
        )
        points |= {code: (easting, northing) for code, easting, northing in rows if easting and northing}
    return {key: points[code] for key, code in codes.items() if code in points}


def _place_given(locations: Sequence[Location]) -> None:
    easting, northing = lonlat_to_bng(
        np.array([location.longitude for location in locations], dtype=float),
        np.array([location.latitude for location in locations], dtype=float),
    )
    for location, e, n in zip(locations, easting, northing, strict=True):
        known = bool(np.isfinite(e) and np.isfinite(n))
        location.easting, location.northing = (round(e), round(n)) if known else (None, None)


def _place_at_postcode(location: Location, point: tuple[int, int] | None) -> None:
    location.easting, location.northing = point or (None, None)
    location.point_source = "postcode" if point else None
    if point:
        longitude, latitude = bng_to_lonlat(
            np.array([point[0]], dtype=float), np.array([point[1]], dtype=float)
        )
        location.longitude, location.latitude = round(float(longitude[0]), 5), round(float(latitude[0]), 5)
    else:
        location.longitude = location.latitude = None


def _fill_areas(session: Session, locations: Sequence[Location]) -> None:
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(
            [location.easting for location in locations], [location.northing for location in locations]
        ),
        crs=BNG,
    )
    for level, column in LEVELS.items():
        if session.scalar(select(Area.code).where(Area.level == level).limit(1)) is None:
            continue
        codes = area_of_points(points, area_frame(session, level))
        for location, code in zip(locations, codes, strict=True):
            setattr(location, column, code if isinstance(code, str) else None)


def _metres_apart(location: Location, point: tuple[int, int] | None) -> float:
    if point is None or location.easting is None or location.northing is None:
        return 0.0
    return float(np.hypot(location.easting - point[0], location.northing - point[1]))
