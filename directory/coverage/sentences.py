"""Why there is a gap, in a sentence that a person can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from directory.coverage.candidates import Candidates, asks_who
from directory.coverage.nearest import fit_of_services
from directory.coverage.question import CoverageQuery
from directory.coverage.reach import Reached
from directory.coverage.times import say_when
from directory.coverage.travel_words import away_words, reach_words, within_words
from directory.schedules.words import WEEKDAYS, describe, say_date
from geodata.gap_reasons import FITS

REASON_WORDS = (
    "None in reach",
    "Not at that time",
    "Not for that age or group",
    "Full or closed for now, or by referral only",
    "Only from elsewhere, online or by phone",
    "Not known",
    "At least one fits",
)
NAMES = Mapping[str, Mapping[str, str]]


def whom(query: CoverageQuery, names: NAMES) -> str:
    """Whom the question is about, in words that fit after "takes"."""
    chosen = [names[facet].get(code, code) for facet, codes in query.terms.items() for code in codes]
    parts = [f"somebody aged {query.age}"] if query.age is not None else []
    return ", ".join([*parts, *(f"\u201c{name}\u201d" for name in chosen)]) or "anybody"


def asked_words(query: CoverageQuery, names: NAMES, today: date) -> str:
    """The whole question in words, for the head of a page and the notes of a file."""
    kind = names["category"].get(query.category or "", "Help of any kind")
    parts = [f"{kind}, {within_words(query.travel)}"]
    if asks_who(query):
        parts.append(f"for {whom(query, names)}")
    if query.when.kind != "any":
        parts.append(f"open {say_when(query.when, today)}")
    if query.open_access:
        parts.append("without a referral by a professional")
    if query.enough > 1:
        parts.append(f"at least {query.enough} services")
    return "; ".join(parts)


def reason_sentence(reached: Reached, point: int, candidates: Candidates, words: Mapping[str, Any]) -> str:
    """One sentence about a point. `words` has area, category, query, names, today and metres.

    The last gives for each service its distance from the area, NaN where it has none.
    """
    query: CoverageQuery = words["query"]
    reason, counts = int(reached.reasons[point]), class_counts(reached, point)
    kind = words["category"][:1].lower() + words["category"][1:]
    near = f"within {reach_words(query.travel)} of {words['area']}"
    if reason == FITS:
        number = counts[FITS]
        fits = "1 service is known to fit" if number == 1 else f"{number} services are known to fit"
        return f"{fits} {near}."
    nearest = _nearest(candidates, words)
    said = {
        0: f"No {kind} is on record {near}",
        1: f"No {kind} {near} is open {say_when(query.when, words['today'])}",
        2: f"No {kind} {near} takes {whom(query, words['names'])}",
        3: f"Every {kind} {near} that would fit is full, closed for the time being or needs a referral",
        4: f"No {kind} has a place {near}; {_number(counts[4])} from elsewhere, online or by phone",
        5: f"No {kind} {near} is known to fit, but {counts[5]} may: a fact is not on record",
    }[reason]
    return f"{said}{nearest}."


def class_counts(reached: Reached, point: int) -> list[int]:
    """How many candidates of each class a point has."""
    own = reached.pairs.loc[reached.pairs["point"].eq(point), "class"]
    both = pd.concat([own, reached.everywhere["class"]]).to_numpy(dtype=int)
    counts: list[int] = np.bincount(both, minlength=FITS + 1).tolist()
    return counts


def _number(count: int) -> str:
    return "1 serves it" if count == 1 else f"{count} serve it"


def _nearest(candidates: Candidates, words: Mapping[str, Any]) -> str:
    """Where the nearest that fits is, or what holds the nearest of all back."""
    metres = np.asarray(words["metres"], dtype=float)
    fit, travel = fit_of_services(candidates), words["query"].travel
    if np.isfinite(metres[fit == 1]).any():
        best = int(np.nanargmin(np.where(fit == 1, metres, np.nan)))
        return (
            f"; the nearest that fits, {_name(candidates, best)}, is {away_words(metres[best], travel)} away"
        )
    if np.isfinite(metres).any():
        best = int(np.nanargmin(metres))
        held = held_back(candidates, best, words["query"])
        return f"; the nearest, {_name(candidates, best)}, {away_words(metres[best], travel)} away, {held}"
    return "; none whose place is known is on record anywhere"


def held_back(candidates: Candidates, service: int, query: CoverageQuery) -> str:
    """What keeps one service from fitting."""
    row = candidates.services.iloc[service]
    if row["time"] < 0:
        return f"is open {_lower(describe(list(row['schedules']))[0])}"
    if row["who"] < 0:
        return f"takes {ages_words(row) or 'others'}"
    if row["access"] < 0:
        return _access_words(row)
    return f"may fit, but {' and '.join(missing_facts(row))} not on record"


def _access_words(row: pd.Series) -> str:
    if row["status"] != "active":
        return "is closed for the time being"
    if isinstance(row["full_on"], str):
        day = say_date(date.fromisoformat(row["full_on"]))
        return f"is full or takes people by referral only, as of {day}"
    return "needs a referral"


def missing_facts(row: pd.Series) -> list[str]:
    """Which facts that the question needs are not on record of a service."""
    facts = {"time": "its hours are", "who": "whom it is for is", "access": "how to get a place is"}
    found = [words for name, words in facts.items() if row[name] == 0]
    return [*found, *(["where it is is"] if row["placeless"] == 0 else [])] or ["its exact place is"]


def ages_words(row: pd.Series) -> str:
    """The ages a service takes: "16 to 25", "16 and over"."""
    low, high = row["minimum_age"], row["maximum_age"]
    if pd.isna(low) and pd.isna(high):
        return ""
    if pd.isna(high) or high >= 120:
        return f"{low:.0f} and over"
    return f"{0 if pd.isna(low) else low:.0f} to {high:.0f}"


def _name(candidates: Candidates, service: int) -> str:
    row = candidates.services.iloc[service]
    return f"{row['name']} ({row['organization_name']})"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if not text.startswith(WEEKDAYS) else text


def joined(parts: Sequence[str]) -> str:
    """Words in a row: "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
