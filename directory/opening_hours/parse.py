"""Opening hours as text, read into HSDS schedules."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from directory.opening_hours.osm import read_osm
from directory.opening_hours.people import read_people
from directory.opening_hours.slots import as_schedules

LONGEST = 2000  # nearly twice the longest of the 462 real ones; a longer text is a description


@dataclass(frozen=True)
class Parsed:
    """What a text says: schedules without ids, whether all of it was understood, and what was not."""

    schedules: list[dict[str, Any]]
    understood: bool
    left_over: str


def parse(text: str, *, rules_add_up: bool = False) -> Parsed:
    """Read opening hours in OpenStreetMap's syntax or, failing that, as people write them.

    Nothing is guessed and nothing is lost. Text that is not understood is kept whole in a schedule that holds
    only a description, which means "not known"; hours in the rest of the text stand beside it only when the
    words left over say nothing about time ("women only", not "by appointment").

    `rules_add_up` is for sources whose rules never replace one another: "Mo-Fr 09:00-17:00; We 10:00-11:00"
    is then the longer Wednesday, where the standard says the shorter, and people may mean either.
    """
    whole = " ".join(html.unescape(text).split())
    if not whole:
        return Parsed([], understood=False, left_over="")
    if len(whole) > LONGEST:
        return Parsed([{"description": text}], understood=False, left_over=whole)
    slots = read_osm(whole, rules_add_up=rules_add_up)
    if slots:
        return Parsed(as_schedules(slots), understood=True, left_over="")
    slots, left_over = read_people(html.unescape(text), rules_add_up=rules_add_up)
    if slots and not left_over:
        return Parsed(as_schedules(slots), understood=True, left_over="")
    schedules = [*as_schedules(slots), {"description": text}]
    return Parsed(schedules, understood=False, left_over=left_over or whole)
