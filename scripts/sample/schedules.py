"""Opening times: believable ones, text that nobody could parse, or none at all."""

from __future__ import annotations

from random import Random
from typing import Any

DAYS = ("MO", "TU", "WE", "TH", "FR")
NAMES = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
NOT_PARSED = (
    "By appointment", "Ring to arrange", "Usually after school, ask first", "When the hall is free",
    "Most evenings except when it rains", "Varies with the season; see the noticeboard",
    "After Friday prayers",
    "Second and fourth week, day varies",
)  # fmt: skip
DAYS_OF_MONTH = (
    ("1SA", "First Saturday"), ("1SA", "First Saturday"), ("-1TH", "Last Thursday"), ("3SU", "Third Sunday"),
    ("2TU", "Second Tuesday"),
)  # fmt: skip
FIRST_DATES = {
    "MO": "2026-09-07",
    "TU": "2026-09-01",
    "WE": "2026-09-02",
    "TH": "2026-09-03",
    "FR": "2026-09-04",
}

Schedule = dict[str, Any]


def make_schedules(rng: Random, when: str, known: bool | None) -> list[Schedule]:
    """Schedules without ids. `known` forces hours to be on record or not; None leaves it to chance."""
    if when == "arranged":
        return [{"description": rng.choice(NOT_PARSED[:3])}] if rng.random() < 0.6 else []
    chance = rng.random()
    if known is False or (known is None and chance < 0.1):
        return []
    if known is None and chance < 0.14:
        return [{"description": rng.choice(NOT_PARSED)}]
    return [{**each, **wording(rng, each)} for each in REGULAR[when](rng)]


def weekly(days: list[str], opens: str, closes: str, **more: Any) -> Schedule:
    """One span on the same days of every week."""
    order = (*DAYS, "SA", "SU")
    return {
        "freq": "WEEKLY",
        "byday": ",".join(sorted(days, key=order.index)),
        "opens_at": opens,
        "closes_at": closes,
        **more,
    }


def wording(rng: Random, schedule: Schedule) -> Schedule:
    """The hours as somebody wrote them, for about half of the plain weekly ones."""
    if "interval" in schedule or schedule["freq"] != "WEEKLY" or rng.random() < 0.5:
        return {}
    days = [NAMES[day] for day in schedule["byday"].split(",")]
    first = "Mon-Fri" if len(days) == 5 and days[-1] == "Fri" else ", ".join(days)
    return {"description": f"{first} {schedule['opens_at']}-{schedule['closes_at']}"}


def evening(rng: Random) -> list[Schedule]:
    """One to three weekday evenings."""
    days = rng.sample(DAYS, rng.choice((1, 1, 1, 2, 2, 3)))
    opens = rng.choice(("17:30", "18:00", "18:00", "18:30", "19:00"))
    return [weekly(days, opens, rng.choice(("20:00", "20:30", "21:00", "21:30")))]


def afternoon(rng: Random) -> list[Schedule]:
    """After school, often only in term time."""
    more = {"notes": "Term time only"} if rng.random() < 0.5 else {}
    days = rng.sample(DAYS, rng.choice((1, 2, 2, 3, 5)))
    return [
        weekly(days, rng.choice(("15:15", "15:30", "16:00")), rng.choice(("17:00", "17:30", "18:00")), **more)
    ]


def day(rng: Random) -> list[Schedule]:
    """A morning or the middle of one to three weekdays."""
    opens, closes = rng.choice(
        (("09:30", "12:00"), ("10:00", "13:00"), ("10:00", "15:00"), ("13:00", "16:00"))
    )
    return [weekly(rng.sample(DAYS, rng.choice((1, 1, 2, 3))), opens, closes)]


def weekdays(rng: Random) -> list[Schedule]:
    """Office hours."""
    return [
        weekly(
            list(DAYS),
            rng.choice(("09:00", "09:00", "08:30", "10:00")),
            rng.choice(("16:00", "16:30", "17:00")),
        )
    ]


def saturday(rng: Random) -> list[Schedule]:
    """Saturdays."""
    opens, closes = rng.choice(
        (("09:30", "11:30"), ("10:00", "12:00"), ("10:00", "13:00"), ("11:00", "16:00"))
    )
    return [weekly(["SA"], opens, closes)]


def sunday(rng: Random) -> list[Schedule]:
    """Sundays."""
    opens, closes = rng.choice((("11:00", "13:00"), ("14:00", "16:30"), ("17:30", "19:30")))
    return [weekly(["SU"], opens, closes)]


def weekend(rng: Random) -> list[Schedule]:
    """Both days, at different times."""
    return [*saturday(rng), *sunday(rng)]


def late(rng: Random) -> list[Schedule]:
    """Past midnight on Fridays and Saturdays."""
    days = rng.choice((["FR", "SA"], ["FR"], ["SA"]))
    return [weekly(days, rng.choice(("21:00", "22:00")), rng.choice(("00:00", "01:00", "02:00")))]


def holiday(rng: Random) -> list[Schedule]:
    """Weekdays of the summer holidays, and sometimes of half-term."""
    summer = {"valid_from": "2026-07-22", "valid_to": "2026-08-28", "notes": "Summer holidays"}
    half_term = {"valid_from": "2026-10-26", "valid_to": "2026-10-30", "notes": "October half-term"}
    return [
        weekly(list(DAYS), "10:00", "15:00", **each) for each in rng.choice(([summer], [summer, half_term]))
    ]


def fortnight(rng: Random) -> list[Schedule]:
    """Every other week from a known first date."""
    chosen = rng.choice(DAYS)
    opens, closes = rng.choice((("10:00", "12:00"), ("17:00", "19:00"), ("18:30", "20:30")))
    return [weekly([chosen], opens, closes, interval=2, dtstart=FIRST_DATES[chosen])]


def monthly(rng: Random) -> list[Schedule]:
    """A certain day of the month, such as the first Saturday or the last Thursday."""
    position, notes = rng.choice(DAYS_OF_MONTH)
    opens, closes = rng.choice((("10:00", "13:00"), ("18:00", "20:00")))
    return [{"freq": "MONTHLY", "byday": position, "opens_at": opens, "closes_at": closes,
             "description": f"{notes} of the month"}]  # fmt: skip


def spans(rng: Random) -> list[Schedule]:
    """Two spans on some days and a shorter one on another."""
    some = rng.sample(DAYS, 3)
    hours = [weekly(some, "09:30", "12:30"), weekly(some, "13:30", rng.choice(("16:00", "17:00", "19:00")))]
    return [*hours, weekly(["SA"], "10:00", "12:30")] if rng.random() < 0.5 else hours


def early(rng: Random) -> list[Schedule]:
    """Before school or work."""
    return [
        weekly(
            rng.sample(DAYS, rng.choice((2, 5))),
            rng.choice(("07:00", "07:30")),
            rng.choice(("08:30", "09:00")),
        )
    ]


def lunch(rng: Random) -> list[Schedule]:
    """The middle of the day in term time."""
    return [
        weekly(
            rng.sample(DAYS, rng.choice((2, 3, 5))),
            "11:30",
            rng.choice(("13:30", "14:00")),
            notes="Term time only",
        )
    ]


def school(rng: Random) -> list[Schedule]:
    """School days."""
    return [weekly(list(DAYS), "08:30", rng.choice(("15:30", "16:00")), notes="Term time only")]


REGULAR = {
    make.__name__: make
    for make in (
        evening, afternoon, day, weekdays, saturday, sunday, weekend, late, holiday, fortnight, monthly,
        spans, early, lunch, school,
    )
}  # fmt: skip
