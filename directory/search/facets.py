"""How many services each filter would leave: exact counts, known and not known apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import literal_column, select, union_all
from sqlalchemy.orm import Session

from directory.languages import NP_
from directory.models import Area, Taxonomy, TaxonomyTerm
from directory.remembering import remember
from directory.search.columns.segment import ANY, Bits, Ints, count
from directory.search.criteria import ALSO, MAY_LACK
from directory.search.fitting import Fitting, fitting
from directory.search.query import FACETS, ServiceQuery

COSTS = {"free": NP_("term", "Free"), "paid": NP_("term", "Costs money")}


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
Numbers = dict[tuple[str, str], int]


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
    return remember(session, "names of options", lambda: _option_names(session))


def _option_names(session: Session) -> Names:
    names: Names = defaultdict(dict, {facet: {} for facet in FACETS})
    names["cost"] = dict(COSTS)
    terms = select(
        Taxonomy.name.label("facet"),
        TaxonomyTerm.code,
        TaxonomyTerm.name.label("name"),
        TaxonomyTerm.position,
    ).join(TaxonomyTerm.taxonomy)
    columns: Any = (literal_column("'authority'"), Area.code, Area.name, literal_column("0"))
    authorities: Any = select(*columns).where(Area.level == "authority")
    rows = union_all(terms, authorities).subquery("rows")
    for facet, code, name, _ in session.execute(select(rows).order_by(rows.c.position, rows.c.name)):
        names[facet][code] = name
    return names


def _codes(names: dict[str, str], counted: dict[str, Any], taken: tuple[str, ...]) -> list[str]:
    present = [code for code in names if code in counted or code in taken]
    return present + sorted(code for code in {*counted, *taken} if code not in names)


def _counts(session: Session, query: ServiceQuery, *, any_word: bool) -> Counts:
    known: Numbers = defaultdict(int)
    total: Numbers = defaultdict(int)
    lacking: dict[str, int] = defaultdict(int)
    for fits in fitting(session, query, any_word=any_word):
        options = _options(fits)
        for together in _counted_together(fits):
            sure, may = fits.sure(together[0]), fits.may(together[0])
            for facet in MAY_LACK.intersection(together):
                # Those that lack it count for each choice, also where nothing beside them has any.
                lacking[facet] += count(may & ~fits.segment.having(facet))
            held = {key: places for key, places in options.items() if key[0] in together}
            if not held:
                continue
            where = np.flatnonzero(may)  # most services are of no account
            held_by = _those(fits.segment.bits, list(held.values()), where)
            for numbers, mask in ((known, sure), (total, may)):
                each = np.bitwise_count(held_by & mask[where]).sum(axis=1, dtype=int)
                for key, number in zip(held, each.tolist(), strict=True):
                    numbers[key] += number
    counts: Counts = {facet: {} for facet in FACETS}
    for (facet, code), number in total.items():
        if number:
            counts[facet][code] = (known[facet, code], number - known[facet, code] + lacking[facet])
    return counts


def _counted_together(fits: Fitting) -> Iterator[list[str]]:
    """The filters, those of which nothing is chosen together: what fits is the same for all of these."""
    if free := [facet for facet in FACETS if facet not in fits.filters]:
        yield free
    yield from ([facet] for facet in FACETS if facet in fits.filters)


def _options(fits: Fitting) -> dict[tuple[str, str], list[int]]:
    """The choices of all filters, and for each the rows of bits of which any will do."""
    options = fits.segment.options
    found = {key: [place] for key, place in options.items() if key[0] in FACETS and key[1] != ANY}
    for (facet, code), other in ALSO.items():
        if (facet, other) in options:
            found.setdefault((facet, code), []).append(options[facet, other])
    return found


def _those(bits: Bits, places: list[list[int]], where: Ints) -> Bits:
    """The bits of each choice, where anything may fit at all."""
    first: Bits = bits[np.ix_(np.array([several[0] for several in places]), where)]
    for number, several in enumerate(places):
        for place in several[1:]:
            first[number] |= bits[place, where]
    return first
