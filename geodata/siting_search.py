"""Choose the candidates that cover most: greedily, with a proof by prices, and with HiGHS.

Each function works on a `geodata.siting_reduction.Problem`, and speaks of a candidate by its position in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import eye_array, hstack

from geodata.siting_reduction import Problem, reduce_problem

# A difference in weight below this share of it is one of rounding.
ROUNDING = 1e-9
MOST_ROUNDS = 400
# HiGHS has absolute tolerances of about 1e-6. Weights that add up to this much keep them out of the result.
_SCALE = 1e6


@dataclass(frozen=True)
class Choice:
    """Some candidates, what they cover, and what is known of better ones.

    Attributes
    ----------
    chosen : numpy.ndarray of int, shape (n chosen,)
        Positions of the candidates in the problem, in no stated order.
    worth : float
        The weight they cover together.
    upper_bound : float
        No choice of as many candidates covers more.
    possible : numpy.ndarray of int, shape (n possible,)
        A choice that covers more, if there is one, can hold only these candidates.
    """

    chosen: NDArray[np.intp]
    worth: float
    upper_bound: float
    possible: NDArray[np.intp]

    @property
    def proved(self) -> bool:
        """Whether no choice of as many candidates covers more, but for rounding."""
        return self.upper_bound <= self.worth * (1 + ROUNDING)


def worth_of(problem: Problem, chosen: NDArray[np.intp]) -> float:
    """Add up what some candidates cover together.

    Parameters
    ----------
    problem : Problem
        The areas and the candidates.
    chosen : numpy.ndarray of int, shape (n chosen,)
        Positions of the candidates.

    Returns
    -------
    float
        The weight of the areas that at least one of them covers.
    """
    return float(problem.weights[np.unique(problem.by_candidate[chosen].indices)].sum())


def in_order(problem: Problem, chosen: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Put some candidates in the order of what they add.

    Parameters
    ----------
    problem : Problem
        The areas and the candidates.
    chosen : numpy.ndarray of int, shape (n chosen,)
        Positions of the candidates.

    Returns
    -------
    order : numpy.ndarray of int, shape (n that add something,)
        Their positions, the one that adds most first and so on, without those that add nothing.
    added : numpy.ndarray of float, shape (n that add something,)
        The weight that each adds to those before it.
    """
    chosen = np.sort(chosen)
    among = replace(problem, by_candidate=problem.by_candidate[chosen], candidates=chosen)
    order = chosen[choose_greedily(among, len(chosen)).chosen] if len(chosen) else chosen
    added = np.diff([worth_of(problem, order[:number]) for number in range(len(order) + 1)])
    return order[added > 0], added[added > 0]


def choose_greedily(problem: Problem, p: int) -> Choice:
    """Choose one candidate after another, each time the one that adds most.

    Parameters
    ----------
    problem : Problem
        The areas and the candidates.
    p : int
        How many candidates to choose: at least 1 and no more than there are.

    Returns
    -------
    Choice
        The candidates (of those that add the same, the first) and a bound. All candidates stay possible.

    Notes
    -----
    With S_t the first t chosen, f(S_t) what they cover and g_j what candidate j would add to them, no p
    candidates cover more than ``min over t of f(S_t) + the sum of the p greatest g_j``. Greedy covers at
    least ``1 - (1 - 1/p)^p`` of that bound, which is more than 1 - 1/e, or 63% (Nemhauser, Wolsey and
    Fisher 1978, Mathematical Programming 14, 265-294).
    """
    left = problem.weights.copy()
    chosen: list[int] = []
    worth, bound = 0.0, float(problem.weights.sum())
    for turn in range(p + 1):
        adds = problem.by_candidate @ left
        bound = min(bound, worth + float(adds[_greatest(adds, p)].sum()))
        if turn < p:
            best = int(adds.argmax())
            chosen.append(best)
            worth += float(adds[best])
            left[problem.by_candidate[[best]].indices] = 0
    return Choice(np.array(chosen), worth, bound, np.arange(len(problem.candidates)))


