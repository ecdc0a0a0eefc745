"""Times of day as people write them.

The rule, where am and pm are not said:

- both written as on a 24-hour clock (09:00, 13:30, 1400): as written, except that a morning opening with a
  "closing" at an earlier morning hour (09:00-05:00) is a slip for the afternoon;
- one of the two said (7-9pm, 10-2pm, 9am-5): the other is the one that makes the shorter opening;
- neither said: an opening at 8, 9, 10, 11 is in the morning, at 12 midday, at 1 to 7 in the afternoon or
  evening (4-6, 6-8), unless the closing hour is not later on the clock face, when 6 or 7 is in the morning
  (7-3); the closing is the next such hour. 6-12 could be either and is not understood, nor is 3-1.
"""

from __future__ import annotations

from dataclasses import dataclass

from directory.schedules.rules import DAY_MINUTES

HALF_DAY = DAY_MINUTES // 2
LONGEST_NIGHT = 14 * 60


@dataclass(frozen=True)
class Clock:
    """A time as written: `exact` says am, pm, noon or midnight; `full` is a 24-hour clock; or loose."""

    minutes: int
    exact: bool = False
    full: bool = False
    bare: bool = False


def read_clock(hour: str, minute: str, half: str) -> Clock | None:
    """Read the parts of a time: "9", "30", "a"; None when there is no such time."""
    hours, minutes = int(hour), int(minute or 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        return None
    if half and 1 <= hours <= 12:
        return Clock(hours % 12 * 60 + minutes + (HALF_DAY if half == "p" else 0), exact=True)
    if half == "a" or (half and hours == 0):
        return None
    full = bool(half) or hours > 12 or (bool(minute) and len(hour) == 2 and hour < "10")
    if hours == 0 and not full:
        return None
    return Clock(hours * 60 + minutes, full=full, bare=not minute and not half)


def read_span(opens: Clock, closes: Clock) -> tuple[int, int] | None:
    """Make minutes from midnight of two times; closing past 1440 is on the next day. None: not understood."""
    if opens.exact or opens.full:
        begins = opens.minutes % DAY_MINUTES
        if closes.exact:
            return _plausible(begins, closes.minutes)
        if closes.full:
            return _plausible(begins, _not_slipped(begins, closes.minutes))
        return _plausible(begins, _next_after(begins, closes.minutes))
    if closes.full:
        if opens.minutes < 6 * 60 and closes.minutes > HALF_DAY:
            return None  # 2:00-16:00: two in the morning, or a slip
        return _plausible(opens.minutes, _not_slipped(opens.minutes, closes.minutes))
    if closes.exact:
        candidates = (opens.minutes % HALF_DAY, opens.minutes % HALF_DAY + HALF_DAY)
        begins = min(candidates, key=lambda minutes: (closes.minutes - minutes - 1) % DAY_MINUTES)
        return _plausible(begins, closes.minutes)
    return _both_loose(opens.minutes, closes.minutes)


def _both_loose(opens: int, closes: int) -> tuple[int, int] | None:
    face, closing_face = opens % HALF_DAY, closes % HALF_DAY
    if opens >= 8 * 60:  # 8 to 12 o'clock; 12 is midday
        return opens, _next_after(opens, closes)
    if closing_face > face:
        return face + HALF_DAY, closing_face + HALF_DAY
    if face >= 6 * 60 and closes < HALF_DAY:
        return face, _next_after(face, closes)
    return (face + HALF_DAY, DAY_MINUTES) if closes == HALF_DAY and face < 5 * 60 else None


def _next_after(begins: int, minutes: int) -> int:
    return begins + ((minutes - begins - 1) % HALF_DAY) + 1


def _not_slipped(begins: int, closes: int) -> int:
    slipped = closes <= begins < HALF_DAY + 60 and closes < HALF_DAY
    return closes + HALF_DAY if slipped else closes


def _plausible(begins: int, closes: int) -> tuple[int, int] | None:
    closes = closes or DAY_MINUTES
    if closes > begins:
        return begins, closes
    closes += DAY_MINUTES
    return (begins, closes) if closes - begins <= LONGEST_NIGHT else None
