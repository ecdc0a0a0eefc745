"""Who can reach what: areas and providers in many categories at once, in straight lines.

An area stands at one point, such as the middle of its people. Every answer has a row for each area, in the
order given, and a column for each category of the `Supply`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geodata.costs import require_distance
from geodata.decay import Decay
from geodata.pairs import Positions, near_pairs, pairs_within
from geodata.square_grid import has_place, square_grid
from geodata.supply import Supply, positions


@dataclass(frozen=True)
class Reach:
    """Pairs of an area and a provider that is in its reach.

    Attributes
    ----------
    area : numpy.ndarray of int, shape (n pairs,)
        Position of the area.
    provider : numpy.ndarray of int, shape (n pairs,)
        Position of the provider in `supply`.
    metres : numpy.ndarray of float, shape (n pairs,)
        How far apart they are.
    weight : numpy.ndarray of float, shape (n pairs,)
        How much the provider counts for the area at that distance.
    supply : Supply
        The providers.
    areas : int
        How many areas there are, with those that reach nothing.
    """

    area: Positions
    provider: Positions
    metres: NDArray[np.float64]
    weight: NDArray[np.float64]
    supply: Supply
    areas: int


def counts_by_category(
    areas: gpd.GeoDataFrame | ArrayLike, supply: Supply, within_metres: float
) -> NDArray[np.intp]:
    """Count the providers of each category within a distance of each area.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame or array_like of float, shape (n areas, 2)
        Points in EPSG:27700, or their eastings and northings. An area without a point reaches nothing.
    supply : Supply
        Providers; every row counts.
    within_metres : float
        The greatest distance, which counts as within.

    Returns
    -------
    numpy.ndarray of int, shape (n areas, n categories)
        How many there are; 0 where there is none.

    Raises
    ------
    CRSError
        If the areas are not in EPSG:27700.
    ValueError
        If the distance is negative or not finite, or the areas are not points.

    Notes
    -----
    ``n_ic = sum over providers j of category c of [sqrt((x_i - x_j)^2 + (y_i - y_j)^2) <= within]``, exactly
    the counts of `geopandas.sjoin` with ``predicate="dwithin"``. The pairs are never held all at once.

    Examples
    --------
    >>> from geodata.supply import supply_of
    >>> supply = supply_of([[300, 400], [301, 400], [0, 0]], ["sport", "sport", "therapy"])
    >>> counts_by_category([[0, 0], [300, 400]], supply, 500)
    array([[1, 1],
           [2, 1]])
    """
    require_distance(within_metres)
    xy = positions(areas, "areas")
    number = len(supply.categories)
    counts = np.zeros((len(xy), number), dtype=np.intp)
    if not has_place(supply.xy).any():
        return counts
    grid = square_grid(supply.xy, within_metres)
    category = supply.category[grid.position]
    for chunk, near in near_pairs(xy, grid, within_metres):
        cell = near.origin * number
        cell += category[near.destination]
        counts[chunk] = np.bincount(cell, minlength=len(chunk) * number).reshape(-1, number)
    return counts


def within_reach(
    areas: gpd.GeoDataFrame | ArrayLike,
    supply: Supply,
    within_metres: float,
    decay: Decay | None = None,
    *,
    compiled: bool = False,
) -> Reach:
    """Find every pair of an area and a provider within a distance, and weigh it.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame or array_like of float, shape (n areas, 2)
        Points in EPSG:27700, or their eastings and northings. An area without a point reaches nothing.
    supply : Supply
        Providers.
    within_metres : float
        The greatest distance, which counts as within.
    decay : callable, optional
        Turns metres into weights, such as ``functools.partial(gaussian, sigma_metres=700)``. Without it
        every provider within the distance counts fully.
    compiled : bool, default False
        Find the pairs with `geodata.compiled`, which needs numba.

    Returns
    -------
    Reach
        The pairs, in no stated order.

    Raises
    ------
    CRSError
        If the areas are not in EPSG:27700.
    ImportError
        If numba is asked for and not installed.
    ValueError
        If the distance is negative or not finite, the areas are not points, or a weight is negative or not
        finite.
    """
    require_distance(within_metres)
    xy = positions(areas, "areas")
    # Each point of the fewer asks a few rows of squares, so the many are put into squares.
    if len(xy) <= len(supply.xy):
        found = pairs_within(xy, supply.xy, within_metres, compiled=compiled)
        area, provider, metres = found.origin, found.destination, found.metres
    else:
        found = pairs_within(supply.xy, xy, within_metres, compiled=compiled)
        provider, area, metres = found.origin, found.destination, found.metres
    weight = np.ones(len(metres)) if decay is None else decay(metres)
    # NaN is the least and the greatest where there is one, and no comparison with it is true.
    if weight.shape != metres.shape or (len(weight) and not 0 <= weight.min() <= weight.max() < np.inf):
        raise ValueError("decay must give one weight a distance, finite and nought or more")
    return Reach(area, provider, metres, weight, supply, len(xy))


def nearest_in_category(
    areas: gpd.GeoDataFrame | ArrayLike, supply: Supply, k: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Find the nearest providers of each category for each area, at any distance.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame or array_like of float, shape (n areas, 2)
        Points in EPSG:27700, or their eastings and northings.
    supply : Supply
        Providers.
    k : int, default 2
        How many to find: with 2, the nearest and the one after it.

    Returns
    -------
    metres : numpy.ndarray of float, shape (n areas, n categories, k)
        Straight-line distances, the nearest first; NaN where there are fewer than k providers, and for an
        area without a point.
    providers : numpy.ndarray of int, shape (n areas, n categories, k)
        Positions in `supply`; -1 where the distance is NaN.

    Raises
    ------
    CRSError
        If the areas are not in EPSG:27700.
    ValueError
        If k is less than 1, or the areas are not points.

    Notes
    -----
    The distance of `counts_by_category`. Which of two equally near providers comes first is not stated.

    Examples
    --------
    >>> from geodata.supply import supply_of
    >>> supply = supply_of([[300, 400], [0, 900], [0, 0]], ["sport", "sport", "therapy"])
    >>> nearest_in_category([[0, 0]], supply)[0]
    array([[[500., 900.],
            [  0.,  nan]]])
    """
    if k < 1:
        raise ValueError(f"k is {k}: ask for at least one provider")
    xy = positions(areas, "areas")
    order = _spatial_order(xy)
    placed, ordered = has_place(supply.xy), xy[order]
    # By category first: to write into places far apart takes about half as long as to find.
    metres = np.full((len(supply.categories), k, len(order)), np.nan)
    providers = np.full(metres.shape, -1, dtype=np.intp)
    for place in range(len(supply.categories)):
        those = np.flatnonzero(placed & (supply.category == place))
        found = min(k, len(those))
        if not found or not len(order):
            continue
        there = supply.xy[those]
        _, at = cKDTree(there).query(ordered, k=np.arange(1, found + 1))
        for nth in range(found):
            providers[place, nth] = those.take(at[:, nth])
            metres[place, nth] = _metres(ordered, there, at[:, nth])
    return _row_each_area(metres, order, len(xy), np.nan), _row_each_area(providers, order, len(xy), -1)


def _row_each_area(
    by_category: NDArray[Any], order: NDArray[np.intp], areas: int, missing: float
) -> NDArray[Any]:
    """Put what is by category and in an order into a row for each area."""
    categories, k, _ = by_category.shape
    rows = np.full((areas, categories, k), missing, dtype=by_category.dtype)
    rows[order] = by_category.transpose(2, 0, 1)
    return rows


def _spatial_order(xy: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the positions of the points there are, those near each other together."""
    there = np.flatnonzero(has_place(xy))
    order: NDArray[np.intp] = there[cKDTree(xy[there]).indices] if len(there) else there
    return order


def _metres(
    xy_a: NDArray[np.float64], xy_b: NDArray[np.float64], at: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Measure from each of some points to one of others, of which the positions are given."""
    a, b = (np.ascontiguousarray(xy).view(complex)[:, 0] for xy in (xy_a, xy_b))
    apart = b.take(at)
    apart -= a
    metres: NDArray[np.float64] = np.sqrt(apart.real**2 + apart.imag**2)
    return metres
