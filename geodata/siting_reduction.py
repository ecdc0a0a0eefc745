"""Make a covering problem smaller without changing its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

# How many rows are compared with all others at once: it bounds the memory, not the result.
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Problem:
    """Which candidates cover which areas, with nothing left in that cannot matter.

    Attributes
    ----------
    by_area : scipy.sparse.csr_array of float, shape (n areas, n candidates)
        1 where the candidate covers the area. An area here may stand for several.
    by_candidate : scipy.sparse.csr_array of float, shape (n candidates, n areas)
        The same the other way round.
    weights : numpy.ndarray of float, shape (n areas,)
        What covering each area is worth, above nought.
    candidates : numpy.ndarray of int, shape (n candidates,)
        Position (from 0) of each candidate among those first given, ascending.
    """

    by_area: csr_array
    by_candidate: csr_array
    weights: NDArray[np.float64]
    candidates: NDArray[np.intp]


def reduce_problem(by_area: csr_array, weights: NDArray[np.float64], candidates: NDArray[np.intp]) -> Problem:
    """Leave out the areas and candidates that cannot change the greatest weight covered.

    Parameters
    ----------
    by_area : scipy.sparse.csr_array, shape (n areas, n candidates)
        Not nought where the candidate covers the area, with no entry held twice.
    weights : numpy.ndarray of float, shape (n areas,)
        What covering each area is worth; nought for one that is covered already.
    candidates : numpy.ndarray of int, shape (n candidates,)
        What to call each candidate in the result, ascending.

    Returns
    -------
    Problem
        Without the areas that weigh nothing or that no candidate covers, without the candidates whose areas
        are all covered by another one (of equals the first is kept), and with areas that have the same
        candidates merged into one of their joint weight.

    Notes
    -----
    A set of areas is part of another when they share as many as it has: with A the matrix, the counts of
    shared areas are A'A, and those of shared candidates AA'. The greatest weight that p candidates cover
    stays the same: whoever chooses a candidate that was left out covers no less by the one that was kept.
    """
    weighty = weights > 0
    by_area, weights = _ones(by_area[weighty]), weights[weighty]
    by_candidate = by_area.T.tocsr()
    kept = _not_part_of_another(by_candidate)
    by_candidate = by_candidate[kept]
    by_area = by_candidate.T.tocsr()
    reached = np.diff(by_area.indptr) > 0
    by_area, weights = by_area[reached], weights[reached]
    first, group = np.unique(_first_alike(by_area), return_inverse=True)
    by_area, merged = by_area[first], np.zeros(len(first))
    np.add.at(merged, group, weights)
    return Problem(by_area, by_area.T.tocsr(), merged, candidates[kept])


def _ones(matrix: csr_array) -> csr_array:
    matrix = csr_array(matrix, dtype=float)
    matrix.data[:] = 1
    return matrix


def _not_part_of_another(rows: csr_array) -> NDArray[np.intp]:
    """Return the rows that hold something no other row holds as well; of equal rows, the first."""
    size = np.diff(rows.indptr)
    kept = size > 0
    for one, other, shared in _overlaps(rows):
        part = (shared == size[one]) & ((size[other] > size[one]) | (other < one))
        kept[one[part]] = False
    return np.flatnonzero(kept)


def _first_alike(rows: csr_array) -> NDArray[np.intp]:
    """Return, for each row, the first row that is equal to it, which may be itself."""
    size = np.diff(rows.indptr)
    first = np.arange(rows.shape[0])
    for one, other, shared in _overlaps(rows):
        alike = (shared == size[one]) & (shared == size[other])
        np.minimum.at(first, one[alike], other[alike])
    return first


def _overlaps(rows: csr_array) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """Yield pairs of rows that share something, and how much they share, some rows at a time."""
    columns = rows.T.tocsr()
    for start in range(0, rows.shape[0], _AT_ONCE):
        shared = (rows[start : start + _AT_ONCE] @ columns).tocoo()
        yield shared.row + start, shared.col, shared.data
