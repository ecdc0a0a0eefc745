"""Need put together from several figures, and how much of it is met within reach.

A gap is given as a pair, from the providers known to fit and from those together with the ones that may. So
is the place of an area in the list of gaps: `rank_intervals`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def standing(values: ArrayLike, *, high_is_need: bool = True) -> NDArray[np.float64]:
    """Turn a figure into the share of the other areas that have less of it.

    Parameters
    ----------
    values : array_like of float, shape (n areas,)
        The figure; NaN where it is not known.
    high_is_need : bool, default True
        False for a figure that is lower where need is greater, such as a rank where 1 is the most deprived.

    Returns
    -------
    numpy.ndarray of float, shape (n areas,)
        From 0 (least need) to 1 (most); areas with the same value share the middle of their places. NaN where
        the figure is not known, 0.5 where there is only one.

    Notes
    -----
    ``s_i = (#{j: v_j < v_i} + #{j != i: v_j = v_i} / 2) / (n - 1)`` over the areas whose value is known. It
    does not change when the figure is put in other units or on another scale that keeps its order.

    Examples
    --------
    >>> standing([30, 10, 20, 20]), standing([1, 2, 3], high_is_need=False)
    (array([1. , 0. , 0.5, 0.5]), array([1. , 0.5, 0. ]))
    """
    figures = np.asarray(values, dtype=float) * (1 if high_is_need else -1)
    known = np.sort(figures[~np.isnan(figures)])
    below = np.searchsorted(known, figures, side="left")
    equal = np.searchsorted(known, figures, side="right") - below - 1
    share = (below + equal / 2) / (len(known) - 1) if len(known) > 1 else np.full(len(figures), 0.5)
    return np.where(np.isnan(figures), np.nan, share)


def need_index(
    figures: pd.DataFrame, weights: Mapping[str, float], low_is_need: frozenset[str] = frozenset()
) -> NDArray[np.float64]:
    """Put several figures together into one index of need, by weights.

    Parameters
    ----------
    figures : pandas.DataFrame
        One row an area, one column a figure; NaN where it is not known.
    weights : mapping of str to float
        The weight of each column that counts, nought or more.
    low_is_need : frozenset of str, default frozenset()
        The columns that are lower where need is greater.

    Returns
    -------
    numpy.ndarray of float, shape (n areas,)
        From 0 to 1; NaN where a figure with a weight is not known.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, all are 0, or a column is missing or holds nothing.

    Notes
    -----
    ``N_i = (sum over k of w_k s_ki) / (sum of w_k)``, with ``s_ki`` the `standing` of area i in figure k.
    Only the proportions of the weights count.

    Examples
    --------
    >>> figures = pd.DataFrame({"score": [40.0, 10.0, 20.0], "violence": [5.0, 9.0, 1.0]})
    >>> need_index(figures, {"score": 3, "violence": 1})
    array([0.875, 0.25 , 0.375])
    """
    wrong = [name for name, weight in weights.items() if not (np.isfinite(weight) and weight >= 0)]
    if wrong:
        raise ValueError(f"the weight of {wrong[0]} is {weights[wrong[0]]}: give nought or more")
    used = {name: float(weight) for name, weight in weights.items() if weight > 0}
    if not used:
        raise ValueError("all weights are nought: give at least one figure a weight above nought")
    for name in used:
        if name not in figures or figures[name].isna().all():
            raise ValueError(f"there is no figure {name} for these areas: load it, or give it no weight")
    total = sum(used.values())
    parts = [
        weight / total * standing(figures[name], high_is_need=name not in low_is_need)
        for name, weight in used.items()
    ]
    return np.asarray(np.sum(parts, axis=0), dtype=float)


def unmet_need(need: ArrayLike, people: ArrayLike, counts: ArrayLike, enough: int = 1) -> NDArray[np.float64]:
    """Say how much need is not met within reach, as people weighted by need.

    Parameters
    ----------
    need : array_like of float, shape (n areas,)
        Need of each area, such as `need_index` gives.
    people : array_like of float, shape (n areas,)
        How many people live in each, or those of an age.
    counts : array_like of int, shape (n areas,)
        How many providers are in reach.
    enough : int, default 1
        How many providers meet the need of an area in full.

    Returns
    -------
    numpy.ndarray of float, shape (n areas,)
        0 where enough is in reach; NaN where need or people are not known and enough is not in reach.

    Raises
    ------
    ValueError
        If `enough` is less than 1.

    Notes
    -----
    ``G_i = N_i P_i max(0, 1 - n_i / enough)``. More providers never make it greater, so that the counts of
    those known to fit and of those that may give its upper and its lower bound.

    Examples
    --------
    >>> unmet_need([0.5, 1.0, 1.0], [100, 100, 200], [0, 1, 3], enough=2)
    array([50., 50.,  0.])
    """
    if enough < 1:
        raise ValueError(f"enough is {enough}: ask for one provider or more")
    lacking = np.maximum(0.0, 1 - np.asarray(counts, dtype=float) / enough)
    whole = np.asarray(need, dtype=float) * np.asarray(people, dtype=float) * lacking
    return np.where(lacking == 0, 0.0, whole)


def rank_intervals(low: ArrayLike, high: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the best and the worst place that each area can have in a list, the greatest first.

    Parameters
    ----------
    low, high : array_like of float, shape (n areas,)
        The bounds of each area's figure.

    Returns
    -------
    first : numpy.ndarray of int, shape (n areas,)
        The best place, from 1.
    last : numpy.ndarray of int, shape (n areas,)
        The worst. It is the same where the bounds leave no doubt and nothing is equal.

    Raises
    ------
    ValueError
        If a bound is missing, or a lower one is above its upper one.

    Notes
    -----
    ``first_i = 1 + #{j: low_j > high_i}`` and ``last_i = #{j: high_j >= low_i}``: an area comes before
    another for certain when even its lower bound is above the other's upper one.

    Examples
    --------
    >>> rank_intervals([5, 1, 0], [9, 6, 0])
    (array([1, 1, 3]), array([2, 2, 3]))
    """
    least, most = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if not (least <= most).all():
        raise ValueError("each area needs a lower bound that is not above its upper one")
    number = len(least)
    first = 1 + number - np.searchsorted(np.sort(least), most, side="right")
    last = number - np.searchsorted(np.sort(most), least, side="left")
    return first.astype(np.intp), last.astype(np.intp)
