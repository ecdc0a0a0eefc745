"""In what order services that fit come: one sum of points a service, and the same in words.

No part outweighs the words: what has the very words that were typed has at least one point more than what has
only their synonyms, and all that is not text comes to one point at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from directory.languages import gettext, own_words
from directory.search.columns.segment import NEVER, UNKNOWN, Ints, Segment
from directory.search.query import ServiceQuery

Floats = NDArray[np.floating]

MOST_FOR_DISTANCE, MOST_FOR_AGE, MOST_FOR_FRESHNESS, MOST_FOR_FACTS = 0.5, 0.15, 0.2, 0.1
# Where a distance has lost half its points, where nobody says how far to look.
USUAL_METRES = 2000
WIDEST_AGES = 60


@dataclass(frozen=True)
class Ranked:
    """The points of a service, part by part."""

    words: float
    distance: float
    ages: float
    freshness: float
    facts: float


@dataclass(frozen=True)
class Points:
    """The points of each part of some services, one number a service."""

    words: Floats
    distance: Floats
    ages: Floats
    freshness: Floats
    facts: Floats

    def whole(self) -> NDArray[np.int64]:
        """All points of a service in ten-thousandths, so that the last digits of a float decide nothing."""
        total = self.words + self.distance + self.ages + self.freshness + self.facts
        return np.rint(total * 10_000).astype(np.int64)

    def of(self, place: int) -> Ranked:
        """The points of one service."""
        return Ranked(**{item.name: float(getattr(self, item.name)[place]) for item in fields(Ranked)})


def points(
    segment: Segment, query: ServiceQuery, rows: Ints, words: Floats, squares: Floats | None
) -> Points:
    """The points of some services. `squares` are those of their distances, inf where that is not known."""
    none = np.zeros(len(rows))
    return Points(
        words=words.astype(float),
        distance=none if squares is None else _distance(query, squares),
        ages=none if query.age is None else _ages(segment, rows),
        freshness=none if query.today is None else _freshness(segment, rows, query.today),
        facts=_facts(segment, rows),
    )


def _distance(query: ServiceQuery, squares: Floats) -> Floats:
    half = max(250, (query.within_metres or 2 * USUAL_METRES) // 2)
    # Falls off with the square of the distance; no place shown, no points.
    return MOST_FOR_DISTANCE / (1.0 + squares / float(half * half))


def _ages(segment: Segment, rows: Ints) -> Floats:
    """What is for few ages beside the one asked for is more likely meant for it."""
    low, high = segment.minimum_age[rows], segment.maximum_age[rows]
    width = np.where(high == UNKNOWN, WIDEST_AGES, high) - np.maximum(low, 0)
    near = MOST_FOR_AGE * (1.0 - np.clip(width, 0, WIDEST_AGES) / WIDEST_AGES)
    return np.where((low == UNKNOWN) & (high == UNKNOWN), 0.0, near)


def _freshness(segment: Segment, rows: Ints, today: date) -> Floats:
    day = today.toordinal()
    stale, due = segment.stale_on[rows], segment.due_on[rows]
    late = (due != NEVER) & (due < day)
    in_time = np.where(late, MOST_FOR_FRESHNESS * 2 / 3, MOST_FOR_FRESHNESS)
    return np.where(stale == NEVER, MOST_FOR_FRESHNESS / 3, np.where(stale <= day, 0.0, in_time))


def _facts(segment: Segment, rows: Ints) -> Floats:
    """How much of what people ask is on record: hours, cost, ages, place."""
    known = segment.facts_known[rows]
    return known * (MOST_FOR_FACTS / 4)


def explain(ranked: Ranked, query: ServiceQuery) -> Iterator[str]:
    """Why a service stands where it does, in sentences."""
    if query.text:
        yield (
            gettext("It has the words that you typed.")
            if ranked.words >= 1
            else (
                gettext(
                    "It has words or a kind of help that mean the same as what you typed, "
                    "or some of your words."
                )
            )
        )
    if query.place is not None:
        yield _near_words(ranked.distance, query.place.name)
    if query.age is not None:
        yield (
            gettext("Its ages are close about the age asked for.")
            if ranked.ages > MOST_FOR_AGE * 0.8
            else gettext("Its ages are wide, or not known.")
        )
    if query.today is not None:
        yield _fresh_words(ranked.freshness)
    known = round(ranked.facts / MOST_FOR_FACTS * 4)
    yield gettext("%(known)s of 4 facts are on record: hours, cost, ages, place.", known=known)


def _near_words(share: float, name: str) -> str:
    if share <= 0:
        return gettext("How far it is from %(place)s is not known.", place=own_words(name))
    if share >= MOST_FOR_DISTANCE / 2:
        return gettext("It is near %(place)s.", place=own_words(name))
    return gettext("It is further from %(place)s than others.", place=own_words(name))


def _fresh_words(share: float) -> str:
    if share <= 0:
        return gettext("Its record may be out of date, which puts it lower.")
    return (
        gettext("Its record was checked in time.")
        if share > MOST_FOR_FRESHNESS * 0.9
        else gettext("Its record is due to be checked, or has no date.")
    )
