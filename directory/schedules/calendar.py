"""Opening hours as a calendar file (RFC 5545), which telephones and computers can take up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vRecur

from directory.schedules.rules import DAY_CODES, Rule, Schedule, days_of, read_rule

LONDON = ZoneInfo("Europe/London")
A_YEAR = timedelta(days=366)


def calendar_of(schedules: Sequence[Schedule], facts: Mapping[str, str], now: datetime) -> bytes:
    """The openings that can be counted on, each as an event that repeats.

    `facts` are those of every event: identifier, summary, and if known location, description, url. What may
    be open (term time, some weeks) is left out, as a calendar cannot say "perhaps".
    """
    calendar = Calendar()
    calendar.add("prodid", "-//directory//opening hours//EN")
    calendar.add("version", "2.0")
    calendar.add_component(Timezone.from_tzinfo(LONDON, first_date=now.date(), last_date=date(2038, 1, 1)))
    rules = [rule for rule in map(read_rule, schedules) if rule is not None and rule.certain]
    for rule in dict.fromkeys(rules):
        days = days_of(rule, now.date(), now.date() + A_YEAR)
        if days:
            calendar.add_component(_event(rule, days[0], facts, now))
    text: bytes = calendar.to_ical()
    return text


def _event(rule: Rule, first: date, facts: Mapping[str, str], now: datetime) -> Event:
    event = Event()
    begins = datetime.combine(first, time.min) + timedelta(minutes=rule.opens)
    event.add("uid", f"{facts['identifier']}-{_name(rule)}")
    event.add("dtstamp", now.replace(tzinfo=LONDON).astimezone(UTC))
    event.add("dtstart", begins.replace(tzinfo=LONDON))
    event.add("dtend", (begins + timedelta(minutes=rule.closes - rule.opens)).replace(tzinfo=LONDON))
    for name in ("summary", "location", "description", "url"):
        if facts.get(name):
            event.add(name, facts[name])
    if rule.freq != "ONCE":
        event.add("rrule", vRecur(_recurrence(rule)))
    return event


def _name(rule: Rule) -> str:
    """What tells the rules of one service apart, the same each time."""
    days = "-".join(f"{position}{DAY_CODES[day]}" for position, day in rule.days)
    name = f"{rule.freq}-{rule.interval}-{days}-{'-'.join(map(str, rule.month_days))}-{rule.opens}"
    # Two seasons may differ in nothing but their end and their dates; a calendar keeps one event of a name.
    rest = [str(rule.closes), rule.anchor, rule.starts, rule.ends, sorted(rule.months)]
    return f"{name}-{hashlib.sha256(repr(rest).encode()).hexdigest()[:12]}"


def _recurrence(rule: Rule) -> dict[str, Any]:
    parts: dict[str, Any] = {"freq": rule.freq, "interval": rule.interval, "wkst": "MO"}
    if rule.ends != date.max:
        last = datetime.combine(rule.ends, time.max.replace(microsecond=0), LONDON)
        parts["until"] = last.astimezone(UTC)
    if rule.days:
        parts["byday"] = [f"{position or ''}{DAY_CODES[day]}" for position, day in rule.days]
    if rule.month_days:
        parts["bymonthday"] = list(rule.month_days)
    if rule.months:
        parts["bymonth"] = sorted(rule.months)
    return parts
