"""Each part of a question as two sets of services: surely yes, and not known. The rest is no."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.places.find import Place
from directory.search.columns.segment import (
    APPROXIMATE,
    COVERS,
    COVERS_PART_OF,
    NEVER,
    OPEN,
    UNKNOWN,
    Bits,
    Ints,
    Segment,
    marked,
    pack,
)
from directory.search.query import DAY_PARTS, ServiceQuery

SHOWN = ("active", "temporarily closed")
# England, its West Midlands, and the Combined Authority: whoever covers these covers every place of ours.
WIDER_AREAS = frozenset({"E92000001", "E12000005", "E47000007"})
# A service without a term of these lacks the fact: it may or may not be so. Of the others, none means no.
UNKNOWN_WHEN_ABSENT = frozenset(
    {"category", "group", "gender", "referral", "language", "accessibility", "kind"}
)
MAY_LACK = UNKNOWN_WHEN_ABSENT | {"cost", "authority"}
# Asking for girls' work finds what is open to everyone as well.
ALSO = {("gender", "female"): "any", ("gender", "male"): "any"}


@dataclass(frozen=True)
class Criterion:
    """One part of a question."""

    fact: str
    yes: Bits
    unknown: Bits

    @property
    def may(self) -> Bits:
        """What fits or may fit."""
        return self.yes | self.unknown


def facts(segment: Segment, query: ServiceQuery, near: Collection[str] = ()) -> Iterator[Criterion]:
    """The parts of a question beside its text and filters.

    `near` are the wards and authorities that come within the distance asked for.
    """
    if query.age is not None:
        yield _age(segment, query.age, query.age_to)
    if query.asks_for_hours:
        yield _hours(segment, query)
    if query.place is not None:
        yield _Where(segment, query.place, query, frozenset(near)).criterion()


def chosen(segment: Segment, facet: str, codes: Collection[str]) -> Criterion:
    """One filter with its chosen codes, of which any will do."""
    wanted = {*codes, *(ALSO[facet, code] for code in codes if (facet, code) in ALSO)}
    yes = segment.having(facet, wanted)
    if facet == "authority":
        yes = yes | segment.having(COVERS, {*codes, *WIDER_AREAS})
    none = np.zeros_like(yes)
    return Criterion(facet, yes, ~segment.having(facet) if facet in MAY_LACK else none)


def _age(segment: Segment, age: int, age_to: int | None) -> Criterion:
    oldest = age if age_to is None else age_to
    low, high = segment.minimum_age, segment.maximum_age
    known = (low != UNKNOWN) | (high != UNKNOWN)
    fits = (np.maximum(low, 0) <= oldest) & ((high == UNKNOWN) | (high >= age))
    return Criterion("ages", pack(known & fits), pack(~known))


def _hours(segment: Segment, query: ServiceQuery) -> Criterion:
    spans = segment.openings
    opens, closes = spans.opens_minute, spans.closes_minute
    fits = np.ones(len(spans.service), dtype=np.bool_)
    if query.weekday is not None:
        fits &= spans.weekday == query.weekday
    if query.minute is not None:
        fits &= (opens <= query.minute) & (closes > query.minute)
    if query.until_minute is not None:
        fits &= (opens < query.until_minute) & (closes >= query.until_minute)
    if query.weekdays:
        fits &= np.isin(spans.weekday, query.weekdays)
    if query.part is not None:
        begins_at, ends_at = DAY_PARTS[query.part]
        fits &= (opens < ends_at) & (closes > begins_at)
    begun = np.ones(len(fits), dtype=np.bool_)
    if query.today is not None:
        day = query.today.toordinal()
        fits &= (spans.valid_to == NEVER) | (spans.valid_to >= day)
        begun = (spans.valid_from == NEVER) | (spans.valid_from <= day)
    weekly = marked(spans.service[fits & spans.every_week & begun], len(segment))
    sure = weekly & pack(segment.active)
    # Fortnightly and monthly sessions are open on some such days, and the question names no date; what is
    # closed for the time being may be open again, and what has yet to begin will be.
    sometimes = marked(spans.service[fits], len(segment)) & ~sure
    return Criterion("opening hours", sure, pack(~segment.hours_known) | sometimes)


@dataclass(frozen=True)
class _Where:
    """A place asked about, and the published places of some services."""

    segment: Segment
    place: Place
    query: ServiceQuery
    near: frozenset[str]

    def criterion(self) -> Criterion:
        """Whether a service is given there, or covers it."""
        segment, place = self.segment, self.place
        covers = segment.having(COVERS, {*place.around, *WIDER_AREAS})
        covers = covers | segment.having(COVERS_PART_OF, place.inside)
        services = segment.places.service
        inside = marked(services[self._inside()], len(segment))
        perhaps = marked(services[self._perhaps()], len(segment))
        return Criterion("place", inside | covers, perhaps | segment.nowhere)

    def _inside(self) -> Ints:
        """The published places that are surely there."""
        places, place = self.segment.places, self.place
        areas = [places.in_wards(place.inside), places.in_authorities(place.inside)]
        named, near = places.with_ids(place.place_ids), [self._none]
        if self.query.walk is not None:
            near = [places.with_ids(self.query.walk.reached)]
        elif self.query.within_metres is not None:
            near += [places.within(*point, self.query.within_metres) for point in place.points]
        reached = np.concatenate(near)
        return np.concatenate([*areas, named, reached[places.precision[reached] == OPEN]])

    def _perhaps(self) -> Ints:
        """Those that may be: shown as its ward it is anywhere there, and withheld in its authority."""
        places = self.segment.places
        in_ward = places.in_wards(self.near)
        authorities = self.near | {self.place.authority_code or ""}
        in_authority = np.concatenate([places.in_no_authority, places.in_authorities(authorities)])
        walked = places.with_ids(self.query.walk.perhaps) if self.query.walk else self._none
        return np.concatenate(
            [
                in_ward[places.precision[in_ward] == APPROXIMATE],
                in_authority[places.spread[in_authority]],
                walked,
            ]
        )

    @property
    def _none(self) -> Ints:
        return self.segment.places.service[:0]


def least_square_metres(segment: Segment, place: Place, rows: Ints) -> NDArray[np.float64]:
    """The square of the least distance to a place of each of some services; inf for those that have none."""
    places = segment.places
    wanted = np.zeros(len(segment), dtype=np.bool_)
    wanted[rows] = True
    mine = np.flatnonzero(wanted[places.service])
    squares = np.full(len(mine), np.inf)
    for easting, northing in place.points:
        east, north = places.easting[mine] - easting, places.northing[mine] - northing
        # fmin passes over what is not known.
        squares = np.fmin(squares, east * east + north * north)
    found = np.full(len(segment), np.inf)
    np.minimum.at(found, places.service[mine], squares)
    return found[rows]
