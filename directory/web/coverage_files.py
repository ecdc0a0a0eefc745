"""Coverage to take away: tables as CSV and XLSX, layers as GeoJSON and GeoPackage, each with its notes."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from directory.cells import safe_cell
from directory.web.exports import FICTIONAL, csv_response, file_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GPKG = "application/geopackage+sqlite3"
Notes = Sequence[tuple[str, str]]


def table_response(
    kind: str, name: str, rows: Sequence[Mapping[str, Any]], notes: Notes, *, fictional: bool
) -> Response:
    """A table as CSV, or as XLSX with its notes on a second sheet."""
    columns = list(rows[0]) if rows else ["note"]
    if kind == "csv":
        return csv_response(rows, columns, name, fictional=fictional)
    book = Workbook(write_only=True)
    told = [*notes, *([("Note", FICTIONAL)] if fictional else [])]
    _sheet(book, "Figures", columns, [[row.get(column) for column in columns] for row in rows])
    _sheet(book, "Notes", ["What", "Words"], [list(note) for note in told])
    buffer = io.BytesIO()
    book.save(buffer)
    return file_response(buffer.getvalue(), XLSX, f"{name}.xlsx")


def geopackage_response(name: str, frame: gpd.GeoDataFrame, notes: Notes, *, fictional: bool) -> Response:
    """A layer as GeoPackage, with its notes as a second table."""
    told = pd.DataFrame([*notes, *([("Note", FICTIONAL)] if fictional else [])], columns=["what", "words"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.gpkg"
        pyogrio.write_dataframe(frame, path, layer="coverage")
        pyogrio.write_dataframe(told, path, layer="notes", append=True)
        return file_response(path.read_bytes(), GPKG, path.name)


def _sheet(book: Workbook, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, value=column) for column in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([safe_cell(value) for value in row])
