"""Ids, dates and numbers that cannot be real."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

ROOT = uuid5(NAMESPACE_URL, "https://example.org/made-up-directory")
LAST_DAY = date(2026, 10, 11)  # three weeks before the day that the sample is made for, 1 November 2026
FIRST_DAY = date(2022, 11, 1)  # four years before it
MOBILE, BIRMINGHAM, ANYWHERE = "07700 900", "0121 496 0", "01632 960"
NOT_0121 = {"E08000026", "E08000031"}


def identify(*parts: object) -> str:
    """The same id every time for the same parts."""
    return str(uuid5(ROOT, "/".join(str(part) for part in parts)))


def some_day(rng: Random) -> date:
    """A day in the four years, recent days likelier."""
    days = (LAST_DAY - FIRST_DAY).days
    return LAST_DAY - timedelta(days=int(days * rng.random() ** 1.7))


def later_day(rng: Random, day: date) -> date:
    """The same day or a little later, within the four years."""
    return min(LAST_DAY, day + timedelta(days=rng.choice((0, 0, 0, 2, 9, 40))))


def landline(rng: Random, authority_code: str) -> str:
    """A number from Ofcom's ranges for drama. There is none for 024 7 or 01902."""
    start = ANYWHERE if authority_code in NOT_0121 else BIRMINGHAM
    return f"{start}{rng.randrange(1000):03d}"


def mobile(rng: Random) -> str:
    """A mobile number from Ofcom's range for drama."""
    return f"{MOBILE}{rng.randrange(1000):03d}"


def slug(name: str) -> str:
    """A name as it might stand in an e-mail address."""
    plain = "".join(letter if letter.isalnum() else " " for letter in name.lower().replace("'", ""))
    return "-".join(plain.split())
