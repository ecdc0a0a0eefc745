"""What it costs to get from one place to another: for now the straight line, in metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.crs import require_bng
from geodata.pairs import Pairs, pairs_within


def require_distance(within_metres: float) -> None:
    """Raise unless a distance is one that something can be within.

    Parameters
    ----------
    within_metres : float
        The distance to check.

    Raises
    ------
    ValueError
        If it is negative or not finite.
    """
    if not (np.isfinite(within_metres) and within_metres >= 0):
        raise ValueError(f"within_metres is {within_metres}: give a distance of nought or more")


def straight_line(points_a: gpd.GeoDataFrame, points_b: gpd.GeoDataFrame, within_metres: float) -> Pairs:
    """Find every pair of points within a distance of each other.

    Parameters
    ----------
    points_a : geopandas.GeoDataFrame
        Origins: points in EPSG:27700. A missing or empty point is in no pair.
    points_b : geopandas.GeoDataFrame
        Destinations, likewise.
    within_metres : float
        The greatest distance, which counts as within.

    Returns
    -------
    Pairs
        The pairs by origin and then destination. Pairs further apart are not held, so that the result stays
        small where a matrix of all distances would not.

    Raises
    ------
    CRSError
        If either frame is not in EPSG:27700.
    ValueError
        If the distance is negative or not finite, or a geometry is not a point.

    Notes
    -----
    ``sqrt((x_a - x_b)^2 + (y_a - y_b)^2)`` on the National Grid, whose scale differs from the ground's by
    at most 4 parts in 10,000. The pairs come from `geodata.pairs`.
    """
    require_distance(within_metres)
    xy_a, kept_a = _coordinates(points_a, "points_a")
    xy_b, kept_b = _coordinates(points_b, "points_b")
    found = pairs_within(xy_a, xy_b, within_metres)
    origin, destination = kept_a[found.origin], kept_b[found.destination]
    order = np.lexsort((destination, origin))
    return Pairs(origin[order], destination[order], found.metres[order])


def nearest(
    origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, k: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Find the nearest destinations of each origin, at any distance.

    Parameters
    ----------
    origins : geopandas.GeoDataFrame
        Points in EPSG:27700.
    destinations : geopandas.GeoDataFrame
        Points in EPSG:27700. A missing or empty point is never the nearest.
    k : int, default 1
        How many destinations to find for each origin.

    Returns
    -------
    metres : numpy.ndarray of float, shape (n origins, k)
        Straight-line distances, the nearest first; NaN where there are fewer than k destinations, and for an
        origin without a point.
    indices : numpy.ndarray of int, shape (n origins, k)
        Positions of the destinations in their frame; -1 where the distance is NaN.

    Raises
    ------
    CRSError
        If either frame is not in EPSG:27700.
    ValueError
        If k is less than 1, or a geometry is not a point.

    Notes
    -----
    The same distance as in `straight_line`. Which of two equally near destinations comes first is not stated.
    """
    if k < 1:
        raise ValueError(f"k is {k}: ask for at least one destination")
    xy_from, kept_from = _coordinates(origins, "origins")
    xy_to, kept_to = _coordinates(destinations, "destinations")
    metres = np.full((len(origins), k), np.nan)
    indices = np.full((len(origins), k), -1, dtype=np.intp)
    found = min(k, len(xy_to))
    if found and len(xy_from):
        _, position = cKDTree(xy_to).query(xy_from, k=np.arange(1, found + 1))
        metres[kept_from, :found] = _distance(xy_from[:, np.newaxis, :], xy_to[position])
        indices[kept_from, :found] = kept_to[position]
    return metres, indices


def _coordinates(points: gpd.GeoDataFrame, name: str) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the coordinates of the points there are, shape (n, 2), and their positions in the frame."""
    require_bng(points, name)
    geometry = points.geometry.to_numpy()
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    if not (shapely.get_type_id(geometry[present]) == shapely.GeometryType.POINT).all():
        raise ValueError(f"{name} holds geometry that is not points: use representative_points first")
    kept = np.flatnonzero(present)
    return shapely.get_coordinates(geometry[kept]), kept


def _distance(xy_a: NDArray[np.float64], xy_b: NDArray[np.float64]) -> NDArray[np.float64]:
    difference = xy_a - xy_b
    metres: NDArray[np.float64] = np.sqrt(difference[..., 0] ** 2 + difference[..., 1] ** 2)
    return metres
