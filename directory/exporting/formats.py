"""The forms in which the whole public record can be taken away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.exporting import write_files, write_text
from directory.exporting.snapshot import BEFORE, snapshot
from directory.exporting.write_package import write_package
from directory.exporting.write_text import RowOf
from directory.languages import N_
from directory.publishing.changes import changed_at

CHUNK = 65_536


@dataclass(frozen=True)
class Form:
    """One form: how it is called, what it is for, and its content type."""

    title: str
    use: str
    content_type: str
    text: bool = False


FORMS: Mapping[str, Form] = {
    "directory.json": Form(
        N_("Open Referral UK (JSON)"), N_("for other directories and programs"), "application/json", text=True
    ),
    "directory.zip": Form(
        N_("Open Referral UK tables (CSV in zip)"),
        N_("for databases, with datapackage.json"),
        "application/zip",
    ),
    "directory.csv": Form(
        N_("Spreadsheet (CSV)"), N_("one row a service"), "text/csv; charset=utf-8", text=True
    ),
    "directory.xlsx": Form(
        N_("Workbook (XLSX)"),
        N_("one row a service"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "directory.geojson": Form(
        N_("Map data (GeoJSON)"), N_("for maps on the web"), "application/geo+json", text=True
    ),
    "directory.gpkg": Form(
        N_("Map data (GeoPackage)"),
        N_("for QGIS"),
        "application/geopackage+sqlite3",
    ),
    "directory.parquet": Form(
        N_("Map data (GeoParquet)"), N_("for analysis"), "application/vnd.apache.parquet"
    ),
}


def export(engine: Engine, name: str, row_of: RowOf, columns: Sequence[str]) -> Iterator[bytes]:
    """The whole public record as of one moment, in parts; `row_of` gives the facts of a service."""
    with snapshot(engine) as session:
        if FORMS[name].text:
            for text in _texts(session, name, row_of, columns):
                yield text.encode()
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            _writer(name, row_of, columns)(session, path)
            with path.open("rb") as file:
                while part := file.read(CHUNK):
                    yield part


def _texts(session: Session, name: str, row_of: RowOf, columns: Sequence[str]) -> Iterator[str]:
    if name.endswith(".geojson"):
        return write_text.write_geojson(session, row_of, columns)
    if name.endswith(".csv"):
        return write_text.write_csv(session, row_of, columns)
    return write_text.write_json(session)


def _writer(name: str, row_of: RowOf, columns: Sequence[str]) -> Callable[[Session, Path], None]:
    if name.endswith(".zip"):
        return lambda session, path: write_package(session, path, path.parent, changed_at(session) or BEFORE)
    write = {
        "directory.xlsx": write_files.write_xlsx,
        "directory.gpkg": write_files.write_geopackage,
        "directory.parquet": write_files.write_geoparquet,
    }[name]
    return lambda session, path: write(session, path, row_of, columns)
