"""What the schemas let through: points in the sea, hours that cannot be, days that there are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeGuard

from directory.checking.findings import Finding
from directory.checking.land import is_on_land
from directory.checking.shape import shown
from directory.openreferral.check import is_web_address

OLDEST = 150
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_WEEKDAY = re.compile(r"MO|TU|WE|TH|FR|SA|SU", re.ASCII)
_MONTH_DAY = re.compile(r"-?([1-9]|[12][0-9]|3[01])", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
LINKS = ("url", "website", "schedule_link", "logo", "term_uri")
DATES = ("assured_date", "valid_from", "valid_to", "dtstart", "until")
Thing = Mapping[str, Any]


def check_sense(thing: Any, path: str, where: str = "") -> Iterator[Finding]:
    """Every value of a thing, at any depth, that is well made and cannot be right."""
    if isinstance(thing, list):
        for number, item in enumerate(thing):
            yield from check_sense(item, f"{path}[{number}]", where)
    elif isinstance(thing, dict):
        for rule, field, message in _faults(thing):
            yield Finding(rule, f"{path}.{field}", message, where)
        for name, value in thing.items():
            if name == "taxonomy_term" or (name == "taxonomy_terms" and isinstance(value, list)):
                yield from _check_terms(value, name, thing, f"{path}.{name}", where)
            if isinstance(value, dict | list):
                yield from check_sense(value, f"{path}.{name}", where)


def check_term(term: Thing, path: str, where: str = "") -> Iterator[Finding]:
    """A term must say of which taxonomy it is."""
    if not term.get("taxonomy") and not term.get("taxonomy_id"):
        yield Finding("no-taxonomy", path, f"{shown(term.get('name'))} is of no taxonomy.", where)


def links_of(thing: Any) -> Iterator[str]:
    """Every web address of a thing."""
    if isinstance(thing, list):
        for item in thing:
            yield from links_of(item)
    elif isinstance(thing, dict):
        yield from (thing[name] for name in LINKS if is_web_address(thing.get(name)))
        for value in thing.values():
            yield from links_of(value)


Fault = tuple[str, str, str]  # rule, field, message


def _check_terms(value: Any, name: str, thing: Thing, path: str, where: str) -> Iterator[Finding]:
    if name == "taxonomy_term" and isinstance(value, dict):
        yield from check_term(value, path, where)
    elif isinstance(value, list) and not thing.get("id"):
        # Within its taxonomy a term need not repeat which that is; without an identifier it must.
        for number, term in enumerate(value):
            if isinstance(term, dict):
                yield from check_term(term, f"{path}[{number}]", where)


def _faults(thing: Thing) -> Iterator[Fault]:
    yield from _point(thing)
    yield from _ages(thing)
    yield from _hours(thing)
    yield from _days(thing)
    yield from _dates(thing)
    amount = thing.get("amount")
    if _is_number(amount) and amount < 0:
        yield "amount", "amount", f"{amount} is below 0."
    for name in LINKS:
        text = thing.get(name)
        if isinstance(text, str) and not is_web_address(text):
            yield "uri", name, f"{shown(text)} leads nowhere."


def _point(thing: Thing) -> Iterator[Fault]:
    latitude, longitude = thing.get("latitude"), thing.get("longitude")
    given = [value is not None for value in (latitude, longitude)]
    if any(given) and not all(given):
        missing = "longitude" if given[0] else "latitude"
        yield "half-point", missing, f"There is no {missing}."
    if not (_is_number(latitude) and _is_number(longitude)):
        return
    if abs(latitude) > 90 or abs(longitude) > 180:
        if is_on_land(longitude, latitude):
            yield "swapped", "latitude", f"{latitude} and {longitude} are the wrong way round."
        else:
            yield "off-earth", "latitude", f"{latitude}, {longitude} is not on the earth."
    elif not is_on_land(latitude, longitude):
        if is_on_land(longitude, latitude):
            yield "swapped", "latitude", f"{latitude} and {longitude} are the wrong way round."
        else:
            yield "in-sea", "latitude", f"{latitude}, {longitude} is not on land in the United Kingdom."


def _ages(thing: Thing) -> Iterator[Fault]:
    low, high = thing.get("minimum_age"), thing.get("maximum_age")
    for name, age in (("minimum_age", low), ("maximum_age", high)):
        if _is_number(age) and not 0 <= age <= OLDEST:
            yield "ages", name, f"{age} is not an age."
    if _is_number(low) and _is_number(high) and low > high:
        yield "ages", "minimum_age", f"{low} is above the maximum_age, {high}."


def _hours(thing: Thing) -> Iterator[Fault]:
    minutes = []
    for name in ("opens_at", "closes_at"):
        text = thing.get(name)
        if text is None:
            continue
        found = _TIME.fullmatch(str(text))
        if found is None:
            yield "time-of-day", name, f"{shown(text)} is not a time of day."
        else:
            minutes.append(int(found[1]) * 60 + int(found[2]))
    # Midnight at the end of a day is written 00:00.
    if len(minutes) == 2 and 0 < minutes[1] <= minutes[0]:
        yield "closes-before", "closes_at", f"{thing['closes_at']} is not after {thing['opens_at']}."


def _days(thing: Thing) -> Iterator[Fault]:
    byday, bymonthday = thing.get("byday"), thing.get("bymonthday")
    if isinstance(byday, str):
        allowed = _WEEKDAY if thing.get("freq") == "WEEKLY" else _DAY
        wrong = [day for day in byday.split(",") if not allowed.fullmatch(day.strip())]
        if wrong:
            yield "byday", "byday", f"{shown(wrong[0])} is not a day."
    if isinstance(bymonthday, str):
        wrong = [day for day in bymonthday.split(",") if not _MONTH_DAY.fullmatch(day.strip())]
        if wrong:
            yield "bymonthday", "bymonthday", f"{shown(wrong[0])} is not a day of a month."


def _dates(thing: Thing) -> Iterator[Fault]:
    days = {}
    for name in DATES:
        text = thing.get(name)
        if isinstance(text, str):
            day = _day(text)
            if day is None:
                yield "date", name, f"{shown(text)} is not a date."
            else:
                days[name] = day
    if "valid_from" in days and "valid_to" in days and days["valid_to"] < days["valid_from"]:
        yield "dates-order", "valid_to", f"{days['valid_to']} is before {days['valid_from']}."


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
