"""Access with competition: what is offered in reach, shared among the people who reach it.

From the pairs of `geodata.reach.within_reach` to figures with a row for each area and a column for each
category. Without a decay `two_step` is the two-step floating catchment area method; with `geodata.decay.step`
or a Gaussian it is the enhanced one. Nothing in reach gives 0, never an infinite figure or NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.pairs import Positions
from geodata.reach import Reach


@dataclass(frozen=True)
class Covered:
    """People who live where there is enough in reach.

    Attributes
    ----------
    people : numpy.ndarray of float, shape (n categories,)
        How many there are.
    share : numpy.ndarray of float, shape (n categories,)
        Their share of all people, from 0 to 1.
    """

    people: NDArray[np.float64]
    share: NDArray[np.float64]


def people_covered(counts: ArrayLike, people: ArrayLike, at_least: int = 1) -> Covered:
    """Add up the people who have a provider of each category within the distance.

    Parameters
    ----------
    counts : array_like of int, shape (n areas, n categories)
        What `geodata.reach.counts_by_category` returns, or some of its rows.
    people : array_like of float, shape (n areas,)
        How many people live in each area, or those of an age or group.
    at_least : int, default 1
        How many providers make an area covered; 2 asks for a choice.

    Returns
    -------
    Covered
        People and their share, by category.

    Raises
    ------
    ValueError
        If a number of people is missing, negative or without end, all are 0, the lengths differ, or
        `at_least` is less than 1.

    Notes
    -----
    ``covered_c = sum over areas i of P_i [n_ic >= at_least]``. An area counts as a whole, by its point.

    Examples
    --------
    >>> people_covered([[1, 0], [2, 0], [0, 0]], [100, 200, 100]).share
    array([0.75, 0.  ])
    """
    if at_least < 1:
        raise ValueError(f"at_least is {at_least}: ask for one provider or more")
    enough = np.asarray(counts) >= at_least
    residents = _residents(people, len(enough))
    if not residents.sum():
        raise ValueError("nobody lives in these areas: load how many people do, or choose other areas")
    covered: NDArray[np.float64] = residents @ enough
    return Covered(covered, covered / residents.sum())


def two_step(reach: Reach, people: ArrayLike, *, compiled: bool = False) -> NDArray[np.float64]:
    """Share what each provider offers among the people who reach it, and add the shares up where they live.

    Parameters
    ----------
    reach : Reach
        Pairs of areas and providers, weighed.
    people : array_like of float, shape (n areas,)
        How many people live in each area, or those of an age or group.
    compiled : bool, default False
        Add up with `geodata.compiled`, which needs numba.

    Returns
    -------
    numpy.ndarray of float, shape (n areas, n categories)
        Units of supply a person; 0 where nothing is in reach.

    Raises
    ------
    ImportError
        If numba is asked for and not installed.
    ValueError
        If a number of people is missing, negative or without end, or the lengths differ; compiled, also if a
        pair is not one of these areas, providers and categories.

    Notes
    -----
    ``R_j = S_j / (sum over areas k of w_kj P_k)`` and
    ``A_ic = sum over providers j of category c of w_ij R_j``. What is offered is shared out in full:
    ``sum over i of P_i A_ic`` is the sum of the supply in reach of anybody. A provider that nobody reaches
    gives nothing to anyone, also not to areas in which nobody lives.

    Sources: Luo and Wang (2003), Environment and Planning B 30, 865-884, for weights of 1; Luo and Qi
    (2009), Health & Place 15, 1100-1107, for weights by zone; Dai (2010), Health & Place 16, 1038-1052, for
    a Gaussian. People are counted in full for every provider that they reach. People beyond the areas given,
    who use the same providers, are not counted at all: give areas well past the border.

    Examples
    --------
    >>> from geodata.reach import within_reach
    >>> from geodata.supply import supply_of
    >>> supply = supply_of([[0, 0], [900, 0]], ["sport", "sport"], capacity=[30, 40])
    >>> reach = within_reach([[0, 0], [500, 0], [9_000, 0]], supply, 500)
    >>> two_step(reach, [100, 200, 50]).round(2)
    array([[0.1],
           [0.3],
           [0. ]])
    """
    residents = _residents(people, reach.areas)
    if not compiled:
        return _shared_out(reach, residents, reach.weight)
    from geodata.compiled import shared_out  # noqa: PLC0415 - it needs a package of its own

    supply, pairs = reach.supply, (reach.area, reach.provider, reach.weight)
    return shared_out(pairs, residents, supply.units, supply.category, len(supply.categories))


def three_step(reach: Reach, people: ArrayLike) -> NDArray[np.float64]:
    """Share supply out as in `two_step`, where people spread over the providers of a category in their reach.

    Parameters
    ----------
    reach : Reach
        Pairs of areas and providers, weighed.
    people : array_like of float, shape (n areas,)
        How many people live in each area, or those of an age or group.

    Returns
    -------
    numpy.ndarray of float, shape (n areas, n categories)
        Units of supply a person; 0 where nothing is in reach.

    Raises
    ------
    ValueError
        If a number of people is missing, negative or without end, or the lengths differ.

    Notes
    -----
    ``G_ij = w_ij / (sum over providers k of the category of j of w_ik)``, and then `two_step` with
    ``G_ij w_ij`` in the place of ``w_ij``. Source: Wan, Zou and Sternberg (2012), International Journal of
    Geographical Information Science 26, 1073-1089. It corrects the two-step method's overcount of people
    where they have a choice. The supply in reach is shared out in full here too.

    Examples
    --------
    >>> from geodata.reach import within_reach
    >>> from geodata.supply import supply_of
    >>> supply = supply_of([[0, 0], [900, 0]], ["sport", "sport"], capacity=[30, 40])
    >>> reach = within_reach([[0, 0], [500, 0], [9_000, 0]], supply, 500)
    >>> three_step(reach, [100, 200, 50]).round(3)
    array([[0.15 ],
           [0.275],
           [0.   ]])
    """
    cell = _cell(reach)
    total = _summed(cell, reach.weight, reach.areas * len(reach.supply.categories))
    preference = _ratio(reach.weight, total[cell])
    return _shared_out(reach, _residents(people, reach.areas), preference * reach.weight)


def gravity_access(reach: Reach) -> NDArray[np.float64]:
    """Add up what is offered in reach, weighed by distance, without regard to who shares it.

    Parameters
    ----------
    reach : Reach
        Pairs of areas and providers, weighed, for example by `geodata.decay.gravity`.

    Returns
    -------
    numpy.ndarray of float, shape (n areas, n categories)
        Weighed units of supply; 0 where nothing is in reach. Without a decay, the capacity within reach.

    Notes
    -----
    ``A_ic = sum over providers j of category c of w_ij S_j``. Source: Hansen (1959), Journal of the American
    Institute of Planners 25, 73-76.
    """
    return _by_category(reach, reach.weight * reach.supply.units[reach.provider])


def _shared_out(
    reach: Reach, residents: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Take both steps of the two-step method with the weights given."""
    units = reach.supply.units
    demand = _summed(reach.provider, weight * residents.take(reach.area), len(units))
    return _by_category(reach, weight * _ratio(units, demand).take(reach.provider))


