"""Coordinate systems: metres on the British National Grid, degrees only at the edges.

Every distance and area in this package is worked out in metres in EPSG:27700. A frame in any other system is
refused with `CRSError` rather than measured wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer
from pyproj.enums import TransformDirection

BNG = "EPSG:27700"
WGS84 = "EPSG:4326"

# The National Grid runs from 0 to 700 km east and 0 to 1,300 km north. Ten kilometres round it let through
# the western tip of Northern Ireland, which ONS's files of the whole United Kingdom hold.
GRID_WEST, GRID_SOUTH, GRID_EAST, GRID_NORTH = -10_000, -10_000, 710_000, 1_310_000


class CRSError(ValueError):
    """A frame whose coordinate system is missing, or is not the one that is needed."""


def require_columns(frame: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Raise unless a frame has the columns that are needed.

    Parameters
    ----------
    frame : pandas.DataFrame
        The frame to check; a GeoDataFrame is one.
    columns : iterable of str
        The columns it must have.
    name : str
        What to call the frame in the message.

    Raises
    ------
    ValueError
        If a column is missing; the message names those missing and those found.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"slug": []}), ["slug", "metres"], "near")
    Traceback (most recent call last):
        ...
    ValueError: near has no column metres; it has slug
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        found = ", ".join(map(str, frame.columns)) or "none"
        raise ValueError(f"{name} has no column {', '.join(missing)}; it has {found}")


def require_bng(frame: gpd.GeoDataFrame, name: str) -> None:
    """Raise unless a frame is in EPSG:27700.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        The frame to check.
    name : str
        What to call the frame in the message.

    Raises
    ------
    CRSError
        If the frame has no coordinate system, or another one.
    """
    if frame.crs is None:
        raise CRSError(f"{name} has no coordinate system; distances need {BNG}")
    if frame.crs != BNG:
        raise CRSError(f"{name} is in {frame.crs.to_string()}; distances need {BNG}: use to_bng first")


def to_bng(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a new frame with the geometry in EPSG:27700.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Any frame that states its coordinate system. Missing geometry stays missing.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows and columns, eastings and northings in metres.

    Raises
    ------
    CRSError
        If the frame has no coordinate system, or if a geometry reaches outside the National Grid (for example
        because longitude and latitude are swapped); the message names the first rows.

    Notes
    -----
    See `lonlat_to_bng` for the accuracy.
    """
    _require_some_crs(frame)
    moved = frame.to_crs(BNG)
    bounds = moved.geometry.bounds
    outside = _outside_grid(bounds.minx, bounds.miny) | _outside_grid(bounds.maxx, bounds.maxy)
    # Nothing to measure in a missing geometry: its bounds are NaN, and that is no mistake in the coordinates.
    outside &= ~(moved.geometry.isna() | moved.geometry.is_empty).to_numpy()
    if outside.any():
        rows = ", ".join(map(str, moved.index[outside][:5]))
        raise CRSError(
            f"{int(outside.sum())} of {len(moved)} geometries lie outside Great Britain (row {rows}): "
            f"check that the coordinates are in {frame.crs.to_string()} and not swapped"
        )
    return moved


def to_wgs84(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a new frame with the geometry in EPSG:4326, for maps and exports.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Any frame that states its coordinate system. Missing geometry stays missing.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows and columns, longitude (x) and latitude (y) in degrees.

    Raises
    ------
    CRSError
        If the frame has no coordinate system.
    """
    _require_some_crs(frame)
    return frame.to_crs(WGS84)


def lonlat_to_bng(
    longitude: ArrayLike, latitude: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn longitudes and latitudes into eastings and northings.

    Parameters
    ----------
    longitude, latitude : array_like of float
        Degrees in EPSG:4326, of one shape.

    Returns
    -------
    easting : numpy.ndarray of float
        Metres in EPSG:27700, of the shape given. NaN where either input is NaN and where the point lies
        outside the National Grid: an unusable coordinate is "not known", never a wrong place.
    northing : numpy.ndarray of float
        The same for the other axis; both are NaN together.

    Raises
    ------
    ValueError
        If the two arrays differ in shape.

    Notes
    -----
    Source: the EPSG registry through PROJ. Without the Ordnance Survey's OSTN15 grid file PROJ uses a
    seven-parameter shift, good to about 3 metres; with the file, to about 0.1 metre. Neither matters at the
    distances used here.

    Examples
    --------
    >>> easting, northing = lonlat_to_bng([-1.9019, 52.5022], [52.5022, -1.9019])
    >>> easting.round(-2), northing.round(-2)
    (array([406800.,     nan]), array([289400.,     nan]))
    """
    easting, northing = _transform(longitude, latitude, TransformDirection.FORWARD)
    outside = _outside_grid(easting, northing)
    return np.where(outside, np.nan, easting), np.where(outside, np.nan, northing)


def bng_to_lonlat(easting: ArrayLike, northing: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn eastings and northings into longitudes and latitudes.

    Parameters
    ----------
    easting, northing : array_like of float
        Metres in EPSG:27700, of one shape.

    Returns
    -------
    longitude : numpy.ndarray of float
        Degrees in EPSG:4326, of the shape given. NaN where either input is NaN and where the point lies
        outside the National Grid.
    latitude : numpy.ndarray of float
        The same for the other axis; both are NaN together.

    Raises
    ------
    ValueError
        If the two arrays differ in shape.

    Notes
    -----
    The inverse of `lonlat_to_bng`, to a centimetre wherever there is land, and to some
    100 metres in the sea at the corners of the grid, where PROJ uses another shift.

    Examples
    --------
    >>> longitude, latitude = bng_to_lonlat(406759, 289372)
    >>> round(float(longitude), 2), round(float(latitude), 2)
    (-1.9, 52.5)
    """
    outside = _outside_grid(np.asarray(easting, dtype=float), np.asarray(northing, dtype=float))
    longitude, latitude = _transform(easting, northing, TransformDirection.INVERSE)
    return np.where(outside, np.nan, longitude), np.where(outside, np.nan, latitude)


@cache
def _transformer() -> Transformer:
    """Return the one transformer, made once because making it takes longer than using it."""
    return Transformer.from_crs(WGS84, BNG, always_xy=True)


def _transform(
    x: ArrayLike, y: ArrayLike, direction: TransformDirection
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if xs.shape != ys.shape:
        raise ValueError(f"the two coordinates differ in shape: {xs.shape} and {ys.shape}")
    moved_x, moved_y = _transformer().transform(xs, ys, direction=direction)
    return np.asarray(moved_x, dtype=float), np.asarray(moved_y, dtype=float)


def _outside_grid(easting: ArrayLike, northing: ArrayLike) -> NDArray[np.bool_]:
    """Say which points are off the grid; NaN and infinity are off it."""
    x, y = np.asarray(easting, dtype=float), np.asarray(northing, dtype=float)
    return ~((x >= GRID_WEST) & (x <= GRID_EAST) & (y >= GRID_SOUTH) & (y <= GRID_NORTH))


def _require_some_crs(frame: gpd.GeoDataFrame) -> None:
    if frame.crs is None:
        raise CRSError("the frame has no coordinate system: set the one its coordinates are in")
