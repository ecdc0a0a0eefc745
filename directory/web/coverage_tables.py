"""The figures of coverage in words and rows: for the page, and to take away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from directory.coverage.figures import METHODS
from directory.coverage.sentences import REASON_WORDS, reason_words
from directory.coverage.travel import Travel
from directory.coverage.travel_words import metres_text, travel_words
from directory.languages import gettext, joined, left_to_right, own_words, pgettext

WHICH = ("known", "possible")
FILE_COLUMNS = (
    "code",
    "name",
    "authority_code",
    "people",
    "need",
    "providers_known",
    "providers_possible",
    "nearest_metres_known",
    "nearest_metres_possible",
    "second_metres_known",
    "second_metres_possible",
    "people_covered_known",
    "people_covered_possible",
    "share_covered_known",
    "share_covered_possible",
    *(f"{name}_{which}" for name in METHODS for which in WHICH),
    "gap_known",
    "gap_possible",
    "rank_first",
    "rank_last",
    "uncertain",
    "reason",
)
COLUMN_WORDS: Mapping[str, str] = {
    "code": "Official code of the area; of a site its short name",
    "people": "People of the figure chosen for people",
    "need": "Need from 0 to 1, by the weights chosen; 1 everywhere when nothing is weighted",
    "providers_known": "Services known to fit, with a place known to be in reach",
    "providers_possible": "Those, and services that may fit: a fact or the exact place is not on record",
    "nearest_metres_known": "Metres {way} to the nearest service known to fit, at any distance",
    "nearest_metres_possible": "The least metres that the nearest might be away, counting what is not known",
    "second_metres_known": "The same for the second nearest service",
    "people_covered_known": "People in areas with enough services known to fit",
    "people_covered_possible": "People in areas with enough services that fit or may",
    "two_step_known": "Services for 1,000 people by the two-step floating catchment area method",
    "gravity_known": "Services weighed by distance: 1 at 1 km, 2 at 500 m",
    "gap_known": "People not reached, weighted by need, counting services known to fit",
    "gap_possible": "The same, counting also services that may fit",
    "rank_first": "The best place in the list of gaps, 1 being the greatest gap",
    "rank_last": "The worst place in that list",
    "uncertain": "yes: there is a gap as far as is known, which may be none",
    "reason": "How far the best candidate gets",
}
Row = Mapping[str, Any]


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each by the names of its columns."""
    rows: list[dict[str, Any]] = table.to_dict("records")  # type: ignore[assignment]
    return rows


def number_text(value: float) -> str:
    """A figure as people read it: whole above 10, else with one or two places."""
    if abs(value) >= 10 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def both_words(low: str, high: str) -> str:
    """Two bounds in words, or one where they are the same."""
    return low if low == high else pgettext("figures", "%(low)s to %(high)s", low=low, high=high)


def between(row: Row, name: str) -> str | None:
    """A pair of bounds in words: "3", "0 to 2"; None where it is not known."""
    low, high = sorted((row[f"{name}_known"], row[f"{name}_possible"]))
    if math.isnan(low) or math.isnan(high):
        return None
    return both_words(number_text(low), number_text(high))


def metres_between(row: Row, name: str) -> str | None:
    """A pair of distances in words."""
    known, possible = row[f"{name}_known"], row[f"{name}_possible"]
    if math.isnan(possible):
        return None
    if math.isnan(known):
        return gettext("Not known, %(distance)s or more", distance=metres_text(possible))
    return both_words(metres_text(possible), metres_text(known))


def percent_between(row: Row, name: str) -> str | None:
    """A pair of shares in words."""
    low, high = row[f"{name}_known"], row[f"{name}_possible"]
    if math.isnan(low) or math.isnan(high):
        return None
    texts = f"{low:.0%}", f"{high:.0%}"
    if texts[0] == texts[1]:
        return left_to_right(texts[0])
    return both_words(texts[0].rstrip("%"), left_to_right(texts[1]))


def rank_text(row: Row) -> str | None:
    """The places that an area may have in the list of gaps."""
    first, last = row["rank_first"], row["rank_last"]
    if math.isnan(first):
        return None
    return both_words(f"{first:.0f}", f"{last:.0f}")


def file_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The table as rows to take away: numbers rounded, what is not known left blank."""
    rows = []
    for row in records_of(table):
        values = {name: _plain(row[name]) for name in FILE_COLUMNS}
        values["uncertain"] = "yes" if row["uncertain"] else "no"
        values["reason"] = REASON_WORDS[row["reason"]]
        rows.append(values)
    return rows


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 4)
    return value.item() if hasattr(value, "item") else value


def reason_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """How many areas and people each reason has. They add up to all."""
    order = [6, 0, 1, 2, 3, 4, 5]
    people, total = table.groupby("reason")["people"].sum(), table["people"].sum()
    counts = table["reason"].value_counts()
    return [
        {
            "reason": reason_words(reason),
            "areas": int(counts.get(reason, 0)),
            "people": float(people.get(reason, 0.0)),
            "share": float(people.get(reason, 0.0) / total) if total else float("nan"),
        }
        for reason in order
    ]


def method_notes(travel: Travel) -> list[tuple[str, str]]:
    """What a reader of the figures must know: what the bounds, distances and counts are, and the method."""
    return [
        (
            gettext("Bounds"),
            gettext(
                "%(known)s counts what is on record as fitting; %(possible)s also what may fit. The truth of "
                "the records lies between them.",
                known=own_words("_known"),
                possible=own_words("_possible"),
            ),
        ),
        (
            gettext("Distance"),
            joined((travel_words(travel), gettext("Each area stands at one point.")), " "),
        ),
        (
            gettext("Capacity"),
            gettext("No record states places a week, so each service at each place counts as one."),
        ),
        (
            gettext("Method"),
            gettext(
                "%(file)s has each formula, its source and its limits.", file=left_to_right("docs/methods.md")
            ),
        ),
    ]


def column_notes(travel: Travel) -> list[tuple[str, str]]:
    """What the columns of a file hold."""
    way = "along the walking network" if travel.network else "in a straight line"
    return [(f"Column {name}", words.format(way=way)) for name, words in COLUMN_WORDS.items()]
