"""From what was asked to the identifiers that answer it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from directory.exporting.terms import Terms
from directory.models import (
    PublishedLink,
    PublishedOrganization,
    PublishedPlace,
    PublishedService,
    PublishedValue,
    TaxonomyTerm,
)
from directory.openreferral.formats import read_moment
from directory.places.find import Place, find_place
from directory.search.query import ServiceQuery
from directory.search.run import sure_services
from directory.web.api.parameters import DAYS, OLDEST, ServicesAsked, TermsAsked
from directory.web.api.problems import refused
from directory.web.clock import today

UNKNOWN_POSTCODE = "This postcode is not known here. Try one nearby, in the West Midlands."
Keys = Select[Any]


def service_keys(session: Session, asked: ServicesAsked, terms: Terms) -> Keys | list[str]:
    """The identifiers of the services asked for; a query where it is all of them."""
    place = _place(session, asked)
    query = _query(asked, terms, place, asked.proximity)
    if query == ServiceQuery(every_status=True, today=query.today):
        return select(PublishedService.service_id).order_by(PublishedService.service_id)
    return list(sure_services(session, query))


def link_keys(session: Session, asked: ServicesAsked, terms: Terms) -> Keys:
    """Select the identifiers of the places of services asked for; near a postcode, of those places alone."""
    place = _place(session, asked)
    near = place is not None and asked.proximity is not None
    query = _query(asked, terms, None if near else place, None)
    statement = select(PublishedLink.id).order_by(PublishedLink.id)
    if query != ServiceQuery(every_status=True, today=query.today):
        ids = list(sure_services(session, query).values())
        statement = statement.where(_among(session, PublishedLink.published_service_id, ids))
    if near and place is not None and asked.proximity is not None:
        spots = select(PublishedPlace.id).where(
            PublishedPlace.precision == "open", _is_within(place, asked.proximity)
        )
        statement = statement.where(PublishedLink.published_place_id.in_(spots))
    return statement


def organization_keys(search: str) -> Keys:
    """Select the identifiers of the organisations whose names have all of some words."""
    column = PublishedOrganization.organization_id
    return select(column).where(*_named(PublishedOrganization.name, search)).order_by(column)


def term_keys(asked: TermsAsked, known: Terms) -> Keys:
    """Select the identifiers of terms: those of the taxonomies, and the values that are said by terms."""
    terms = select(TaxonomyTerm.id.label("id")).where(*_named(TaxonomyTerm.name, asked.search))
    if asked.taxonomy_id:
        terms = terms.where(TaxonomyTerm.taxonomy_id == asked.taxonomy_id)
    if asked.parent_id:
        terms = terms.where(TaxonomyTerm.parent_id == asked.parent_id)
    if asked.top_only:
        terms = terms.where(TaxonomyTerm.parent_id.is_(None))
    values = select(PublishedValue.term_id.label("id")).where(*_named(PublishedValue.name, asked.search))
    if asked.taxonomy_id:
        values = values.where(PublishedValue.taxonomy.in_(_taxonomy(asked.taxonomy_id, known)))
    if asked.parent_id:
        values = values.where(false())  # a value stands under nothing
    both = union(terms, values).subquery()
    return select(both.c.id).order_by(both.c.id)


def _place(session: Session, asked: ServicesAsked) -> Place | None:
    if asked.postcode is None:
        return None
    place = find_place(session, asked.postcode, today())
    if place is None:
        raise refused([("postcode", UNKNOWN_POSTCODE)], 404)
    return place


def _among(session: Session, column: Any, ids: list[int]) -> ColumnElement[bool]:
    """Whether a number is among others, of which there may be more than a statement has parameters."""
    if session.get_bind().dialect.name == "postgresql":
        among: ColumnElement[bool] = column == func.any(literal(ids, ARRAY(Integer)))
        return among
    each = func.json_each(json.dumps(ids)).table_valued("value")
    listed: ColumnElement[bool] = column.in_(select(each.c.value))
    return listed


def _is_within(place: Place, within_metres: int) -> ColumnElement[bool]:
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


def _square_metres(easting: int, northing: int) -> ColumnElement[int]:
    # The square of 47 km outgrows a whole number of 32 bits.
    east = cast(PublishedPlace.easting, BigInteger) - easting
    north = cast(PublishedPlace.northing, BigInteger) - northing
    return east * east + north * north


def _query(
    asked: ServicesAsked, terms: Terms, place: Place | None, within_metres: int | None
) -> ServiceQuery:
    low, high = asked.minimum_age, asked.maximum_age
    asks_for_ages = (low, high) != (None, None)
    chosen, values = _term(asked.taxonomy_term_id, terms)
    whole = [(name, "") for name in _taxonomy(asked.taxonomy_id, terms)]
    return ServiceQuery(
        text=asked.search,
        place=place,
        within_metres=within_metres,
        age=(low or 0) if asks_for_ages else None,
        age_to=(OLDEST if high is None else high) if asks_for_ages else None,
        weekday=None if asked.day is None else [*DAYS, *DAYS.values()].index(asked.day) % 7,
        minute=_minutes(asked.start_time),
        until_minute=_minutes(asked.end_time),
        with_terms=(*chosen, *whole),
        values=values,
        today=today(),
        organization_id=asked.organization_id,
        modified_after=read_moment(asked.modified_after) if asked.modified_after else None,
        every_status=True,
    )


def _term(key: str | None, terms: Terms) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """A term of a taxonomy, or a value that is said by a term."""
    if key is None:
        return (), ()
    found = tuple(pair for pair, term in terms.terms.items() if term["id"] == key.lower())
    return found, () if found else (key.lower(),)


def _taxonomy(key: str | None, terms: Terms) -> list[str]:
    if key is None:
        return []
    # Of a taxonomy that is not known nothing has a term.
    return [one["name"] for one in terms.taxonomies if one["id"] == key.lower()] or ["none"]


def _minutes(text: str | None) -> int | None:
    return None if text is None else int(text[:2]) * 60 + int(text[3:])


def _named(column: Any, search: str) -> list[ColumnElement[bool]]:
    return [func.lower(column).contains(word.lower(), autoescape=True) for word in search.split()]
