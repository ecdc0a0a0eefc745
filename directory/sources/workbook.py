"""XLSX workbooks, opened with care: they are zips of XML from anywhere."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from directory.sources.entry import MAX_ROWS, MAX_UNPACKED_BYTES, SourceError, require_columns

_MOST_MEMBERS = 2_000
_MOST_SHEETS = 100
_MOST_MERGED = 10_000
_MOST_FILLED = 1_000_000
# A row or cell far out stands for all the blank ones before it, so a small file may hold very many.
_MOST_BLANKS = 10_000_000
_CHUNK = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z0-9:$]{2,30})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
# What openpyxl raises on files that are damaged or not what they say.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
)


@dataclass(frozen=True)
class Grid:
    """The rows of a sheet that are not blank, with numbers, and the cells whose formula has no value."""

    rows: list[tuple[int, list[Any]]]
    unread: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def read_workbook(path: Path) -> list[Grid]:
    """The sheets of a workbook. Cells merged downwards are filled with what a person sees in them."""
    _require_safe(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(_read_sheets(path))
    except SourceError:
        raise
    except _DAMAGED as error:
        raise SourceError(
            f"{path.name} is damaged and cannot be read. Open it and save it again as XLSX."
        ) from error


def _require_safe(path: Path) -> None:
    """Refuse what is no zip, and a zip that would fill the memory."""
    if not zipfile.is_zipfile(path):
        raise SourceError(
            f"{path.name} is not an XLSX workbook, or it has a password. Save it as XLSX without one."
        )
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise SourceError(
            f"{path.name} unpacks to more than {MAX_UNPACKED_BYTES // 1024 // 1024} MB and was not opened."
            " Split it into several files."
        )


def _read_sheets(path: Path) -> Iterator[Grid]:
    with zipfile.ZipFile(path) as archive:
        book = load_workbook(path, read_only=True, data_only=True)
        blanks = 0
        try:
            if len(book.worksheets) > _MOST_SHEETS:
                raise SourceError(f"{path.name} has more than {_MOST_SHEETS} sheets. Split it.")
            for sheet in book.worksheets:
                with archive.open(vars(sheet)["_worksheet_path"]) as stream:
                    merged, has_formulas = _scan(stream)
                sheet.reset_dimensions()
                rows, blanks = _filled_rows(path, sheet.iter_rows(values_only=True), blanks)
                _fill_down(path, rows, merged)
                unread = _unread(path, sheet.title, dict(rows)) if has_formulas else frozenset()
                yield Grid(rows, unread)
        finally:
            book.close()


def _filled_rows(
    path: Path, values: Iterator[tuple[Any, ...]], blanks: int
) -> tuple[list[tuple[int, list[Any]]], int]:
    """The rows that hold something, and how many blank rows and cells the workbook has so far."""
    rows: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(values, 1):
        width = max((i for i, cell in enumerate(cells, 1) if cell not in (None, "")), default=0)
        if width:
            require_columns(path, width)
            rows.append((number, list(cells[:width])))
        if width and number > MAX_ROWS + 100:
            raise SourceError(f"{path.name} has more than {MAX_ROWS:,} rows. Split it into several files.")
        blanks += max(len(cells) - width, 0 if width else 1)
        if blanks > _MOST_BLANKS:
            raise SourceError(
                f"{path.name} has more than {_MOST_BLANKS:,} blank rows and cells before its last ones."
                " Copy the filled part into a new workbook."
            )
    return rows, blanks


def _scan(stream: IO[bytes]) -> tuple[list[str], bool]:
    """The merged ranges of a sheet and whether it has formulas; the fast reader tells neither."""
    merged: list[str] = []
    has_formulas = False
    before = b""
    while chunk := stream.read(_CHUNK):
        text = before + chunk
        # Anything cut in two by the end of the chunk is met again, whole, in the next.
        end = max(text.rfind(b"<"), 0)
        has_formulas = has_formulas or bool(_FORMULA.search(text, 0, end))
        merged += [match[1].decode() for match in _MERGED.finditer(text, 0, end)]
        # No tag that matters is as long as a chunk.
        before = text[end:] if len(text) - end <= _CHUNK else b""
    return merged, has_formulas


def _fill_down(path: Path, rows: list[tuple[int, list[Any]]], merged: list[str]) -> None:
    """Give each row under a merged cell that cell's value: it is what a person reads in it."""
    if len(merged) > _MOST_MERGED:
        raise _too_much_merged(path)
    by_number = dict(rows)
    numbers = list(by_number)
    filled = 0
    for reference in merged:
        column, top, _, bottom = range_boundaries(reference)
        if column is None or top is None or bottom is None:
            continue
        above = by_number.get(top, [])
        value = above[column - 1] if column <= len(above) else None
        if value is None:
            continue
        below = numbers[bisect_right(numbers, top) : bisect_right(numbers, bottom)]
        filled += len(below)
        if filled > _MOST_FILLED:
            raise _too_much_merged(path)
        for number in below:
            cells = by_number[number]
            cells.extend([None] * (column - len(cells)))
            cells[column - 1] = value


def _too_much_merged(path: Path) -> SourceError:
    return SourceError(
        f"{path.name} has more than {_MOST_MERGED:,} merged cells, or they cover more than"
        f" {_MOST_FILLED:,} rows. Unmerge them and fill in each row."
    )


def _unread(path: Path, title: str, rows: dict[int, list[Any]]) -> frozenset[tuple[int, int]]:
    """Where a formula stands whose value was never stored, as row number and column from 0."""
    book = load_workbook(path, read_only=True, data_only=False)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        return frozenset(
            (number, i)
            for number, cells in enumerate(sheet.iter_rows(), 1)
            for i, cell in enumerate(cells)
            if cell.data_type == "f" and (i >= len(rows.get(number, [])) or rows[number][i] is None)
        )
    finally:
        book.close()
