"""What would help most: the best places to add, among candidates, to cover as much weight as possible.

This is the maximal covering location problem (MCLP). Areas have a weight, such as people or need; a place
covers the areas that it is within a distance of. Which one place, or which p places, together with what is
there already, cover the greatest weight?
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

from geodata.costs import straight_line
from geodata.crs import require_columns
from geodata.siting_reduction import Problem, reduce_problem
from geodata.siting_search import Choice, choose_greedily, in_order, solve, tighten

Method = Literal["exact", "greedy"]
METHODS = ("exact", "greedy")
# How long HiGHS may look for a proof, where nobody says.
LONGEST_SECONDS = 60.0


@dataclass(frozen=True)
class Additions:
    """The places to add, and how good that choice is.

    Attributes
    ----------
    chosen : numpy.ndarray of int, shape (n chosen,)
        Positions (from 0) of the places among the candidates, the one that adds most first. Fewer than were
        asked for where no other place adds anything.
    added_weight : numpy.ndarray of float, shape (n chosen,)
        What each adds to what is covered by the sites that exist and by those before it.
    covered_before : float
        The weight that the existing sites cover.
    covered_weight : float
        The weight that the existing sites and the chosen places cover.
    total_weight : float
        The weight of all areas.
    upper_bound : float
        No choice of as many places covers more than this, existing sites included.
    exact : bool
        Whether that choice is proved to be the best, but for rounding. Other choices may cover as much.
    method : str
        What settled it: "greedy", "bound" (a bound by prices met what is covered) or "HiGHS".
    """

    chosen: NDArray[np.intp]
    added_weight: NDArray[np.float64]
    covered_before: float
    covered_weight: float
    total_weight: float
    upper_bound: float
    exact: bool
    method: str

    @property
    def share(self) -> float:
        """The share (0 to 1) of all weight that is covered, existing sites included."""
        return self.covered_weight / self.total_weight

    @property
    def gap(self) -> float:
        """The share (0 to 1) of the upper bound that is not covered: nought where the choice is exact."""
        return 1 - self.covered_weight / self.upper_bound if self.upper_bound else 0.0


def best_additions(
    demand: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    within_metres: float,
    p: int,
    existing: gpd.GeoDataFrame | None = None,
    method: Method = "exact",
) -> Additions:
    """Choose the p places within a distance of which lies the greatest weight not reached already.

    Parameters
    ----------
    demand : geopandas.GeoDataFrame
        One row an area: ``weight`` (people or need, nought or more) and ``geometry`` (point in EPSG:27700,
        such as its representative point; an area without one is never covered, but counts in the total).
    candidates : geopandas.GeoDataFrame
        Places that could be added: points in EPSG:27700. One without a point is never chosen.
    within_metres : float
        The greatest straight-line distance, which counts as within.
    p : int
        How many places to add, at least 1.
    existing : geopandas.GeoDataFrame, optional
        Places that are there and stay: points in EPSG:27700.
    method : {"exact", "greedy"}, default "exact"
        As in `maximal_cover`.

    Returns
    -------
    Additions
        The places and what they cover.

    Raises
    ------
    CRSError
        If a frame is not in EPSG:27700.
    ValueError
        If the column ``weight`` is missing, a geometry is not a point, the distance is negative or not
        finite, or for what `maximal_cover` refuses.
    """
    require_columns(demand, ["weight"], "demand")
    covers = covered_within(demand, candidates, within_metres)
    already = None
    if existing is not None:
        already = np.diff(covered_within(demand, existing, within_metres).indptr) > 0
    weights = demand["weight"].to_numpy(dtype=float, na_value=np.nan)
    return maximal_cover(covers, weights, p, already, method)


def covered_within(demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame, within_metres: float) -> csr_array:
    """Find which areas each place covers.

    Parameters
    ----------
    demand : geopandas.GeoDataFrame
        One row an area: points in EPSG:27700.
    places : geopandas.GeoDataFrame
        Points in EPSG:27700.
    within_metres : float
        The greatest straight-line distance, which counts as within.

    Returns
    -------
    scipy.sparse.csr_array of bool, shape (n areas, n places)
        True where the place is within the distance of the area's point.

    Raises
    ------
    CRSError
        If either frame is not in EPSG:27700.
    ValueError
        If the distance is negative or not finite, or a geometry is not a point.
    """
    pairs = straight_line(demand, places, within_metres)
    true = np.ones(len(pairs.origin), dtype=bool)
    return csr_array((true, (pairs.origin, pairs.destination)), shape=(len(demand), len(places)))


def added_by_each(
    covers: NDArray[np.bool_] | csr_array, weights: ArrayLike, already: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Work out what each candidate would add, were it the only one added.

    Parameters
    ----------
    covers : array or sparse array of bool, shape (n areas, n candidates)
        True where the candidate covers the area.
    weights : array_like of float, shape (n areas,)
        What covering each area is worth, nought or more.
    already : array_like of bool, shape (n areas,), optional
        True where an existing site covers the area.

    Returns
    -------
    numpy.ndarray of float, shape (n candidates,)
        The weight of the areas that the candidate covers and no existing site does. The greatest is the
        best single addition.

    Raises
    ------
    ValueError
        For what `maximal_cover` refuses.
    """
    matrix, weight, before = _checked(covers, weights, already)
    added: NDArray[np.float64] = matrix.T @ np.where(before, 0, weight)
    return added


