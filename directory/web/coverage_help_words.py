"""What would help most, in words and rows: for the page, and to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from flask import url_for

from directory.coverage.sentences import kind_inside
from directory.coverage.sessions_week import SESSIONS
from directory.coverage.travel_words import reach_words
from directory.languages import (
    DAYS,
    ENGLISH,
    N_,
    gettext,
    joined,
    left_to_right,
    own_words,
    say_day,
    say_number,
    spoken,
    term,
)
from directory.web.coverage_help_asking import HelpAsked
from directory.web.coverage_tables import both_words, records_of
from geodata.siting import Additions

if TYPE_CHECKING:
    from directory.web.coverage_help import Helped

KIND_WORDS = {
    "space": N_("Space to use"),
    "school": N_("School or college"),
    "area": N_("Middle of a small area"),
}


def place_words(wanted: HelpAsked) -> str:
    """Whose people are counted."""
    if wanted.slug:
        # Whose people count is decided by the straight line, also where what they reach is walked.
        return gettext(
            "People in %(place)s or within %(reach)s of its points",
            place=own_words(wanted.place_name),
            reach=_scope(wanted),
        )
    place = own_words(wanted.place_name) if wanted.place else gettext(wanted.place_name)
    return gettext("People in %(place)s", place=place)


def _scope(wanted: HelpAsked) -> str:
    travel = wanted.asked.query.travel
    if travel.minutes is None:
        return reach_words(travel)
    return gettext("%(metres)s metres in a straight line", metres=say_number(travel.within_metres))


def best_words(helped: Helped, session: pd.Series | None) -> str:
    """The best single addition in a sentence."""
    kind = kind_inside(helped.found.asked.category_name)
    if helped.best is None or not len(helped.best.chosen):
        return gettext(
            "Nobody lives beyond the reach of %(kind)s here, as far as is known: one more reaches nobody "
            "new.",
            kind=kind,
        )
    first = helped.ground.rooms.iloc[int(helped.best.chosen[0])]
    people = _between(*helped.people[0])
    what = KIND_WORDS[first["kind"]]
    said = gettext(
        "One more place for %(kind)s would reach most at %(name)s (%(what)s): %(people)s people who have "
        "none in reach now.",
        kind=kind,
        name=own_words(first["name"]),
        what=_lower(what) if spoken() is ENGLISH else gettext(what),
        people=people,
    )
    if session is None:
        return said
    hours = session["hours"]
    when = gettext(
        "Outside school hours most of those around it lack it on %(day)s, %(hours)s.",
        day=say_day(DAYS.index(session["day"])),
        hours=gettext(hours),
    )
    return joined((said, when), " ")


def bound_words(best: Additions, seconds: float) -> str:
    """How good the choice of places is."""
    if best.exact:
        return gettext("No other choice of as many places reaches more: this is proved.")
    return gettext(
        "The best choice found in %(seconds)s seconds. No choice reaches more than %(share)s beyond this "
        "one, and there may be none that reaches more.",
        seconds=f"{seconds:g}",
        share=left_to_right(f"{best.gap:.1%}"),
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
                "name": own_words(room["name"]),
                "kind": _kind(room),
                "href": _room_href(room),
                "organisation": own_words(room["organisation"]),
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
                "category": term(names[row["category"]]),
                "href": helped.wanted.href("coverage_help.show", category=row["category"]),
                "name": own_words(room["name"]) if room is not None else None,
                "kind": _kind(room) if room is not None else None,
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
    return [
        [say_day(DAYS.index(day)), *texts[place * size : (place + 1) * size]]
        for place, day in enumerate(days)
    ]


def _kind(room: pd.Series) -> str:
    words = KIND_WORDS[room["kind"]]
    return gettext(words)


def _room_href(room: pd.Series) -> str:
    if room["service_id"]:
        return url_for("services.show", service_id=room["service_id"])
    return url_for("coverage.area", code=room["area_code"])


def _between(known: float, possible: float) -> str:
    """People by both bounds: fewer if what may fit is counted as there."""
    return both_words(f"{possible:,.0f}", f"{known:,.0f}")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
