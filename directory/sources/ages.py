"""Ages as people write them."""

from __future__ import annotations

import re

from directory.openreferral.check import OLDEST_AGE

# "16 and over" says that there is no upper limit. That is known, so it is written as the oldest age.
NO_LIMIT = OLDEST_AGE
ADULT = 18

_ALL = {
    "all",
    "all ages",
    "any",
    "any age",
    "any ages",
    "everyone",
    "everybody",
    "anyone",
    "no limit",
    "all welcome",
}
_ADULTS = {"adult", "adults", "adults only", "adult only"}
_SCHOOL_YEARS = re.compile(r"^(school\s+)?(years?|yrs?|y)\s*\d")
_FILLING = re.compile(r"\b(ages?|aged|years?|yrs?|y/?o|olds?|of|between|young people|year-olds?)\b\.?")
_RANGE = re.compile(r"(?:from\s+)?(\d{1,3})\s*s?\s*(?:-|to|until|and|up to)\s*(\d{1,3})\s*s?")
_BELOW = re.compile(r"(?:under|below|younger than|less than|<)\s*(\d{1,3})\s*s?")
_UP_TO = re.compile(
    r"(?:up to|until|to|<=)\s*(\d{1,3})|(\d{1,3})\s*s?\s*(?:and|&|or)\s*(?:under|below|younger)"
)
_FROM = re.compile(
    r"(\d{1,3})\s*s?\s*(?:\+|plus|upwards?|(?:and|&|or)\s*(?:over|above|up|upwards?|older))"
    r"|(?:over|from|minimum|at least|>=?)\s*(\d{1,3})\s*s?\+?"
)


def read_ages(text: str) -> tuple[int, int] | None:
    """The youngest and the oldest age a text says, or None when it does not say it plainly.

    >>> read_ages("8\u201312 yrs"), read_ages("under 16s"), read_ages("16+"), read_ages("All ages")
    ((8, 12), (0, 15), (16, 120), (0, 120))
    >>> read_ages("years 7-11") is None and read_ages("teenagers, mostly") is None
    True
    """
    words = " ".join(re.sub("[\u2010-\u2015\u2212]", "-", text.casefold()).replace("'", "").split()).strip(
        " ."
    )
    if words in _ALL:
        return 0, NO_LIMIT
    if words in _ADULTS:
        return ADULT, NO_LIMIT
    if _SCHOOL_YEARS.match(words):
        return None
    words = " ".join(_FILLING.sub(" ", words).replace(" -", "-").split()).strip(" .-")
    found = _read_limits(words)
    return found if found and max(found) <= NO_LIMIT else None


def _read_limits(words: str) -> tuple[int, int] | None:
    if match := _RANGE.fullmatch(words):
        return int(match[1]), int(match[2])
    if match := _BELOW.fullmatch(words):
        return 0, max(int(match[1]) - 1, 0)
    if match := _UP_TO.fullmatch(words):
        return 0, int(match[1] or match[2])
    if match := _FROM.fullmatch(words):
        return int(match[1] or match[2]), NO_LIMIT
    return None


def read_age(text: str) -> int | None:
    """One age, such as 11 or "11 years", or None."""
    match = re.fullmatch(r"(\d{1,3})(?:\.0)?\s*(?:years?|yrs?)?\.?", text.casefold().strip())
    return int(match[1]) if match and int(match[1]) <= NO_LIMIT else None
