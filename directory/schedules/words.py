"""HSDS schedules in plain words, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from directory.languages import (
    DAYS,
    ENGLISH,
    N_,
    gettext,
    joined,
    own_words,
    say_date,
    say_day,
    spoken,
)
from directory.schedules.rules import DAY_MINUTES, Rule, Schedule, read_rule

__all__ = ["WEEKDAYS", "describe", "say_date", "say_hours", "say_next", "say_time"]

WEEKDAYS = DAYS
EVERY = N_("every")
_POSITIONS = {
    1: N_("first"),
    2: N_("second"),
    3: N_("third"),
    4: N_("fourth"),
    5: N_("fifth"),
    -1: N_("last"),
    -2: N_("second to last"),
    -3: N_("third to last"),
    -4: N_("fourth to last"),
    -5: N_("fifth to last"),
}


def describe(schedules: Sequence[Schedule]) -> list[str]:
    """Put schedules in sentences: "Monday to Friday, 9am to 5pm". Days with the same hours share one."""
    times: dict[tuple[str, str], list[tuple[int, int]]] = {}
    weekly: dict[str, dict[tuple[int, int], set[int]]] = {}
    unknown: list[str] = []
    for schedule in schedules:
        rule = read_rule(schedule)
        if rule is None:
            text = str(schedule.get("description") or "").strip()
            unknown.append(gettext("The source says: %(text)s", text=own_words(text)) if text else "")
        elif _is_plain(rule):
            days = weekly.setdefault(_limits(rule, schedule), {})
            days.setdefault((rule.opens, rule.closes), set()).update(day for _, day in rule.days)
        else:
            spans = times.setdefault((_say_days(rule), _limits(rule, schedule)), [])
            spans += [(rule.opens, rule.closes)] if rule.times_known else []
    sentences = [line for limits, by_span in weekly.items() for line in _weekly_lines(by_span, limits)]
    sentences += [_line(days, spans, limits) for (days, limits), spans in times.items()]
    opening = gettext("Some hours are not known.") if sentences else gettext("Hours not known.")
    sentences += [joined((opening, text), " ") if text else opening for text in dict.fromkeys(unknown)]
    return sentences or [gettext("Hours not known.")]


def _is_plain(rule: Rule) -> bool:
    return rule.freq == "WEEKLY" and rule.interval == 1 and rule.times_known


def _weekly_lines(spans: dict[tuple[int, int], set[int]], limits: str) -> list[str]:
    by_day = {day: tuple(sorted(span for span, days in spans.items() if day in days)) for day in range(7)}
    groups: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day, hours in by_day.items():
        if hours:
            groups.setdefault(hours, []).append(day)
    return [_line(_say_weekdays(days), hours, limits) for hours, days in groups.items()]


def _line(days: str, spans: Iterable[tuple[int, int]], limits: str) -> str:
    hours = _join([say_hours(*span) for span in dict.fromkeys(spans)])
    if spoken() is ENGLISH:
        days = f"{days[0].upper()}{days[1:]}"
    return joined(part for part in (days, hours or gettext("times not known"), limits) if part)


def _limits(rule: Rule, schedule: Schedule) -> str:
    """Say the dates between which it holds, and the notes."""
    notes = str(schedule.get("notes") or "").strip().rstrip(".")
    dates = "" if rule.freq == "ONCE" else _say_dates(rule)
    return joined(part for part in (dates, own_words(notes)) if part)


def _say_dates(rule: Rule) -> str:
    begins, ends = rule.starts != date.min, rule.ends != date.max
    if begins and ends:
        return gettext("from %(first)s until %(last)s", first=say_date(rule.starts), last=say_date(rule.ends))
    if begins:
        return gettext("from %(day)s", day=say_date(rule.starts))
    return gettext("until %(day)s", day=say_date(rule.ends)) if ends else ""


def _say_days(rule: Rule) -> str:
    if rule.freq == "ONCE":
        return say_date(rule.starts)
    if rule.freq == "WEEKLY":
        return _say_every_weeks(rule)
    named = _say_positions(rule.days)
    if rule.month_days:
        dates = _join([_say_month_day(day) for day in rule.month_days])
        named = (
            gettext("%(days)s, if it is %(dates)s of the month", days=named, dates=dates)
            if named
            else gettext("%(days)s of the month", days=dates)
        )
    elif any(position for position, _ in rule.days):
        named = gettext("%(days)s of the month", days=named)
    if rule.interval == 1:
        return named
    if rule.interval == 2:
        return gettext("%(days)s, every other month", days=named)
    return gettext("%(days)s, every %(number)s months", days=named, number=rule.interval)


def _say_every_weeks(rule: Rule) -> str:
    days = _say_weekdays([day for _, day in rule.days])
    if rule.interval == 1:
        return days
    if rule.interval == 2:
        return gettext("every other %(days)s", days=days)
    return gettext("%(days)s every %(number)s weeks", days=days, number=rule.interval)


def _say_positions(days: Iterable[tuple[int, int]]) -> str:
    by_day: dict[int, list[str]] = {}
    for position, day in sorted(days, key=lambda pair: (pair[1], pair[0] < 0, abs(pair[0]))):
        by_day.setdefault(day, []).append(gettext(_POSITIONS.get(position, EVERY)))
    groups: dict[tuple[str, ...], list[int]] = {}
    for day, positions in by_day.items():
        groups.setdefault(tuple(positions), []).append(day)
    phrases = [
        gettext("%(which)s %(day)s", which=_join(positions), day=say_day(day))
        for positions, group in groups.items()
        for day in group
    ]
    return _join(phrases)


def _say_month_day(day: int) -> str:
    if day < 0:
        return gettext("the last day") if day == -1 else gettext("day %(number)s from the end", number=-day)
    suffix = "th" if day % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return gettext("the %(number)s", number=f"{day}{suffix}" if spoken() is ENGLISH else day)


def _say_weekdays(days: Iterable[int]) -> str:
    """Name days of the week, three or more in a row as a range."""
    ordered = sorted(set(days))
    if len(ordered) == 7:
        return gettext("Every day")
    runs: list[list[int]] = []
    for day in ordered:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts: list[str] = []
    for run in runs:
        names = [say_day(day) for day in run]
        if len(run) > 2:
            parts.append(gettext("%(first)s to %(last)s", first=names[0], last=names[-1]))
        else:
            parts += names
    return _join(parts)


def _join(parts: Sequence[str]) -> str:
    """Parts in a row with "and" before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return gettext("%(first)s and %(last)s", first=joined(parts[:-1]), last=parts[-1])