def _by_category(reach: Reach, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add the amounts of the pairs up by area and category."""
    number = len(reach.supply.categories)
    return _summed(_cell(reach), amount, reach.areas * number).reshape(reach.areas, number)


def _summed(place: Positions, amount: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    """Add amounts up by place."""
    return np.asarray(np.bincount(place, amount, minlength=number), dtype=float)


def _cell(reach: Reach) -> Positions:
    """Number the area and category of each pair."""
    if len(reach.supply.categories) == 1:
        return reach.area
    cell = reach.area.astype(np.intp)
    cell *= len(reach.supply.categories)
    cell += reach.supply.category.take(reach.provider)
    return cell


def _ratio(amount: NDArray[np.float64], among: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, with 0 where there is nobody to share with."""
    return np.divide(amount, among, out=np.zeros_like(among), where=among > 0)


def _residents(people: ArrayLike, areas: int) -> NDArray[np.float64]:
    """Check the number of people of each area."""
    residents = np.asarray(people, dtype=float)
    if residents.shape != (areas,):
        raise ValueError(f"people has the shape {residents.shape}, and there are {areas} areas")
    wrong = ~(np.isfinite(residents) & (residents >= 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"area {row} has {residents[row]} people: give nought or more, or leave the area out"
        )
    return residents
