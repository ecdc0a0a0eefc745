"""Write the SQL of a statement once for all engines of the tests.

SQLAlchemy keeps it by engine, and the tests make thousands: an eighth of their time went into writing the same
again. The SQL follows from the statement and the kind of database; what belongs to a database, such as the
version of its server, is the same for all of a run.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

STATEMENTS = 5_000


def write_each_statement_once() -> None:
    """Have all engines of a kind of database keep their SQL in one place."""
    kept: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    begin = Engine.__init__

    def begin_with_kept(engine: Engine, *arguments: Any, **options: Any) -> None:
        begin(engine, *arguments, **options)
        engine._compiled_cache = kept

    Engine.__init__ = begin_with_kept  # type: ignore[method-assign]
    # What is kept is found by the dialect too, of which each engine has one of its own.
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = _is_of_one_kind  # type: ignore[assignment,method-assign]
        kind.__hash__ = _by_kind  # type: ignore[assignment,method-assign]


def _is_of_one_kind(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _by_kind(one: Dialect) -> int:
    return hash(type(one))
