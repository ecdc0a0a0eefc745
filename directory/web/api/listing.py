"""Pages of a list, and lists without pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Response
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from directory.db import get_engine, get_session
from directory.exporting.snapshot import snapshot
from directory.exporting.terms import Shape, Terms, read_terms
from directory.publishing.changes import changed_at
from directory.web.api.answers import dump_json, json_answer, streamed_answer
from directory.web.api.parameters import Listed
from directory.web.api.problems import refused

NDJSON = "application/x-ndjson"
BATCH = 500
# A query that gives identifiers, or the few identifiers themselves.
Keys = Callable[[Session, Terms], Select[Any] | list[str]]
Shapes = Callable[[Session, Terms, Sequence[str]], list[Shape]]
Write = Callable[[Iterator[Shape], int], Iterator[str]]


def list_answer(asked: Listed, keys: Keys, shapes: Shapes) -> Response:
    """One page of a list, or all of it in lines."""
    if asked.format == "ndjson":
        return _streamed(keys, _lines, shapes, NDJSON)
    session = get_session()
    terms = read_terms(session)
    selected = keys(session, terms)
    total = count_keys(session, selected)
    pages = -(-total // asked.per_page)
    if asked.page > max(pages, 1):
        raise refused([("page", f"There is no such page. The last is {max(pages, 1)}.")], 404)
    start = (asked.page - 1) * asked.per_page
    ids = _slice(session, selected, start, asked.per_page)
    contents = shapes(session, terms, ids)
    return json_answer(page_of(contents, total, asked.page, pages), changed_at(session))


def whole_answer(keys: Keys, shapes: Shapes) -> Response:
    """A whole list as one page, sent as it is made."""

    def whole(things: Iterator[Shape], total: int) -> Iterator[str]:
        page = page_of([], total, 1, min(total, 1)) | {"size": total}
        head, middle, tail = dump_json(page).partition('"contents":[')
        yield head + middle
        for number, thing in enumerate(things):
            yield f"{',' if number else ''}{dump_json(thing)}"
        yield tail

    return _streamed(keys, whole, shapes, "application/json")


def page_of(contents: list[Shape], total: int, page: int, pages: int) -> Shape:
    """A page as the profile has it."""
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": total == 0,
        "contents": contents,
    }


def count_keys(session: Session, selected: Select[Any] | list[str]) -> int:
    """How many things a list has."""
    if isinstance(selected, list):
        return len(selected)
    return session.scalar(select(func.count()).select_from(selected.order_by(None).subquery())) or 0


def _slice(
    session: Session, selected: Select[Any] | list[str], start: int, length: int | None
) -> Sequence[str]:
    if isinstance(selected, list):
        return selected[start:][:length]
    return session.scalars(selected.offset(start or None).limit(length)).all()


def _lines(things: Iterator[Shape], _total: int) -> Iterator[str]:
    return (f"{dump_json(thing)}\n" for thing in things)


def _streamed(keys: Keys, write: Write, shapes: Shapes, content_type: str) -> Response:
    """Everything that was asked for, as of one moment: that at which the sending begins."""
    session, engine = get_session(), get_engine()
    terms = read_terms(session)
    selected = keys(session, terms)

    def parts() -> Iterator[str]:
        with snapshot(engine) as moment:
            ids = _slice(moment, selected, 0, None)
            yield from write(_things(moment, terms, ids, shapes), len(ids))

    return streamed_answer(parts(), content_type, changed_at(session))


def _things(session: Session, terms: Terms, ids: Sequence[str], shapes: Shapes) -> Iterator[Shape]:
    for start in range(0, len(ids), BATCH):
        yield from shapes(session, terms, ids[start : start + BATCH])
        session.expunge_all()
