"""A week in half-hours, as a table of cells and as rows to take away."""

from __future__ import annotations

from typing import Any

from directory.coverage.week import HALVES, Week
from directory.languages import ENGLISH, gettext, say_day, spoken
from directory.schedules.words import WEEKDAYS, say_date

EARLIEST, LATEST = 16, 44  # 8:00 to 22:00 are always shown
SHADES = (1, 2, 3, 5, 8)


def week_table(week: Week) -> dict[str, Any]:
    """Seven days by half-hours, from the first to the last in which anything is known to be open."""
    used = week.open.sum(axis=0).nonzero()[0]
    first = min([EARLIEST, *used.tolist()]) // 2 * 2
    last = max([LATEST, *(half + 1 for half in used.tolist())])
    last += last % 2
    return {
        "title": gettext("Week of %(day)s", day=say_date(week.monday)),
        "services": week.services,
        "hours": [f"{hour}" for hour in range(first // 2, last // 2)],
        "days": [
            {
                "name": say_day(day),
                "short": name[:3] if spoken() is ENGLISH else say_day(day),
                "cells": [_cell(week, day, half) for half in range(first, last)],
            }
            for day, name in enumerate(WEEKDAYS)
        ],
    }


def _cell(week: Week, day: int, half: int) -> dict[str, Any]:
    opened, unknown = int(week.open[day, half]), int(week.unknown[day, half])
    return {
        "open": opened,
        "unknown": unknown,
        "shade": sum(opened >= edge for edge in SHADES),
        "time": f"{half // 2:02}:{half % 2 * 30:02}",
    }


def week_file_rows(week: Week) -> list[dict[str, Any]]:
    """One row a half-hour."""
    return [
        {
            "day": name,
            "from": f"{half // 2:02}:{half % 2 * 30:02}",
            "known_open": int(week.open[day, half]),
            "not_known": int(week.unknown[day, half]),
            "services": week.services,
        }
        for day, name in enumerate(WEEKDAYS)
        for half in range(HALVES)
    ]
