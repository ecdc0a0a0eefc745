"""What there is to reach: providers at points, each of one category, with what is known of them.

Where they are and how much they offer is not always known. Every figure made from a `Supply` can be given
twice: from the providers known to fit, and from those together with the ones that may fit. `bounds` does that
for any figure, so that "not known" is never shown as "none".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geodata.crs import GRID_EAST, GRID_NORTH, GRID_SOUTH, GRID_WEST, CRSError, require_bng

Figure = TypeVar("Figure")


@dataclass(frozen=True)
class Supply:
    """Providers, one row each; made by `supply_of`, which checks them.

    Attributes
    ----------
    xy : numpy.ndarray of float, shape (n providers, 2)
        Eastings and northings in EPSG:27700, in metres; NaN where the point is missing.
    category : numpy.ndarray of int, shape (n providers,)
        Position of its category in `categories`.
    categories : tuple of str
        The codes of the categories, in the order of every figure.
    units : numpy.ndarray of float, shape (n providers,)
        What it offers: its capacity, or one unit where that is not known.
    has_capacity : numpy.ndarray of bool, shape (n providers,)
        Whether its capacity is known.
    known : numpy.ndarray of bool, shape (n providers,)
        Whether it is known to fit; the others may.
    """

    xy: NDArray[np.float64]
    category: NDArray[np.intp]
    categories: tuple[str, ...]
    units: NDArray[np.float64]
    has_capacity: NDArray[np.bool_]
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class Bounds(Generic[Figure]):
    """One figure in two versions, between which the truth of the records lies.

    Attributes
    ----------
    known : any
        The figure from the providers known to fit.
    possible : any
        The figure from those and the ones that may fit.
    """

    known: Figure
    possible: Figure


def supply_of(
    points: gpd.GeoDataFrame | ArrayLike,
    category: Sequence[str] | pd.Series | pd.Categorical | NDArray[np.object_],
    categories: Sequence[str] | None = None,
    capacity: ArrayLike | None = None,
    known: ArrayLike | None = None,
) -> Supply:
    """Check providers, and put them into the form that the figures are made from.

    Parameters
    ----------
    points : geopandas.GeoDataFrame or array_like of float, shape (n providers, 2)
        Points in EPSG:27700, or their eastings and northings. A provider with several categories or places
        has a row for each, and each row counts.
    category : sequence of str or pandas.Categorical, shape (n providers,)
        The category of each. A `pandas.Categorical` is read fastest.
    categories : sequence of str, optional
        All categories, in the order wanted; those without a provider too. Without it, those that there are,
        in the order of their codes.
    capacity : array_like of float, shape (n providers,), optional
        What each offers, such as places a week; NaN where it is not known, which counts as one unit.
    known : array_like of bool, shape (n providers,), optional
        Which are known to fit; the others may. Without it, all are.

    Returns
    -------
    Supply
        The providers, in the order given.

    Raises
    ------
    CRSError
        If a frame is not in EPSG:27700, or a coordinate lies outside the National Grid.
    ValueError
        If the lengths differ, a category is missing, given twice or not among `categories`, a capacity is
        negative or without end, `known` holds anything but true and false, or a geometry is not a point.

    Examples
    --------
    >>> supply = supply_of([[0, 0], [900, 0]], ["therapy", "sport"], capacity=[12, np.nan])
    >>> supply.categories, supply.category, supply.units
    (('sport', 'therapy'), array([1, 0]), array([12.,  1.]))
    """
    xy = positions(points, "providers")
    wanted = sorted(set(category)) if categories is None else list(categories)
    if len(set(wanted)) < len(wanted):
        twice = next(code for row, code in enumerate(wanted) if code in wanted[:row])
        raise ValueError(f"the category {twice} is given twice")
    at = _places_of(category, wanted)
    _require_length(at, xy, "category")
    if (at < 0).any():
        row = int(np.argmax(at < 0))
        raise ValueError(
            f"provider {row} has the category {list(category)[row]}, which is not among those given"
        )
    units, has_capacity = _offered(capacity, xy)
    sure = np.ones(len(xy), dtype=bool) if known is None else np.asarray(known)
    _require_length(sure, xy, "known")
    if sure.dtype != bool:
        raise ValueError("known must hold true and false alone: say what a missing value means")
    return Supply(xy, at, tuple(map(str, wanted)), units, has_capacity, sure)


def known_only(supply: Supply) -> Supply:
    """Keep the providers that are known to fit.

    Parameters
    ----------
    supply : Supply
        Providers, known to fit or not.

    Returns
    -------
    Supply
        Those known to fit; the categories stay, also where none of them is left.
    """
    keep = supply.known
    return Supply(
        supply.xy[keep],
        supply.category[keep],
        supply.categories,
        supply.units[keep],
        supply.has_capacity[keep],
        keep[keep],
    )


def bounds(figure: Callable[[Supply], Figure], supply: Supply) -> Bounds[Figure]:
    """Work a figure out from the providers known to fit, and from all that may.

    Parameters
    ----------
    figure : callable
        Makes the figure from a `Supply`, for example
        ``lambda some: counts_by_category(areas, some, 2_000)``.
    supply : Supply
        Providers, known to fit or not.

    Returns
    -------
    Bounds
        The two versions. They are one object when every provider is known to fit.

    Notes
    -----
    Counts, coverage, two-step and gravity access can only grow with more providers, and distances can only
    shrink, so that these are true bounds. Three-step access can fall for one area while it grows
    for others, because people then spread over more providers: there the two are two scenarios.
    """
    possible = figure(supply)
    return Bounds(possible if supply.known.all() else figure(known_only(supply)), possible)


def completeness(supply: Supply) -> pd.DataFrame:
    """Say of each category how many providers there are, and of how many the facts needed are known.

    Parameters
    ----------
    supply : Supply
        Providers.

    Returns
    -------
    pandas.DataFrame
        One row a category, in their order: ``category``, ``providers``, ``known`` and ``with_capacity``
        (int), ``known_share`` and ``capacity_share`` (float from 0 to 1, NaN where there is no provider).
        One without a known capacity counts as one unit, so that access adds up places and providers unless
        ``capacity_share`` is 0 or 1: state it beside the figure.

    Examples
    --------
    >>> supply = supply_of([[0, 0], [9, 0]], ["sport", "sport"], capacity=[12, np.nan])
    >>> completeness(supply)[["category", "providers", "capacity_share"]]
      category  providers  capacity_share
    0    sport          2             0.5
    """
    number = len(supply.categories)
    providers, known, with_capacity = (
        np.bincount(supply.category[chosen], minlength=number)
        for chosen in (slice(None), supply.known, supply.has_capacity)
    )
    table = pd.DataFrame({"category": list(supply.categories), "providers": providers})
    table["known"], table["with_capacity"] = known, with_capacity
    some = table["providers"].where(table["providers"] > 0)
    table["known_share"], table["capacity_share"] = known / some, with_capacity / some
    return table


def positions(points: gpd.GeoDataFrame | ArrayLike, name: str) -> NDArray[np.float64]:
    """Take the coordinates out of a frame of points, or check those given.

    Parameters
    ----------
    points : geopandas.GeoDataFrame or array_like of float, shape (n, 2)
        Points in EPSG:27700, or their eastings and northings.
    name : str
        What to call them in a message.

    Returns
    -------
    numpy.ndarray of float, shape (n, 2)
        Eastings and northings in metres; NaN for a missing or empty point.

    Raises
    ------
    CRSError
        If a frame is not in EPSG:27700, or a coordinate lies outside the National Grid.
    ValueError
        If a geometry is not a point, or an array has another shape.
    """
    if isinstance(points, gpd.GeoDataFrame):
        require_bng(points, name)
        geometry = points.geometry.to_numpy()
        if not np.isin(shapely.get_type_id(geometry), [-1, shapely.GeometryType.POINT]).all():
            raise ValueError(f"{name} holds geometry that is not points: use representative_points first")
        there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
        xy = np.full((len(geometry), 2), np.nan)
        xy[there] = shapely.get_coordinates(geometry[there])
    else:
        xy = np.asarray(points, dtype=float)
        xy = xy.reshape(-1, 2) if not xy.size else xy
        if xy.ndim != 2 or xy.shape[1] != 2:
            raise ValueError(f"{name} has the shape {xy.shape}: give one easting and northing a row")
    east, north = xy.T
    off = (east < GRID_WEST) | (east > GRID_EAST) | (north < GRID_SOUTH) | (north > GRID_NORTH)
    if off.any():
        row = int(np.argmax(off))
        raise CRSError(f"row {row} of {name} lies outside the National Grid: give eastings and northings")
    return xy


def _places_of(category: Any, wanted: Sequence[str]) -> NDArray[np.intp]:
    """Return the place of each category among those wanted; -1 where it is not one of them."""
    # A look-up each: an index of texts is slower to make than a few thousand of them are to find.
    place = {code: number for number, code in enumerate(wanted)}
    if isinstance(category, pd.Categorical):
        known = np.array([place.get(code, -1) for code in category.categories.tolist()] + [-1], dtype=np.intp)
        found: NDArray[np.intp] = known.take(category.codes)
        return found
    return np.array([place.get(code, -1) for code in np.asarray(category, dtype=object)], dtype=np.intp)


def _offered(
    capacity: ArrayLike | None, xy: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how many units each provider offers, and whether that is known."""
    if capacity is None:
        return np.ones(len(xy)), np.zeros(len(xy), dtype=bool)
    amount = np.asarray(capacity, dtype=float)
    _require_length(amount, xy, "capacity")
    wrong = (amount < 0) | np.isinf(amount)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"provider {row} has a capacity of {amount[row]}: give nought or more, or NaN")
    has_capacity = ~np.isnan(amount)
    return np.where(has_capacity, amount, 1.0), has_capacity


def _require_length(values: NDArray[np.generic], xy: NDArray[np.float64], name: str) -> None:
    if values.shape != (len(xy),):
        raise ValueError(f"{name} has the shape {values.shape}, and there are {len(xy)} providers")
