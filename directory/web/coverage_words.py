"""The answer about coverage in plain values for its page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd

from directory.coverage.figures import Coverage
from directory.coverage.need import low_is_need, measure_name
from directory.coverage.sentences import reason_words
from directory.coverage.spread import Spread
from directory.languages import ENGLISH, gettext, joined, left_to_right, own_words, spoken
from directory.web.coverage_asking import CoverageAsked
from directory.web.coverage_tables import (
    WHICH,
    between,
    metres_between,
    number_text,
    percent_between,
    rank_text,
    reason_rows,
    records_of,
)

STATES = {0: "none", 1: "none", 2: "none", 3: "none", 4: "none", 5: "not known", 6: "some"}


def page_rows(table: pd.DataFrame, asked: CoverageAsked) -> list[dict[str, Any]]:
    """The rows of the ranked table."""
    before, after = asked.area_address()
    return [
        {
            "rank": rank_text(row),
            "name": own_words(row["name"]),
            "href": before + quote(row["code"], safe="") + after,
            "gap": between(row, "gap"),
            "people": None if math.isnan(row["people"]) else f"{row['people']:,.0f}",
            "covered": None if asked.level == "lsoa" else _covered(row),
            "providers": between(row, "providers"),
            "nearest": metres_between(row, "nearest_metres"),
            "access": between(row, "two_step"),
            "state": STATES[row["reason"]],
            "reason": reason_words(row["reason"]),
        }
        for row in records_of(table)
    ]


def _covered(row: Mapping[str, Any]) -> str | None:
    """The share covered, unless that is nobody or everybody."""
    shares = {f"{row[f'share_covered_{which}']:.0%}" for which in WHICH}
    return None if shares in ({"0%"}, {"100%"}) else percent_between(row, "share_covered")


def reason_table(table: pd.DataFrame) -> list[list[Any]]:
    """The reasons with how many areas and people have each, and the sum."""
    rows = reason_rows(table)
    cells = [
        [row["reason"], f"{row['areas']:,}", f"{row['people']:,.0f}", _percent(row["share"])] for row in rows
    ]
    people = sum(row["people"] for row in rows)
    return [
        *cells,
        [gettext("All"), f"{sum(row['areas'] for row in rows):,}", f"{people:,.0f}", _percent(1.0)],
    ]


def spread_table(spread: Sequence[Spread]) -> list[list[Any]]:
    """The figures of inequality with their bounds."""
    return [
        [joined((item.name, item.words), ": "), _number(item.known), _number(item.possible)]
        for item in spread
    ]


def summary_words(people: Mapping[str, float], coverage: Coverage, asked: CoverageAsked) -> dict[str, Any]:
    """The sentence at the head of the page, and what counts as need."""
    total = people["people"]
    known, possible = people["known"] / total, people["possible"] / total
    weights = [
        gettext("%(figure)s \u00d7 %(weight)s", figure=measure_name(name), weight=f"{weight:g}")
        for name, weight in coverage.query.weights.items()
    ]
    reverse = [measure_name(name) for name in low_is_need(list(coverage.query.weights))]
    return {
        "known": _percent(known),
        "possible": None if _percent(known) == _percent(possible) else _percent(possible),
        "people": f"{total:,.0f}",
        "figure": _lower(measure_name(coverage.query.people or "")),
        "services": len(coverage.candidates.services),
        "weights": joined(weights),
        "reverse": joined(reverse),
        "category": asked.category_words,
    }


def _lower(text: str) -> str:
    return text.lower() if spoken() is ENGLISH else text


def _percent(share: float) -> str:
    if math.isnan(share):
        return gettext("no figure")
    some = share in (0, 1) or 0.01 <= share <= 0.99
    return left_to_right(f"{share:.0%}" if some else f"{share:.1%}")


def _number(value: float) -> str:
    # Nobody has any access, or those compared with have none.
    return gettext("No figure") if math.isnan(value) else number_text(value)
