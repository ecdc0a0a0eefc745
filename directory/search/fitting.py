"""What fits a question in the columns: surely, or perhaps, with the reasons why not surely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial, reduce
from sys import intern
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from directory.models import PublishedChange, PublishedService, PublishedTerm, PublishedValue
from directory.places.find import areas_near
from directory.remembering import remember
from directory.search.columns.segment import Bits, Ints, Segment, pack, unpack
from directory.search.columns.snapshot import Part, Snapshot, current
from directory.search.criteria import Criterion, chosen, facts
from directory.search.query import ServiceQuery
from directory.search.resting import note_question
from directory.search.text import Matched, text_matches

LAST, LAST_WORDS = "last question", "last words"
Made = TypeVar("Made")


@dataclass(frozen=True)
class Fitting:
    """What of a segment fits a question without its filters, and each of the chosen filters beside it."""

    part: Part
    matched: Matched | None
    base: Bits  # what has the words and is neither over nor left out by what is always known
    facts: tuple[Criterion, ...]
    filters: Mapping[str, Criterion]

    @property
    def segment(self) -> Segment:
        """The columns."""
        return self.part.segment

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All parts of the question that may not be known, the filters first."""
        return (*self.filters.values(), *self.facts)

    def may(self, without: str | None = None) -> Bits:
        """What fits or may, whatever one of the filters says."""
        return self._all("may", without) if without in self.filters else self._may

    def sure(self, without: str | None = None) -> Bits:
        """What surely fits, whatever one of the filters says."""
        return self._all("yes", without) if without in self.filters else self._sure

    @cached_property
    def _may(self) -> Bits:
        return self._all("may")

    @cached_property
    def _sure(self) -> Bits:
        return self._all("yes")

    def _all(self, answer: str, without: str | None = None) -> Bits:
        # No filter has the name of another part of a question.
        asked = (getattr(one, answer) for one in self.criteria if one.fact != without)
        return reduce(np.bitwise_and, asked, self.base)

    def words_of(self, rows: Ints) -> NDArray[np.floating]:
        """The points of the words of some services that have them; without words, none."""
        return np.zeros(len(rows)) if self.matched is None else self.matched.of(rows)


def fitting(session: Session, query: ServiceQuery, *, any_word: bool = False) -> list[Fitting]:
    """What fits a question, segment by segment."""
    note_question(session, query, any_word=any_word)
    found = []
    for part, matched, base, known in _unfiltered(session, query, any_word):
        chosen_ones = {
            facet: chosen(part.segment, facet, codes) for facet, codes in query.terms.items() if codes
        }
        found.append(Fitting(part, matched, base, known, chosen_ones))
    return found


_Unfiltered = list[tuple[Part, Matched | None, Bits, tuple[Criterion, ...]]]


def _unfiltered(session: Session, query: ServiceQuery, any_word: bool) -> _Unfiltered:
    """What the filters do not change. The list and its filters ask it one after the other."""
    snapshot = current(session)
    plain = replace(query, terms={}, page=1, per_page=1, sort="best")
    asked = (snapshot.at, plain, any_word)
    return _as_last(session, LAST, asked, lambda: list(_work_out(session, snapshot, plain, any_word)))


def _work_out(
    session: Session, snapshot: Snapshot, query: ServiceQuery, any_word: bool
) -> Iterator[tuple[Part, Matched | None, Bits, tuple[Criterion, ...]]]:
    matches = _matches(session, snapshot, query, any_word)
    near, ids = near_codes(session, query), _narrowed(session, query)
    for place, part in enumerate(snapshot.parts):
        segment = part.segment
        matched = None if matches is None else matches[place]
        base = part.alive if query.every_status else part.alive & segment.shown_ones
        if matched is not None:
            base = base & matched.bits(segment)
        if query.organization_id is not None:
            base = base & _of_organization(segment, query.organization_id)
        if ids is not None:
            base = base & pack(np.isin(segment.ids, ids))
        yield part, matched, base, tuple(facts(segment, query, near))


def _matches(
    session: Session, snapshot: Snapshot, query: ServiceQuery, any_word: bool
) -> list[Matched] | None:
    """What has the words, which are often asked for again without some other part of the question."""
    asked = (snapshot.at, query.text, query.widenings, any_word)
    look = partial(text_matches, snapshot, query.text, query.widenings, any_word=any_word)
    return _as_last(session, LAST_WORDS, asked, look)


def _as_last(session: Session, name: str, asked: object, work: Callable[[], Made]) -> Made:
    """What was worked out last under a name, if the same is asked."""
    if name not in session.info or session.info[name][0] != asked:
        session.info[name] = (asked, work())
    found: Made = session.info[name][1]
    return found


def _of_organization(segment: Segment, key: str) -> Bits:
    numbers = [place for place, one in enumerate(segment.organizations) if one == key]
    return pack(np.isin(segment.organization, numbers))


def _narrowed(session: Session, query: ServiceQuery) -> Ints | None:
    """The services that have what only machines ask for: values, and when they changed. None: all."""
    conditions: list[ColumnElement[bool]] = []
    if query.modified_after is not None:
        changed = select(PublishedChange.id).where(PublishedChange.last_modified >= query.modified_after)
        conditions.append(PublishedService.service_id.in_(changed))
    for taxonomy, code in query.with_terms:
        term = [PublishedTerm.facet == taxonomy] + ([PublishedTerm.code == code] if code else [])
        has = PublishedService.id.in_(select(PublishedTerm.published_service_id).where(*term))
        conditions.append(has if code else or_(has, _has_value(taxonomy=taxonomy)))
    conditions += [_has_value(term_id=value) for value in query.values]
    if not conditions:
        return None
    return np.array(
        session.scalars(select(PublishedService.id).where(and_(*conditions))).all(), dtype=np.int64
    )


def _has_value(**wanted: str) -> ColumnElement[bool]:
    """Whether a service or its organisation has a value, or any value of a taxonomy."""
    values = [getattr(PublishedValue, name) == text for name, text in wanted.items()]
    own = select(PublishedValue.published_service_id).where(
        PublishedValue.published_service_id.is_not(None), *values
    )
    of_all = select(PublishedValue.organization_id).where(
        PublishedValue.published_service_id.is_(None), *values
    )
    return or_(PublishedService.id.in_(own), PublishedService.organization_id.in_(of_all))


def near_codes(session: Session, query: ServiceQuery) -> set[str]:
    """The codes of wards and authorities that come within the distance asked for."""
    if query.place is None or query.within_metres is None:
        return set()
    points, metres = query.place.points, query.within_metres

    def near() -> set[str]:
        areas = areas_near(session, points, metres, ("ward", "authority"))
        # Each code once, however many distances are asked for.
        return {intern(area.code) for near in areas for area in near}

    return remember(session, ("near", points, metres), near)


def rows_of(bits: Bits, segment: Segment) -> Ints:
    """The rows whose bit is 1."""
    return np.flatnonzero(unpack(bits, len(segment)))
