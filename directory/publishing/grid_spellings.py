"""The ways in which people write a point: in degrees, in metres, with letters of the National Grid."""

from __future__ import annotations

import re
from collections.abc import Iterator

# The squares of 100 km by column and row; the region lies in SP, SO, SJ and SK.
_LETTERS = "VWXYZQRSTULMNOPFGHJKABCDE"
_GAP = r"[\W_]{0,3}"
_BETWEEN_NUMBERS = r"\D{1,24}"
KILOMETRE, HUNDRED = 1_000, 100


def degrees(value: float | None) -> Iterator[str]:
    """How a latitude or longitude may be written: to three places or more, or in minutes and seconds."""
    if value is None:
        return
    for text in {f"{abs(value):.3f}", f"{int(abs(value) * 1000) / 1000:.3f}"}:
        yield re.escape(text) + r"\d*"
    whole, minutes = int(abs(value)), abs(value) % 1 * 60
    seconds = minutes % 1 * 60
    some = "|".join(str(second) for second in range(max(0, int(seconds) - 2), min(59, int(seconds) + 2) + 1))
    start = rf"0?{whole}\D{{1,10}}0?{int(minutes)}"
    yield rf"{start}\D{{1,10}}0?(?:{some})(?:\.\d+)?"
    tenths = minutes % 1 * 100
    near = "|".join(f"{part:02d}" for part in range(max(0, int(tenths) - 3), min(99, int(tenths) + 3) + 1))
    yield rf"{start}\.(?:{near})\d*"


def grid(easting: int | None, northing: int | None) -> Iterator[str]:
    """How a point on the National Grid may be written: with letters or in metres."""
    if easting is None or northing is None or not (0 <= easting < 700_000 and 0 <= northing < 1_300_000):
        return
    letters = square_letters(easting, northing)
    east, north = easting % 100_000, northing % 100_000
    for unit in (KILOMETRE, HUNDRED):
        x, y = _near(east, unit, 100_000), _near(north, unit, 100_000)
        more = r"\d{0,2}" if unit == HUNDRED else ""
        yield rf"{letters[0]}{_GAP}{letters[1]}{_GAP}{x}{more}{_GAP}{y}{more}"
    x, y = _near(easting, HUNDRED, 10_000_000), _near(northing, HUNDRED, 10_000_000)
    metres = r"[,\s]?\d{2}(?:\.\d+)?"
    yield rf"{_spaced(x)}{metres}{_BETWEEN_NUMBERS}{_spaced(y)}{metres}"


def square_letters(easting: int, northing: int) -> str:
    """The two letters of the square of 100 km that a point lies in, in small letters.

    >>> square_letters(406_601, 287_901)
    'sp'
    """
    east, north = easting // 100_000, northing // 100_000
    first = _LETTERS[(north // 5 + 1) * 5 + east // 5 + 2] if north < 20 else ""
    second = _LETTERS[north % 5 * 5 + east % 5]
    return (first + second).lower()


def _near(metres: int, unit: int, most: int) -> str:
    """The figures of a distance cut to a unit, and of its neighbours: people round, or point beside it."""
    width = len(str(most // unit)) - 1 if most == 100_000 else 0
    whole = metres // unit
    beside = {whole, *(() if unit == KILOMETRE else (whole - 1, whole + 1))}
    return "(?:" + "|".join(f"{part:0{width}d}" for part in sorted(beside) if part >= 0) + ")"


def _spaced(figures: str) -> str:
    """Metres of six figures are often written in threes."""
    return re.sub(r"(\d{3})(\d)", r"\1[,\\s]?\2", figures)
