"""What is worked out once, and kept as long as the tables that it was read from stay as they are.

The key has the tokens of these tables in it (see the migrations 0011 and 0014), and a token is random: what a
transaction made that was given up is never found again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

T = TypeVar("T")
# Anybody can ask for another place or distance, and near a place may be thousands of areas.
MOST = 500
# Half a megabyte each. A question about coverage keeps six, and a reader goes to and fro between a dozen.
MOST_OF_COVERAGE = 72
STATE = "state of the tables"
# A number of change, and the token that came with it.
At = tuple[int, str]
NOTHING: At = (0, "")
# The name of each table with its token, in the order of the names.
Tokens = tuple[tuple[str, str], ...]

Shelf = WeakKeyDictionary[Engine, OrderedDict[Hashable, Any]]
_KEPT: Shelf = WeakKeyDictionary()
_COVERAGE: Shelf = WeakKeyDictionary()
_TURN = Lock()
# Every request asks this, so it goes to the database as it stands.
_STATES = """
    SELECT name, token, 0 FROM reference_state
    UNION ALL SELECT '', token, number FROM published_batch
    WHERE number = (SELECT max(number) FROM published_batch)
"""


def remember(session: Session, what: Hashable, make: Callable[[], T], *, published: bool = False) -> T:
    """What `make` gives, made once for each state of the terms, phrases and geography.

    With `published`, for each state of the public copy as well: not to be asked for while one publishes, as
    the mark of the new state comes before all of it is there. Nobody may change what is given.
    """
    return _from(_KEPT, MOST, session, (what, _state(session, published=published)), make)


def remember_coverage(
    session: Session, what: Hashable, make: Callable[[], T], *, published: bool = True
) -> T:
    """The same for the answers about coverage, which are large and few."""
    key = (what, _state(session, published=published))
    return _from(_COVERAGE, MOST_OF_COVERAGE, session, key, make)


def _state(session: Session, *, published: bool) -> tuple[Tokens, At]:
    return reference_state(session), newest(session) if published else NOTHING


def _from(shelf: Shelf, most: int, session: Session, key: Hashable, make: Callable[[], T]) -> T:
    with _TURN:
        kept = shelf.setdefault(session.get_bind().engine, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            found: T = kept[key]
            return found
    made = make()
    with _TURN:
        kept[key] = made
        while len(kept) > most:
            kept.popitem(last=False)
    return made


def newest(session: Session) -> At:
    """The number of the last change of the public copy, as this transaction sees it."""
    return _states(session)[1]


def reference_state(session: Session) -> Tokens:
    """The tokens of the tables of reference, as this transaction sees them."""
    return _states(session)[0]


def _states(session: Session) -> tuple[Tokens, At]:
    """Both in one query, and once in a transaction that changes nothing."""
    if session.autoflush and (session.new or session.dirty or session.deleted):
        session.flush()
    known = session.info.get(STATE)
    if known is None or known[0] is not session.get_transaction():
        rows = session.connection().exec_driver_sql(_STATES).all()
        at = next(((number, token) for name, token, number in rows if not name), NOTHING)
        tokens = tuple(sorted((name, token) for name, token, _ in rows if name))
        known = session.info[STATE] = (session.get_transaction(), tokens, at)
    return known[1], known[2]


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: Any) -> None:
    session.info.pop(STATE, None)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, _previous: Any) -> None:
    session.info.pop(STATE, None)


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info.pop(STATE, None)
