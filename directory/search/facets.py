"""How many services each filter would leave: exact counts, known and not known apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from directory.languages import NP_
from directory.models import (
    Area,
    PublishedArea,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    Taxonomy,
    TaxonomyTerm,
)
from directory.search.criteria import ALSO, UNKNOWN_WHEN_ABSENT, WIDER_AREAS, chosen
from directory.search.query import FACETS, ServiceQuery
from directory.search.run import matching

COSTS = {"free": NP_("term", "Free"), "paid": NP_("term", "Costs money")}
MAY_LACK = UNKNOWN_WHEN_ABSENT | {"cost", "authority"}
# Stands for a service that has the fact, though no choice of the filter: it covers some other area.
ELSEWHERE = ""


@dataclass(frozen=True)
class Option:
    """One choice of a filter, with what it alone would leave: services that surely fit, and that may."""

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
Names = dict[str, dict[str, str]]


def facets(
    session: Session, query: ServiceQuery, *, any_word: bool = False, names: Names | None = None
) -> list[Facet]:
    """Every filter. A filter's own choices do not narrow its counts, so that another can be added to them."""
    counts = _counts(session, query, any_word=any_word)
    names = option_names(session) if names is None else names
    result = []
    for facet, title in FACETS.items():
        taken = query.terms.get(facet, ())
        options = [
            Option(code, names[facet].get(code, code), *counts[facet].get(code, (0, 0)), code in taken)
            for code in _codes(names[facet], counts[facet], taken)
        ]
        if options:
            result.append(Facet(facet, title, options))
    return result


def option_names(session: Session) -> dict[str, dict[str, str]]:
    """The choices of every filter that has a fixed list: facet, then code, then name."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    names["cost"] = dict(COSTS)
    terms = select(
        Taxonomy.name.label("facet"),
        TaxonomyTerm.code,
        TaxonomyTerm.name.label("name"),
        TaxonomyTerm.position,
    ).join(TaxonomyTerm.taxonomy)
    authorities = select(_word("authority"), Area.code, Area.name, literal_column("0")).where(
        Area.level == "authority"
    )
    rows = union_all(terms, authorities).subquery("rows")
    for facet, code, name, _ in session.execute(select(rows).order_by(rows.c.position, rows.c.name)):
        names[facet][code] = name
    return names


def _codes(names: dict[str, str], counted: dict[str, Any], taken: tuple[str, ...]) -> list[str]:
    present = [code for code in names if code in counted or code in taken]
    return present + sorted(code for code in {*counted, *taken} if code not in names)


def _counts(session: Session, query: ServiceQuery, *, any_word: bool) -> Counts:
    taken = {facet: codes for facet, codes in query.terms.items() if codes}
    hits = _hits(session, query, taken, any_word=any_word)
    rows = _options().subquery("options")
    own = {facet: rows.c.facet == facet for facet in taken}
    passes = [or_(own[facet], _flag(hits, "may", facet)) for facet in taken]
    sure = and_(hits.c.sure == 1, *(or_(own[facet], _flag(hits, "yes", facet)) for facet in taken))
    joined = select(rows.c.facet).join(hits, hits.c.id == rows.c.id).where(*passes)
    having: dict[str, int] = dict(
        session.execute(joined.add_columns(func.count(rows.c.id.distinct())).group_by(rows.c.facet)).all()
    )
    totals = session.execute(_totals(hits, taken)).one()
    counts: Counts = {facet: {} for facet in FACETS}
    numbers = joined.add_columns(rows.c.code, func.sum(case((sure, 1), else_=0)), func.count())
    for facet, code, known, total in session.execute(numbers.group_by(rows.c.facet, rows.c.code)):
        if facet in counts and code != ELSEWHERE:
            lacking = int(getattr(totals, facet)) - having[facet] if facet in MAY_LACK else 0
            counts[facet][code] = (int(known), int(total) - int(known) + lacking)
    return counts


def _hits(session: Session, query: ServiceQuery, taken: dict[str, tuple[str, ...]], *, any_word: bool) -> CTE:
    """What fits the question without its filters, with flags for each filter that is taken."""
    statement = matching(session, replace(query, terms={}), any_word=any_word, scored=False)
    for facet, codes in taken.items():
        part = chosen(facet, codes)
        statement = statement.add_columns(
            case((part.yes, 1), else_=0).label(f"yes_{facet}"),
            case((or_(part.yes, part.unknown), 1), else_=0).label(f"may_{facet}"),
        )
    return statement.cte("hits")


def _flag(hits: CTE, answer: str, facet: str) -> ColumnElement[bool]:
    return hits.c[f"{answer}_{facet}"] == 1


def _totals(hits: CTE, taken: dict[str, tuple[str, ...]]) -> Select[Any]:
    """For each filter, how many services fit or may fit all the others."""
    columns = []
    for facet in FACETS:
        others = and_(literal(1) == 1, *(_flag(hits, "may", other) for other in taken if other != facet))
        columns.append(func.coalesce(func.sum(case((others, 1), else_=0)), 0).label(facet))
    return select(*columns).select_from(hits)


def _options() -> CompoundSelect[Any]:
    """One row a service, filter and choice that it surely fits. A union, so that each counts once."""
    term = (PublishedTerm.published_service_id.label("id"), PublishedTerm.facet.label("facet"))
    everyone = [
        select(*term, _word(code)).where(PublishedTerm.facet == facet, PublishedTerm.code == other)
        for (facet, code), other in ALSO.items()
    ]
    cost = select(PublishedService.id, _word("cost"), PublishedService.cost).where(
        PublishedService.cost.is_not(None)
    )
    return union(select(*term, PublishedTerm.code.label("code")), *everyone, cost, *_authorities())


def _authorities() -> list[Select[Any]]:
    place = select(PublishedPlace.published_service_id, _word("authority"), PublishedPlace.authority_code)
    area = (PublishedArea.published_service_id, _word("authority"))
    covered = Area.code == PublishedArea.code
    every = select(*area, Area.code).join(Area, Area.level == "authority")
    return [
        place.where(PublishedPlace.authority_code.is_not(None)),
        select(*area, case((Area.level == "authority", Area.code), else_=Area.authority_code))
        .join(Area, covered)
        .where(Area.authority_code.is_not(None) | (Area.level == "authority")),
        every.where(PublishedArea.code.in_(WIDER_AREAS)),
        select(*area, _word(ELSEWHERE)),
    ]


def _word(text: str) -> Any:
    # Written out: PostgreSQL cannot tell the type of a parameter in a list of columns.
    return literal_column(f"'{text}'")
