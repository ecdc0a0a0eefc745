"""Points sorted into squares, so that `geodata.pairs` finds those near others on whole arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Squares to a distance: more lie closer about the circle, and make more runs to look at.
_SQUARES = 2
# Rows or columns at most: a small distance in a large country would have more squares than memory.
_MOST = 1_500
# Squares to a point: where points are few, to count through empty squares takes longer than to measure.
_SPARSE = 8
# What rounding may take from a distance, as a share and in metres; every candidate is measured after that.
_HAIR, _HAIR_METRES = 1e-9, 1e-6


Sort = Callable[
    [NDArray[np.float64], tuple[float, float], tuple[int, int], float],
    tuple[NDArray[np.complex128], NDArray[np.intp], NDArray[np.int32]],
]


@dataclass(frozen=True)
class SquareGrid:
    """Points in the order of their squares, made by `square_grid`.

    Attributes
    ----------
    at : numpy.ndarray of complex, shape (n points,)
        Eastings and northings (the imaginary part), in the order of the squares.
    position : numpy.ndarray of int, shape (n points,)
        Where each of them was in the array given.
    first : numpy.ndarray of int, shape (rows * columns + 1,)
        The first point of each square, row by row.
    corner : tuple of float
        Easting and northing of the south-western corner.
    columns : int
        How many squares a row has.
    rows : int
        How many rows there are.
    side : float
        The side of a square, in metres.
    """

    at: NDArray[np.complex128]
    position: NDArray[np.intp]
    first: NDArray[np.int32]
    corner: tuple[float, float]
    columns: int
    rows: int
    side: float

    def reach(self, within_metres: float) -> float:
        """Return a distance in squares, a hair longer than it is.

        Parameters
        ----------
        within_metres : float
            The distance.

        Returns
        -------
        float
            How many sides of a square it is at most.
        """
        return (float(within_metres) * (1 + _HAIR) + _HAIR_METRES) / self.side


def square_grid(xy: NDArray[np.float64], within_metres: float, sort: Sort | None = None) -> SquareGrid:
    """Sort points into squares that fit a distance.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres, at least one point; those with a missing coordinate are left out.
    within_metres : float
        The distance that will be asked for.
    sort : callable, optional
        Sorts them in place of `in_squares`, for example `geodata.compiled.in_squares`.

    Returns
    -------
    SquareGrid
        The points in squares.

    Raises
    ------
    ValueError
        If no point has coordinates.
    """
    within_metres = float(within_metres)  # the squares of a shorter kind of number would not hold all points
    there = np.flatnonzero(has_place(xy))
    if not len(there):
        raise ValueError("there is no point to put into squares")
    some_missing = len(there) < len(xy)
    placed = np.ascontiguousarray(xy[there] if some_missing else xy, dtype=float)
    x, y = np.ascontiguousarray(placed.T)
    corner = float(x.min()), float(y.min())
    east, north = float(x.max()) - corner[0], float(y.max()) - corner[1]
    widest = max(east, north)
    side = max(within_metres / _SQUARES, widest / _MOST, widest / math.sqrt(_SPARSE * len(there)), 1.0)
    columns, rows = int(east / side) + 1, int(north / side) + 1
    at, position, first = (sort or in_squares)(placed, corner, (rows, columns), side)
    return SquareGrid(at, there[position] if some_missing else position, first, corner, columns, rows, side)


def in_squares(
    xy: NDArray[np.float64], corner: tuple[float, float], shape: tuple[int, int], side: float
) -> tuple[NDArray[np.complex128], NDArray[np.intp], NDArray[np.int32]]:
    """Sort points by their squares, row by row, and in a square as they were given.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres, of which none is missing.
    corner : tuple of float
        Easting and northing of the south-western corner; no point lies west or south of it.
    shape : tuple of int
        How many rows and columns of squares there are; no point lies beyond them.
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
    """
    rows, columns = shape
    # Numbers of sixteen bits, of which there are enough for the rows, are sorted by counting.
    column, row = (((part - low) / side).astype(np.uint16) for part, low in zip(xy.T, corner, strict=True))
    position = np.lexsort((column, row))
    square = row.astype(np.intp) * columns + column
    first = np.zeros(rows * columns + 1, dtype=np.int32)
    np.cumsum(np.bincount(square, minlength=rows * columns), out=first[1:])
    return xy.view(complex)[position, 0], position, first


def has_place(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which points have both coordinates.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings.

    Returns
    -------
    numpy.ndarray of bool, shape (n points,)
        False where one is missing.
    """
    # By column: to look at rows of two takes much longer.
    found: NDArray[np.bool_] = np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1])
    return found


def greatest_square(metres: float) -> float:
    """Return the greatest number of which the root is at most so many metres.

    Parameters
    ----------
    metres : float
        A distance.

    Returns
    -------
    float
        Square metres. A square is at most as great exactly where its root, as it is rounded, is within the
        distance, so that no root need be taken to find out.

    Raises
    ------
    ValueError
        If the distance is negative or without end.
    """
    metres = float(metres)  # a shorter kind of number would be rounded anew at each step
    if not 0 <= metres < math.inf:
        raise ValueError(f"the distance is {metres}: give nought or more")
    square = metres * metres
    while math.sqrt(square) > metres:
        square = math.nextafter(square, 0)
    while math.sqrt(above := math.nextafter(square, math.inf)) <= metres:
        square = above
    return square
