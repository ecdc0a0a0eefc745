"""How much a provider counts for someone at a distance: from 1 next door to 0 out of reach.

Each function turns an array of metres into an array of weights of the same shape. To give one to
`geodata.reach.within_reach`, fix its settings with `functools.partial`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

Decay = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def step(metres: ArrayLike, zones: Mapping[float, float]) -> NDArray[np.float64]:
    """Weigh by zone: one weight up to a first distance, another up to the next.

    Parameters
    ----------
    metres : array_like of float
        Distances, nought or more.
    zones : mapping of float to float
        The outer edge of each zone in metres, which belongs to the zone, and its weight.

    Returns
    -------
    numpy.ndarray of float
        Weights, of the shape of `metres`; 0 beyond the last zone.

    Raises
    ------
    ValueError
        If a distance is negative or not a number, there is no zone, or an edge or weight is negative or
        not finite.

    Notes
    -----
    ``f(d) = w_k`` for the first zone k with ``d <= edge_k``. The enhanced two-step method of Luo and Qi
    (2009), Health & Place 15, 1100-1107, has three zones, with weights of 1, 0.68 and 0.22.

    Examples
    --------
    >>> step([0, 800, 801, 1_600, 2_500], {800: 1, 1_600: 0.68, 2_400: 0.22})
    array([1.  , 1.  , 0.68, 0.68, 0.  ])
    """
    apart = _distances(metres)
    edges = np.array(sorted(zones), dtype=float)
    weights = np.array([zones[edge] for edge in sorted(zones)], dtype=float)
    sound = np.isfinite(edges) & np.isfinite(weights) & (edges >= 0) & (weights >= 0)
    if not len(edges) or not sound.all():
        raise ValueError("zones need edges and weights of nought or more, and at least one of them")
    found: NDArray[np.float64] = np.append(weights, 0.0)[np.searchsorted(edges, apart, side="left")]
    return found


def gaussian(metres: ArrayLike, sigma_metres: float) -> NDArray[np.float64]:
    """Weigh by half of a bell, which never quite reaches nought.

    Parameters
    ----------
    metres : array_like of float
        Distances, nought or more.
    sigma_metres : float
        The width of the bell: at this distance the weight is 0.61, at twice it 0.14.

    Returns
    -------
    numpy.ndarray of float
        Weights, of the shape of `metres`.

    Raises
    ------
    ValueError
        If a distance is negative or not a number, or the width is not above nought.

    Notes
    -----
    ``f(d) = exp(-d^2 / (2 sigma^2))``, so that ``f(0) = 1``. It is the form of `pysal/access`. It is cut
    off by the reach that it is used with; `gaussian_within` ends at nought by itself.

    Examples
    --------
    >>> gaussian([0, 700, 1_400], 700).round(3)
    array([1.   , 0.607, 0.135])
    """
    apart = _distances(metres)
    _require_above_nought(sigma_metres=sigma_metres)
    # In place: fresh memory takes longer than the multiplication.
    weights = np.asarray(apart * apart)
    weights *= -0.5 / sigma_metres**2
    return np.exp(weights, out=weights)


def gaussian_within(metres: ArrayLike, within_metres: float) -> NDArray[np.float64]:
    """Weigh by the part of a bell that ends at nought where the reach ends.

    Parameters
    ----------
    metres : array_like of float
        Distances, nought or more.
    within_metres : float
        The distance at which the weight is nought.

    Returns
    -------
    numpy.ndarray of float
        Weights, of the shape of `metres`; 0 beyond `within_metres`.

    Raises
    ------
    ValueError
        If a distance is negative or not a number, or `within_metres` is not above nought.

    Notes
    -----
    ``f(d) = (exp(-(d / d0)^2 / 2) - exp(-1 / 2)) / (1 - exp(-1 / 2))`` for ``d <= d0``. Source: Dai (2010),
    Health & Place 16, 1038-1052.

    Examples
    --------
    >>> gaussian_within([0, 1_000, 2_000, 3_000], 2_000).round(3)
    array([1.   , 0.701, 0.   , 0.   ])
    """
    apart = _distances(metres)
    _require_above_nought(within_metres=within_metres)
    edge = np.exp(-0.5)
    share = np.minimum(apart / within_metres, 1.0)
    weights: NDArray[np.float64] = (np.exp(-0.5 * share * share) - edge) / (1 - edge)
    return weights


def gravity(
    metres: ArrayLike, power: float, least_metres: float, scale_metres: float = 1_000
) -> NDArray[np.float64]:
    """Weigh by a power of the distance, as in the law of gravity.

    Parameters
    ----------
    metres : array_like of float
        Distances, nought or more.
    power : float
        How fast the weight falls: 1 halves it at twice the distance, 2 quarters it.
    least_metres : float
        Distances below this count as this, so that no weight is without end.
    scale_metres : float, default 1000
        The distance at which the weight is 1.

    Returns
    -------
    numpy.ndarray of float
        Weights, of the shape of `metres`. They are above 1 at less than the scale.

    Raises
    ------
    ValueError
        If a distance is negative or not a number, or a setting is not above nought.

    Notes
    -----
    ``f(d) = (max(d, least) / scale)^(-power)``. Source: Hansen (1959), Journal of the American Institute of
    Planners 25, 73-76. In `pysal/access` the power is written with its minus.

    Examples
    --------
    >>> gravity([0, 100, 500, 1_000, 2_000], power=2, least_metres=500)
    array([4.  , 4.  , 4.  , 1.  , 0.25])
    """
    apart = _distances(metres)
    _require_above_nought(power=power, least_metres=least_metres, scale_metres=scale_metres)
    weights: NDArray[np.float64] = np.power(np.maximum(apart, least_metres) / scale_metres, -power)
    return weights


def linear(metres: ArrayLike, within_metres: float) -> NDArray[np.float64]:
    """Weigh by a straight line down to nought where the reach ends.

    Parameters
    ----------
    metres : array_like of float
        Distances, nought or more.
    within_metres : float
        The distance at which the weight is nought.

    Returns
    -------
    numpy.ndarray of float
        Weights, of the shape of `metres`; 0 beyond `within_metres`.

    Raises
    ------
    ValueError
        If a distance is negative or not a number, or `within_metres` is not above nought.

    Notes
    -----
    ``f(d) = max(0, 1 - d / d0)``.

    Examples
    --------
    >>> linear([0, 500, 2_000, 3_000], 2_000)
    array([1.  , 0.75, 0.  , 0.  ])
    """
    apart = _distances(metres)
    _require_above_nought(within_metres=within_metres)
    weights: NDArray[np.float64] = np.maximum(0.0, 1 - apart / within_metres)
    return weights


def _distances(metres: ArrayLike) -> NDArray[np.float64]:
    apart = np.asarray(metres, dtype=float)
    if not (apart >= 0).all():
        raise ValueError("a distance is negative or not a number")
    return apart


def _require_above_nought(**settings: float) -> None:
    for name, value in settings.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} is {value}: give a number above nought")
