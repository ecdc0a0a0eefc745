"""How unequally access is spread over people, each figure as a pair."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from directory.coverage.figures import Coverage
from directory.coverage.need import deprivation_measure, measure_name
from directory.languages import N_, gettext
from geodata.inequality import access_poverty, deprived_tenths, gini, palma_ratio

Figure = Callable[[NDArray[np.float64], NDArray[np.float64]], float]


@dataclass(frozen=True)
class Spread:
    """One figure of inequality: what it is, and its value from what is known and with what may be."""

    name: str
    words: str
    known: float
    possible: float


def spread_of(coverage: Coverage) -> list[Spread]:
    """Gini, Palma, access poverty, and the most against the least deprived tenth, of two-step access.

    Areas of whose people, deprivation or walks nothing is known are left out. NaN where nobody has access.
    """
    table = coverage.table
    people = table["people"].to_numpy(dtype=float)
    score_name = deprivation_measure(coverage.base.measures)
    score = coverage.base.values[score_name].to_numpy(dtype=float) if score_name else np.zeros(len(table))
    walked = np.isfinite(table["two_step_known"].to_numpy(dtype=float))
    kept = np.isfinite(people) & np.isfinite(score) & walked

    def pair(name: str, words: str, figure: Figure, **values: str) -> Spread:
        known, possible = (
            figure(table.loc[kept, f"two_step_{which}"].to_numpy(dtype=float), people[kept])
            for which in ("known", "possible")
        )
        return Spread(gettext(name), gettext(words, **values), known, possible)

    if not kept.any() or not people[kept].sum():
        return []
    found = [
        pair(N_("Gini"), N_("0: all people have the same access; towards 1: few have all of it"), gini),
        pair(
            N_("Palma ratio"), N_("access of the best-served tenth over the worst-served four"), palma_ratio
        ),
        pair(N_("Access poverty"), N_("share of people with less than half the mean access"), _poverty(0)),
        pair(N_("Depth of access poverty"), N_("their mean shortfall, over all people"), _poverty(1)),
    ]
    if score_name:
        name = N_("Most against least deprived")
        words = N_("mean access of the most deprived tenth over the least, by %(measure)s")
        found.append(pair(name, words, _tenths(score[kept]), measure=measure_name(score_name)))
    return found


def _poverty(power: float) -> Figure:
    def figure(access: NDArray[np.float64], people: NDArray[np.float64]) -> float:
        line = float(np.average(access, weights=people)) / 2
        return access_poverty(access, people, line, power) if line > 0 else math.nan

    return figure


def _tenths(score: NDArray[np.float64]) -> Figure:
    return lambda access, people: deprived_tenths(access, people, score).ratio


def covered_people(table: pd.DataFrame) -> dict[str, float]:
    """People in all, and those covered: known and possible."""
    people = table["people"]
    return {
        "people": float(people.sum()),
        "known": float(table["people_covered_known"].sum()),
        "possible": float(table["people_covered_possible"].sum()),
        "without": int(people.isna().sum()),
    }
