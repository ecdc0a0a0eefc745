"""Openings as a parser finds them, taken from one another, merged, and written as HSDS schedules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from directory.languages import MONTHS
from directory.schedules.rules import DAY_CODES, DAY_MINUTES

ALL_MONTHS = frozenset(range(1, 13))


class NotUnderstoodError(Exception):
    """The text says something that we cannot read, or that HSDS schedules cannot say."""


@dataclass(frozen=True)
class Slot:
    """One span on one day of the week; `closes` is past 1440 minutes when it ends on the next day.

    Empty positions: every week. Empty months: the whole year.
    """

    weekday: int
    opens: int = 0
    closes: int = DAY_MINUTES
    positions: frozenset[int] = frozenset()
    interval: int = 1
    months: frozenset[int] = frozenset()
    first: date | None = None
    last: date | None = None
    notes: tuple[str, ...] = ()


def cut_out(slots: Iterable[Slot], cuts: Sequence[Slot]) -> list[Slot]:
    """Take the days of some slots, whatever their times, out of others.

    Raises NotUnderstoodError where no schedule can say what is left (all Fridays but the first and last).
    """
    left = list(slots)
    for cut in cuts:
        left = [part for slot in left for part in _without(slot, cut)]
    return left


def _without(slot: Slot, cut: Slot) -> list[Slot]:
    if slot.weekday != cut.weekday:
        return [slot]
    first = max(slot.first or date.min, cut.first or date.min)
    last = min(slot.last or date.max, cut.last or date.max)
    months, cut_months = slot.months or ALL_MONTHS, cut.months or ALL_MONTHS
    if first > last or not months & cut_months:
        return [slot]
    parts: list[Slot] = []
    if first > (slot.first or date.min):
        parts.append(replace(slot, last=first - timedelta(days=1)))
    if last < (slot.last or date.max):
        parts.append(replace(slot, first=last + timedelta(days=1)))
    within = replace(slot, first=first if first > date.min else None, last=last if last < date.max else None)
    if months - cut_months:
        parts.append(replace(within, months=months - cut_months))
    positions = _other_positions(slot.positions, cut.positions)
    if positions:
        common = months & cut_months
        months_left = frozenset[int]() if common == ALL_MONTHS else common
        parts.append(replace(within, months=months_left, positions=positions))
    return parts


def _other_positions(positions: frozenset[int], cut: frozenset[int]) -> frozenset[int]:
    """Find which positions in the month are left; counted from one end of it only."""
    if not cut:
        return frozenset()
    signs = {position > 0 for position in positions | cut}
    if len(signs) > 1:
        raise NotUnderstoodError("days counted from both ends of the month")
    every = frozenset(range(1, 6)) if signs == {True} else frozenset(range(-5, 0))
    return (positions or every) - cut


def as_schedules(slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """Write slots as HSDS schedules: spans that meet or overlap become one, days with the same hours too."""
    merged = _merge(slots)
    groups: dict[Slot, list[tuple[int, int]]] = {}
    for slot in merged:
        kind = replace(slot, weekday=0, positions=frozenset([0]) if slot.positions else frozenset())
        position = min(slot.positions, default=0)
        groups.setdefault(kind, []).append((position, slot.weekday))
    schedules = [_schedule(kind, days) for kind, days in groups.items()]
    return sorted(schedules, key=_reading_order)


def _merge(slots: Iterable[Slot]) -> list[Slot]:
    spans: dict[Slot, list[tuple[int, int]]] = {}
    for slot in slots:
        for position in slot.positions or [0]:
            positions = frozenset([position]) if position else frozenset[int]()
            kind = replace(slot, opens=0, closes=0, positions=positions)
            spans.setdefault(kind, []).append((slot.opens, slot.closes))
    united = {kind: _unite(of_kind) for kind, of_kind in spans.items()}
    return [
        replace(kind, opens=opens, closes=closes)
        for kind, of_kind in united.items()
        for opens, closes in of_kind
        if not kind.positions or not _is_within((opens, closes), united.get(_weekly(kind), []))
    ]


def _weekly(kind: Slot) -> Slot:
    return replace(kind, positions=frozenset())


def _is_within(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(opens <= span[0] and span[1] <= closes for opens, closes in others)


def _unite(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for opens, closes in sorted(set(spans)):
        if united and opens <= united[-1][1]:
            longest = max(united[-1][1], closes)
            if longest - united[-1][0] <= DAY_MINUTES:  # one schedule cannot say more than a day
                united[-1] = united[-1][0], longest
                continue
        united.append((opens, closes))
    return united


def _schedule(kind: Slot, days: list[tuple[int, int]]) -> dict[str, Any]:
    ordered = sorted(days, key=lambda day: (day[1], day[0] < 0, abs(day[0])))
    byday = ",".join(f"{position or ''}{DAY_CODES[weekday]}" for position, weekday in ordered)
    schedule: dict[str, Any] = {"freq": "MONTHLY" if kind.positions else "WEEKLY"}
    if kind.interval > 1:
        schedule["interval"] = kind.interval
    schedule |= {"byday": byday, "opens_at": _clock(kind.opens), "closes_at": _clock(kind.closes)}
    if kind.first:
        schedule["valid_from"] = kind.first.isoformat()
    if kind.last:
        schedule["valid_to"] = kind.last.isoformat()
    notes = [say_months(kind.months), *kind.notes] if kind.months else list(kind.notes)
    if notes:
        schedule["notes"] = "; ".join(notes)
    return schedule


def _reading_order(schedule: dict[str, Any]) -> tuple[bool, int, str, str]:
    first_day = DAY_CODES.index(schedule["byday"].split(",")[0][-2:])
    return schedule["freq"] == "MONTHLY", first_day, schedule["opens_at"], schedule["byday"]


def _clock(minutes: int) -> str:
    return f"{minutes % DAY_MINUTES // 60:02}:{minutes % 60:02}"


def say_months(months: frozenset[int]) -> str:
    """Say months as the note that directory.schedules.rules reads back: "April to October only"."""
    starts = sorted(month for month in months if (month - 2) % 12 + 1 not in months)
    parts: list[str] = []
    for start in starts:
        length = next(step for step in range(1, 13) if (start + step - 1) % 12 + 1 not in months)
        last = MONTHS[(start + length - 2) % 12]
        parts.append(MONTHS[start - 1] if length == 1 else f"{MONTHS[start - 1]} to {last}")
    return f"{', '.join(parts)} only"
