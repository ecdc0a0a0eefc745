"""Answer a question: what surely fits first, then what may fit, never what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, selectinload

from directory.models import PublishedChange, PublishedService
from directory.places.find import areas_near
from directory.search.criteria import SHOWN, criteria, square_metres_to
from directory.search.query import ServiceQuery
from directory.search.ranking import Ranked, parts, points
from directory.search.text import text_matches


@dataclass(frozen=True)
class Found:
    """One service that fits, or may fit; `missing` names the facts that are not known."""

    service: PublishedService
    sure: bool
    missing: tuple[str, ...]
    ranked: Ranked | None = None


@dataclass(frozen=True)
class Answer:
    """One page of services, and how many there are of each sort in all."""

    found: list[Found]
    total_known: int
    total_unknown: int
    page: int
    pages: int

    @property
    def total(self) -> int:
        """How many services fit or may fit."""
        return self.total_known + self.total_unknown


def matching(
    session: Session, query: ServiceQuery, *, any_word: bool = False, scored: bool = True
) -> Select[Any]:
    """Select id, sure (1 or 0), score and flags for missing facts of all services that fit or may."""
    parts = criteria(query, _near(session, query))
    sure = case((and_(*(part.yes for part in parts)), 1), else_=0) if parts else literal(1)
    flags = [case((part.yes, 0), else_=1).label(f"missing_{i}") for i, part in enumerate(parts)]
    statement = select(PublishedService.id, sure.label("sure"), *flags).where(*_narrowed(query))
    for part in parts:
        statement = statement.where(or_(part.yes, part.unknown))
    if query.place is not None:
        statement = statement.add_columns(
            square_metres_to(session, query.place).scalar_subquery().label("square")
        )
    matches = text_matches(session, query.text, query.widenings, any_word=any_word, scored=scored)
    if matches is None:
        return statement.add_columns(literal(0.0).label("score"))
    return statement.join(matches, matches.c.id == PublishedService.id).add_columns(matches.c.score)


def _narrowed(query: ServiceQuery) -> Iterator[ColumnElement[bool]]:
    """What a service surely is or is not: nothing of this is ever not known."""
    if not query.every_status:
        yield PublishedService.status.in_(SHOWN)
    if query.organization_id is not None:
        yield PublishedService.organization_id == query.organization_id
    if query.modified_after is not None:
        changed = select(PublishedChange.id).where(PublishedChange.last_modified >= query.modified_after)
        yield PublishedService.service_id.in_(changed)


def count_services(session: Session, query: ServiceQuery, *, any_word: bool = False) -> tuple[int, int]:
    """How many services surely fit a question, and how many may."""
    hits = matching(session, query, any_word=any_word, scored=False).cte("hits")
    return _count(session, hits)


def sure_services(session: Session, query: ServiceQuery) -> Select[Any]:
    """Select the identifiers of the services that surely fit, in an order that stays while one pages."""
    yes = [part.yes for part in criteria(query, _near(session, query))]
    statement = select(PublishedService.service_id).where(*_narrowed(query), *yes)
    matches = text_matches(session, query.text, query.widenings)
    if matches is None:
        return statement.order_by(PublishedService.service_id)
    joined = statement.join(matches, matches.c.id == PublishedService.id)
    return joined.order_by(matches.c.score, PublishedService.service_id)


def _count(session: Session, hits: CTE) -> tuple[int, int]:
    counted = select(func.count(), func.coalesce(func.sum(hits.c.sure), 0)).select_from(hits)
    total, known = session.execute(counted).one()
    return int(known), int(total) - int(known)


def search_services(session: Session, query: ServiceQuery, *, any_word: bool = False) -> Answer:
    """One page of the answer to a question."""
    hits = matching(session, query, any_word=any_word).cte("hits")
    known, unknown = count_services(session, query, any_word=any_word)
    total = known + unknown
    if not total:
        return Answer(found=[], total_known=0, total_unknown=0, page=1, pages=1)
    pages = -(-total // query.per_page)
    page = min(max(query.page, 1), pages)
    found = _page(session, query, hits, page)
    return Answer(found=found, total_known=known, total_unknown=unknown, page=page, pages=pages)


def first_services(session: Session, query: ServiceQuery, *, any_word: bool = False) -> list[Found]:
    """The first page of the answer to a question, without counting how many there are in all."""
    return _page(session, query, matching(session, query, any_word=any_word).cte("hits"), 1)


def _page(session: Session, query: ServiceQuery, hits: CTE, page: int) -> list[Found]:
    statement = (
        select(
            PublishedService, hits, *(one.label(f"points_{name}") for name, one in parts(query, hits).items())
        )
        .join(hits, hits.c.id == PublishedService.id)
        .options(selectinload(PublishedService.places))
        .order_by(*_order(query, hits))
        .offset((page - 1) * query.per_page)
        .limit(query.per_page)
    )
    facts = [part.fact for part in criteria(query)]
    return [_found(row, facts) for row in session.execute(statement)]


def search_all(session: Session, query: ServiceQuery, limit: int) -> Answer:
    """The whole answer, as for an export or a map, up to a limit."""
    return search_services(session, replace(query, page=1, per_page=limit))


def _near(session: Session, query: ServiceQuery) -> set[str]:
    """The codes of wards and authorities that come within the distance asked for."""
    if query.place is None or query.within_metres is None:
        return set()
    key = ("near", query.place.points, query.within_metres)
    if key not in session.info:  # the list, its filters and what fits in part all ask it
        areas = areas_near(session, query.place.points, query.within_metres, ("ward", "authority"))
        session.info[key] = {area.code for near in areas for area in near}
    codes: set[str] = session.info[key]
    return codes


def _found(row: Any, facts: list[str]) -> Found:
    values = row._mapping
    missing = tuple(fact for i, fact in enumerate(facts) if values[f"missing_{i}"])
    ranked = Ranked(**{item.name: float(values[f"points_{item.name}"] or 0) for item in fields(Ranked)})
    return Found(service=row[0], sure=bool(values["sure"]), missing=missing, ranked=ranked)


def _order(query: ServiceQuery, hits: CTE) -> list[Any]:
    """Known before not known, then as asked, then by name and identifier: ties never shuffle."""
    last = [func.lower(PublishedService.name), PublishedService.service_id]
    # A service without a point has no distance: it comes after those that have one.
    distance = [hits.c.square.asc().nulls_last()] if query.place is not None else []
    orders: dict[str, list[Any]] = {
        "best": [points(query, hits).desc()],
        "distance": distance,
        "name": [],
        "checked": [PublishedService.checked_on.desc().nulls_last()],
    }
    return [hits.c.sure.desc(), *orders[query.sort], *last]
