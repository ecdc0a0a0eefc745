"""Pairs of points within a distance of each other, found on whole arrays.

A tree visits its nodes pair by pair. Here each point asks a few rows of squares, of which each row is one
run of the sorted points, and what is in the runs is measured at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.square_grid import SquareGrid, greatest_square, has_place, square_grid

# Candidates measured at once: their numbers stay in the processor's cache.
_CHUNK = 30_000


# Of 64 bits, or of 32 where compiled: half as much to write, with room for two thousand million points.
Positions = NDArray[np.intp] | NDArray[np.int32]


@dataclass(frozen=True)
class Pairs:
    """Pairs of an origin and a destination, and how far apart they are.

    Attributes
    ----------
    origin : numpy.ndarray of int, shape (n pairs,)
        Position (from 0) of the origin among those given.
    destination : numpy.ndarray of int, shape (n pairs,)
        Position of the destination among those given.
    metres : numpy.ndarray of float, shape (n pairs,)
        Straight-line distance.
    """

    origin: Positions
    destination: Positions
    metres: NDArray[np.float64]


def pairs_within(
    xy: NDArray[np.float64], xy_to: NDArray[np.float64], within_metres: float, *, compiled: bool = False
) -> Pairs:
    """Find every pair of points within a distance of each other.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres; a point with a missing coordinate is in no pair.
    xy_to : numpy.ndarray of float, shape (n others, 2)
        The other points, likewise.
    within_metres : float
        The greatest distance, which counts as within.
    compiled : bool, default False
        Sort and measure with `geodata.compiled`, which needs numba.

    Returns
    -------
    Pairs
        The pairs, in no stated order; destinations are positions in `xy_to`.

    Raises
    ------
    ImportError
        If numba is asked for and not installed.
    ValueError
        If the distance is negative or without end.
    """
    greatest = greatest_square(within_metres)
    found = [Pairs(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp), np.empty(0))]
    if has_place(xy_to).any():
        if compiled:
            from geodata.compiled import in_squares, near_in_order  # noqa: PLC0415 - it needs a package of its own

            grid = square_grid(xy_to, within_metres, in_squares)
            return Pairs(*near_in_order(xy, grid, grid.reach(within_metres), greatest))
        grid = square_grid(xy_to, within_metres)
        found += [
            Pairs(chunk.take(near.origin), grid.position.take(near.destination), near.metres)
            for chunk, near in near_pairs(xy, grid, within_metres)
        ]
    return Pairs(
        np.concatenate([part.origin for part in found]),
        np.concatenate([part.destination for part in found]),
        np.concatenate([part.metres for part in found]),
    )


def near_pairs(
    xy: NDArray[np.float64], grid: SquareGrid, within_metres: float
) -> Iterator[tuple[NDArray[np.intp], Pairs]]:
    """Give the pairs of points and points of a grid within a distance, by chunks of points that lie together.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n points, 2)
        Eastings and northings in metres; a point with a missing coordinate is in no chunk.
    grid : SquareGrid
        The other points.
    within_metres : float
        The greatest distance, which counts as within. A grid made for another one answers too, but slower.

    Yields
    ------
    chunk : numpy.ndarray of int, shape (n in the chunk,)
        Positions in `xy`.
    pairs : Pairs
        Origins are positions in the chunk, and in order; destinations are positions in the grid's own order.

    Notes
    -----
    ``sqrt((x_i - x_j)^2 + (y_i - y_j)^2) <= within``, measured for each candidate as it stands.
    """
    greatest = greatest_square(within_metres)
    order = _order_by_square(xy, grid)
    starts, lengths = _runs(xy[order], grid, grid.reach(within_metres))
    candidates = np.cumsum(lengths.sum(axis=1))
    start = 0
    while start < len(order):
        before = candidates[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(candidates, before + _CHUNK, side="right")))
        chunk = order[start:stop]
        yield chunk, _measured(xy[chunk], grid, greatest, starts[start:stop], lengths[start:stop])
        start = stop


def _order_by_square(xy: NDArray[np.float64], grid: SquareGrid) -> NDArray[np.intp]:
    """Return the positions of the points there are, in the order of the grid's squares."""
    there = np.flatnonzero(has_place(xy))
    column, row = (
        np.clip((xy[there, axis] - grid.corner[axis]) / grid.side, 0, most).astype(np.uint16)
        for axis, most in enumerate((grid.columns, grid.rows))
    )
    order: NDArray[np.intp] = there[np.lexsort((column, row))]
    return order


def _runs(
    xy: NDArray[np.float64], grid: SquareGrid, reach: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return, by point and row, where the runs of points begin that may be near, and how long they are."""
    x, y = ((xy - grid.corner) / grid.side).T[:, :, np.newaxis]
    row = np.floor(y - reach) + np.arange(int(2 * reach) + 2)
    beside = np.maximum(np.maximum(row - y, y - row - 1), 0)
    half = np.sqrt(np.maximum(reach**2 - beside**2, 0))
    west = np.maximum(np.floor(x - half), 0)
    past = np.minimum(np.floor(x + half) + 1, grid.columns)
    asked = (beside <= reach) & (west < past) & (row >= 0) & (row < grid.rows)
    row *= grid.columns
    start, stop = (np.where(asked, row + column, 0).astype(np.intp) for column in (west, past))
    first = grid.first.take(start)
    return first, grid.first.take(stop) - first


def _measured(
    xy: NDArray[np.float64],
    grid: SquareGrid,
    greatest: float,
    starts: NDArray[np.int32],
    lengths: NDArray[np.int32],
) -> Pairs:
    """Measure all that is in the runs of some points, and keep what is near enough."""
    some = np.flatnonzero(lengths)
    length = lengths.ravel()[some]
    point = some // lengths.shape[1]
    ends = np.cumsum(length)
    place = np.repeat(starts.ravel()[some] - (ends - length), length)
    place += np.arange(len(place))
    # A complex number is both coordinates: half as many look-ups.
    apart = grid.at.take(place, mode="clip")
    apart -= np.repeat((xy[:, 0] + 1j * xy[:, 1])[point], length)
    square = apart.real**2
    square += apart.imag**2
    near = np.flatnonzero(square <= greatest)
    metres = square.take(near, mode="clip")
    np.sqrt(metres, out=metres)
    origin = np.repeat(point, length).take(near, mode="clip")
    return Pairs(origin, place.take(near, mode="clip"), metres)
