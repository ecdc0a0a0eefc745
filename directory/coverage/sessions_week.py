"""At which hours of an ordinary week one more service would reach most people who lack it then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from directory.coverage.candidates import Candidates
from directory.coverage.reach import MAYBE, Reached
from directory.languages import N_
from directory.schedules.evaluate import week_pattern
from directory.schedules.words import WEEKDAYS
from geodata.gap_reasons import FITS

# Sessions that a service could be open for, in half-hours of the day.
SESSIONS = {
    N_("9:00 to 12:00"): (18, 24),
    N_("12:00 to 15:00"): (24, 30),
    N_("15:00 to 18:00"): (30, 36),
    N_("18:00 to 21:00"): (36, 42),
}
SCHOOL_DAYS, SCHOOL_ENDS = 5, 30
COLUMNS = ["day", "hours", "school", "people_known", "people_possible", "worth"]


def session_table(
    candidates: Candidates,
    reached: Reached,
    people: NDArray[np.float64],
    worth: NDArray[np.float64],
    day: date,
) -> pd.DataFrame:
    """For each session of the week: the people of some areas with nothing open then in their reach.

    `school` is true where most young people are at school. `people_known` counts those with nothing known to
    be open; `people_possible` only those with nothing that might be.
    """
    monday = day - timedelta(days=day.weekday())
    sure, maybe = _open_sessions(list(candidates.services["schedules"]), monday)
    fits = _counts(reached, (FITS,), sure)
    may = _counts(reached, (FITS, MAYBE), sure | maybe)
    rows = []
    for place, (weekday, hours) in enumerate((d, h) for d in range(7) for h in SESSIONS):
        lacking, surely = fits[:, place] == 0, may[:, place] == 0
        school = weekday < SCHOOL_DAYS and SESSIONS[hours][0] < SCHOOL_ENDS
        sums = people[lacking].sum(), people[surely].sum(), worth[lacking].sum()
        rows.append((WEEKDAYS[weekday], hours, school, *map(float, sums)))
    return pd.DataFrame(rows, columns=COLUMNS)


def best_session(table: pd.DataFrame) -> pd.Series | None:
    """The session that reaches most need outside school hours: an evening rather than a morning, if equal.

    None where all sessions are alike, as they are where no hours are on record.
    """
    free = table[~table["school"] & table["worth"].gt(0)]
    if free.empty or free["worth"].nunique() == 1:
        return None
    order = free.assign(late=free["hours"].map(list(SESSIONS).index))
    best: pd.Series = order.sort_values(["worth", "late"], ascending=False, kind="stable").iloc[0]
    return best


def _open_sessions(
    schedules: Sequence[Sequence[dict[str, object]]], monday: date
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which services are known to be open in each session, and of which that is not known."""
    shape = (len(schedules), 7 * len(SESSIONS))
    sure, maybe = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for row, own in enumerate(schedules):
        marks = np.array(week_pattern(own, monday), dtype=object)
        opened, unknown = marks == True, marks == None  # noqa: E711, E712 - True, False or None
        for place, (first, last) in enumerate(SESSIONS.values()):
            column = np.arange(7) * len(SESSIONS) + place
            sure[row, column] = opened[:, first:last].any(axis=1)
            maybe[row, column] = unknown[:, first:last].any(axis=1)
    return sure, maybe


def _counts(reached: Reached, classes: tuple[int, ...], opened: NDArray[np.bool_]) -> NDArray[np.intp]:
    """How many services of some classes are open for each area in each session."""
    pairs = reached.pairs[reached.pairs["class"].isin(classes)]
    ones = np.ones(len(pairs), dtype=np.intp)
    near = csr_array((ones, (pairs["point"], pairs["service"])), shape=(reached.points, len(opened)))
    anywhere = reached.everywhere.loc[reached.everywhere["class"].isin(classes), "service"]
    counts: NDArray[np.intp] = near @ opened.astype(np.intp) + opened[anywhere.to_numpy(dtype=int)].sum(
        axis=0
    )
    return counts
