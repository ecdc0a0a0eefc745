"""How unequally access is spread over people: Lorenz and Gini, access poverty, Palma, deprived tenths.

Every figure counts people, not areas: an area's value is that of each person in it. So an area may be cut in
two without a change in any figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Lorenz:
    """The Lorenz curve: what share of all access the people with the least of it have.

    Attributes
    ----------
    people : numpy.ndarray of float, shape (n values + 1,)
        Share of the people, from 0 to 1, those with the least access first.
    access : numpy.ndarray of float, shape (n values + 1,)
        Share of all access that they have together, from 0 to 1; all NaN when nobody has any.
    """

    people: NDArray[np.float64]
    access: NDArray[np.float64]


@dataclass(frozen=True)
class Tenths:
    """Mean access in the most and the least deprived tenth of the people.

    Attributes
    ----------
    most : float
        Mean access of the most deprived tenth.
    least : float
        Mean access of the least deprived tenth.
    difference : float
        ``most - least``: below nought when the most deprived have less.
    ratio : float
        ``most / least``; NaN when the least deprived have none.
    """

    most: float
    least: float
    difference: float
    ratio: float


def lorenz(values: ArrayLike, people: ArrayLike) -> Lorenz:
    """Order people by their access, and add up both.

    Parameters
    ----------
    values : array_like of float, shape (n areas,)
        Access of each area, nought or more, such as a column of `geodata.catchments.two_step`.
    people : array_like of float, shape (n areas,)
        How many people live in each.

    Returns
    -------
    Lorenz
        The curve, from (0, 0) to (1, 1): one corner for each different value.

    Raises
    ------
    ValueError
        If a value or number of people is missing, negative or without end, the lengths differ, or nobody
        lives there.

    Notes
    -----
    With values in rising order, ``p_k = (sum of P_1 to P_k) / sum of P`` and
    ``L_k = (sum of P_1 v_1 to P_k v_k) / (sum of P v)``. Source: Lorenz (1905), Publications of the American
    Statistical Association 9, 209-219.

    Examples
    --------
    >>> curve = lorenz([3, 1], [1, 1])
    >>> curve.people, curve.access
    (array([0. , 0.5, 1. ]), array([0.  , 0.25, 1.  ]))
    """
    access, residents = _checked(values, people)
    different, group = np.unique(access, return_inverse=True)
    together = np.bincount(group, residents)
    running = np.append(0.0, np.cumsum(together))
    amount = np.append(0.0, np.cumsum(together * different))
    with np.errstate(invalid="ignore"):
        return Lorenz(running / running[-1], amount / amount[-1])


def gini(values: ArrayLike, people: ArrayLike) -> float:
    """Measure how far access is from being spread equally, from 0 (equal) towards 1 (all with one person).

    Parameters
    ----------
    values : array_like of float, shape (n areas,)
        Access of each area, nought or more.
    people : array_like of float, shape (n areas,)
        How many people live in each.

    Returns
    -------
    float
        The Gini coefficient; NaN when nobody has any access.

    Raises
    ------
    ValueError
        For what `lorenz` refuses.

    Notes
    -----
    ``G = 1 - sum over k of (p_k - p_(k-1)) (L_k + L_(k-1))``, one less twice the area under the Lorenz curve,
    which equals ``(sum over i, j of P_i P_j |v_i - v_j|) / (2 (sum of P)^2 mean)``. Source: Gini (1912),
    Variabilità e mutabilità. Inequality inside an area is not seen, so that larger areas give lower figures.

    Examples
    --------
    >>> gini([1, 1, 1], [5, 1, 9]), gini([0, 1], [3, 1])
    (0.0, 0.75)
    """
    curve = lorenz(values, people)
    return float(1 - np.sum(np.diff(curve.people) * (curve.access[1:] + curve.access[:-1])))


def access_poverty(values: ArrayLike, people: ArrayLike, line: float, power: float = 0) -> float:
    """Measure how many people have less access than a line, and how much less.

    Parameters
    ----------
    values : array_like of float, shape (n areas,)
        Access of each area, nought or more.
    people : array_like of float, shape (n areas,)
        How many people live in each.
    line : float
        The least access that is enough, above nought. State it beside the figure.
    power : float, default 0
        0 for the share of people below the line, 1 for their mean shortfall, 2 to count large shortfalls
        for more.

    Returns
    -------
    float
        From 0 (nobody is below the line) to 1 (nobody has anything).

    Raises
    ------
    ValueError
        If the line is not above nought, the power is negative, or for what `lorenz` refuses.

    Notes
    -----
    ``F = (sum over areas with v_i < z of P_i ((z - v_i) / z)^power) / (sum of P)``. Source: Foster, Greer and
    Thorbecke (1984), Econometrica 52, 761-766. Exactly the line is enough.

    Examples
    --------
    >>> access_poverty([0, 1, 2], [1, 1, 2], line=2), access_poverty([0, 1, 2], [1, 1, 2], line=2, power=1)
    (0.5, 0.375)
    """
    if not (np.isfinite(line) and line > 0):
        raise ValueError(f"line is {line}: give the least access that is enough, above nought")
    if not (np.isfinite(power) and power >= 0):
        raise ValueError(f"power is {power}: give 0, 1 or 2")
    access, residents = _checked(values, people)
    below = access < line
    shortfall = ((line - access[below]) / line) ** power
    return float(np.sum(residents[below] * shortfall) / residents.sum())


def palma_ratio(values: ArrayLike, people: ArrayLike) -> float:
    """Compare the access of the tenth of people with most of it with that of the four tenths with least.

    Parameters
    ----------
    values : array_like of float, shape (n areas,)
        Access of each area, nought or more.
    people : array_like of float, shape (n areas,)
        How many people live in each.

    Returns
    -------
    float
        The ratio: 0.25 when all have the same; NaN when the four tenths with least have none at all.

    Raises
    ------
    ValueError
        For what `lorenz` refuses.

    Notes
    -----
    ``(1 - L(0.9)) / L(0.4)`` on the Lorenz curve, with straight lines between its corners, so that an area
    that straddles a limit is divided. Source: Palma (2011), Development and Change 42, 87-153.

    Examples
    --------
    >>> round(palma_ratio([1, 2], [90, 10]), 3)
    0.5
    """
    curve = lorenz(values, people)
    least, upper = np.interp([0.4, 0.9], curve.people, curve.access)
    return float((1 - upper) / least) if least > 0 else float("nan")


def deprived_tenths(values: ArrayLike, people: ArrayLike, deprivation: ArrayLike) -> Tenths:
    """Compare the access of the most deprived tenth of the people with that of the least deprived tenth.

    Parameters
    ----------
    values : array_like of float, shape (n areas,)
        Access of each area, nought or more.
    people : array_like of float, shape (n areas,)
        How many people live in each.
    deprivation : array_like of float, shape (n areas,)
        A score that is higher where deprivation is greater. Of a rank where 1 is the most deprived, give
        the negative.

    Returns
    -------
    Tenths
        The two means and how they compare.

    Raises
    ------
    ValueError
        If a score is missing or without end, or for what `lorenz` refuses.

    Notes
    -----
    People are put in order of the score of their area. Areas with the same score count as one, with their
    mean access, and one that straddles a tenth is divided. The tenths are of the people given, not of
    England.

    Examples
    --------
    >>> deprived_tenths([1, 5, 2], [10, 80, 10], [9, 5, 1])
    Tenths(most=1.0, least=2.0, difference=-1.0, ratio=0.5)
    """
    access, residents = _checked(values, people)
    score = np.asarray(deprivation, dtype=float)
    if score.shape != access.shape or not np.isfinite(score).all():
        raise ValueError(f"deprivation needs a score for each of the {len(access)} areas")
    different, group = np.unique(score, return_inverse=True)
    together = np.bincount(group, residents, minlength=len(different))
    amount = np.append(0.0, np.cumsum(np.bincount(group, residents * access, minlength=len(different))))
    running = np.append(0.0, np.cumsum(together))
    tenth = running[-1] / 10
    at_low, at_high = np.interp([tenth, running[-1] - tenth], running, amount)
    least, most = float(at_low / tenth), float((amount[-1] - at_high) / tenth)
    return Tenths(most, least, most - least, most / least if least > 0 else float("nan"))


def _checked(values: ArrayLike, people: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    access, residents = np.asarray(values, dtype=float), np.asarray(people, dtype=float)
    if access.ndim != 1 or access.shape != residents.shape:
        raise ValueError(f"values and people differ in shape: {access.shape} and {residents.shape}")
    for name, numbers in (("an access", access), ("a number of people", residents)):
        wrong = ~(np.isfinite(numbers) & (numbers >= 0))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ValueError(f"area {row} has {name} of {numbers[row]}: leave the area out, and say so")
    if not residents.sum():
        raise ValueError("nobody lives in these areas: load how many people do, or choose other areas")
    return access, residents
