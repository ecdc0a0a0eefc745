"""Where high need and little access lie together: local clusters of two figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geodata.supply import positions

QUADRANTS = ("high-high", "low-high", "low-low", "high-low")
# Draws of neighbours that are taken at once.
_BATCH = 20_000


@dataclass(frozen=True)
class LocalMoran:
    """Clusters of two figures, area by area.

    Attributes
    ----------
    statistic : numpy.ndarray of float, shape (n areas,)
        The bivariate local Moran statistic.
    quadrant : numpy.ndarray of str, shape (n areas,)
        One of `QUADRANTS`: first the area's own figure, then the other figure round it, each above or not
        above its mean.
    p : numpy.ndarray of float, shape (n areas,)
        Two-sided p value before any correction.
    significant : numpy.ndarray of bool, shape (n areas,)
        Whether it stands after the correction for many tests.
    """

    statistic: NDArray[np.float64]
    quadrant: NDArray[np.str_]
    p: NDArray[np.float64]
    significant: NDArray[np.bool_]


def nearest_neighbours(points: ArrayLike, number: int) -> NDArray[np.intp]:
    """Find the nearest other points of each point.

    Parameters
    ----------
    points : array_like of float, shape (n, 2)
        Eastings and northings in EPSG:27700, none missing.
    number : int
        How many neighbours each has.

    Returns
    -------
    numpy.ndarray of int, shape (n, number)
        Positions of the neighbours.

    Raises
    ------
    ValueError
        If a point is missing, or there are too few points to have so many neighbours.
    """
    xy = positions(np.asarray(points, dtype=float), "points")
    if not np.isfinite(xy).all():
        raise ValueError("a point is missing: leave the area out")
    if not 1 <= number < len(xy):
        raise ValueError(f"{len(xy)} areas cannot have {number} neighbours each")
    _, found = cKDTree(xy).query(xy, k=number + 1)
    own = found == np.arange(len(xy))[:, np.newaxis]
    own[~own.any(axis=1), -1] = True  # points that lie on each other: any of them may come first
    return np.asarray(found[~own].reshape(len(xy), number), dtype=np.intp)


def bivariate_local_moran(
    own: ArrayLike, around: ArrayLike, neighbours: NDArray[np.intp], draws: int = 99_999, seed: int = 1
) -> LocalMoran:
    """Compare a figure of each area with another figure of its neighbours.

    Parameters
    ----------
    own : array_like of float, shape (n areas,)
        The area's figure, such as need.
    around : array_like of float, shape (n areas,)
        The figure that is looked at in its neighbours, such as access.
    neighbours : numpy.ndarray of int, shape (n areas, k)
        Positions of each area's neighbours, such as `nearest_neighbours` gives; all count the same.
    draws : int, default 99999
        How often neighbours are drawn at random, to see what chance alone would give.
    seed : int, default 1
        The same seed gives the same answer.

    Returns
    -------
    LocalMoran
        Statistic, quadrant, p value, and what stands after the correction.

    Raises
    ------
    ValueError
        If the lengths differ, a figure is missing, or a figure is the same everywhere.

    Notes
    -----
    ``I_i = z_i (sum over neighbours j of t_j) / k``, with ``z`` and ``t`` the two figures less their means,
    over their standard deviations (of the population), times ``(n - 1) / n``. This is `esda.Moran_Local_BV`
    with row-standardised weights. Source: Anselin, Syabri and Smirnov (2002), Visualizing multivariate
    spatial correlation with dynamically linked windows.

    The p value is by conditional permutation: k other areas are drawn at random in the place of the
    neighbours. All areas share the draws, and each leaves out those in which it is itself. It is twice the
    share of draws that are as far out on the same side, at most 1. Correction: Benjamini and Hochberg (1995),
    Journal of the Royal Statistical Society B 57, 289-300, so that at most one in twenty of the clusters
    shown is expected to be chance.
    """
    z, t = _standardised(own, "own"), _standardised(around, "around")
    number, k = neighbours.shape
    if len(z) != number or len(t) != number:
        raise ValueError(f"there are figures for {len(z)} and {len(t)} areas, and neighbours for {number}")
    lag = t[neighbours].mean(axis=1)
    sides = np.array(QUADRANTS)[np.where(z > 0, np.where(lag > 0, 0, 3), np.where(lag > 0, 1, 2))]
    p = _two_sided(lag, t, k, draws, seed)
    return LocalMoran(z * lag * (number - 1) / number, sides, p, false_discoveries_held(p))


def false_discoveries_held(p: ArrayLike, rate: float = 0.05) -> NDArray[np.bool_]:
    """Say which tests stand when many are made at once.

    Parameters
    ----------
    p : array_like of float, shape (n,)
        Their p values.
    rate : float, default 0.05
        What share of those that stand may be expected to be chance.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        Whether each stands.

    Notes
    -----
    Benjamini and Hochberg (1995): with the p values in rising order, all up to the last k for which
    ``p_(k) <= rate k / n``.

    Examples
    --------
    >>> false_discoveries_held([0.001, 0.03, 0.9, 0.04])
    array([ True, False, False, False])
    """
    values = np.asarray(p, dtype=float)
    rising = np.sort(values)
    held = np.flatnonzero(rising <= rate * np.arange(1, len(values) + 1) / max(len(values), 1))
    last = rising[held[-1]] if len(held) else -np.inf
    stands: NDArray[np.bool_] = values <= last
    return stands


def _two_sided(
    lag: NDArray[np.float64], t: NDArray[np.float64], k: int, draws: int, seed: int
) -> NDArray[np.float64]:
    """Compare each lag with those of random neighbours, without the draws that hold the area itself."""
    rng = np.random.default_rng(seed)
    number = len(t)
    above, taken = np.zeros(number), np.zeros(number)
    hair = 1e-12  # sums of the same figures in another order differ in their last place
    for start in range(0, draws, _BATCH):
        picks = np.sort(rng.integers(0, number, (min(_BATCH, draws - start), k)), axis=1)
        picks = picks[(np.diff(picks, axis=1) > 0).all(axis=1)]
        means = t[picks].mean(axis=1)
        rising = np.sort(means)
        above += len(rising) - np.searchsorted(rising, lag - hair, side="left")
        taken += len(rising)
        member, own = picks.ravel(), np.repeat(means, k)
        above -= np.bincount(member, own >= lag[member] - hair, minlength=number)
        taken -= np.bincount(member, minlength=number)
    tail = np.minimum(above, taken - above)
    return np.minimum(1.0, 2 * (tail + 1) / (taken + 1))


def _standardised(values: ArrayLike, name: str) -> NDArray[np.float64]:
    figures = np.asarray(values, dtype=float)
    if not np.isfinite(figures).all():
        raise ValueError(f"a figure of {name} is missing: leave the area out")
    spread = figures.std()
    if not spread > 0:
        raise ValueError(f"{name} is the same everywhere, so that nothing can cluster")
    standard: NDArray[np.float64] = (figures - figures.mean()) / spread
    return standard
