"""Which reader reads which file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from directory.sources import (
    charity_register,
    geojson,
    openreferral_json,
    openstreetmap,
    spreadsheet,
    threesixty_giving,
    write_spreadsheet,
)
from directory.sources.entry import Reading, Rejected, SourceError, require_size
from directory.sources.mapping import SourceMapping

Reader = Callable[[Path, SourceMapping], Reading]
_SPREADSHEETS = (".csv", ".tsv", ".txt", ".xlsx")
_JSON = (".json", ".jsonl", ".ndjson", ".zip")
FEED = "openreferral-feed"
# The readers that a mapping names: for sources of a shape of their own.
NAMED: Mapping[str, Reader] = {
    "charity-register": charity_register.read,
    "openstreetmap": openstreetmap.read,
    "threesixty-giving": threesixty_giving.read,
    FEED: openreferral_json.read,
}
# Those that read a folder of files that belong together.
FOLDERS = ("charity-register", FEED)


def reader_for(path: Path, mapping: SourceMapping) -> Reader:
    """The reader that the mapping names or, without one, the one for the end of the file's name.

    A .json file is looked into.
    """
    if mapping.reader:
        if mapping.reader not in NAMED:
            raise SourceError(f"There is no reader {mapping.reader!r}. Name one of: {', '.join(NAMED)}.")
        return NAMED[mapping.reader]
    ending = path.suffix.casefold()
    if path.is_dir():
        return openreferral_json.read
    if ending in _SPREADSHEETS:
        return spreadsheet.read
    if ending == ".geojson" or (ending == ".json" and _is_geojson(path, mapping)):
        return geojson.read
    if ending in _JSON:
        return openreferral_json.read
    advice = " Save it as XLSX or CSV." if ending in (".xls", ".ods", ".numbers") else ""
    raise SourceError(
        f"{path.name} is none of the files that can be read: CSV, XLSX, GeoJSON, Open Referral JSON.{advice}"
    )


def _is_geojson(path: Path, mapping: SourceMapping) -> bool:
    """A mapping with columns is for points; without one, the file's own type says it."""
    require_size(path)
    if mapping.columns:
        return True
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("type") == "FeatureCollection"


def rejected_path(path: Path, mapping: SourceMapping | None = None) -> Path:
    """Where the rejected rows of a file are written: beside it, in a format that can be read again."""
    ending = path.suffix.casefold()
    if (mapping and mapping.reader) or path.is_dir() or ending in (".zip", ".jsonl", ".ndjson"):
        ending = ".json"
    if ending in (".tsv", ".txt"):
        ending = ".csv"
    return path.with_name(f"{path.stem}-rejected{ending}")


def write_rejected(path: Path, rejected: Sequence[Rejected], like: Path, mapping: SourceMapping) -> None:
    """Write the rejected rows of the file `like` in its format."""
    reader = reader_for(like, mapping)
    if reader is spreadsheet.read:
        write_spreadsheet.write_rejected(path, rejected)
    elif reader is geojson.read:
        geojson.write_rejected(path, rejected)
    else:
        openreferral_json.write_rejected(path, rejected)
