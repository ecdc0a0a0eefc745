"""Ask an ArcGIS layer for its features page by page.

They are kept in a .part, one feature a line, so that a restart goes on after the last whole line.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from directory.fetching.downloading import Job, PartState, discard, read_state, write_state
from directory.fetching.requesting import FetchError, ask_json, too_large
from geodata.sources import LayerQuery

LARGEST_PAGE = 2000


def download_layer(job: Job) -> PartState:
    """Bring the .part to all the features of the query, as the layer counts them."""
    layer = _ask(job, job.address.split("/query?", 1)[0] + "?f=json")
    count = int(_ask(job, f"{job.address}&{urlencode({'returnCountOnly': 'true', 'f': 'json'})}")["count"])
    if not count:
        raise FetchError(f"The layer has nothing for this query any more: {job.address}")
    state = PartState(job.address, validator=_version(layer, count), total=count)
    held = _held(job.part) if read_state(job.part, job.address) == state else 0
    if not held:
        discard(job.part)
    write_state(job.part, state)
    page_size = min(int(layer.get("maxRecordCount", LARGEST_PAGE)), LARGEST_PAGE)
    with job.part.open("ab") as file:
        while held < count:
            features = _page(job, held, page_size)
            for feature in features:
                file.write(json.dumps(feature, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            file.flush()
            held += len(features)
            if file.tell() > job.largest_bytes:
                raise too_large(job.address, job.largest_bytes)
            job.progress(held, count)
    return state


def read_features(part: Path) -> Iterator[dict[str, Any]]:
    """The features of a .part, one after another."""
    with part.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def require_whole(part: Path, query: LayerQuery, state: PartState) -> None:
    """Refuse and remove a .part that has too few, too many or repeated features."""
    keys = [tuple(feature["properties"][name] for name in query.key) for feature in read_features(part)]
    if len(keys) == state.total == len(set(keys)):
        return
    discard(part)
    raise FetchError(
        f"The layer changed while it was read ({len(keys):,} features, {len(set(keys)):,} of them different, "
        f"{state.total:,} expected), so it was removed; run this again: {state.address}"
    )


def write_geojson(part: Path, to: Path) -> None:
    """Write the features as one GeoJSON collection."""
    with part.open(encoding="utf-8") as lines, to.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for number, line in enumerate(lines):
            file.write((",\n" if number else "\n") + line.rstrip("\n"))
        file.write("\n]}\n")


def write_csv(part: Path, to: Path, fields: tuple[str, ...]) -> None:
    """Write the columns of the features as CSV, in the order given."""
    with to.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, fields, extrasaction="ignore", lineterminator="\n")
        rows.writeheader()
        rows.writerows(feature["properties"] for feature in read_features(part))


def _page(job: Job, offset: int, size: int) -> list[dict[str, Any]]:
    page = _ask(job, f"{job.address}&{urlencode({'resultOffset': offset, 'resultRecordCount': size})}")
    features: list[dict[str, Any]] = page.get("features", [])
    if not features:
        raise FetchError(f"The layer ended after {offset:,} features, before all had come: {job.address}")
    return features


def _ask(job: Job, address: str) -> Any:
    return ask_json(job.connection, address, job.largest_bytes)


def _version(layer: Mapping[str, Any], count: int) -> str:
    """What tells one state of a layer from the next: when it was edited, and how many features match."""
    edited = layer.get("editingInfo") or {}
    return f"{edited.get('dataLastEditDate') or edited.get('lastEditDate') or 'undated'}/{count}"


def _held(part: Path) -> int:
    """How many whole lines a .part has; a line that was cut in the middle is dropped."""
    whole = lines = 0
    with part.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                whole += len(line)
                lines += 1
    os.truncate(part, whole)
    return lines
