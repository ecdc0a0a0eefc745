"""The loops of `reach.within_reach` and `catchments.two_step`, compiled: the same answers sooner.

They run where ``compiled=True`` asks for them, and need numba, a package of its own (the extra ``fast``).
The first call of an installation compiles, for some seconds; numba keeps what it made. No page asks for them:
to read numba takes a process longer than the figures of a page do.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geodata.square_grid import Pairs, SquareGrid

try:
    from numba import njit
except ModuleNotFoundError as error:
    raise ImportError(
        "compiled=True needs the Python package numba: install it, or ask without compiled=True"
    ) from error

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]


def near_in_order(xy: Floats, grid: SquareGrid, within_metres: float) -> Pairs:
    """Find every pair of points and points of a grid within a distance of each other.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres; a point with a missing coordinate is in no pair.
    grid : SquareGrid
        The other points.
    within_metres : float
        The greatest distance, which counts as within.

    Returns
    -------
    Pairs
        The pairs, in the order of their origins; destinations are positions in the array of the grid.
    """
    shape, reach = (grid.rows, grid.columns), grid.reach(within_metres)
    runs = _runs(xy, grid.first, grid.corner, shape, grid.side, reach)
    at = grid.at.view(np.float64).reshape(-1, 2)
    # As a float, whatever is given: each kind of number is compiled for itself.
    return Pairs(*_near(xy, at, grid.position, runs, float(within_metres)))


@njit(cache=True)
def shared_out(
    pairs: tuple[Numbers, Numbers, Floats], people: Floats, units: Floats, category: Numbers, answer: Floats
) -> Floats:
    """Take both steps of `geodata.catchments.two_step`.

    Parameters
    ----------
    pairs : tuple of numpy.ndarray, shape (n pairs,)
        Position of the area, position of the provider, and weight. Compiled, nobody looks whether a position
        is beyond the end: `two_step` does.
    people : numpy.ndarray of float, shape (n areas,)
        The people of each area.
    units : numpy.ndarray of float, shape (n providers,)
        What each provider offers.
    category : numpy.ndarray of int, shape (n providers,)
        The category of each, by its position.
    answer : numpy.ndarray of float, shape (n areas, n categories)
        Noughts, to which the units a person are added.

    Returns
    -------
    numpy.ndarray of float, shape (n areas, n categories)
        `answer`.
    """
    area, provider, weight = pairs
    share = np.zeros(len(units))
    for pair in range(len(area)):
        share[provider[pair]] += weight[pair] * people[area[pair]]
    for place in range(len(units)):
        share[place] = units[place] / share[place] if share[place] > 0 else 0.0
    for pair in range(len(area)):
        answer[area[pair], category[provider[pair]]] += weight[pair] * share[provider[pair]]
    return answer


@njit(cache=True)
def _runs(
    xy: Floats,
    first: NDArray[np.int32],
    corner: tuple[float, float],
    shape: tuple[int, int],
    side: float,
    reach: float,
) -> Numbers:
    """Return the runs of sorted points that may be near a point: the point, where it begins and ends."""
    rows, columns = shape
    runs = np.empty((len(xy) * (int(2 * reach) + 2), 3), dtype=np.intp)
    number = 0
    for point in range(len(xy)):
        x, y = (xy[point, 0] - corner[0]) / side, (xy[point, 1] - corner[1]) / side
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        for row in range(max(math.floor(y - reach), 0), min(math.floor(y + reach) + 1, rows)):
            beside = max(row - y, y - row - 1, 0.0)
            half = math.sqrt(max(reach * reach - beside * beside, 0.0))
            west, past = max(math.floor(x - half), 0), min(math.floor(x + half) + 1, columns)
            if west < past:
                runs[number, 0] = point
                runs[number, 1], runs[number, 2] = first[row * columns + west], first[row * columns + past]
                number += 1
    return runs[:number]


@njit(cache=True)
def _near(
    xy: Floats, at: Floats, position: Numbers, runs: Numbers, within_metres: float
) -> tuple[Numbers, Numbers, Floats]:
    """Measure all that is in the runs, and return what is near enough: origins, destinations, metres."""
    most = (runs[:, 2] - runs[:, 1]).sum()
    origin, destination = np.empty(most, dtype=np.intp), np.empty(most, dtype=np.intp)
    metres = np.empty(most)
    number = 0
    for run in range(len(runs)):
        point = runs[run, 0]
        for place in range(runs[run, 1], runs[run, 2]):
            east, north = at[place, 0] - xy[point, 0], at[place, 1] - xy[point, 1]
            # Written before it is known to be near: a processor cannot guess which are, and loses its way.
            origin[number], destination[number] = point, position[place]
            metres[number] = math.sqrt(east * east + north * north)
            number += metres[number] <= within_metres
    return origin[:number], destination[:number], metres[:number]
