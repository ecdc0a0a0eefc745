"""The database: one engine an application, one session a request, and the migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.config import Config
from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from directory.models.turns import begin_writing

MIGRATIONS = Path(__file__).parent / "migrations"


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL, set up as the directory needs it."""
    parts = make_url(url)
    backend = parts.get_backend_name()
    if backend == "sqlite":
        if parts.database and parts.database != ":memory:":
            Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "savepoint", lambda connection, _name: begin_writing(connection))
        return engine
    if backend == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    raise ValueError(f"DATABASE_URL must be for sqlite or postgresql+psycopg, not {backend}.")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = NORMAL", "busy_timeout = 10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def upgrade(engine: Engine) -> None:
    """Bring the tables up to the newest migration."""
    config = Config()
    # Alembic reads a percent sign as the start of a name to fill in.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def init_app(app: Flask, url: str) -> None:
    """Give the application its engine, and close each request's session when the request ends."""
    app.extensions["engine"] = make_engine(url)
    app.extensions["session_info"] = {}
    app.teardown_appcontext(_close_session)


def get_engine() -> Engine:
    """The engine of the current application."""
    return cast(Engine, current_app.extensions["engine"])


def get_session() -> Session:
    """The session of the current request or command, opened when it is first asked for."""
    if "session" not in g:
        g.session = Session(get_engine(), info=dict(current_app.extensions["session_info"]))
    return cast(Session, g.session)


def _close_session(_error: BaseException | None) -> Any:
    session = g.pop("session", None)
    if session is not None:
        session.close()