def say_hours(opens: int, closes: int) -> str:
    """Say a span in minutes from midnight: "9am to 5:30pm", "24 hours"."""
    if closes - opens == DAY_MINUTES and opens == 0:
        return gettext("24 hours")
    return gettext("%(opens)s to %(closes)s", opens=say_time(opens), closes=say_time(closes))


def say_time(minutes: int) -> str:
    """Say a time in minutes from midnight: "9am", "5:30pm", "midday", "midnight"; elsewhere 17:30."""
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    if spoken() is not ENGLISH:
        return f"{hour}:{minute:02}"
    if minute == 0 and hour % 12 == 0:
        return "midday" if hour else "midnight"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{'pm' if hour >= 12 else 'am'}"


def say_next(span: tuple[datetime, datetime], now: datetime, *, certain: bool) -> str:
    """Say when a span begins, or that it has begun and when it ends, seen from `now`."""
    opens, closes = span
    if opens <= now:
        until = _say_until(closes, now)
        if certain:
            return gettext("Open now, %(until)s", until=until)
        return gettext("May be open now, %(until)s, check first", until=until)
    clock = say_time(opens.hour * 60 + opens.minute)
    if opens.date() == now.date():
        if certain:
            return gettext("Opens today at %(time)s", time=clock)
        return gettext("May open today at %(time)s, check first", time=clock)
    if opens.date() - now.date() < timedelta(days=7):
        day = say_day(opens.weekday())
    else:
        day = say_date(opens.date(), year=False)
    if certain:
        return gettext("Opens %(day)s at %(time)s", day=day, time=clock)
    return gettext("May open %(day)s at %(time)s, check first", day=day, time=clock)


def _say_until(closes: datetime, now: datetime) -> str:
    clock = say_time(closes.hour * 60 + closes.minute)
    if closes - now < timedelta(days=1):
        return gettext("until %(time)s", time=clock)
    if closes - now < timedelta(days=7):
        return gettext("until %(day)s at %(time)s", day=say_day(closes.weekday()), time=clock)
    return gettext("day and night")
