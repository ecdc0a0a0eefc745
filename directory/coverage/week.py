"""A week in half-hours: how many services are open, and of how many that is not known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from directory.coverage.candidates import Candidates
from directory.schedules.evaluate import week_pattern

HALVES = 48


@dataclass(frozen=True)
class Week:
    """Services by day (7) and half-hour (48): known to be open, and not known whether they are."""

    monday: date
    open: NDArray[np.intp]
    unknown: NDArray[np.intp]
    services: int


def week_of(candidates: Candidates, services: Collection[int], day: date) -> Week:
    """The week in which a day lies, for some services by their place in the frame."""
    monday = day - timedelta(days=day.weekday())
    opened, unknown = np.zeros((7, HALVES), dtype=np.intp), np.zeros((7, HALVES), dtype=np.intp)
    for service in services:
        schedules = list(candidates.services["schedules"].iloc[service])
        marks = np.array(week_pattern(schedules, monday), dtype=object)
        opened += marks == True  # noqa: E712 - each mark is True, False or None
        unknown += marks == None  # noqa: E711
    return Week(monday, opened, unknown, len(services))
