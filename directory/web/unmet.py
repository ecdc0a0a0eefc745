"""Count a search that found little: once for whoever asks the same again, and never a person or a word."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress

from flask import current_app, request
from limits import parse
from limits.errors import StorageError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.coverage.demand import FEW, count_unmet, wait_little
from directory.db import get_engine
from directory.search.run import Answer
from directory.web.asking import Asked
from directory.web.clock import today
from directory.web.limits import by_network

ONCE, OFTEN = parse("1 per day"), parse("200 per day")
_PROGRAMS = re.compile(r"bot|crawl|spider|slurp|monitor|headless|curl|wget|python", re.IGNORECASE)


def is_unmet(asked: Asked, answer: Answer) -> bool:
    """Whether a question was understood, and found nothing or next to nothing."""
    return not (answer.total >= FEW or asked.query.page > 1 or asked.problems or asked.place_problem)


def note_unmet(asked: Asked, answer: Answer) -> None:
    """Count a question of a person that found nothing or next to nothing. It never keeps the answer back."""
    if not is_unmet(asked, answer):
        return
    if _PROGRAMS.search(request.user_agent.string):
        return
    with suppress(OperationalError, StorageError):
        if not _is_new(asked):
            return
        # One connection throughout: a session gives it back with each commit, and may then have another.
        with get_engine().connect() as connection, Session(connection) as session:
            wait_little(session)
            try:
                count_unmet(session, asked.query.place, asked.query.terms.get("category", ()), today())
                session.commit()
            finally:
                # The connection goes back among the others.
                session.rollback()
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA busy_timeout = 10000")


def _is_new(asked: Asked) -> bool:
    """Whether nobody of this network asked the same today. A hash of both is remembered for a day."""
    limits = current_app.extensions["form_limits"].limiter
    secret = str(current_app.secret_key)
    network = hashlib.sha256(f"{secret} {by_network()}".encode()).hexdigest()
    question = hashlib.sha256(
        f"{secret} {asked.href('search.results', sort=None, view=None)}".encode()
    ).hexdigest()
    return bool(limits.hit(ONCE, "unmet", network, question) and limits.hit(OFTEN, "unmet", network))
