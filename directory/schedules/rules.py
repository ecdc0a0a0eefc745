"""HSDS schedules read into rules: which days, and which minutes of those days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from dateutil.rrule import MO, MONTHLY, rrule, weekday

from directory.languages import MONTHS

Schedule = Mapping[str, Any]

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_MINUTES = 24 * 60
# Rules that would narrow the days: to leave one out would promise days that the source does not.
_NOT_READ = ("byweekno", "byyearday", "bysetpos", "bymonth")

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_SCHOOL_TERMS = re.compile(
    r"\bterm[\s-]?times?\b|\b(?:half|school|in|during)[\s-]terms?\b|\bschool[\s-]holidays?\b", re.IGNORECASE
)
_MONTH = "|".join(MONTHS)
_MONTHS_ONLY = re.compile(
    rf"\b((?:{_MONTH})(?: to (?:{_MONTH}))?(?:(?:, | and )(?:{_MONTH})(?: to (?:{_MONTH}))?)*) only\b"
)


@dataclass(frozen=True)
class Rule:
    """One schedule as numbers.

    `days` holds (position, weekday): position 0 is every such day, 1 the first of the month, -1 the last.
    `opens` and `closes` are minutes from midnight of the starting day; `closes` is past 1440 when it closes
    on the next day. `certain` is False when the days can be named but not promised: term time, every other
    week from a week that nobody wrote down, times missing.
    """

    freq: str
    interval: int
    days: tuple[tuple[int, int], ...]
    month_days: tuple[int, ...]
    anchor: date | None
    starts: date
    ends: date
    opens: int
    closes: int
    months: frozenset[int]
    times_known: bool
    certain: bool


def read_rule(schedule: Schedule) -> Rule | None:
    """Read one schedule; None when it does not say which days, or says it in a way we do not know.

    Fields read: freq (WEEKLY or MONTHLY; none with a dtstart is a single day), interval, byday, bymonthday,
    count, dtstart, until, valid_from, valid_to, opens_at, closes_at, notes and description (school terms;
    "April to October only"). Times are wall time as published: a "Z" or an offset is not applied.
    """
    try:
        return _read_rule(schedule)
    except (ValueError, TypeError, OverflowError):
        return None


def _read_rule(schedule: Schedule) -> Rule | None:
    anchor = _read_date(schedule.get("dtstart"))
    interval = int(1 if schedule.get("interval") in (None, "") else schedule["interval"])
    freq, days, month_days = _read_pattern(schedule, anchor)
    if interval < 1 or not (days or month_days or freq == "ONCE"):
        return None
    if any(schedule.get(name) for name in _NOT_READ):
        return None
    opens, closes = _read_minutes(schedule.get("opens_at")), _read_minutes(schedule.get("closes_at"))
    times_known = opens is not None and closes is not None
    if freq == "ONCE" and not times_known:
        return None
    if opens is None or closes is None:
        opens, closes = 0, DAY_MINUTES
    opens %= DAY_MINUTES
    if closes <= opens:
        closes += DAY_MINUTES
    words = f"{schedule.get('notes') or ''} {schedule.get('description') or ''}"
    anchored = anchor is not None or (interval == 1 and not schedule.get("count"))
    starts = [day for day in (anchor, _read_date(schedule.get("valid_from"))) if day]
    ends = [day for day in (_read_date(schedule.get("until")), _read_date(schedule.get("valid_to"))) if day]
    rule = Rule(
        freq=freq,
        interval=interval,
        days=days,
        month_days=month_days,
        anchor=anchor,
        starts=max(starts, default=date.min),
        ends=min([*ends, anchor] if freq == "ONCE" and anchor else ends, default=date.max),
        opens=opens,
        closes=closes,
        months=read_months(str(schedule.get("notes") or "")),
        times_known=times_known,
        certain=times_known and anchored and not _SCHOOL_TERMS.search(words),
    )
    return _counted(rule, int(schedule.get("count") or 0))


def _read_pattern(
    schedule: Schedule, anchor: date | None
) -> tuple[str, tuple[tuple[int, int], ...], tuple[int, ...]]:
    freq = str(schedule.get("freq") or "").upper()
    days = read_days(schedule.get("byday") or "")
    month_days = _read_month_days(str(schedule.get("bymonthday") or ""))
    if not freq and anchor and not days and not month_days:
        return "ONCE", (), ()
    if freq not in ("WEEKLY", "MONTHLY"):
        return "", (), ()
    if freq == "WEEKLY" and (month_days or any(position for position, _ in days)):
        freq = "MONTHLY"  # "1SA" has no meaning within a week: the writer meant the month
    if not days and not month_days and anchor:
        if freq == "WEEKLY":
            return freq, ((0, anchor.weekday()),), ()
        return freq, (), (anchor.day,)
    return freq, days, month_days


def _counted(rule: Rule, count: int) -> Rule | None:
    """End a rule that holds a count of times at the last of them."""
    if count <= 0 or rule.anchor is None:
        return rule
    if count > 1000:
        return rule  # some twenty years of weeks: as good as without end
    seen: list[date] = []
    first = rule.anchor
    while len(seen) < count and first.year < rule.anchor.year + 100:
        last = first + timedelta(days=366)
        seen += days_of(rule, first, last)
        first = last + timedelta(days=1)
    if not seen:
        return None
    return Rule(**{**vars(rule), "ends": min(rule.ends, seen[:count][-1])})


def _read_date(value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _date_of(str(value))


@lru_cache(maxsize=4096)
def _date_of(text: str) -> date:
    return date.fromisoformat(text.strip()[:10])


def _read_minutes(value: object) -> int | None:
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    return None if value is None or value == "" else _minutes_of(str(value))


@lru_cache(maxsize=4096)
def _minutes_of(text: str) -> int | None:
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    minutes = int(match[1]) * 60 + int(match[2])
    return minutes if minutes <= DAY_MINUTES else None


@lru_cache(maxsize=4096)
def read_days(byday: str) -> tuple[tuple[int, int], ...]:
    """Read "MO,TU", "1SA" or "-1TH" into (position, weekday) pairs. Raises ValueError on anything else."""
    days = []
    for part in byday.replace(" ", "").upper().split(","):
        if not part:
            continue
        match = _DAY.fullmatch(part)
        if not match:
            raise ValueError(f"not a day of the week: {part!r}")
        days.append((int(match[1] or 0), DAY_CODES.index(match[2])))
    return tuple(dict.fromkeys(days))


@lru_cache(maxsize=4096)
def _read_month_days(text: str) -> tuple[int, ...]:
    days = tuple(int(part) for part in text.split(",") if part.strip())
    if any(not 1 <= abs(day) <= 31 for day in days):
        raise ValueError(f"not days of a month: {text!r}")
    return days


def read_months(notes: str) -> frozenset[int]:
    """Read "April to October only" in notes into month numbers; an empty set when there is no such note."""
    match = _MONTHS_ONLY.search(notes)
    months: set[int] = set()
    for part in re.split(", | and ", match[1]) if match else ():
        first, _, last = part.partition(" to ")
        begins = MONTHS.index(first)
        length = (MONTHS.index(last or first) - begins) % 12 + 1
        months.update((begins + step) % 12 + 1 for step in range(length))
    return frozenset(months)


def days_of(rule: Rule, first: date, last: date) -> list[date]:
    """List the days from first to last, both included, on which a rule's opening begins."""
    first, last = max(first, rule.starts), min(last, rule.ends)
    if first > last:
        return []
    if rule.freq == "WEEKLY":
        days = _weekly_days(rule, first, last)
    elif rule.freq == "MONTHLY":
        days = _monthly_days(rule, first, last)
    else:
        days = [first]
    return [day for day in days if day.month in rule.months] if rule.months else days


