"""Each part of a question as two SQL conditions: surely yes, and not known. The rest is no."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from directory.models import (
    Area,
    PublishedArea,
    PublishedOpening,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    PublishedValue,
)
from directory.places.find import Place
from directory.search.query import DAY_PARTS, ServiceQuery

Condition = ColumnElement[bool]

# A service without a term of these lacks the fact: it may or may not be so. Of the others, none means no.
UNKNOWN_WHEN_ABSENT = frozenset(
    {"category", "group", "gender", "referral", "language", "accessibility", "kind"}
)
# Asking for girls' work finds what is open to everyone as well.
ALSO = {("gender", "female"): "any", ("gender", "male"): "any"}
# England, its West Midlands, and the Combined Authority: whoever covers these covers every place of ours.
WIDER_AREAS = frozenset({"E92000001", "E12000005", "E47000007"})
SHOWN = ("active", "temporarily closed")


@dataclass(frozen=True)
class Criterion:
    """One part of a question."""

    fact: str
    yes: Condition
    unknown: Condition


def criteria(query: ServiceQuery, near: Collection[str] = ()) -> list[Criterion]:
    """The parts of a question that restrict the answer, without its text.

    `near` are the wards and authorities that come within the distance asked for.
    """
    return list(_criteria(query, frozenset(near)))


def _criteria(query: ServiceQuery, near: frozenset[str]) -> Iterator[Criterion]:
    for facet, codes in query.terms.items():
        if codes:
            yield chosen(facet, codes)
    for taxonomy, code in query.with_terms:
        any_term = or_(_has_term(taxonomy), _has_value(taxonomy=taxonomy))
        yield Criterion(taxonomy, _has_term(taxonomy, [code]) if code else any_term, false())
    for value in query.values:
        yield Criterion("values", _has_value(term_id=value), false())
    if query.age is not None:
        yield _age(query.age, query.age_to)
    if query.asks_for_hours:
        yield _hours(query)
    if query.place is not None:
        yield _where(query.place, query, near)


def chosen(facet: str, codes: Collection[str]) -> Criterion:
    """One filter with its chosen codes, of which any will do."""
    if facet == "cost":
        return Criterion("cost", PublishedService.cost.in_(codes), PublishedService.cost.is_(None))
    if facet == "authority":
        return _authority(codes)
    wanted = {*codes, *(ALSO[facet, code] for code in codes if (facet, code) in ALSO)}
    unknown = ~_has_term(facet) if facet in UNKNOWN_WHEN_ABSENT else false()
    return Criterion(facet, and_(_has_term(facet), _has_term(facet, wanted)), unknown)


def _has_term(facet: str, codes: Collection[str] | None = None) -> Condition:
    query = exists().where(
        PublishedTerm.published_service_id == PublishedService.id, PublishedTerm.facet == facet
    )
    return query if codes is None else query.where(PublishedTerm.code.in_(codes))


def _has_value(**wanted: str) -> Condition:
    """Whether a service or its organisation has a value, or any value of a taxonomy."""
    whose = or_(
        PublishedValue.published_service_id == PublishedService.id,
        and_(
            PublishedValue.published_service_id.is_(None),
            PublishedValue.organization_id == PublishedService.organization_id,
        ),
    )
    return exists().where(whose, *(getattr(PublishedValue, name) == text for name, text in wanted.items()))


def _authority(codes: Collection[str]) -> Criterion:
    placed = _place_where(PublishedPlace.authority_code.in_(codes))
    nowhere = and_(~_place_where(PublishedPlace.authority_code.is_not(None)), ~_covers_where(true()))
    return Criterion("authority", or_(placed, _covers({*codes, *WIDER_AREAS}), _covers_part(codes)), nowhere)


def _age(age: int, age_to: int | None) -> Criterion:
    oldest = age if age_to is None else age_to
    low, high = PublishedService.minimum_age, PublishedService.maximum_age
    known = or_(low.is_not(None), high.is_not(None))
    fits = and_(func.coalesce(low, 0) <= oldest, func.coalesce(high, age) >= age)
    return Criterion("ages", and_(known, fits), ~known)


def _hours(query: ServiceQuery) -> Criterion:
    until = query.until_minute
    spans = exists().where(PublishedOpening.published_service_id == PublishedService.id)
    if query.weekday is not None:
        spans = spans.where(PublishedOpening.weekday == query.weekday)
    if query.minute is not None:
        spans = spans.where(
            PublishedOpening.opens_minute <= query.minute, PublishedOpening.closes_minute > query.minute
        )
    if until is not None:
        spans = spans.where(PublishedOpening.opens_minute < until, PublishedOpening.closes_minute >= until)
    if query.weekdays:
        spans = spans.where(PublishedOpening.weekday.in_(query.weekdays))
    if query.part is not None:
        begins_at, ends_at = DAY_PARTS[query.part]
        spans = spans.where(
            PublishedOpening.opens_minute < ends_at, PublishedOpening.closes_minute > begins_at
        )
    begun: Condition = true()
    if query.today is not None:
        begins, ends = PublishedOpening.valid_from, PublishedOpening.valid_to
        spans = spans.where(or_(ends.is_(None), ends >= query.today))
        begun = or_(begins.is_(None), begins <= query.today)
    sure = and_(spans.where(PublishedOpening.every_week, begun), PublishedService.status == "active")
    # Fortnightly and monthly sessions are open on some such days, and the question names no date; what is
    # closed for the time being may be open again, and what has yet to begin will be.
    sometimes = and_(spans, ~sure)
    return Criterion("opening hours", sure, or_(~PublishedService.hours_known, sometimes))


def _where(place: Place, query: ServiceQuery, near: frozenset[str]) -> Criterion:
    inside = _place_where(
        or_(
            PublishedPlace.id.in_(place.place_ids),
            PublishedPlace.ward_code.in_(place.inside),
            PublishedPlace.authority_code.in_(place.inside),
        )
    )
    within: Condition = false()
    if query.walk is not None:
        within = PublishedPlace.id.in_(query.walk.reached)
    elif query.within_metres is not None:
        within = is_within(place, query.within_metres)
    off_network = PublishedPlace.id.in_(query.walk.perhaps if query.walk else ())
    sure = _place_where(and_(within, PublishedPlace.precision == "open"))
    covers = or_(_covers({*place.around, *WIDER_AREAS}), _covers_part(place.inside))
    # What is shown as its ward alone may be anywhere in that ward, and what is withheld in its authority.
    somewhere_near = and_(PublishedPlace.precision == "approximate", PublishedPlace.ward_code.in_(near))
    authorities = near | {place.authority_code or ""}
    # A ward that stood for a place and is no more has no code: then too it may be anywhere in the authority.
    old_ward = and_(PublishedPlace.precision == "approximate", PublishedPlace.ward_code.is_(None))
    withheld = and_(
        or_(PublishedPlace.easting.is_(None), old_ward),
        or_(PublishedPlace.authority_code.in_(authorities), PublishedPlace.authority_code.is_(None)),
    )
    nowhere = and_(~_place_where(true()), ~_covers_where(true()), ~PublishedService.place_known)
    return Criterion(
        "place",
        or_(inside, sure, covers),
        or_(_place_where(or_(somewhere_near, withheld, off_network)), nowhere),
    )


def is_within(place: Place, within_metres: int) -> Condition:
    """Whether a published place lies within a distance of any point of the place asked about."""
    return or_(
        *(
            and_(
                # The bounds are for the index; the circle is the answer.
                PublishedPlace.easting.between(easting - within_metres, easting + within_metres),
                PublishedPlace.northing.between(northing - within_metres, northing + within_metres),
                _square_metres(easting, northing) <= within_metres * within_metres,
            )
            for easting, northing in place.points
        )
    )


def square_metres_to(session: Session, place: Place) -> Select[int]:
    """The square of a service's least distance to a place, for putting services in order."""
    squares = [_square_metres(easting, northing) for easting, northing in place.points]
    if len(squares) > 1:
        least = func.least if session.get_bind().dialect.name == "postgresql" else func.min
        squares = [least(*squares)]
    return select(func.min(squares[0])).where(PublishedPlace.published_service_id == PublishedService.id)


def _square_metres(easting: int, northing: int) -> ColumnElement[int]:
    # The square of 47 km outgrows a whole number of 32 bits.
    east = cast(PublishedPlace.easting, BigInteger) - easting
    north = cast(PublishedPlace.northing, BigInteger) - northing
    return east * east + north * north


def _place_where(condition: Condition) -> Condition:
    return exists().where(PublishedPlace.published_service_id == PublishedService.id, condition)


def _covers(codes: Collection[str]) -> Condition:
    return _covers_where(PublishedArea.code.in_(codes))


def _covers_part(codes: Collection[str]) -> Condition:
    """Whether a service covers an area that lies in one of some authorities."""
    return _covers_where(PublishedArea.code.in_(select(Area.code).where(Area.authority_code.in_(codes))))


def _covers_where(condition: Condition) -> Condition:
    return exists().where(PublishedArea.published_service_id == PublishedService.id, condition)
