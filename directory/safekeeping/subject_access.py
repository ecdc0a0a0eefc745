"""Give a person everything that is held on it: as JSON for machines, and as a page to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import JSON, LargeBinary, Table
from sqlalchemy.orm import Session

from directory import audit
from directory.models import Base
from directory.safekeeping.holdings import SECRET_COLUMNS, Holding, holdings
from directory.safekeeping.person import find_person

KEPT_BACK = "kept, and given to nobody"
BYTES = "a file; ask for a copy"


def subject_access(session: Session, asked: str, account_id: str | None = None) -> dict[str, Any]:
    """Everything that is held on the person of a name or an e-mail address, table by table.

    That it was asked for is written into the log, without who it was about. The caller commits.
    """
    person = find_person(session, asked)
    found: dict[str, list[dict[str, Any]]] = {}
    for holding in holdings(session, person):
        found.setdefault(holding.table.name, []).append(_entry(holding))
    audit.record(session, account_id, "subject access", ("person", None), {"rows": str(_count(found))})
    return {
        "asked_for": asked,
        "names": sorted(person.names),
        "emails": sorted(person.emails),
        "telephone_numbers": sorted(person.numbers),
        "rows": _count(found),
        "tables": [
            {"table": name, "what": what(Base.metadata.tables[name]), "rows": rows}
            for name, rows in found.items()
        ],
    }


def readable_page(answer: Mapping[str, Any]) -> str:
    """The answer as a page of HTML that stands by itself."""
    folder = resources.files("directory.templates") / "safekeeping"
    environment = Environment(
        loader=FileSystemLoader(str(folder)), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("subject_access.html").render(**answer)


def what(table: Table) -> str:
    """What a table holds, in a sentence."""
    mapper = next((item for item in Base.registry.mappers if item.local_table is table), None)
    words = " ".join((mapper.class_.__doc__ or "").split()) if mapper else "Which rows go together."
    return words.split(". ")[0].rstrip(".") + "."


def _count(found: Mapping[str, list[Any]]) -> int:
    return sum(len(rows) for rows in found.values())


def _entry(holding: Holding) -> dict[str, Any]:
    """One row: whole where it is the person's own, and else what names the person, with its key."""
    table = holding.table
    facts: dict[str, Any] = {name: _plain(value) for name, value in holding.key.items()}
    for column in table.columns:
        value = holding.row.get(column.name)
        if column.name in holding.named:
            facts[column.name] = holding.named[column.name]
        elif isinstance(column.type, LargeBinary):
            facts[column.name] = BYTES
        elif column.name in SECRET_COLUMNS:
            facts |= {column.name: KEPT_BACK} if holding.own else {}
        elif value is not None and not isinstance(column.type, JSON) and _is_told(holding, column.name):
            facts[column.name] = _plain(value)
    return facts


def _is_told(holding: Holding, name: str) -> bool:
    """A moment or a number says nothing of anybody else, and what it was matters to whoever asks."""
    return (
        holding.own or name in ("organization_id", "number") or isinstance(holding.row[name], date | datetime)
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