def maximal_cover(
    covers: NDArray[np.bool_] | csr_array,
    weights: ArrayLike,
    p: int,
    already: ArrayLike | None = None,
    method: Method = "exact",
    longest_seconds: float = LONGEST_SECONDS,
) -> Additions:
    """Choose the p candidates that together add the greatest weight.

    Parameters
    ----------
    covers : array or sparse array of bool, shape (n areas, n candidates)
        True where the candidate covers the area, by distance or by any other measure.
    weights : array_like of float, shape (n areas,)
        What covering each area is worth, nought or more: people or need.
    p : int
        How many candidates to add, at least 1. All that add something are chosen where there are fewer.
    already : array_like of bool, shape (n areas,), optional
        True where an existing site covers the area.
    method : {"exact", "greedy"}, default "exact"
        Greedy is the fast answer; its bound says how far from the best it can be.
    longest_seconds : float, default `LONGEST_SECONDS`
        How long HiGHS may look for a proof where the prices gave none.

    Returns
    -------
    Additions
        The candidates and what they cover. The exact method too returns the best found with its bound,
        and ``exact`` False, if HiGHS has no proof after `longest_seconds`.

    Raises
    ------
    ValueError
        If p is not a whole number of 1 or more, there are no areas or candidates, the shapes do not agree,
        ``covers`` or ``already`` is not of bool, a weight is missing, infinite or negative, all weights are
        nought, or the method is not one of the two.

    Notes
    -----
    `reduce_problem` leaves out what cannot matter; `choose_greedily` gives a first answer and a bound; where
    they do not meet, `tighten` brings them together or rules out candidates; and where a gap is left,
    `solve` has HiGHS choose among the few that are left. Each names its source. Of choices that cover the
    same, which is returned is not stated, but it is always the same one.
    """
    matrix, weight, before = _checked(covers, weights, already)
    if isinstance(p, bool) or not isinstance(p, Integral) or p < 1:
        raise ValueError(f"p is {p}: give a whole number of places to add, 1 or more")
    if method not in METHODS:
        raise ValueError(f"the method is {method}: give one of {', '.join(METHODS)}")
    problem = reduce_problem(matrix, np.where(before, 0, weight), np.arange(matrix.shape[1]))
    choice, settled_by = _choose(problem, int(p), method, longest_seconds)
    order, added = in_order(problem, choice.chosen)
    chosen = problem.candidates[order]
    reached = before | (np.diff(matrix[:, chosen].indptr) > 0)
    covered, covered_before = float(weight[reached].sum()), float(weight[before].sum())
    return Additions(
        chosen=chosen,
        added_weight=added,
        covered_before=covered_before,
        covered_weight=covered,
        total_weight=float(weight.sum()),
        upper_bound=covered if choice.proved else covered_before + choice.upper_bound,
        exact=choice.proved,
        method=settled_by,
    )


def _choose(problem: Problem, p: int, method: Method, seconds: float) -> tuple[Choice, str]:
    """Choose, going only as far as it takes; and say how far that was."""
    p = min(p, len(problem.candidates))
    if not p:
        nothing = np.empty(0, dtype=np.intp)
        return Choice(nothing, 0.0, 0.0, nothing), "greedy"
    choice = choose_greedily(problem, p)
    if method == "greedy" or choice.proved:
        return choice, "greedy"
    choice = tighten(problem, p, choice)
    if choice.proved:
        return choice, "bound"
    return solve(problem, p, choice, seconds), "HiGHS"


def _checked(
    covers: NDArray[np.bool_] | csr_array, weights: ArrayLike, already: ArrayLike | None
) -> tuple[csr_array, NDArray[np.float64], NDArray[np.bool_]]:
    """Return what is given as arrays that agree, or say what is wrong."""
    matrix: Any = covers if issparse(covers) else np.asarray(covers)
    if matrix.dtype != bool or matrix.ndim != 2:
        raise ValueError("covers must be a table of true and false, such as metres <= 2000")
    # A copy, because tidying it must not change what is the caller's.
    matrix = csr_array(matrix, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    areas, candidates = matrix.shape
    if not areas:
        raise ValueError("there are no areas: load them first")
    if not candidates:
        raise ValueError("there are no candidate places: give at least one")
    before = np.zeros(areas, dtype=bool) if already is None else np.asarray(already)
    if before.dtype != bool or before.shape != (areas,):
        raise ValueError(f"already must say true or false for each of the {areas} areas")
    return matrix, _checked_weights(weights, areas), before


def _checked_weights(weights: ArrayLike, areas: int) -> NDArray[np.float64]:
    weight = np.asarray(weights, dtype=float)
    if weight.shape != (areas,):
        raise ValueError(f"there are {areas} areas but weights of shape {weight.shape}: give one an area")
    wrong = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
    if len(wrong):
        raise ValueError(
            f"{len(wrong)} of {areas} weights are missing, negative or infinite, the first in row {wrong[0]} "
            "(counted from 0): give people or need as a number, nought or more"
        )
    if not weight.any():
        raise ValueError("all weights are nought, so no place would help: load people or need for the areas")
    return weight
