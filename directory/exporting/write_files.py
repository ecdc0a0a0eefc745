"""The whole public record as files that must be whole before they are sent: XLSX, GeoPackage, Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy.orm import Session

from directory.cells import safe_cell
from directory.exporting.credits import credits_of
from directory.exporting.snapshot import every_service
from directory.exporting.write_text import FICTIONAL, Place, RowOf, is_fictional, place_rows
from geodata.crs import WGS84

LAYER, GEOMETRY = "directory", "geometry"


def write_xlsx(session: Session, path: Path, row_of: RowOf, columns: Sequence[str]) -> None:
    """A workbook with one row a service."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Directory")
    sheet.freeze_panes = "A2"
    if is_fictional(session):
        book.create_sheet("Read me").append([FICTIONAL])
    thanks = book.create_sheet("Sources")
    names = ("title", "publisher", "licence", "licence_url", "attribution")
    thanks.append(list(names))
    for credit in credits_of(session):
        thanks.append([_cell(credit.get(name)) for name in names])
    sheet.append(list(columns))
    for batch in every_service(session):
        for service, _ in batch:
            row = row_of(service)
            sheet.append([_cell(row.get(column)) for column in columns])
    book.save(path)


def write_geopackage(session: Session, path: Path, row_of: RowOf, columns: Sequence[str]) -> None:
    """A GeoPackage with one row a service and place."""
    schema = _schema(columns)
    # Read by GDAL as it writes: to open the file again for each batch takes more memory with each.
    rows = pa.RecordBatchReader.from_batches(schema, _batches(session, row_of, columns, schema))
    options = {"geometry_name": GEOMETRY, "geometry_type": "Point", "crs": str(WGS84)}
    pyogrio.write_arrow(rows, path, layer=LAYER, driver="GPKG", **options)


def write_geoparquet(session: Session, path: Path, row_of: RowOf, columns: Sequence[str]) -> None:
    """A GeoParquet file with one row a service and place. Without a named system it is WGS 84 (CRS84)."""
    about = {"encoding": "WKB", "geometry_types": ["Point"]}
    geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: about}}
    notes = {"note": FICTIONAL} if is_fictional(session) else {}
    notes["sources"] = json.dumps(credits_of(session), ensure_ascii=False)
    schema = _schema(columns).with_metadata({"geo": json.dumps(geo), **notes})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(session, row_of, columns, schema):
            writer.write_batch(batch)


def _schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([*((name, pa.string()) for name in _names(columns)), (GEOMETRY, pa.binary())])


def _batches(
    session: Session, row_of: RowOf, columns: Sequence[str], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Some hundreds of rows at a time, each a service and place, its point as WKB."""
    for rows in place_rows(session, row_of, columns):
        texts = [[_text(facts[name]) for facts, _ in rows] for name in _names(columns)]
        yield pa.record_batch([*texts, [shapely.to_wkb(_point(place)) for _, place in rows]], schema=schema)


def _names(columns: Sequence[str]) -> list[str]:
    return [*(column for column in columns if column not in ("latitude", "longitude")), "precision"]


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _cell(value: Any) -> Any:
    # A workbook takes no control characters.
    return safe_cell(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value


def _point(place: Place) -> shapely.Point | None:
    if place is None or place.longitude is None or place.latitude is None:
        return None
    return shapely.Point(place.longitude, place.latitude)
