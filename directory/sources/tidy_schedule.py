"""Schedules of a feed: either hours that are certain, or text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(Z|[+-]00:?00)?")
_BYDAY = re.compile(r"[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DATES = ("dtstart", "until", "valid_from", "valid_to")
# Rules that the directory does not hold. To leave one out would say other hours than the source does.
_NOT_HELD = ("count", "byweekno", "byyearday", "bysetpos", "bymonth")


class _NotKnownError(ValueError):
    """The hours cannot be taken as they are; the message says why."""


def tidy_schedule(schedule: Mapping[str, Any]) -> tuple[dict[str, Any], list[str], str]:
    """The schedule, what to look at in it, and why its hours are not known ("" where they are).

    A schedule that is not understood keeps its words alone: without a frequency its hours are not known.
    """
    try:
        tidied, remarks = _understood(schedule)
    except _NotKnownError as problem:
        rule = {key: value for key, value in schedule.items() if key not in ("id", "description")}
        words = schedule.get("description") or json.dumps(rule, ensure_ascii=False, sort_keys=True)
        kept = {"id": schedule.get("id"), "description": str(words), "notes": schedule.get("notes")}
        return {key: value for key, value in kept.items() if value}, [], str(problem)
    return tidied, remarks, ""


def _understood(schedule: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    tidied, remarks = dict(schedule), []
    freq = str(schedule.get("freq") or "").upper()
    if freq == "DAILY" and not schedule.get("byday") and _interval(schedule) == 1:
        freq, tidied["byday"] = "WEEKLY", ",".join(_DAYS)
    if freq not in ("WEEKLY", "MONTHLY"):
        raise _NotKnownError(
            f"The frequency {freq!r} is not WEEKLY or MONTHLY" if freq else "There is no frequency"
        )
    for name in _NOT_HELD:
        if schedule.get(name):
            raise _NotKnownError(f"The rule {name} cannot be held")
    tidied |= {"freq": freq, "interval": _interval(schedule), **_dates(schedule)}
    for name in ("opens_at", "closes_at"):
        tidied[name], remark = _time(schedule, name)
        remarks += [remark] if remark else []
    remarks += _days(tidied)
    return {key: value for key, value in tidied.items() if value not in (None, "")}, list(
        dict.fromkeys(remarks)
    )


def _interval(schedule: Mapping[str, Any]) -> int:
    interval = str(schedule.get("interval") or 1)
    if not (interval.isascii() and interval.isdigit() and len(interval) < 5 and 1 <= int(interval) <= 52):
        raise _NotKnownError(f"The interval {interval!r} is not a whole number from 1 to 52")
    return int(interval)


def _dates(schedule: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name in _DATES:
        if schedule.get(name):
            try:
                found[name] = date.fromisoformat(str(schedule[name])[:10]).isoformat()
            except ValueError as error:
                raise _NotKnownError(f"{name} is not a date such as 2026-11-03") from error
    return found


def _time(schedule: Mapping[str, Any], name: str) -> tuple[str, str]:
    match = _TIME.fullmatch(str(schedule.get(name) or ""))
    if not match:
        raise _NotKnownError(f"{name} is not a time such as 09:30")
    hours, minutes = ("00", "00") if match[1] == "24" else (match[1], match[2])
    if match[1] == "24" and match[2] != "00":
        raise _NotKnownError(f"{name} is not a time such as 09:30")
    remark = (
        "The times are marked as UTC; they are read as the time on the clock in Britain." if match[3] else ""
    )
    return f"{hours}:{minutes}", remark


def _days(tidied: dict[str, Any]) -> list[str]:
    """Check the days; where none is given, the first date says which day it is."""
    byday = str(tidied.get("byday") or "").replace(" ", "").upper()
    if byday and not all(_BYDAY.fullmatch(day) for day in byday.split(",")):
        raise _NotKnownError(f"byday {byday!r} does not name days such as MO or 1SA")
    tidied["byday"] = byday
    first = date.fromisoformat(tidied["dtstart"]) if tidied.get("dtstart") else None
    if tidied["freq"] == "MONTHLY":
        if not byday and not tidied.get("bymonthday"):
            if first is None:
                raise _NotKnownError("There is no day of the month")
            tidied["bymonthday"] = str(first.day)
        return []
    if any(day[:-2] for day in byday.split(",")):
        raise _NotKnownError("A week has no first or last Saturday")
    if not byday:
        if first is None:
            raise _NotKnownError("There is no day of the week")
        tidied["byday"] = _DAYS[first.weekday()]
    if not tidied.get("bymonthday"):
        return []
    left_out = tidied.pop("bymonthday")
    words = [tidied.get("notes"), f"Days of the month in the source: {left_out}"]
    tidied["notes"] = "; ".join(str(word) for word in words if word)
    return ["A weekly schedule has days of the month too, which cannot be; the days of the week count."]
