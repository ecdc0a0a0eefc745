"""What would help most, in words and rows: for the page, and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from flask import url_for

from directory.coverage.sessions_week import SESSIONS
from directory.coverage.travel_words import reach_words
from directory.web.coverage_help_asking import HelpAsked
from directory.web.coverage_tables import records_of
from geodata.siting import Additions

if TYPE_CHECKING:
    from directory.web.coverage_help import Helped

KIND_WORDS = {"space": "Space to use", "school": "School or college", "area": "Middle of a small area"}


def place_words(wanted: HelpAsked) -> str:
    """Whose people are counted."""
    if wanted.slug:
        # Whose people count is decided by the straight line, also where what they reach is walked.
        return f"People in {wanted.place_name} or within {_scope(wanted)} of its points"
    return f"People in {wanted.place_name}"


def _scope(wanted: HelpAsked) -> str:
    travel = wanted.asked.query.travel
    if travel.minutes is None:
        return reach_words(travel)
    return f"{travel.within_metres:,} metres in a straight line"


def best_words(helped: Helped, session: pd.Series | None) -> str:
    """The best single addition in a sentence."""
    kind = _lower(helped.found.asked.category_name)
    if helped.best is None or not len(helped.best.chosen):
        return (
            f"Nobody lives beyond the reach of {kind} here, as far as is known: one more reaches nobody new."
        )
    first = helped.ground.rooms.iloc[int(helped.best.chosen[0])]
    people = _between(*helped.people[0])
    where = f"{first['name']} ({_lower(KIND_WORDS[first['kind']])})"
    said = (
        f"One more place for {kind} would reach most at {where}: {people} people who have none in reach now."
    )
    if session is not None:
        said += (
            f" Outside school hours most of those around it lack it on {session['day']}, {session['hours']}."
        )
    return said


def bound_words(best: Additions, seconds: float) -> str:
    """How good the choice of places is."""
    if best.exact:
        return "No other choice of as many places reaches more: this is proved."
    return (
        f"The best choice found in {seconds:g} seconds. No choice reaches more than "
        f"{best.gap:.1%} beyond this one, and there may be none that reaches more."
    )


def addition_rows(helped: Helped) -> list[dict[str, Any]]:
    """The chosen places in their order, with the people newly reached by each and those before it."""
    if helped.best is None:
        return []
    rows, before = [], (0.0, 0.0)
    worths = helped.best.added_weight
    for number, (place, people) in enumerate(zip(helped.best.chosen, helped.people, strict=True), start=1):
        room = helped.ground.rooms.iloc[int(place)]
        rows.append(
            {
                "place": number,
                "name": room["name"],
                "kind": KIND_WORDS[room["kind"]],
                "href": _room_href(room),
                "organisation": room["organisation"],
                "newly_reached_known": round(people[0] - before[0]),
                "newly_reached_possible": round(people[1] - before[1]),
                "all_newly_reached": round(people[0]),
                "need_met": round(float(worths[number - 1]), 1),
                "easting": round(room["easting"]),
                "northing": round(room["northing"]),
            }
        )
        before = people
    return rows


def kind_rows(helped: Helped) -> list[dict[str, Any]]:
    """The best single place for each kind of help."""
    names = helped.found.asked.names["category"]
    rows = []
    for row in records_of(helped.kinds):
        found = row["room"] >= 0
        room = helped.ground.rooms.iloc[row["room"]] if found else None
        rows.append(
            {
                "category": names[row["category"]],
                "href": helped.wanted.href("coverage_help.show", category=row["category"]),
                "name": room["name"] if room is not None else None,
                "kind": KIND_WORDS[room["kind"]] if room is not None else None,
                "newly_reached_known": round(row["people_known"]),
                "newly_reached_possible": round(row["people_possible"]),
                "need_met": round(row["worth"], 1),
            }
        )
    return rows


def hour_rows(hours: pd.DataFrame) -> list[dict[str, Any]]:
    """The sessions of the week with those who have nothing open then."""
    return [
        {
            "day": row["day"],
            "hours": row["hours"],
            "in_school_hours": "yes" if row["school"] else "no",
            "people_without_known": round(row["people_known"]),
            "people_without_possible": round(row["people_possible"]),
        }
        for row in records_of(hours)
    ]


def hour_grid(hours: pd.DataFrame) -> list[list[str]]:
    """The sessions as a row for each day, each cell with both bounds."""
    texts = [_between(row["people_known"], row["people_possible"]) for row in records_of(hours)]
    days = list(dict.fromkeys(hours["day"])) if len(hours) else []
    size = len(SESSIONS)
    return [[day, *texts[place * size : (place + 1) * size]] for place, day in enumerate(days)]


def _room_href(room: pd.Series) -> str:
    if room["service_id"]:
        return url_for("services.show", service_id=room["service_id"])
    return url_for("coverage.area", code=room["area_code"])


def _between(known: float, possible: float) -> str:
    """People by both bounds: fewer if what may fit is counted as there."""
    texts: Sequence[str] = f"{possible:,.0f}", f"{known:,.0f}"
    return texts[1] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
