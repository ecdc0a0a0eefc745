"""Write the SQL of a statement once for all engines of the tests.

SQLAlchemy keeps it by engine and, where records are written, by dialect, of which each engine has one of its
own. The tests make thousands of engines: a fifth of their time went into writing the same again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

# All statements of a run. Each engine has room for 500, which is enough for the ones of the application.
STATEMENTS = 5_000
# What else the SQL depends on, and how values are written and read.
SAME = ("paramstyle", "label_length", "server_version_info", "_json_serializer", "_json_deserializer")


def write_each_statement_once() -> None:
    """Have all engines alike keep their SQL in one place."""
    kept: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    begin = Engine.__init__

    def begin_with_kept(engine: Engine, *arguments: Any, **options: Any) -> None:
        begin(engine, *arguments, **options)
        if engine._compiled_cache is not None:
            engine._compiled_cache = kept

    Engine.__init__ = begin_with_kept  # type: ignore[method-assign]
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = _is_alike  # type: ignore[assignment,method-assign]
        kind.__hash__ = _by_kind  # type: ignore[assignment,method-assign]


def _is_alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other) and all(
        getattr(one, name, None) == getattr(other, name, None) for name in SAME
    )


def _by_kind(one: Dialect) -> int:
    return hash(type(one))
