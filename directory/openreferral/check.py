"""Is a document fit to be loaded? Every problem names the place in the document and says what to do."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from directory.openreferral.shape import Problem, check_shape, check_things, is_uuid

# The standard's own words; anything else is not a status.
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
PROTECTIONS = ("open", "approximate", "hidden")
# A misspelt "postal" would make a venue of somebody's home.
LOCATION_TYPES = ("physical", "postal", "virtual")
LONGEST_NAME = 500
LONGEST_TEXT = 20_000
OLDEST_AGE = 120
LONGEST_INTERVAL = 1000
# Great Britain with its islands, in degrees: enough to catch swapped and nought-nought points.
BRITAIN = {"latitude": (49.8, 61.0), "longitude": (-8.7, 1.8)}

_BYDAY = re.compile(r"^[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)$")
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z?$")


def check(document: Mapping[str, Any]) -> list[Problem]:
    """Every problem of an organisation document; of one that is wrongly made, only where it is."""
    return list(check_shape(document)) or [*_check_organization(document), *check_things(document)]


def _check_organization(document: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _check_common(document, "$")
    yield from _check_web(document, "$", ("website", "uri", "logo"))
    parent = document.get("parent_organization_id")
    if parent is not None and not is_uuid(parent):
        yield Problem("$.parent_organization_id", f"{parent!r} is not a UUID in lower case.")
    yield from _check_contacts(document, "$")
    for i, identifier in enumerate(document.get("organization_identifiers") or []):
        if not identifier.get("identifier") or not identifier.get("identifier_scheme"):
            yield Problem(f"$.organization_identifiers[{i}]", "An identifier needs a scheme and a number.")
    for i, service in enumerate(document.get("services") or []):
        yield from _check_service(service, f"$.services[{i}]")


def _check_common(thing: Mapping[str, Any], path: str) -> Iterator[Problem]:
    name = thing.get("name")
    if not isinstance(name, str) or not name.strip():
        yield Problem(f"{path}.name", "There is no name. Give one.")
    elif len(name) > LONGEST_NAME:
        yield Problem(f"{path}.name", f"The name is longer than {LONGEST_NAME} characters. Shorten it.")
    if len(str(thing.get("description") or "")) > LONGEST_TEXT:
        yield Problem(f"{path}.description", f"The description is longer than {LONGEST_TEXT} characters.")
    email = thing.get("email")
    if email is not None and not _is_email(email):
        yield Problem(f"{path}.email", f"{email!r} is not an e-mail address.", fatal=False)


def _check_contacts(thing: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for i, contact in enumerate(thing.get("contacts") or []):
        yield from _check_date(contact, f"{path}.contacts[{i}]", "consent_date")


def _check_web(thing: Mapping[str, Any], path: str, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if thing.get(name) is not None and not is_web_address(thing[name]):
            yield Problem(f"{path}.{name}", f"{thing[name]!r} is not a web address.", fatal=False)


def _check_service(service: Mapping[str, Any], path: str) -> Iterator[Problem]:
    yield from _check_common(service, path)
    yield from _check_web(service, path, ("url",))
    if (service.get("status") or "active") not in STATUSES:
        yield Problem(f"{path}.status", f"The status must be one of {', '.join(STATUSES)}.")
    yield from _check_ages(service, path)
    yield from _check_contacts(service, path)
    for i, schedule in enumerate(service.get("schedules") or []):
        yield from _check_schedule(schedule, f"{path}.schedules[{i}]")
    for i, cost in enumerate(service.get("cost_options") or []):
        amount = cost.get("amount")
        if amount is not None and not (_is_number(amount) and amount >= 0):
            yield Problem(f"{path}.cost_options[{i}].amount", f"{amount!r} is not an amount of money.")
        for name in ("valid_from", "valid_to"):
            yield from _check_date(cost, f"{path}.cost_options[{i}]", name)
    for i, link in enumerate(service.get("service_at_locations") or []):
        yield from _check_location(link.get("location") or {}, f"{path}.service_at_locations[{i}].location")
    yield from _check_date(service, path, "assured_date")


def _check_ages(service: Mapping[str, Any], path: str) -> Iterator[Problem]:
    ages = [service.get("minimum_age"), service.get("maximum_age")]
    for name, age in zip(("minimum_age", "maximum_age"), ages, strict=True):
        if age is not None and not (_is_number(age) and age == int(age) and 0 <= age <= OLDEST_AGE):
            yield Problem(f"{path}.{name}", f"{age!r} is not an age in whole years from 0 to {OLDEST_AGE}.")
            return
    if None not in ages and ages[0] > ages[1]:  # type: ignore[operator]
        yield Problem(f"{path}.minimum_age", f"The youngest age, {ages[0]}, is above the oldest, {ages[1]}.")


def _check_schedule(schedule: Mapping[str, Any], path: str) -> Iterator[Problem]:
    freq = schedule.get("freq")
    if freq is not None and freq not in ("WEEKLY", "MONTHLY"):
        yield Problem(f"{path}.freq", f"{freq!r} is neither WEEKLY nor MONTHLY.")
    interval = schedule.get("interval")
    if interval is not None and not (type(interval) is int and 1 <= interval <= LONGEST_INTERVAL):
        yield Problem(f"{path}.interval", f"{interval!r} is not a whole number from 1 to {LONGEST_INTERVAL}.")
    for day in str(schedule.get("byday") or "").split(","):
        if day and not _BYDAY.match(day.strip()):
            yield Problem(
                f"{path}.byday", f"{day!r} is not a day such as MO, or a place in the month such as 1SA."
            )
    for name in ("opens_at", "closes_at"):
        if schedule.get(name) is not None and not _TIME.match(str(schedule[name])):
            yield Problem(f"{path}.{name}", f"{schedule[name]!r} is not a time such as 09:30.")
    for name in ("dtstart", "until", "valid_from", "valid_to"):
        yield from _check_date(schedule, path, name)


def _check_location(location: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if len(str(location.get("name") or "")) > LONGEST_NAME:
        yield Problem(f"{path}.name", f"The name is longer than {LONGEST_NAME} characters. Shorten it.")
    if (location.get("protection") or "open") not in PROTECTIONS:
        yield Problem(f"{path}.protection", f"The protection must be one of {', '.join(PROTECTIONS)}.")
    yield from _check_type(location, path, "location_type")
    for i, address in enumerate(location.get("addresses") or []):
        yield from _check_type(address, f"{path}.addresses[{i}]", "address_type")
    point = {name: location.get(name) for name in BRITAIN}
    if list(point.values()) == [None, None]:
        return
    for name, (low, high) in BRITAIN.items():
        value = point[name]
        if not _is_number(value) or not low <= float(value) <= high:  # type: ignore[arg-type]
            # The value stays out of the message: a message may be logged, and the point may be protected.
            yield Problem(f"{path}.{name}", f"The {name} is not in Great Britain. Are the two swapped?")


def _check_type(thing: Mapping[str, Any], path: str, name: str) -> Iterator[Problem]:
    if thing.get(name) not in (None, "", *LOCATION_TYPES):
        yield Problem(f"{path}.{name}", f"The type must be one of {', '.join(LOCATION_TYPES)}.")


def _check_date(thing: Mapping[str, Any], path: str, name: str) -> Iterator[Problem]:
    value = thing.get(name)
    if value is None or isinstance(value, date):
        return
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        yield Problem(f"{path}.{name}", f"{value!r} is not a date such as 2026-11-03.")


def is_web_address(text: object) -> bool:
    """Whether a text is an http or https address with a host: safe to show as a link."""
    if not isinstance(text, str) or any(c.isspace() for c in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        return False


def _is_email(text: object) -> bool:
    try:
        validate_email(str(text), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_number(value: object) -> bool:
    """Whether a value is a number that a database can hold: no larger than a float can be, and not NaN."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= sys.float_info.max if isinstance(value, int) else math.isfinite(value)
