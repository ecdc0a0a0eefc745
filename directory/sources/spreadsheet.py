"""Spreadsheets: CSV as people's programs write it, and XLSX."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from directory.cells import plain_cell
from directory.sources.cells import text_of
from directory.sources.columns import BY_KEY, is_problem_heading
from directory.sources.entry import (
    MAX_COLUMNS,
    MAX_ROWS,
    Reading,
    SourceError,
    Table,
    TableRow,
    require_columns,
    require_rows,
    require_size,
)
from directory.sources.mapping import SourceMapping, plan_columns
from directory.sources.template import read_rows
from directory.sources.workbook import Grid, read_workbook

DELIMITERS = ",;\t"
# Titles, dates and logos may stand above the headings, but not a whole page of them.
_LATEST_HEADER = 30
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read(path: Path, mapping: SourceMapping) -> Reading:
    """Read a CSV or XLSX file into organisation documents. Row numbers are those a spreadsheet shows."""
    return read_rows(read_table(path, mapping), mapping)


def read_table(path: Path, mapping: SourceMapping) -> Table:
    """The rows below the headings, blank ones left out."""
    require_size(path)
    grids = read_workbook(path) if path.suffix.casefold() == ".xlsx" else _read_csv(path)
    best = max(grids, key=lambda grid: _header(grid, mapping)[1], default=None)
    if best is None:
        raise SourceError(f"{path.name} has no rows.")
    header, score = _header(best, mapping)
    if not score:
        wanted = (mapping.columns.get("organisation") or (BY_KEY["organisation"].heading,))[0]
        raise SourceError(
            f"{path.name} has no row of headings with {wanted!r} in it."
            " Make one, or name the columns in a mapping."
        )
    require_columns(path, max(len(row) for _, row in best.rows[header:]))
    table = _below(best, header)
    require_rows(path, len(table.rows))
    return table


def _header(grid: Grid, mapping: SourceMapping) -> tuple[int, int]:
    """Where the headings stand, and how many of them are known; 0 known means there are none."""
    best = (0, 0)
    for index, (_, cells) in enumerate(grid.rows[:_LATEST_HEADER]):
        headings = [text for cell in cells[:MAX_COLUMNS] if (text := text_of(cell))]
        plan = plan_columns(headings, mapping)
        if "organisation" in plan.columns and len(plan.columns) > best[1]:
            best = (index, len(plan.columns))
    return best


def _below(grid: Grid, header: int) -> Table:
    cells = grid.rows[header][1]
    width = max(len(row) for _, row in grid.rows[header:])
    headings = _unique_headings(cells, width)
    kept = [(i, heading) for i, heading in enumerate(headings) if not is_problem_heading(heading)]
    rows = []
    for row, values in grid.rows[header + 1 :]:
        original = {heading: values[i] if i < len(values) else None for i, heading in kept}
        texts = {heading: text_of(value) for heading, value in original.items()}
        unread = tuple(heading for i, heading in kept if (row, i) in grid.unread)
        if any(texts.values()) or unread:
            rows.append(TableRow(row, original, texts, unread))
    filled = {heading for row in rows for heading, text in row.texts.items() if text}
    named = {heading for i, heading in kept if i < len(cells) and text_of(cells[i])}
    return Table([heading for _, heading in kept if heading in filled | named], rows)


def _unique_headings(cells: Sequence[Any], width: int) -> list[str]:
    """The headings, with a number after one that stands twice and a name for each column without one."""
    headings: list[str] = []
    taken: set[str] = set()
    counts: Counter[str] = Counter()
    for i in range(width):
        heading = text_of(cells[i]) if i < len(cells) else ""
        heading = heading or f"Column {i + 1}"
        seen = heading
        while heading in taken:
            counts[seen] += 1
            heading = f"{seen} ({counts[seen] + 1})"
        taken.add(heading)
        headings.append(heading)
    return headings


def _read_csv(path: Path) -> list[Grid]:
    """The file cut at each delimiter it may have; the one that gives the most known headings is right."""
    text = _decode(path)
    first_lines = "\n".join(text.splitlines()[: _LATEST_HEADER + 1])
    return [_cut(path, text, delimiter) for delimiter in DELIMITERS if delimiter in first_lines] or [
        _cut(path, text, ",")
    ]


def _decode(path: Path) -> str:
    data = path.read_bytes()
    for encoding in (_BYTE_ORDER_MARKS.get(data[:2], "utf-8-sig"), "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{path.name} is not text in UTF-8 or Windows-1252. Save it as CSV UTF-8.")


def _cut(path: Path, text: str, delimiter: str) -> Grid:
    rows: list[tuple[int, list[Any]]] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if any(cell.strip() for cell in cells):
                rows.append((number, [plain_cell(cell) for cell in cells]))
            if len(rows) > MAX_ROWS + _LATEST_HEADER:
                break
    except csv.Error as error:
        raise SourceError(
            f"{path.name} cannot be read as CSV: {error}. Look for a quotation mark left open."
        ) from error
    return Grid(rows)
