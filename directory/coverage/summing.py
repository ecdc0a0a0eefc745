"""Put small areas together: sums, means over their people, and services counted once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from directory.coverage.figures import METHODS
from directory.coverage.reach import PAIR, Reached

WHICH = ("known", "possible")
SUMS = ("people", "people_covered_known", "people_covered_possible", "gap_known", "gap_possible")
DISTANCES = tuple(
    f"{name}_metres_{which}" for name in ("nearest", "second") for which in ("known", "possible")
)
MEANS = ("need", *DISTANCES, *(f"{name}_{which}" for name in METHODS for which in WHICH))
# Surely in reach goes before perhaps, and perhaps before from elsewhere.
_ORDER = {1: 0, 0: 1, -1: 2}


def sums(table: pd.DataFrame, group: NDArray[np.intp], groups: int) -> pd.DataFrame:
    """Sums, and means weighted by people, of the rows of each group; -1 is none."""
    inside = group >= 0
    rows = table[inside]
    by = group[inside]
    people = rows["people"].fillna(0)
    total = np.bincount(by, people, minlength=groups)
    added = {name: np.bincount(by, rows[name].fillna(0), minlength=groups) for name in SUMS}
    means = {}
    for name in MEANS:
        counted = people.where(rows[name].notna(), 0)
        weighed = np.bincount(by, (rows[name] * counted).fillna(0), minlength=groups)
        weight = np.bincount(by, counted, minlength=groups)
        means[name] = np.divide(weighed, weight, out=np.full(groups, np.nan), where=weight > 0)
    empty = total == 0
    frame = pd.DataFrame({**added, **means})
    frame.loc[empty, list(SUMS)] = np.nan
    return frame


def with_services(table: pd.DataFrame, reached: Reached) -> pd.DataFrame:
    """The same table with how many services each row has, and the reason where none fits."""
    return table.assign(
        providers_known=reached.known, providers_possible=reached.possible, reason=reached.reasons
    )


def collapse(reached: Reached, group: NDArray[np.intp], groups: int) -> Reached:
    """The candidates of groups of points: each service once, as it is at the point where it is surest."""
    pairs = reached.pairs.assign(point=group[reached.pairs["point"].to_numpy()])
    pairs = pairs[pairs["point"] >= 0]
    order = pairs["place"].map(_ORDER)
    pairs = pairs.assign(order=order).sort_values([*PAIR, "order", "metres"])
    return Reached(pairs.drop_duplicates(PAIR).drop(columns="order"), reached.everywhere, groups)
