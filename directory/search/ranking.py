"""In what order services that fit come: one sum of points a service, in SQL, and the same in words.

No part outweighs the words: what has the very words that were typed has at least one point more than what has
only their synonyms, and all that is not text comes to one point at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Float, and_, case, cast, func, literal

from directory.languages import gettext, own_words
from directory.models import PublishedService
from directory.search.query import ServiceQuery

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


def parts(query: ServiceQuery, hits: CTE) -> dict[str, ColumnElement[float]]:
    """The points of each part as SQL, for services joined to their hits."""
    return {
        "words": -hits.c.score,
        "distance": _distance(query, hits),
        "ages": _ages(query),
        "freshness": _freshness(query.today),
        "facts": _facts(),
    }


def points(query: ServiceQuery, hits: CTE) -> ColumnElement[float]:
    """All points of a service as SQL, rounded so that the last digits of a float decide nothing."""
    words, *others = parts(query, hits).values()
    whole: Any = words
    for other in others:
        whole = whole + other
    return func.round(cast(whole * 10_000, Float))


def _distance(query: ServiceQuery, hits: CTE) -> ColumnElement[float]:
    if query.place is None:
        return literal(0.0)
    half = max(250, (query.within_metres or 2 * USUAL_METRES) // 2)
    # Falls off with the square of the distance; no place shown, no points.
    near = MOST_FOR_DISTANCE / (1.0 + cast(hits.c.square, Float) / float(half * half))
    return func.coalesce(near, 0.0)


def _ages(query: ServiceQuery) -> ColumnElement[float]:
    """What is for few ages beside the one asked for is more likely meant for it."""
    if query.age is None:
        return literal(0.0)
    low, high = PublishedService.minimum_age, PublishedService.maximum_age
    width = func.coalesce(high, WIDEST_AGES) - func.coalesce(low, 0)
    narrow = case((width > WIDEST_AGES, WIDEST_AGES), (width < 0, 0), else_=width)
    known = and_(low.is_(None), high.is_(None))
    return case((known, 0.0), else_=MOST_FOR_AGE * (1.0 - cast(narrow, Float) / WIDEST_AGES))


def _freshness(today: date | None) -> ColumnElement[float]:
    if today is None:
        return literal(0.0)
    stale, due = PublishedService.stale_on, PublishedService.due_on
    return case(
        (stale <= today, 0.0),
        (stale.is_(None), MOST_FOR_FRESHNESS / 3),
        (due < today, MOST_FOR_FRESHNESS * 2 / 3),
        else_=MOST_FOR_FRESHNESS,
    )


def _facts() -> ColumnElement[float]:
    """How much of what people ask is on record: hours, cost, ages, place."""
    known = (
        PublishedService.hours_known,
        PublishedService.cost.is_not(None),
        PublishedService.maximum_age.is_not(None) | PublishedService.minimum_age.is_not(None),
        PublishedService.place_known,
    )
    counts = [case((one, 1), else_=0) for one in known]
    whole: Any = counts[0]
    for count in counts[1:]:
        whole = whole + count
    return cast(whole, Float) * (MOST_FOR_FACTS / len(known))


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