def tighten(problem: Problem, p: int, start: Choice) -> Choice:
    """Prove that a choice is the best, or improve on it and rule out candidates.

    Parameters
    ----------
    problem : Problem
        The areas and the candidates.
    p : int
        How many candidates to choose: fewer than there are.
    start : Choice
        What is known already.

    Returns
    -------
    Choice
        A choice that covers no less, with a bound that is no higher and candidates that are no more.

    Notes
    -----
    Lagrangian relaxation with subgradient steps (Galvao and ReVelle 1996, European Journal of Operational
    Research 88, 114-123). Give each area i a price u_i between nought and its weight w_i, and let c_j be the
    sum of the prices of the areas that candidate j covers. Whatever the prices, no p candidates cover more
    than ``B = sum of (w_i - u_i) + sum of the p greatest c_j``, and none that hold candidate j more
    than ``B - (the p-th greatest c) + c_j``: where that is not above what is covered already, j is ruled
    out. Each round moves the prices so that B falls.
    """
    prices, possible, best = problem.weights / 2, np.ones(len(problem.candidates), dtype=bool), start
    step, rounds_idle, lowest = 2.0, 0, np.inf
    for _ in range(MOST_ROUNDS):
        sums = np.where(possible, problem.by_candidate @ prices, -np.inf)
        picked = _greatest(sums, p)
        bound = float((problem.weights - prices).sum() + sums[picked].sum())
        times_covered = problem.by_area @ np.bincount(picked, minlength=len(sums))
        worth = float(problem.weights[times_covered > 0].sum())
        if worth > best.worth:
            best = replace(best, chosen=picked, worth=worth)
        rounds_idle = 0 if bound < lowest * (1 - 1e-4) else rounds_idle + 1
        lowest = min(lowest, bound)
        possible &= bound - sums[picked].min() + sums > best.worth * (1 + ROUNDING)
        best = replace(best, upper_bound=max(min(best.upper_bound, lowest), best.worth))
        if best.proved or possible.sum() <= p or step < 1e-3:
            break
        if rounds_idle == 10:
            step, rounds_idle = step / 2, 0
        prices = _moved(problem, prices, times_covered, step * (bound - best.worth))
    return _settled(problem, p, replace(best, possible=np.flatnonzero(possible)))


def solve(problem: Problem, p: int, start: Choice, seconds: float) -> Choice:
    """Find the best choice with HiGHS, among the candidates that are still possible.

    Parameters
    ----------
    problem : Problem
        The areas and the candidates.
    p : int
        How many candidates to choose: fewer than are possible.
    start : Choice
        What is known already.
    seconds : float
        How long HiGHS may take.

    Returns
    -------
    Choice
        The best choice; or, where the time was not enough, the best one found and a bound.

    Notes
    -----
    Church and ReVelle 1974 (Papers of the Regional Science Association 32, 101-118): the greatest
    ``sum of w_i y_i`` with ``y_i <= sum of a_ij x_j``, ``sum of x_j <= p``, each x_j nought or one and y_i
    from nought to one. HiGHS (through `scipy.optimize.milp`, relative gap nought) works to about 1e-6 of
    the weight.
    """
    left = reduce_problem(problem.by_area[:, start.possible], problem.weights, start.possible)
    areas, candidates = left.by_area.shape
    scale = _SCALE / left.weights.sum()
    covered = hstack([left.by_area, -eye_array(areas)], format="csr")
    number = np.repeat([1.0, 0.0], [candidates, areas])
    found = milp(
        -np.concatenate([np.zeros(candidates), left.weights * scale]),
        integrality=number,
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(covered, 0, np.inf), LinearConstraint(number[np.newaxis], 0, p)],
        options={"mip_rel_gap": 0, "time_limit": seconds},
    )
    best = start
    if found.x is not None:
        best = _better(problem, best, left.candidates[found.x[:candidates] > 0.5])
    if found.status == 0:
        return replace(best, upper_bound=best.worth)
    if found.mip_dual_bound is not None:
        bound = max(best.worth, -found.mip_dual_bound / scale)
        best = replace(best, upper_bound=min(best.upper_bound, bound))
    return best


def _greatest(values: NDArray[np.float64], p: int) -> NDArray[np.intp]:
    """Return the positions of the p greatest values, in no stated order."""
    return np.argpartition(values, len(values) - p)[len(values) - p :]


def _moved(
    problem: Problem, prices: NDArray[np.float64], times_covered: NDArray[np.float64], length: float
) -> NDArray[np.float64]:
    """Lower the prices of areas covered too often, and raise those of areas not covered."""
    slope = times_covered - (prices < problem.weights)
    slope[(prices == 0) & (slope > 0)] = 0
    steepness = max(float(slope @ slope), 1.0)
    moved: NDArray[np.float64] = np.clip(prices - length / steepness * slope, 0, problem.weights)
    return moved


def _settled(problem: Problem, p: int, choice: Choice) -> Choice:
    """Finish where so few candidates are possible that only one choice could be better."""
    if len(choice.possible) > p:
        return choice
    best = _better(problem, choice, choice.possible)
    return replace(best, upper_bound=best.worth)


def _better(problem: Problem, choice: Choice, other: NDArray[np.intp]) -> Choice:
    """Take other candidates where they cover more."""
    worth = worth_of(problem, other)
    return replace(choice, chosen=other, worth=worth) if worth > choice.worth else choice
