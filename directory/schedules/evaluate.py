"""When a service is open: HSDS schedules asked about a moment, a day, a week.

Every answer keeps three things apart: True (known to be open), False (known to be closed) and None (not
known). It is not known when there are no schedules, when a schedule holds only text, when its times are
missing, on the days of an every-other-week schedule that does not say which week it began, and on the days
of one for term time (or for school holidays) only, because the terms of each school are not on record. One
schedule that is known to be open settles it; one that is not known stops the others from saying "closed". A
schedule that has ended, or has not begun, is closed. All times are wall time in Europe/London.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from directory.languages import gettext
from directory.schedules.rules import DAY_MINUTES, Rule, Schedule, days_of, read_rule
from directory.schedules.words import describe, say_next

__all__ = [
    "Opening",
    "describe",
    "describe_next",
    "describe_until",
    "flat_openings",
    "hours_known",
    "next_change",
    "next_opening",
    "open_at",
    "open_during",
    "week_pattern",
    "weekly_openings",
]

Span = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Opening:
    """One opening on a day of the week: weekday 0 (Monday) to 6, minutes from midnight (closes <= 1440).

    `every_week` is True only where it can be counted on each week from the day `starts` to the day `ends`:
    not for fortnightly or monthly ones, single dates, some months, or term time.
    """

    weekday: int
    opens_minute: int
    closes_minute: int
    every_week: bool
    starts: date = date.min
    ends: date = date.max


def open_at(schedules: Sequence[Schedule], moment: datetime) -> bool | None:
    """Say whether it is open at a moment (naive, Europe/London): True, False, or None when not known."""
    return _open_between(schedules, moment, moment + timedelta(microseconds=1))


def open_during(schedules: Sequence[Schedule], day: date, opens: time, closes: time) -> bool | None:
    """Say whether it is open at any moment from `opens` up to `closes` (on the next day if not later)."""
    begins, ends = datetime.combine(day, opens), datetime.combine(day, closes)
    return _open_between(schedules, begins, ends if ends > begins else ends + timedelta(days=1))


def _open_between(schedules: Sequence[Schedule], begins: datetime, ends: datetime) -> bool | None:
    answer: bool | None = False if schedules else None
    first, last = begins.date() - timedelta(days=1), ends.date()
    for schedule in schedules:
        rule = read_rule(schedule)
        if rule is None:
            answer = None
            continue
        for opens, closes in _spans(rule, first, last):
            if opens < ends and closes > begins:
                if rule.certain:
                    return True
                answer = None
    return answer


def _spans(rule: Rule, first: date, last: date) -> Iterator[Span]:
    for day in days_of(rule, first, last):
        midnight = datetime.combine(day, time.min)
        yield midnight + timedelta(minutes=rule.opens), midnight + timedelta(minutes=rule.closes)


def week_pattern(schedules: Sequence[Schedule], monday: date) -> list[list[bool | None]]:
    """Mark the 48 half-hours of seven days from `monday`: open at any moment of each, or not known."""
    rules = [read_rule(schedule) for schedule in schedules]
    known = bool(rules) and all(rules)
    halves: list[bool | None] = [False if known else None] * (7 * 48)
    for rule in sorted((rule for rule in rules if rule), key=lambda rule: rule.certain):
        for day in days_of(rule, monday - timedelta(days=1), monday + timedelta(days=6)):
            midnight = (day - monday).days * DAY_MINUTES
            first = max((midnight + rule.opens) // 30, 0)
            last = min(-(-(midnight + rule.closes) // 30), 7 * 48)
            for half in range(first, last):
                halves[half] = True if rule.certain else None
    return [halves[day * 48 : (day + 1) * 48] for day in range(7)]


def flat_openings(schedules: Sequence[Schedule]) -> list[Opening]:
    """Flatten schedules for a database table. An opening past midnight becomes two."""
    openings: set[Opening] = set()
    for schedule in schedules:
        rule = read_rule(schedule)
        if rule is None or not rule.times_known:
            continue
        for weekday in _weekdays(rule):
            spans = [(weekday, rule.opens, min(rule.closes, DAY_MINUTES))]
            if rule.closes > DAY_MINUTES:
                spans.append(((weekday + 1) % 7, 0, rule.closes - DAY_MINUTES))
            openings |= {Opening(*span, _is_weekly(rule), rule.starts, rule.ends) for span in spans}
    return sorted(openings)


def weekly_openings(schedules: Sequence[Schedule], today: date) -> list[Opening]:
    """The openings of an ordinary week now: those that ended are left out.

    One that has yet to begin is there, and cannot be counted on each week.
    """
    return sorted(
        {
            Opening(one.weekday, one.opens_minute, one.closes_minute, one.every_week and one.starts <= today)
            for one in flat_openings(schedules)
            if one.ends >= today
        }
    )


def _is_weekly(rule: Rule) -> bool:
    plain = rule.certain and rule.interval == 1 and not rule.month_days and not rule.months
    return plain and rule.freq != "ONCE" and all(position == 0 for position, _ in rule.days)


def _weekdays(rule: Rule) -> list[int]:
    if rule.freq == "ONCE":
        return [rule.starts.weekday()]
    return sorted({weekday for _, weekday in rule.days}) or list(range(7))


def hours_known(schedules: Sequence[Schedule]) -> bool:
    """Say whether at least one schedule tells days and times."""
    return any(rule is not None and rule.times_known for rule in map(read_rule, schedules))


def next_opening(schedules: Sequence[Schedule], after: datetime, horizon_days: int = 62) -> Span | None:
    """Find the next opening that is certain; the present one if it is open at `after`.

    Openings that meet or overlap are one. None when there is none within the horizon.
    """
    rules = [rule for rule in map(read_rule, schedules) if rule is not None and rule.certain]
    return _next_span(rules, after, horizon_days)


def _next_span(rules: Sequence[Rule], after: datetime, horizon_days: int) -> Span | None:
    first, last = after.date() - timedelta(days=1), after.date() + timedelta(days=horizon_days)
    spans = sorted(span for rule in rules for span in _spans(rule, first, last))
    found: Span | None = None
    for opens, closes in spans:
        if found and opens <= found[1]:
            found = found[0], max(found[1], closes)
        elif found and found[1] > after:
            break
        else:
            found = opens, closes
    return found if found and found[1] > after else None


def describe_next(schedules: Sequence[Schedule], now: datetime) -> str:
    """Say in a few words when it is next open.

    "Open now, until 5pm", "Opens Friday at 9am", "May open Thursday at 4pm, check first" (term time and the
    like), "Opening hours not known", "No opening in the next two months".
    """
    return describe_until(schedules, now)[0]


def next_change(schedules: Sequence[Schedule], now: datetime) -> datetime:
    """Until when `describe_next` says the same, at least: the next opening or closing, or midnight."""
    return describe_until(schedules, now)[1]


def describe_until(schedules: Sequence[Schedule], now: datetime) -> tuple[str, datetime]:
    """Both at once: what takes long is to find the openings."""
    rules = [read_rule(schedule) for schedule in schedules]
    timed = [rule for rule in rules if rule is not None and rule.times_known]
    sure = _next_span([rule for rule in timed if rule.certain], now, 62)
    unsure = _next_span([rule for rule in timed if not rule.certain], now, 62)
    until = _same_until([span for span in (sure, unsure) if span], now)
    if sure and (unsure is None or max(sure[0], now) <= max(unsure[0], now)):
        return say_next(sure, now, certain=True), until
    if unsure:
        return say_next(unsure, now, certain=False), until
    if not rules or len(timed) < len(rules):
        return gettext("Opening hours not known"), until
    return gettext("No opening in the next two months"), until


def _same_until(spans: Sequence[Span], now: datetime) -> datetime:
    # Of one that closes in more than a day the day is said as well.
    moments = [moment for opens, closes in spans for moment in (opens, closes, closes - timedelta(days=1))]
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min)
    return min([midnight, *(moment for moment in moments if moment > now)])
