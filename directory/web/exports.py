"""The answer to a question as CSV, GeoJSON and JSON. Every output has the same facts of the same services."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response

from directory.cells import safe_cell
from directory.languages import N_
from directory.search.frames import places_or_none
from directory.search.run import Found
from directory.web.records import export_facts

FICTIONAL = N_("Fictional: demonstration data. These organisations do not exist.")
EXPORT_COLUMNS = (
    "service_id",
    "service",
    "organisation",
    "register_numbers",
    "kind_of_help",
    "description",
    "who_it_is_for",
    "gender",
    "ages",
    "cost",
    "how_to_get_a_place",
    "opening_hours",
    "languages",
    "where",
    "postcode",
    "latitude",
    "longitude",
    "website",
    "email",
    "telephone",
    "status",
    "full_on",
    "checked_on",
    "checked_by",
    "due_on",
    "freshness",
    "source",
    "licence",
    "attribution",
    "note",
    "fits",
    "missing_facts",
)


LONGEST_NAME = 80


def file_name(name: str, *asked: object) -> str:
    """A name with what was asked in it, so that two files in one folder can be told apart."""
    words = [name, *(str(part) for part in asked if part is not None)]
    plain = (re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words)
    return "-".join(filter(None, plain))[:LONGEST_NAME].rstrip("-")


def any_fictional(found: Iterable[Found]) -> bool:
    """Whether any of the services is made up."""
    return any(item.service.fictional for item in found)


def export_rows(found: Iterable[Found]) -> list[dict[str, Any]]:
    """One row a service, with how sure the answer is and which facts are missing."""
    return [
        export_facts(item.service)
        | {"fits": "yes" if item.sure else "not known", "missing_facts": ", ".join(item.missing)}
        for item in found
    ]


def csv_response(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], name: str, *, fictional: bool = False
) -> Response:
    """A CSV file that spreadsheets open as it is meant: as text, in UTF-8.

    With `fictional`, a last column says so in every row, as where the rows are counts of made-up records.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    note = [FICTIONAL] if fictional else []
    writer.writerow([*columns, "note"] if fictional else columns)
    for row in rows:
        writer.writerow([*(safe_cell(row.get(column)) for column in columns), *note])
    return file_response("\ufeff" + buffer.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def geojson_response(features: Sequence[Mapping[str, Any]], name: str, *, fictional: bool) -> Response:
    """A GeoJSON collection (RFC 7946, WGS 84)."""
    document: dict[str, Any] = {"type": "FeatureCollection", "name": name, "features": list(features)}
    if fictional:
        document["note"] = FICTIONAL
    return file_response(json.dumps(document, ensure_ascii=False), "application/geo+json", f"{name}.geojson")


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


def json_response(document: Mapping[str, Any], name: str, *, fictional: bool) -> Response:
    """A JSON document to take away."""
    if fictional:
        document = {"note": FICTIONAL, **document}
    return file_response(
        json.dumps(document, ensure_ascii=False, indent=1), "application/json", f"{name}.json"
    )


def file_response(content: str | bytes, content_type: str, file_name: str) -> Response:
    """A file to take away, which pages of other sites may read."""
    response = Response(content, content_type=content_type)
    # A browser shows JSON as a page of text in place of the page that it was taken from.
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
