"""One writer at a time, where two must not read the same state before they write."""

from __future__ import annotations

import sqlite3
from typing import cast
from zlib import crc32

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, name: str) -> None:
    """Wait until nobody else holds the turn of this name; it is held until the transaction ends.

    SQLite has one writer at a time anyway: the transaction begins as one that writes. What was read before
    may be stale, so take the turn first, then read.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(crc32(name.encode()))))
        return
    begin_writing(connection)


def begin_writing(connection: Connection) -> None:
    """On SQLite, begin a transaction that writes, unless one is open.

    Python's driver begins one only before a statement that writes: a savepoint alone would be a transaction
    of its own, and its release a commit. Immediate, so that two writers wait for each other.
    """
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
