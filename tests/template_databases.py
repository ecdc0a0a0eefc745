"""Databases to copy from: filled once for all workers, in SQLite, and taken over to PostgreSQL row by row."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import JSON, Connection, Engine, Text, cast, null, select, text
from sqlalchemy.orm import Session

from directory.db import make_engine, upgrade
from directory.demonstration import load_demonstration
from directory.models import Base
from directory.phrases import ensure_bundled_phrases
from directory.taxonomies import ensure_bundled_terms
from tests.unmeasured import unmeasured


def empty_file(folder: Path) -> Path:
    """A file with the tables and the bundled terms and phrases."""
    return once(folder / "empty.sqlite", fill_empty)


def demonstration_file(folder: Path, today: date) -> Path:
    """A file with the demonstration data."""
    empty = empty_file(folder)

    def fill(path: Path) -> None:
        shutil.copy(empty, path)
        fill_demonstration(path, today)

    return once(folder / "demonstration.sqlite", fill)


def once(path: Path, fill: Callable[[Path], None]) -> Path:
    """Have a file filled by the first worker that needs it; the others wait until it is there."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not path.exists():
            part = path.with_suffix(".part")
            with unmeasured():
                fill(part)
            part.rename(path)
    return path


def make_tables(url: str) -> None:
    """Make the tables, by all migrations."""
    engine = make_engine(url)
    with unmeasured():
        upgrade(engine)
    engine.dispose()


def fill_empty(path: Path) -> None:
    """Put in what comes with the directory."""
    make_tables(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        ensure_bundled_terms(session)
        ensure_bundled_phrases(session)
        session.commit()
    close(engine)


def fill_demonstration(path: Path, today: date) -> None:
    """Put in the demonstration data, as the command does."""
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        load_demonstration(session, today, lambda _count: None)
    close(engine)


def close(engine: Engine) -> None:
    """Close an engine so that its file can be copied: SQLite's log goes into it first."""
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()


def take_over(path: Path, url: str) -> None:
    """Fill a PostgreSQL database that has the tables with the rows of a file, as they are."""
    file, server = make_engine(f"sqlite:///{path}"), make_engine(url)
    with file.connect() as reading, server.begin() as writing:
        # No trigger and no look at foreign keys: what triggers wrote is among the rows.
        writing.execute(text("SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            writing.execute(table.delete())
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if rows:
                writing.execute(table.insert(), rows)
            for column in table.columns:  # SQLAlchemy writes what is absent as the null of JSON
                if isinstance(column.type, JSON) and column.nullable:
                    absent = cast(column, Text) == "null"
                    writing.execute(table.update().where(absent).values({column: null()}))
            if "id" in table.columns:
                _count_on(writing, table.name)
    file.dispose()
    server.dispose()


def _count_on(writing: Connection, table: str) -> None:
    """Have a table that numbers its rows by itself go on after those it has."""
    counter = writing.scalar(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table})
    if counter:
        next_one = text(f"SELECT setval(:counter, coalesce(max(id), 0) + 1, false) FROM {table}")
        writing.execute(next_one, {"counter": counter})
