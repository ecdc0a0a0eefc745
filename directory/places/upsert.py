"""Put whole frames into tables: new keys added, known ones replaced."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import ARRAY, ColumnElement, Table, bindparam, cast, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.models import Base

BATCH = 5_000


def upsert(
    session: Session, model: type[Base], frame: pd.DataFrame, replace: ColumnElement[bool] | None = None
) -> int:
    """Insert the frame's rows; those whose key is known replace the old, where `replace` is true of the old.

    Missing values become NULL. The number of rows of the frame.
    """
    table = inspect(model).local_table
    assert isinstance(table, Table)  # noqa: S101 - tells the type checker what every model here is
    columns = {
        str(name): frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame
    }
    session.flush()
    for start in range(0, len(frame), BATCH):
        part = {name: values[start : start + BATCH] for name, values in columns.items()}
        if session.get_bind().dialect.name == "postgresql":
            _into_postgresql(session, table, part, replace)
        else:
            _into_sqlite(session, table, part, replace)
    return len(frame)


def _into_sqlite(
    session: Session, table: Table, part: dict[str, list[Any]], replace: ColumnElement[bool] | None
) -> None:
    rows = [dict(zip(part, row, strict=True)) for row in zip(*part.values(), strict=True)]
    session.execute(_on_conflict(sqlite.insert(table), table, part, replace), rows)


def _into_postgresql(
    session: Session, table: Table, part: dict[str, list[Any]], replace: ColumnElement[bool] | None
) -> None:
    """One statement with an array a column: a row a statement would take three times as long."""
    arrays = [
        func.unnest(cast(bindparam(name, values), ARRAY(table.c[name].type))).label(name)
        for name, values in part.items()
    ]
    insert = postgresql.insert(table).from_select(list(part), select(*arrays))
    session.execute(_on_conflict(insert, table, part, replace))


def _on_conflict(insert: Any, table: Table, part: dict[str, Any], replace: ColumnElement[bool] | None) -> Any:
    keys = [column.name for column in table.primary_key]
    others = {name: insert.excluded[name] for name in part if name not in keys}
    if not others:
        return insert.on_conflict_do_nothing()
    return insert.on_conflict_do_update(index_elements=keys, set_=others, where=replace)
