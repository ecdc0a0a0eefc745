"""The figures of many areas worked out region by region, so that several machines can share the work.

A region's own areas are not all that its figures need. An area near the edge reaches providers beyond it,
and the people of areas still farther off share those providers. So each part carries a *halo*: the providers
in reach of its own areas, and every area that reaches one of them. With it the figures of its own areas are
those of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geodata.catchments import two_step
from geodata.costs import require_distance
from geodata.decay import gaussian_within
from geodata.reach import counts_by_category, nearest_in_category, within_reach
from geodata.supply import Supply, positions

# The tree rounds otherwise than the distance does; a halo that is too large changes nothing.
_HAIR = 1 + 1e-9


@dataclass(frozen=True)
class Part:
    """One region with its halo.

    Attributes
    ----------
    own : numpy.ndarray of int, shape (n own,)
        Positions, among all areas, of those that the part answers for.
    areas : numpy.ndarray of float, shape (n areas, 2)
        Eastings and northings of its own areas, and after them of those of the halo.
    people : numpy.ndarray of float, shape (n areas,)
        The people of each.
    supply : Supply
        The providers in reach of its own areas.
    within_metres : float
        How far is in reach.
    """

    own: NDArray[np.intp]
    areas: NDArray[np.float64]
    people: NDArray[np.float64]
    supply: Supply
    within_metres: float


@dataclass(frozen=True)
class Figures:
    """The figures of some areas.

    Attributes
    ----------
    own : numpy.ndarray of int, shape (n areas,)
        Positions of the areas among all.
    counts : numpy.ndarray of int, shape (n areas, n categories)
        Providers within reach.
    nearest : numpy.ndarray of float, shape (n areas, n categories)
        Metres to the nearest provider; NaN where there is none.
    access : numpy.ndarray of float, shape (n areas, n categories)
        Two-step access with a Gaussian that ends where reach ends, in units a person.
    """

    own: NDArray[np.intp]
    counts: NDArray[np.intp]
    nearest: NDArray[np.float64]
    access: NDArray[np.float64]


def split(
    areas: ArrayLike, people: ArrayLike, supply: Supply, region: Sequence[str], within_metres: float
) -> list[Part]:
    """Split areas by region, each part with its halo.

    Parameters
    ----------
    areas : array_like of float, shape (n areas, 2)
        Eastings and northings, EPSG:27700; NaN where an area has no point.
    people : array_like of float, shape (n areas,)
        The people of each.
    supply : Supply
        All providers.
    region : sequence of str, shape (n areas,)
        The region of each area. A region may be of any shape, and its areas need not lie together.
    within_metres : float
        How far is in reach.

    Returns
    -------
    list of Part
        One for each region, in the order of their names. Each area is the own area of one part.

    Raises
    ------
    CRSError
        If a coordinate lies outside the National Grid.
    ValueError
        If the lengths differ, or the distance is negative or not finite.
    """
    require_distance(within_metres)
    xy, residents, names = positions(areas, "areas"), np.asarray(people, dtype=float), np.asarray(region)
    if not len(xy) == len(residents) == len(names):
        raise ValueError(f"{len(xy)} areas, {len(residents)} figures of people and {len(names)} regions")
    parts = []
    for name in np.unique(names):
        own = np.flatnonzero(names == name)
        there = np.flatnonzero(_near(supply.xy, xy[own], within_metres))
        sharing = _near(xy, supply.xy[there], within_metres)
        sharing[own] = False
        every = np.concatenate([own, np.flatnonzero(sharing)])
        parts.append(Part(own, xy[every], residents[every], _some(supply, there), within_metres))
    return parts


def figures_of(part: Part) -> Figures:
    """Work out the figures of the own areas of a part.

    Parameters
    ----------
    part : Part
        One region with its halo.

    Returns
    -------
    Figures
        The figures of its own areas. `nearest` is NaN where nothing is in reach: the nearest may then lie
        beyond the halo, and `join` looks for it.
    """
    number, within = len(part.own), part.within_metres
    own = part.areas[:number]
    nearest = nearest_in_category(own, part.supply, 1)[0][:, :, 0]
    reach = within_reach(part.areas, part.supply, within, partial(gaussian_within, within_metres=within))
    return Figures(
        part.own,
        counts_by_category(own, part.supply, within),
        np.where(nearest <= within, nearest, np.nan),
        two_step(reach, part.people)[:number],
    )


def join(parts: Sequence[Figures], areas: ArrayLike, supply: Supply) -> Figures:
    """Put the figures of all parts together.

    Parameters
    ----------
    parts : sequence of Figures
        The figures of each part, in any order.
    areas : array_like of float, shape (n areas, 2)
        All areas, as `split` had them.
    supply : Supply
        All providers.

    Returns
    -------
    Figures
        The figures of all areas, in their order: counts and distances as from one run, and access as from
        one run but for the order in which numbers are added up.

    Raises
    ------
    ValueError
        If the parts do not hold each area once.
    """
    xy = positions(areas, "areas")
    own = np.concatenate([part.own for part in parts]) if parts else np.empty(0, dtype=np.intp)
    if not np.array_equal(np.sort(own), np.arange(len(xy))):
        raise ValueError(f"the parts hold {len(own)} areas, and not each of {len(xy)} once")
    order = np.argsort(own)
    number = len(supply.categories)
    counts, nearest, access = (
        np.concatenate([getattr(part, name).reshape(-1, number) for part in parts])[order]
        for name in ("counts", "nearest", "access")
    )
    far = np.flatnonzero(np.isnan(nearest).any(axis=1))
    if len(far):
        whole = nearest_in_category(xy[far], supply, 1)[0][:, :, 0]
        nearest[far] = np.where(np.isnan(nearest[far]), whole, nearest[far])
    return Figures(np.arange(len(xy)), counts, nearest, access)


def at_once(areas: ArrayLike, people: ArrayLike, supply: Supply, within_metres: float) -> Figures:
    """Work out the same figures in one run.

    Parameters
    ----------
    areas : array_like of float, shape (n areas, 2)
        Eastings and northings, EPSG:27700.
    people : array_like of float, shape (n areas,)
        The people of each.
    supply : Supply
        All providers.
    within_metres : float
        How far is in reach.

    Returns
    -------
    Figures
        The figures of all areas, in their order.

    Raises
    ------
    CRSError
        If a coordinate lies outside the National Grid.
    ValueError
        If the lengths differ, or the distance is negative or not finite.
    """
    whole = split(areas, people, supply, ["all"] * len(positions(areas, "areas")), within_metres)
    if not whole:
        raise ValueError("there are no areas")
    return join([figures_of(part) for part in whole], areas, supply)


def _near(xy: NDArray[np.float64], others: NDArray[np.float64], within_metres: float) -> NDArray[np.bool_]:
    """Say of each point whether any of some others is within a distance, or a hair more."""
    near = np.zeros(len(xy), dtype=bool)
    there, placed = np.flatnonzero(np.isfinite(xy).all(axis=1)), others[np.isfinite(others).all(axis=1)]
    if len(there) and len(placed):
        bound = np.nextafter(within_metres * _HAIR, np.inf)
        metres, _ = cKDTree(placed).query(xy[there], distance_upper_bound=bound)
        near[there] = np.isfinite(metres)
    return near


def _some(supply: Supply, kept: NDArray[np.intp]) -> Supply:
    columns = (supply.units[kept], supply.has_capacity[kept], supply.known[kept])
    return Supply(supply.xy[kept], supply.category[kept], supply.categories, *columns)
