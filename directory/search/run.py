"""Answer a question: what surely fits first, then what may fit, never what does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from directory.models import PublishedService
from directory.search.columns.segment import NEVER, Ints, count, unpack
from directory.search.criteria import least_square_metres
from directory.search.fitting import Fitting, fitting, rows_of
from directory.search.query import ServiceQuery
from directory.search.ranking import Floats, Points, Ranked, points
from directory.search.resting import note_order, note_shown

# Longer than any distance that is known, in square metres.
BEYOND = 1 << 41
BATCH = 1000
FEW = 50  # services, as on a page


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


@dataclass(frozen=True)
class _Placed:
    """A service in its place in the order: what it is ordered by, and where it stands in the columns."""

    order: tuple[int, str]
    fits: Fitting
    row: int
    number: int
    points: Points


def count_services(session: Session, query: ServiceQuery, *, any_word: bool = False) -> tuple[int, int]:
    """How many services surely fit a question, and how many may."""
    return _count(fitting(session, query, any_word=any_word))


def _count(fits: Sequence[Fitting]) -> tuple[int, int]:
    known, total = sum(count(one.sure()) for one in fits), sum(count(one.may()) for one in fits)
    return known, total - known


def sure_services(session: Session, query: ServiceQuery) -> dict[str, int]:
    """The services that surely fit, in an order that stays while one pages: identifier and number."""
    found: list[tuple[float, str, int]] = []
    for one in fitting(session, query):
        rows = rows_of(one.sure(), one.segment)
        ids = one.segment.ids[rows].tolist()
        keys = [one.segment.service_id(row) for row in rows]
        found += zip((-one.words_of(rows)).tolist(), keys, ids, strict=True)
    if found:
        note_order(session, query)
    return {key: number for _, key, number in sorted(found)}


def answers(session: Session, query: ServiceQuery) -> dict[int, int]:
    """The answer of every service that runs, by the number of its public copy: 1 yes, 0 not known, -1 no."""
    found: dict[int, int] = {}
    for one in fitting(session, query):
        length = len(one.segment)
        rows = rows_of(one.base, one.segment)
        fits = unpack(one.sure(), length).astype(int) + unpack(one.may(), length) - 1
        found |= dict(zip(one.segment.ids[rows].tolist(), fits[rows].tolist(), strict=True))
    return found


def search_services(session: Session, query: ServiceQuery, *, any_word: bool = False) -> Answer:
    """One page of the answer to a question."""
    fits = fitting(session, query, any_word=any_word)
    known, unknown = _count(fits)
    total = known + unknown
    if not total:
        return Answer(found=[], total_known=0, total_unknown=0, page=1, pages=1)
    pages = -(-total // query.per_page)
    page = min(max(query.page, 1), pages)
    found = _page(session, query, fits, page)
    return Answer(found=found, total_known=known, total_unknown=unknown, page=page, pages=pages)


def first_services(session: Session, query: ServiceQuery, *, any_word: bool = False) -> list[Found]:
    """The first page of the answer to a question, without counting how many there are in all."""
    return _page(session, query, fitting(session, query, any_word=any_word), 1)


def search_all(session: Session, query: ServiceQuery, limit: int) -> Answer:
    """The whole answer, as for an export or a map, up to a limit."""
    return search_services(session, replace(query, page=1, per_page=limit))


def _page(session: Session, query: ServiceQuery, fits: Sequence[Fitting], page: int) -> list[Found]:
    end = page * query.per_page
    best = sorted((one for part in fits for one in _best(query, part, end)), key=lambda one: one.order)
    if best:
        note_order(session, query)
    shown = best[end - query.per_page : end]
    services = _read(session, [int(one.fits.segment.ids[one.row]) for one in shown])
    return [
        _found(one, services[key]) for one in shown if (key := int(one.fits.segment.ids[one.row])) in services
    ]


def _read(session: Session, ids: Sequence[int]) -> dict[int, PublishedService]:
    """The records of a page: all that is read from the database."""
    found: dict[int, PublishedService] = {}
    # A page in one go: each question to a database of another machine is a journey there. Of many services
    # not, for with each place comes the whole record again.
    with_places = joinedload if len(ids) <= FEW else selectinload
    for start in range(0, len(ids), BATCH):
        query = select(PublishedService).where(PublishedService.id.in_(ids[start : start + BATCH]))
        for service in session.scalars(query.options(with_places(PublishedService.places))).unique():
            found[service.id] = service
    note_shown(session, (service.organization_id for service in found.values()))
    return found


def _best(query: ServiceQuery, fits: Fitting, end: int) -> Iterator[_Placed]:
    """The first services of a segment: known before not known, then as asked, then by name and identifier."""
    segment = fits.segment
    rows = rows_of(fits.may(), segment)
    sure = unpack(fits.sure(), len(segment))[rows]
    squares = None if query.place is None else least_square_metres(segment, query.place, rows)
    ranked = points(segment, query, rows, fits.words_of(rows), squares)
    order = np.where(sure, 0, BEYOND << 1) + _asked_order(query, fits, rows, ranked, squares)
    for place in _first(order, end):
        row = int(rows[place])
        yield _Placed((int(order[place]), segment.keys[row]), fits, row, int(place), ranked)


def _asked_order(
    query: ServiceQuery, fits: Fitting, rows: Ints, ranked: Points, squares: Floats | None
) -> Ints:
    """What services are ordered by, the lower the sooner: whole numbers below BEYOND, or just that."""
    if query.sort == "best":
        return -ranked.whole()
    if query.sort == "distance" and squares is not None:
        # A service without a point has no distance: it comes after those that have one.
        return np.minimum(squares, BEYOND).astype(np.int64)
    if query.sort == "checked":
        days = fits.segment.checked_on[rows].astype(np.int64)
        days[days == NEVER] = -BEYOND
        return -days
    return np.zeros(len(rows), dtype=np.int64)


def _first(order: Ints, end: int) -> Ints:
    """The places of the first so many, the least first; of equal ones the first by name."""
    if len(order) <= end:
        return np.argsort(order, kind="stable")
    # The rows are in the order of the names, so of those that tie at the end the first ones stay.
    limit = np.partition(order, end - 1)[end - 1]
    below, tied = np.flatnonzero(order < limit), np.flatnonzero(order == limit)
    kept = np.concatenate([below, tied[: end - len(below)]])
    kept.sort()
    return kept[np.argsort(order[kept], kind="stable")]


def _found(one: _Placed, service: PublishedService) -> Found:
    word, bit = divmod(one.row, 64)
    lacks = [not (int(part.yes[word]) >> bit) & 1 for part in one.fits.criteria]
    missing = tuple(part.fact for part, lack in zip(one.fits.criteria, lacks, strict=True) if lack)
    return Found(service=service, sure=not missing, missing=missing, ranked=one.points.of(one.number))