def _weekly_days(rule: Rule, first: date, last: date) -> list[date]:
    """Work out weekly days without a recurrence object, which would be most of the time of a search."""
    wanted = {weekday_number for _, weekday_number in rule.days}
    ordinals = range(first.toordinal(), last.toordinal() + 1)
    days = [day for day in ordinals if (day + 6) % 7 in wanted]  # ordinal 1 was a Monday
    if rule.interval > 1 and rule.anchor is not None:
        week = (rule.anchor.toordinal() + 6) // 7
        days = [day for day in days if ((day + 6) // 7 - week) % rule.interval == 0]
    return [date.fromordinal(day) for day in days]


def _monthly_days(rule: Rule, first: date, last: date) -> list[date]:
    days: list[date] = []
    anchor = rule.anchor
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        if anchor is None or (month - anchor.year * 12 - anchor.month + 1) % rule.interval == 0:
            days += _days_in_month(month // 12, month % 12 + 1, rule.days, rule.month_days)
    return [day for day in days if first <= day <= last]


@lru_cache(maxsize=4096)
def _days_in_month(
    year: int, month: int, days: tuple[tuple[int, int], ...], month_days: tuple[int, ...]
) -> tuple[date, ...]:
    begins = datetime(year, month, 1)  # noqa: DTZ001  (wall time)
    recurrence = rrule(
        MONTHLY,
        dtstart=begins,
        until=begins + timedelta(days=31 - 1),
        wkst=MO,
        byweekday=[weekday(number, position or None) for position, number in days] or None,
        bymonthday=list(month_days) or None,
    )
    return tuple(moment.date() for moment in recurrence if moment.month == month)
