"""The loops of `reach.within_reach` and `catchments.two_step`, compiled: the same answers sooner.

They run where ``compiled=True`` asks for them, and need numba, a package of its own (the extra ``fast``).
The first call of an installation compiles, for some seconds; numba keeps what it made. No page asks for them:
to read numba takes a process longer than the figures of a page do.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geodata.pairs import Pairs, greatest_square
from geodata.square_grid import SquareGrid

try:
    from numba import njit
except ModuleNotFoundError as error:
    raise ImportError(
        "compiled=True needs the Python package numba: install it, or ask without compiled=True"
    ) from error

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Unsigned = NDArray[np.uintp]


def in_squares(
    xy: Floats, corner: tuple[float, float], shape: tuple[int, int], side: float
) -> tuple[NDArray[np.complex128], Numbers, NDArray[np.int32]]:
    """Sort points by their squares, as `geodata.square_grid.square_grid` does.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres; those with a missing coordinate are left out.
    corner : tuple of float
        Easting and northing of the south-western corner; no point lies west or south of it.
    shape : tuple of int
        How many rows and columns of squares there are; no point lies beyond them.
    side : float
        The side of a square, in metres.

    Returns
    -------
    at : numpy.ndarray of complex, shape (n points that are somewhere,)
        Eastings and northings, in the order of the squares, and in a square in the order given.
    position : numpy.ndarray of int, shape (n points that are somewhere,)
        Where each of them was.
    first : numpy.ndarray of int, shape (rows * columns + 1,)
        The first point of each square, row by row.
    """
    at, position, first = _in_squares(np.ascontiguousarray(xy, dtype=float), corner, shape, side)
    return at.view(complex)[:, 0], position, first


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
    xy = np.ascontiguousarray(xy, dtype=float)
    shape, reach = (grid.rows, grid.columns), grid.reach(within_metres)
    runs = _runs(xy, grid.first, grid.corner, shape, grid.side, reach)
    at = grid.at.view(np.float64).reshape(-1, 2)
    return Pairs(*_near(xy, at, grid.position, runs, greatest_square(within_metres)))


def shared_out(
    pairs: tuple[Numbers, Numbers, Floats], people: Floats, units: Floats, category: Numbers, categories: int
) -> Floats:
    """Take both steps of `geodata.catchments.two_step`.

    Parameters
    ----------
    pairs : tuple of numpy.ndarray, shape (n pairs,)
        Position of the area, position of the provider, and weight.
    people : numpy.ndarray of float, shape (n areas,)
        The people of each area.
    units : numpy.ndarray of float, shape (n providers,)
        What each provider offers.
    category : numpy.ndarray of int, shape (n providers,)
        The category of each, by its position.
    categories : int
        How many categories there are.

    Returns
    -------
    numpy.ndarray of float, shape (n areas, n categories)
        Units of supply a person.

    Raises
    ------
    ValueError
        If the pairs are not those of these areas and providers.
    """
    area, provider, of = (positions.view(np.uintp) for positions in (*pairs[:2], category))
    _require_below(len(people), area, len(pairs[2]))
    _require_below(len(units), provider, len(pairs[2]))
    _require_below(categories, of, len(units))
    return _shared_out((area, provider, pairs[2]), people, units, of, np.zeros((len(people), categories)))


def _require_below(end: int, positions: Unsigned, number: int) -> None:
    """Refuse positions beyond the end, or another number of them: compiled, nobody would notice."""
    if len(positions) != number or (number and positions.max() >= end):
        raise ValueError("the pairs are not those of these areas and providers")


# Positions are numbers without a sign below: with one, each look-up asks first whether to count from the end.


@njit(cache=True)
def _in_squares(
    xy: Floats, corner: tuple[float, float], shape: tuple[int, int], side: float
) -> tuple[Floats, Numbers, NDArray[np.int32]]:
    """Count the points of each square, and put each where those before it end."""
    rows, columns = np.uintp(shape[0]), np.uintp(shape[1])
    nowhere = rows * columns
    square = np.empty(len(xy), dtype=np.uintp)
    # Two places on, so that it holds where each square begins once all are put behind each other.
    first = np.zeros(nowhere + np.uintp(2), dtype=np.int32)
    for point in range(len(xy)):
        east, north = (xy[point, 0] - corner[0]) / side, (xy[point, 1] - corner[1]) / side
        square[point] = nowhere
        if math.isfinite(east) and math.isfinite(north):
            square[point] = np.uintp(north) * columns + np.uintp(east)
            first[square[point] + np.uintp(2)] += 1
    there = 0
    for place in range(2, len(first)):
        there += first[place]
        first[place] = there
    at, position = np.empty((there, 2)), np.empty(there, dtype=np.intp)
    for point in range(len(xy)):
        if square[point] < nowhere:
            following = np.uintp(first[square[point] + np.uintp(1)])
            first[square[point] + np.uintp(1)] += 1
            position[following] = point
            at[following, 0], at[following, 1] = xy[point, 0], xy[point, 1]
    return at, position, first[:-1]


@njit(cache=True)
def _runs(
    xy: Floats,
    first: NDArray[np.int32],
    corner: tuple[float, float],
    shape: tuple[int, int],
    side: float,
    reach: float,
) -> Unsigned:
    """Return the runs of sorted points that may be near a point: the point, where it begins and ends."""
    rows, columns = shape
    runs = np.empty((len(xy) * (int(2 * reach) + 2), 3), dtype=np.uintp)
    number = np.uintp(0)
    for point in range(len(xy)):
        x, y = (xy[point, 0] - corner[0]) / side, (xy[point, 1] - corner[1]) / side
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        for row in range(int(max(y - reach, 0.0)), int(min(y + reach + 1, rows))):
            beside = max(row - y, y - row - 1, 0.0)
            half = math.sqrt(max(reach * reach - beside * beside, 0.0))
            west, past = int(max(x - half, 0.0)), int(min(x + half + 1, columns))
            if west < past:
                begin, end = np.uintp(row * columns + west), np.uintp(row * columns + past)
                runs[number, 0], runs[number, 1], runs[number, 2] = point, first[begin], first[end]
                number += np.uintp(1)
    return runs[:number]


@njit(cache=True)
def _near(
    xy: Floats, at: Floats, position: Numbers, runs: Unsigned, greatest: float
) -> tuple[Numbers, Numbers, Floats]:
    """Measure all that is in the runs, and return what is near enough: origins, destinations, metres."""
    most = (runs[:, 2] - runs[:, 1]).sum()
    origin, destination = np.empty(most, dtype=np.intp), np.empty(most, dtype=np.intp)
    metres = np.empty(most)
    number = np.uintp(0)
    for run in range(len(runs)):
        point = runs[run, 0]
        for place in range(runs[run, 1], runs[run, 2]):
            east, north = at[place, 0] - xy[point, 0], at[place, 1] - xy[point, 1]
            square = east * east + north * north
            # Written before it is known to be near: a processor cannot guess which are, and loses its way.
            origin[number], destination[number], metres[number] = point, position[place], square
            number += np.uintp(square <= greatest)
    for pair in range(number):
        metres[pair] = math.sqrt(metres[pair])
    return origin[:number], destination[:number], metres[:number]


@njit(cache=True)
def _shared_out(
    pairs: tuple[Unsigned, Unsigned, Floats],
    people: Floats,
    units: Floats,
    category: Unsigned,
    answer: Floats,
) -> Floats:
    """Share what each provider offers among those who reach it, and add the shares up where they live."""
    area, provider, weight = pairs
    share = np.zeros(len(units))
    for pair in range(len(area)):
        share[provider[pair]] += weight[pair] * people[area[pair]]
    for place in range(len(units)):
        share[place] = units[place] / share[place] if share[place] > 0 else 0.0
    for pair in range(len(area)):
        answer[area[pair], category[provider[pair]]] += weight[pair] * share[provider[pair]]
    return answer
