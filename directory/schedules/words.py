"""HSDS schedules in plain English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from directory.schedules.rules import DAY_MINUTES, MONTHS, Rule, Schedule, read_rule

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_POSITIONS = {
    1: "first",
    2: "second",
    3: "third",
    4: "fourth",
    5: "fifth",
    -1: "last",
    -2: "second to last",
    -3: "third to last",
    -4: "fourth to last",
    -5: "fifth to last",
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
            unknown.append(f"The source says: {text}" if text else "")
        elif _is_plain(rule):
            days = weekly.setdefault(_limits(rule, schedule), {})
            days.setdefault((rule.opens, rule.closes), set()).update(day for _, day in rule.days)
        else:
            spans = times.setdefault((_say_days(rule), _limits(rule, schedule)), [])
            spans += [(rule.opens, rule.closes)] if rule.times_known else []
    sentences = [line for limits, by_span in weekly.items() for line in _weekly_lines(by_span, limits)]
    sentences += [_line(days, spans, limits) for (days, limits), spans in times.items()]
    opening = "Some hours are not known." if sentences else "Hours not known."
    sentences += [f"{opening} {text}".strip() for text in dict.fromkeys(unknown)]
    return sentences or ["Hours not known."]


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
    return f"{days[0].upper()}{days[1:]}, {hours or 'times not known'}{limits}"


def _limits(rule: Rule, schedule: Schedule) -> str:
    """Say the dates between which it holds, and the notes."""
    parts: list[str] = []
    begins = f"from {say_date(rule.starts)}" if rule.starts != date.min else ""
    ends = f"until {say_date(rule.ends)}" if rule.ends != date.max else ""
    if rule.freq != "ONCE" and (begins or ends):
        parts.append(f"{begins} {ends}".strip())
    notes = str(schedule.get("notes") or "").strip().rstrip(".")
    return "".join(f", {part}" for part in [*parts, notes] if part)


def _say_days(rule: Rule) -> str:
    if rule.freq == "ONCE":
        return say_date(rule.starts)
    if rule.freq == "WEEKLY":
        return _say_every_weeks(rule)
    named = _say_positions(rule.days)
    if rule.month_days:
        dates = _join([_say_month_day(day) for day in rule.month_days])
        named = f"{named}, if it is {dates} of the month" if named else f"{dates} of the month"
    elif any(position for position, _ in rule.days):
        named += " of the month"
    if rule.interval == 1:
        return named
    return f"{named}, every other month" if rule.interval == 2 else f"{named}, every {rule.interval} months"


def _say_every_weeks(rule: Rule) -> str:
    days = _say_weekdays([day for _, day in rule.days])
    if rule.interval == 1:
        return days
    return f"every other {days}" if rule.interval == 2 else f"{days} every {rule.interval} weeks"


def _say_positions(days: Iterable[tuple[int, int]]) -> str:
    by_day: dict[int, list[str]] = {}
    for position, day in sorted(days, key=lambda pair: (pair[1], pair[0] < 0, abs(pair[0]))):
        by_day.setdefault(day, []).append(_POSITIONS.get(position, "every"))
    groups: dict[tuple[str, ...], list[int]] = {}
    for day, positions in by_day.items():
        groups.setdefault(tuple(positions), []).append(day)
    phrases = [f"{_join(positions)} {WEEKDAYS[day]}" for positions, group in groups.items() for day in group]
    return _join(phrases)


def _say_month_day(day: int) -> str:
    if day < 0:
        return "the last day" if day == -1 else f"day {-day} from the end"
    suffix = "th" if day % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"the {day}{suffix}"


def _say_weekdays(days: Iterable[int]) -> str:
    """Name days of the week, three or more in a row as a range."""
    ordered = sorted(set(days))
    if len(ordered) == 7:
        return "Every day"
    runs: list[list[int]] = []
    for day in ordered:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts: list[str] = []
    for run in runs:
        names = [WEEKDAYS[day] for day in run]
        parts += [f"{names[0]} to {names[-1]}"] if len(run) > 2 else names
    return _join(parts)


def _join(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def say_hours(opens: int, closes: int) -> str:
    """Say a span in minutes from midnight: "9am to 5:30pm", "24 hours"."""
    if closes - opens == DAY_MINUTES and opens == 0:
        return "24 hours"
    return f"{say_time(opens)} to {say_time(closes)}"


def say_time(minutes: int) -> str:
    """Say a time in minutes from midnight: "9am", "5:30pm", "midday", "midnight"."""
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    if minute == 0 and hour % 12 == 0:
        return "midday" if hour else "midnight"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{'pm' if hour >= 12 else 'am'}"


def say_date(day: date) -> str:
    """Say a date: "4 December 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_next(span: tuple[datetime, datetime], now: datetime, *, certain: bool) -> str:
    """Say when a span begins, or that it has begun and when it ends, seen from `now`."""
    opens, closes = span
    check = "" if certain else ", check first"
    if opens <= now:
        return f"{'Open' if certain else 'May be open'} now, {_say_until(closes, now)}{check}"
    if opens.date() == now.date():
        day = "today"
    elif opens.date() - now.date() < timedelta(days=7):
        day = WEEKDAYS[opens.weekday()]
    else:
        day = f"{opens.day} {MONTHS[opens.month - 1]}"
    clock = say_time(opens.hour * 60 + opens.minute)
    return f"{'Opens' if certain else 'May open'} {day} at {clock}{check}"


def _say_until(closes: datetime, now: datetime) -> str:
    clock = say_time(closes.hour * 60 + closes.minute)
    if closes - now < timedelta(days=1):
        return f"until {clock}"
    if closes - now < timedelta(days=7):
        return f"until {WEEKDAYS[closes.weekday()]} at {clock}"
    return "day and night"
