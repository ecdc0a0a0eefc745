"""What a reader hands over: entries to load, rows it could not take, and what a person should look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 500 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 500
# The column, or property, that the file of rejected rows adds. It is ignored on the way back in.
PROBLEM = "Problem"


class SourceError(ValueError):
    """The whole file cannot be read. The message says why and what to do."""


@dataclass(frozen=True)
class NotUnderstood:
    """A text that was kept, but from which no fact was taken."""

    row: int
    field: str
    text: str
    done: str


@dataclass(frozen=True)
class Flag:
    """Something in a row that was taken, for a person to look at."""

    row: int
    field: str
    message: str


@dataclass(frozen=True)
class Entry:
    """One organisation document and the rows it comes from."""

    key: str
    document: dict[str, Any]
    rows: tuple[int, ...]
    not_understood: tuple[NotUnderstood, ...] = ()
    flags: tuple[Flag, ...] = ()
    # Of use only where the directory has the organisation already, as when a register removes it.
    only_if_known: bool = False


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken, with the reason and everything that was in it."""

    row: int
    field: str
    reason: str
    original: Mapping[str, Any]


@dataclass(frozen=True)
class Grant:
    """A grant that a funder made; `org_ids` are the identifiers of whoever got it."""

    key: str
    org_ids: tuple[str, ...]
    funder: str
    title: str
    amount: float | None = None
    currency: str | None = None
    awarded_on: date | None = None
    benefits: str | None = None


@dataclass(frozen=True)
class Reading:
    """A whole file, read. Every row is in one entry, is rejected, or is one that was not wanted.

    Examples are not counted as rows. `not_wanted` says how many rows were left out, by the reason.
    `originals` holds every row as it came, so that a row refused later can be written back too.
    `made_identifiers` are those that the reader made where the source's own could not be kept.
    `grants` are those of a source of grants, and None of any other.
    """

    entries: list[Entry]
    rejected: list[Rejected]
    rows: int
    examples: int = 0
    originals: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    made_identifiers: frozenset[str] = frozenset()
    not_wanted: Mapping[str, int] = field(default_factory=dict)
    grants: tuple[Grant, ...] | None = None


@dataclass(frozen=True)
class TableRow:
    """One row of a spreadsheet, or one feature: as it came, and as plain text by heading."""

    number: int
    original: Mapping[str, Any]
    texts: Mapping[str, str]
    # Columns whose formula has no stored value: what a person sees there is not in the file.
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows under headings, and rows that cannot be read as such."""

    headings: list[str]
    rows: list[TableRow]
    rejected: list[Rejected] = field(default_factory=list)


def require_size(path: Path) -> None:
    """Refuse a file that is missing, empty or larger than 50 MB."""
    if not path.is_file():
        raise SourceError(f"There is no file {path.name}.")
    size = path.stat().st_size
    if size == 0:
        raise SourceError(f"{path.name} is empty.")
    if size > MAX_BYTES:
        raise SourceError(
            f"{path.name} is {size // 1024 // 1024} MB, and {MAX_BYTES // 1024 // 1024} MB is the most."
            " Split it into several files."
        )


def require_rows(path: Path, count: int) -> None:
    """Refuse more than 200,000 rows."""
    if count > MAX_ROWS:
        raise SourceError(f"{path.name} has more than {MAX_ROWS:,} rows. Split it into several files.")


def require_columns(path: Path, count: int) -> None:
    """Refuse more than 500 columns."""
    if count > MAX_COLUMNS:
        raise SourceError(
            f"{path.name} has more than {MAX_COLUMNS} columns. Remove those that are not needed."
        )
