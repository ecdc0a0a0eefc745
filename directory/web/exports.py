"""The answer to a question as CSV, GeoJSON and JSON. Every output has the same facts of the same services."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response

from directory.search.frames import places_or_none
from directory.search.run import Found
from directory.web.records import export_facts

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FICTIONAL = "Fictional: demonstration data. These organisations do not exist."


def export_rows(found: Iterable[Found]) -> list[dict[str, Any]]:
    """One row a service, with how sure the answer is and which facts are missing."""
    return [
        export_facts(item.service)
        | {"fits": "yes" if item.sure else "not known", "missing_facts": ", ".join(item.missing)}
        for item in found
    ]


def csv_response(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], name: str) -> Response:
    """A CSV file that spreadsheets open as it is meant: as text, in UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(row.get(column)) for column in columns])
    return _file("\ufeff" + buffer.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet will run: what looks like a formula gets a quotation mark before it."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def geojson_response(features: Sequence[Mapping[str, Any]], name: str, *, fictional: bool) -> Response:
    """A GeoJSON collection (RFC 7946, WGS 84)."""
    document: dict[str, Any] = {"type": "FeatureCollection", "name": name, "features": list(features)}
    if fictional:
        document["note"] = FICTIONAL
    return _file(json.dumps(document, ensure_ascii=False), "application/geo+json", f"{name}.geojson")


def service_features(found: Sequence[Found]) -> list[dict[str, Any]]:
    """One feature a service and place; a service whose place is not shown has no geometry, and is there."""
    features = []
    for item, row in zip(found, export_rows(found), strict=True):
        properties = {name: value for name, value in row.items() if name not in ("latitude", "longitude")}
        for place in places_or_none(item.service):
            shown = place is not None and place.longitude is not None
            point = (
                {"type": "Point", "coordinates": [place.longitude, place.latitude]}
                if shown and place
                else None
            )
            precision = place.precision if place else None
            features.append(
                {"type": "Feature", "geometry": point, "properties": properties | {"precision": precision}}
            )
    return features


def json_response(document: Mapping[str, Any], name: str) -> Response:
    """A JSON document to take away."""
    return _file(json.dumps(document, ensure_ascii=False, indent=1), "application/json", f"{name}.json")


def _file(text: str, content_type: str, file_name: str) -> Response:
    response = Response(text, content_type=content_type)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
