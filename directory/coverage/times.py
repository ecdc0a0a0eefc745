"""Whether a service is open at the time asked about: 1 yes, 0 not known, -1 no."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

import holidays

from directory.coverage.question import When
from directory.languages import gettext, left_to_right, own_words, say_day
from directory.schedules.evaluate import open_during
from directory.schedules.words import say_date, say_hours

Schedule = Mapping[str, Any]
Period = tuple[date, date]
WEEKS = 4
_BANK = re.compile(r"bank[\s-]holidays?", re.IGNORECASE)
_NOT_BANK = re.compile(r"\b(?:not|no|closed|except|excluding)\b[^.;]*\bbank[\s-]holidays?", re.IGNORECASE)
_TERM = re.compile(r"\bterm[\s-]?times?\b|\b(?:half|school|in|during)[\s-]terms?\b", re.IGNORECASE)
_HOLIDAYS = re.compile(r"\bschool[\s-]holidays?\b", re.IGNORECASE)
_NOT_HOLIDAYS = re.compile(
    r"\b(?:not|no|closed|except|excluding|outside)\b[^.;]*\bschool[\s-]holidays?", re.IGNORECASE
)


class TimeError(ValueError):
    """A time cannot be asked about; the message says what is missing."""


def bank_holidays(first: date, last: date) -> dict[date, str]:
    """The bank holidays of England in a span of days, with their names."""
    years = range(first.year, last.year + 1)
    every = holidays.country_holidays("GB", subdiv="ENG", years=years)
    return {day: str(name) for day, name in sorted(every.items()) if first <= day <= last}


def read_periods(text: str) -> list[Period]:
    """Read "2026-12-21/2027-01-01, 2027-02-15/2027-02-19" into spans of days."""
    periods = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, _, last = part.partition("/")
        try:
            period = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError as error:
            raise TimeError(own_words(f"{part!r} is not written as 2026-12-21/2027-01-01.")) from error
        if period[1] < period[0]:
            raise TimeError(own_words(f"{part!r} ends before it begins."))
        periods.append(period)
    return sorted(periods)


def days_of(kind: str, weekday: int | None, today: date, school_holidays: Sequence[Period]) -> When:
    """Which days a question is about, in groups: of each group one opening is enough."""
    if kind == "week":
        closed = bank_holidays(today, today + timedelta(days=70))
        some = [today + timedelta(days=n) for n in range(70)]
        wanted = [day for day in some if day not in closed and weekday in (None, day.weekday())]
        size = 1 if weekday is not None else 7
        groups = tuple(tuple(wanted[i * size : (i + 1) * size]) for i in range(WEEKS))
        return When(kind, weekday, days=groups)
    if kind == "bank-holiday":
        day = next(iter(bank_holidays(today, today + timedelta(days=400))))
        return When(kind, days=((day,),))
    if kind == "school-holidays":
        period = next((period for period in school_holidays if period[1] >= today), None)
        if period is None:
            raise TimeError(
                gettext(
                    "The dates of the school holidays are not on record. Set %(setting)s to them, such as "
                    "%(example)s, or ask about a date.",
                    setting=own_words("SCHOOL_HOLIDAYS"),
                    example=left_to_right("2026-12-21/2027-01-01"),
                )
            )
        first = max(period[0], today)
        span = [first + timedelta(days=n) for n in range(min((period[1] - first).days + 1, 7))]
        days = tuple(day for day in span if weekday in (None, day.weekday()))
        return When(kind, weekday, days=(days or tuple(span),))
    return When("any")


def open_then(schedules: Sequence[Schedule], when: When) -> int:
    """Whether a service with these schedules is open then."""
    if when.kind == "any":
        return 1
    if when.kind == "school-holidays":
        schedules, known = in_school_holidays(schedules), bool(schedules)
        if known and not schedules:
            return -1
    answers = {_open_in(schedules, group, when) for group in when.days}
    if answers == {True}:
        return 1
    return -1 if answers == {False} else 0


def in_school_holidays(schedules: Sequence[Schedule]) -> list[Schedule]:
    """The schedules as they hold in the school holidays: those of term time alone left out."""
    kept: list[Schedule] = []
    for schedule in schedules:
        text = _words(schedule)
        if _NOT_HOLIDAYS.search(text) or (_TERM.search(text) and not _HOLIDAYS.search(text)):
            continue
        kept.append(schedule if _TERM.search(text) else _without_holidays(schedule))
    return kept


def _without_holidays(schedule: Schedule) -> Schedule:
    """A schedule whose words say nothing of school holidays, so that its days can be promised in them."""
    texts = {name: _HOLIDAYS.sub("", schedule.get(name) or "") for name in ("notes", "description")}
    return {**schedule, **texts}


def _open_in(schedules: Sequence[Schedule], days: Sequence[date], when: When) -> bool | None:
    answers = [_open_on(schedules, day, when) for day in days]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _open_on(schedules: Sequence[Schedule], day: date, when: When) -> bool | None:
    opens, closes = _clock(when.opens or 0), _clock(when.closes or 0)
    if when.kind != "bank-holiday":
        return open_during(schedules, day, opens, closes)
    answers = [_open_on_bank_holiday(schedule, day, opens, closes) for schedule in schedules]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _open_on_bank_holiday(schedule: Schedule, day: date, opens: time, closes: time) -> bool | None:
    """What is open on such a weekday need not be so on a bank holiday, unless the record says it is."""
    text = _words(schedule)
    if _NOT_BANK.search(text):
        return False
    answer = open_during([schedule], day, opens, closes)
    named = bool(_BANK.search(text)) or str(schedule.get("dtstart") or "")[:10] == day.isoformat()
    return answer if named or answer is False else None


def _words(schedule: Schedule) -> str:
    return f"{schedule.get('notes') or ''} {schedule.get('description') or ''}"


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def say_when(when: When, today: date) -> str:
    """The time asked about, in words that fit after "open"."""
    both = when.opens is not None and when.closes is not None
    day = _said_days(when)
    if when.kind == "any" or not both:
        return day
    return gettext("%(days)s, %(hours)s", days=day, hours=say_hours(when.opens or 0, when.closes or 0))


def _said_days(when: When) -> str:
    if when.kind == "any":
        return gettext("at any time")
    if when.kind == "week":
        if when.weekday is None:
            return gettext("every week")
        return gettext("every %(day)s", day=say_day(when.weekday))
    first, last = when.days[0][0], when.days[0][-1]
    if when.kind == "bank-holiday":
        name = own_words(bank_holidays(first, first)[first])
        return gettext("on the next bank holiday, %(name)s, %(day)s", name=name, day=say_date(first))
    if when.kind == "school-holidays":
        if first == last:
            return gettext("in the school holidays, %(day)s", day=say_date(first))
        return gettext(
            "in the school holidays, %(first)s to %(last)s", first=say_date(first), last=say_date(last)
        )
    return gettext("on %(day)s", day=say_date(first))
