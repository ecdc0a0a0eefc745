"""Count a search that found little: once for whoever asks the same again, and never a person or a word."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass

from flask import current_app, request
from limits import parse
from limits.errors import StorageError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.coverage.demand import FEW, count_unmet, wait_little
from directory.db import get_engine
from directory.places.find import Place
from directory.search.run import Answer
from directory.web.asking import Asked
from directory.web.clock import today
from directory.web.limits import by_network

ONCE, OFTEN = parse("1 per day"), parse("200 per day")
_PROGRAMS = re.compile(r"bot|crawl|spider|slurp|monitor|headless|curl|wget|python", re.IGNORECASE)


@dataclass(frozen=True)
class Unmet:
    """A question that found nothing or next to nothing; `question` is it as an address."""

    place: Place | None
    categories: tuple[str, ...]
    question: str


def unmet_by(asked: Asked, answer: Answer) -> Unmet | None:
    """What was asked, if it was understood and found too little."""
    if answer.total >= FEW or asked.query.page > 1 or asked.problems or asked.place_problem:
        return None
    question = asked.href("search.results", sort=None, view=None)
    return Unmet(asked.query.place, tuple(asked.query.terms.get("category", ())), question)


def note_unmet(unmet: Unmet) -> None:
    """Count a question of a person that found too little. It never keeps the answer back."""
    if _PROGRAMS.search(request.user_agent.string):
        return
    with suppress(OperationalError, StorageError):
        if not _is_new(unmet.question):
            return
        # One connection throughout: a session gives it back with each commit, and may then have another.
        with get_engine().connect() as connection, Session(connection) as session:
            wait_little(session)
            try:
                count_unmet(session, unmet.place, unmet.categories, today())
                session.commit()
            finally:
                # The connection goes back among the others.
                session.rollback()
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA busy_timeout = 10000")


def _is_new(asked: str) -> bool:
    """Whether nobody of this network asked the same today. A hash of both is remembered for a day."""
    limits = current_app.extensions["form_limits"].limiter
    secret = str(current_app.secret_key)
    network = hashlib.sha256(f"{secret} {by_network()}".encode()).hexdigest()
    question = hashlib.sha256(f"{secret} {asked}".encode()).hexdigest()
    once, often = (ONCE, "unmet", network, question), (OFTEN, "unmet", network)
    # To look first is cheaper, and keeps nothing for a network that has asked too often.
    if not (limits.test(*often) and limits.test(*once)):
        return False
    return bool(limits.hit(*once) and limits.hit(*often))
