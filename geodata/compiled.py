"""The loops of `reach.within_reach` and `catchments.two_step`, compiled: the same answers sooner.

They run where ``compiled=True`` asks for them, and need numba, a package of its own (the extra ``fast``).
The first call of an installation compiles, for some seconds; numba keeps what it made. No page asks for them:
to read numba takes a process longer than the figures of a page do.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geodata.pairs import Positions
from geodata.square_grid import SquareGrid

try:
    from numba import njit
except ModuleNotFoundError as error:
    raise ImportError(
        "compiled=True needs the Python package numba: install it, or ask without compiled=True"
    ) from error

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Unsigned = NDArray[np.uintp] | NDArray[np.uint32]
_OF_OTHERS = "the pairs are not of these areas, providers and categories"


def in_squares(
    xy: Floats, corner: tuple[float, float], shape: tuple[int, int], side: float
) -> tuple[NDArray[np.complex128], Numbers, NDArray[np.int32]]:
    """Do what `geodata.square_grid.in_squares` does.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres, of which none is missing.
    corner : tuple of float
        Easting and northing of the south-western corner.
    shape : tuple of int
        How many rows and columns of squares there are.
    side : float
        The side of a square, in metres.

    Returns
    -------
    at : numpy.ndarray of complex, shape (n points,)
        Eastings and northings, in order.
    position : numpy.ndarray of int, shape (n points,)
        Where each of them was in `xy`.
    first : numpy.ndarray of int, shape (rows * columns + 1,)
        The first point of each square.

    Raises
    ------
    ValueError
        If a point lies beyond the squares.
    """
    at, position, first = _in_squares(xy, corner, shape, side)
    return at.view(complex)[:, 0], position, first


def near_in_order(
    xy: Floats, grid: SquareGrid, reach: float, greatest: float
) -> tuple[Positions, Positions, Floats]:
    """Find every pair of points and points of a grid within a distance of each other.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres; a point with a missing coordinate is in no pair.
    grid : SquareGrid
        The other points.
    reach : float
        The greatest distance in squares, from `SquareGrid.reach`.
    greatest : float
        What its square is at most, in square metres, from `geodata.square_grid.greatest_square`.

    Returns
    -------
    origin : numpy.ndarray of int, shape (n pairs,)
        Positions in `xy`, in order.
    destination : numpy.ndarray of int, shape (n pairs,)
        Positions in the array that the grid was made of.
    metres : numpy.ndarray of float, shape (n pairs,)
        Straight-line distances.
    """
    xy = np.ascontiguousarray(xy, dtype=float)
    runs = _runs(xy, grid.first, grid.corner, (grid.rows, grid.columns), grid.side, reach)
    return _near(xy, grid.at.view(np.float64).reshape(-1, 2), grid.position, runs, greatest)


def shared_out(
    pairs: tuple[Positions, Positions, Floats],
    people: Floats,
    units: Floats,
    category: Numbers,
    categories: int,
) -> Floats:
    """Take both steps of `geodata.catchments.two_step`.

    Parameters
    ----------
    pairs : tuple of numpy.ndarray, shape (n pairs,)
        Position of the area, position of the provider, both whole numbers, and weight.
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
        If the pairs are not of these areas, providers and categories.
    """
    area, provider, of_category = map(_without_sign, (*pairs[:2], category))
    answer = np.zeros((len(people), categories))
    return _shared_out((area, provider, pairs[2]), people, units, of_category, answer)


def _without_sign(positions: Positions) -> Unsigned:
    """Read positions as numbers without a sign, of which those below nought are beyond the end of any array.

    With a sign, each look-up asks first whether to count from the end.
    """
    if positions.dtype.kind not in "iu":
        raise ValueError(_OF_OTHERS)
    return positions.view(f"u{positions.itemsize}")


@njit(cache=True)
def _in_squares(
    xy: Floats, corner: tuple[float, float], shape: tuple[int, int], side: float
) -> tuple[Floats, Numbers, NDArray[np.int32]]:
    """Count the points of each square, and put each where those before it end."""
    rows, columns = np.uintp(shape[0]), np.uintp(shape[1])
    square = np.empty(len(xy), dtype=np.uintp)
    # Two places on, so that it holds where each square begins once all are put behind each other.
    first = np.zeros(rows * columns + np.uintp(2), dtype=np.int32)
    for point in range(len(xy)):
        east, north = (xy[point, 0] - corner[0]) / side, (xy[point, 1] - corner[1]) / side
        if not (0 <= east < shape[1] and 0 <= north < shape[0]):  # it would be written beyond the end
            raise ValueError("a point lies beyond the squares")
        square[point] = np.uintp(north) * columns + np.uintp(east)
        first[square[point] + np.uintp(2)] += 1
    placed = 0
    for each in range(2, len(first)):
        placed += first[each]
        first[each] = placed
    at, position = np.empty((len(xy), 2)), np.empty(len(xy), dtype=np.intp)
    for point in range(len(xy)):
        place = np.uintp(first[square[point] + np.uintp(1)])
        first[square[point] + np.uintp(1)] += 1
        position[place] = point
        at[place, 0], at[place, 1] = xy[point, 0], xy[point, 1]
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
    runs = np.empty((len(xy) * (int(2 * reach) + 3), 3), dtype=np.uintp)
    number = np.uintp(0)
    for point in range(len(xy)):
        x, y = (xy[point, 0] - corner[0]) / side, (xy[point, 1] - corner[1]) / side
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        for row in range(_among(y - reach, rows), _among(y + reach + 1, rows)):
            beside = max(row - y, y - row - 1, 0.0)
            half = math.sqrt(max(reach * reach - beside * beside, 0.0))
            west, past = _among(x - half, columns), _among(x + half + 1, columns)
            if west < past:
                begin, end = np.uintp(row * columns + west), np.uintp(row * columns + past)
                runs[number, 0], runs[number, 1], runs[number, 2] = point, first[begin], first[end]
                number += np.uintp(1)
    return runs[:number]


@njit(cache=True)
def _among(place: float, number: int) -> int:
    """Return the number of the row or column at a place, or the first or the one after the last."""
    return int(min(max(place, 0.0), number))


@njit(cache=True)
def _near(
    xy: Floats, at: Floats, position: Numbers, runs: Unsigned, greatest: float
) -> tuple[Positions, Positions, Floats]:
    """Measure all that is in the runs, and return what is near enough: origins, destinations, metres."""
    candidates = (runs[:, 2] - runs[:, 1]).sum()
    origin, destination = np.empty(candidates, dtype=np.int32), np.empty(candidates, dtype=np.int32)
    metres = np.empty(candidates)
    number = np.uintp(0)
    for run in range(len(runs)):
        point = runs[run, 0]
        x, y = xy[point, 0], xy[point, 1]
        for place in range(runs[run, 1], runs[run, 2]):
            east, north = at[place, 0] - x, at[place, 1] - y
            square = east * east + north * north
            # Written before it is known to be near: a branch that goes either way at random takes longer.
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
    if not len(area) == len(provider) == len(weight) or len(category) != len(units):
        raise ValueError(_OF_OTHERS)
    share = np.zeros(len(units))
    for pair in range(len(area)):
        if area[pair] >= len(people) or provider[pair] >= len(units):  # a compiled look-up would not notice
            raise ValueError(_OF_OTHERS)
        share[provider[pair]] += weight[pair] * people[area[pair]]
    for one in range(len(units)):
        if category[one] >= answer.shape[1]:
            raise ValueError(_OF_OTHERS)
        share[one] = units[one] / share[one] if share[one] > 0 else 0.0
    for pair in range(len(area)):
        answer[area[pair], category[provider[pair]]] += weight[pair] * share[provider[pair]]
    return answer
