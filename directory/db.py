"""The database: one engine an application, one session a request, and the migrations."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import command
from alembic.config import Config
from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from directory.models.turns import begin_writing

MIGRATIONS = Path(__file__).parent / "migrations"
# A connection that was used so lately is taken to be there still.
IDLE_SECONDS = 5.0


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
        engine = create_engine(url)
        event.listen(engine, "checkin", _note_time)
        event.listen(engine, "checkout", _ask_if_idle)
        return engine
    raise ValueError(f"DATABASE_URL must be for sqlite or postgresql+psycopg, not {backend}.")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = NORMAL", "busy_timeout = 10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _note_time(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _ask_if_idle(
    connection: psycopg.Connection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Have a connection made anew that was lost while it lay idle, as when the server was started again.

    To ask each time is a journey to the server for every request.
    """
    now = time.monotonic()
    if now - record.info.get("used", now) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error


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
