"""Write rows as a spreadsheet: the rejected ones with the reason, every cell as it came."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from directory.cells import safe_cell
from directory.sources.cells import text_of
from directory.sources.entry import PROBLEM, Rejected


def write_rejected(path: Path, rejected: Sequence[Rejected]) -> None:
    """Write the rejected rows as CSV or XLSX, with the column "Problem" at the end."""
    headings = list(dict.fromkeys(heading for item in rejected for heading in item.original))
    rows = [{**item.original, PROBLEM: f"{item.field}: {item.reason}"} for item in rejected]
    write_rows(path, [*headings, PROBLEM], rows)


def write_rows(path: Path, headings: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows under headings in the format that the name of the file says."""
    if path.suffix.casefold() == ".xlsx":
        _write_xlsx(path, headings, rows)
    else:
        _write_csv(path, headings, rows)


def _write_csv(path: Path, headings: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    # With a byte order mark spreadsheets take the file for UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_csv_text(heading) for heading in headings])
        for row in rows:
            writer.writerow([_csv_text(row.get(heading)) for heading in headings])


def _csv_text(value: Any) -> str:
    return str(safe_cell(value)) if isinstance(value, str) else text_of(value)


def _write_xlsx(path: Path, headings: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rows")
    sheet.freeze_panes = "A2"
    bold = []
    for heading in headings:
        cell = text_cell(sheet, heading)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([text_cell(sheet, row.get(heading)) for heading in headings])
    book.save(path)


def text_cell(sheet: Any, value: Any) -> Any:
    """A cell whose text stays text: "=1+1" from a stranger's file must not become a formula that runs."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True
    return cell
