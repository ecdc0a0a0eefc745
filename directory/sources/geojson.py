"""Points with properties, as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from directory.sources.cells import text_of
from directory.sources.entry import (
    PROBLEM,
    Reading,
    Rejected,
    SourceError,
    Table,
    TableRow,
    require_columns,
    require_rows,
)
from directory.sources.mapping import SourceMapping
from directory.sources.strict_json import read_json
from directory.sources.template import read_rows

LATITUDE, LONGITUDE = "Latitude", "Longitude"
_WGS84 = ("crs84", "4326")


def read(path: Path, mapping: SourceMapping) -> Reading:
    """Read a FeatureCollection of points into organisation documents. The first feature is number 1."""
    return read_rows(read_table(path), mapping)


def read_table(path: Path) -> Table:
    """The features as rows: properties within properties get names with dots, the point two columns."""
    document = read_json(path)
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise SourceError(f"{path.name} is not a GeoJSON FeatureCollection: it has no list of features.")
    _require_wgs84(path, document)
    features = document["features"]
    require_rows(path, len(features))
    rows, rejected = [], []
    headings: dict[str, None] = {}
    for number, feature in enumerate(features, 1):
        problem = _problem(feature)
        if problem:
            original = (
                feature
                if isinstance(feature, dict)
                else {"type": "Feature", "properties": {"value": feature}}
            )
            rejected.append(Rejected(number, "geometry", problem, original))
            continue
        texts = dict(_texts(feature))
        headings.update(dict.fromkeys(texts))
        rows.append(TableRow(number, feature, texts))
    require_columns(path, len(headings))
    return Table(list(headings), rows, rejected)


def _require_wgs84(path: Path, document: Mapping[str, Any]) -> None:
    crs = document.get("crs")
    name = json.dumps(crs).casefold()
    if crs and not any(known in name for known in _WGS84):
        raise SourceError(
            f"{path.name} is not in degrees of longitude and latitude (EPSG:4326). Convert it first."
        )


def _problem(feature: Any) -> str | None:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return "This is not a feature with properties."
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    kind = geometry.get("type") if isinstance(geometry, dict) else geometry
    if kind != "Point":
        return f"The geometry is {kind!r}; only points can be read. Give the point of the entrance."
    point = geometry.get("coordinates")
    # An empty point is how GeoJSON says that there is a point somewhere, unknown.
    if point != [] and not (isinstance(point, list) and len(point) >= 2):
        return "The point has no coordinates. Give longitude and latitude, or make the geometry null."
    return None


def _texts(feature: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _flat(feature["properties"], "")
    point = (feature.get("geometry") or {}).get("coordinates")
    if point:
        yield LONGITUDE, text_of(point[0])
        yield LATITUDE, text_of(point[1])


def _flat(properties: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in properties.items():
        if not before and name.casefold() == PROBLEM.casefold():
            continue
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", text_of(value)


def write_rejected(path: Path, rejected: Sequence[Rejected]) -> None:
    """Write the rejected features as they came, with the property "problem"."""
    features = []
    for item in rejected:
        properties = {
            **(item.original.get("properties") or {}),
            PROBLEM.casefold(): f"{item.field}: {item.reason}",
        }
        features.append({"type": "Feature", "geometry": None, **item.original, "properties": properties})
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
