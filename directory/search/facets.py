"""How many services each filter would leave: exact counts, known and not known apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, func, select, union
from sqlalchemy.orm import Session

from directory.models import (
    Area,
    PublishedArea,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    Taxonomy,
    TaxonomyTerm,
)
from directory.search.query import FACETS, ServiceQuery
from directory.search.run import matching

COSTS = {"free": "Free", "paid": "Costs money"}


@dataclass(frozen=True)
class Option:
    """One choice of a filter. The counts are of services that have the term: surely fitting, or perhaps."""

    code: str
    name: str
    known: int
    unknown: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """One filter with its choices."""

    name: str
    title: str
    options: list[Option]


Counts = dict[str, dict[str, tuple[int, int]]]


def facets(session: Session, query: ServiceQuery, *, any_word: bool = False) -> list[Facet]:
    """Every filter. A filter's own choices do not narrow its counts, so that another can be added to them."""
    counts = _counts(session, query, any_word=any_word)
    for facet, codes in query.terms.items():
        if codes:
            alone = _counts(session, query.without_facet(facet), any_word=any_word)
            counts[facet] = alone.get(facet, {})
    names = option_names(session)
    result = []
    for facet, title in FACETS.items():
        chosen = query.terms.get(facet, ())
        options = [
            Option(
                code, names[facet].get(code, code), *counts.get(facet, {}).get(code, (0, 0)), code in chosen
            )
            for code in _codes(names[facet], counts.get(facet, {}), chosen)
        ]
        if options:
            result.append(Facet(facet, title, options))
    return result


def option_names(session: Session) -> dict[str, dict[str, str]]:
    """The choices of every filter that has a fixed list: facet, then code, then name."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    terms = session.execute(
        select(Taxonomy.name, TaxonomyTerm.code, TaxonomyTerm.name)
        .join(TaxonomyTerm.taxonomy)
        .order_by(Taxonomy.name, TaxonomyTerm.position)
    )
    for taxonomy, code, name in terms:
        names[taxonomy][code] = name
    authorities = select(Area.code, Area.name).where(Area.level == "authority").order_by(Area.name)
    names["authority"] = dict(session.execute(authorities).all())
    names["cost"] = dict(COSTS)
    return names


def _codes(names: dict[str, str], counted: dict[str, Any], chosen: tuple[str, ...]) -> list[str]:
    present = [code for code in names if code in counted or code in chosen]
    return present + sorted(code for code in {*counted, *chosen} if code not in names)


def _counts(session: Session, query: ServiceQuery, *, any_word: bool) -> Counts:
    hits = matching(session, query, any_word=any_word).cte("hits")
    counts: Counts = defaultdict(dict)
    for facet, code, known, total in session.execute(_term_counts(hits)):
        counts[facet][code] = (int(known), int(total) - int(known))
    for name, statement in {"cost": _cost_counts(hits), "authority": _authority_counts(hits)}.items():
        for code, known, total in session.execute(statement):
            counts[name][code] = (int(known), int(total) - int(known))
    return counts


def _term_counts(hits: CTE) -> Any:
    return (
        select(PublishedTerm.facet, PublishedTerm.code, func.sum(hits.c.sure), func.count())
        .join(hits, hits.c.id == PublishedTerm.published_service_id)
        .group_by(PublishedTerm.facet, PublishedTerm.code)
    )


def _cost_counts(hits: CTE) -> Any:
    return (
        select(PublishedService.cost, func.sum(hits.c.sure), func.count())
        .join(hits, hits.c.id == PublishedService.id)
        .where(PublishedService.cost.is_not(None))
        .group_by(PublishedService.cost)
    )


def _authority_counts(hits: CTE) -> Any:
    placed = select(
        PublishedPlace.published_service_id.label("id"), PublishedPlace.authority_code.label("code")
    )
    covering = select(PublishedArea.published_service_id.label("id"), PublishedArea.code.label("code"))
    # A union, so that a service with two venues in one authority counts once.
    where = union(placed.where(PublishedPlace.authority_code.is_not(None)), covering).subquery()
    return (
        select(where.c.code, func.sum(hits.c.sure), func.count())
        .join(hits, hits.c.id == where.c.id)
        .join(Area, (Area.code == where.c.code) & (Area.level == "authority"))
        .group_by(where.c.code)
    )
