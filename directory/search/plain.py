"""The answer to a question in plain words: what the first page holds, in its order."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from directory.search.query import ServiceQuery
from directory.search.run import Found, search_services
from directory.search.widen import widenings


def plain_answer(session: Session, text: str, today: date, limit: int) -> list[Found]:
    """The first services for some words: those with all of them, or where there is none, with some."""
    query = ServiceQuery(text=text, today=today, per_page=limit, widenings=widenings(session, text, today))
    return search_services(session, query).found or search_services(session, query, any_word=True).found
