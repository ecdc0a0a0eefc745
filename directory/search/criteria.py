"""Each part of a question as two sets of services: surely yes, and not known. The rest is no."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from directory.places.find import Place
from directory.search.columns.segment import (
    APPROXIMATE,
    COVERS,
    COVERS_PART_OF,
    NEVER,
    NOWHERE,
    OPEN,
    UNKNOWN,
    Bits,
    Flags,
    Places,
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


def criteria(segment: Segment, query: ServiceQuery, near: Collection[str] = ()) -> list[Criterion]:
    """The parts of a question that restrict the answer, without its text.

    `near` are the wards and authorities that come within the distance asked for.
    """
    return [*chosen_terms(segment, query), *facts(segment, query, near)]


def chosen_terms(segment: Segment, query: ServiceQuery) -> list[Criterion]:
    """The filters that are chosen."""
    return [chosen(segment, facet, codes) for facet, codes in query.terms.items() if codes]


def facts(segment: Segment, query: ServiceQuery, near: Collection[str] = ()) -> list[Criterion]:
    """The parts of a question beside its filters."""
    return list(_facts(segment, query, frozenset(near)))


def _facts(segment: Segment, query: ServiceQuery, near: frozenset[str]) -> Iterator[Criterion]:
    if query.age is not None:
        yield _age(segment, query.age, query.age_to)
    if query.asks_for_hours:
        yield _hours(segment, query)
    if query.place is not None:
        yield _Where(segment, query.place, query.within_metres, near).criterion()


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
    within_metres: int | None
    near: frozenset[str]

    def criterion(self) -> Criterion:
        """Whether a service is given there, or covers it."""
        segment, place = self.segment, self.place
        covers = segment.having(COVERS, {*place.around, *WIDER_AREAS})
        covers = covers | segment.having(COVERS_PART_OF, place.inside)
        placed = marked(segment.places.service, len(segment))
        nowhere = ~placed & ~segment.having(COVERS) & ~pack(segment.place_known)
        inside = marked(segment.places.service[self._inside()], len(segment))
        perhaps = marked(segment.places.service[self._perhaps()], len(segment))
        return Criterion("place", inside | covers, perhaps | nowhere)

    def _inside(self) -> Flags:
        """Which published places are surely there."""
        places, place = self.segment.places, self.place
        numbers = places.numbers_of(place.inside)
        inside = np.isin(places.ward, numbers) | np.isin(places.authority, numbers)
        if place.place_ids:
            inside |= np.isin(places.id, np.fromiter(place.place_ids, dtype=np.int64))
        if self.within_metres is not None:
            close = square_metres(places, place) <= self.within_metres**2
            inside |= close & (places.precision == OPEN)
        return inside

    def _perhaps(self) -> Flags:
        """Which may be: what is shown as its ward is anywhere there, what is withheld in its authority."""
        places = self.segment.places
        approximate = places.precision == APPROXIMATE
        in_ward = approximate & np.isin(places.ward, places.numbers_of(self.near))
        authorities = places.numbers_of(self.near | {self.place.authority_code or ""})
        # A ward that stood for a place and is no more has no code: then too it may be anywhere.
        spread = np.isnan(places.easting) | (approximate & (places.ward == NOWHERE))
        in_authority = (places.authority == NOWHERE) | np.isin(places.authority, authorities)
        flags: Flags = in_ward | (spread & in_authority)
        return flags


def square_metres(places: Places, place: Place) -> np.ndarray:
    """The square of the distance of each published place to the nearest point of a place; inf without one."""
    squares = [
        (places.easting - easting) ** 2 + (places.northing - northing) ** 2
        for easting, northing in place.points
    ]
    least = np.minimum.reduce(squares) if squares else np.full(len(places.service), np.inf)
    return np.where(np.isnan(least), np.inf, least)


def least_square_metres(segment: Segment, place: Place) -> np.ndarray:
    """The square of each service's least distance to a place; inf for those that have none."""
    found = np.full(len(segment), np.inf)
    if len(segment.places.service):
        starts = segment.places.starts
        found[segment.places.service[starts]] = np.minimum.reduceat(
            square_metres(segment.places, place), starts
        )
    return found
