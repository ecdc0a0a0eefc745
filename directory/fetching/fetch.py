"""Fetch a declared open file into a folder, check it, and keep its record in the folder's sources.json."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from directory.fetching.downloading import (
    Job,
    PartState,
    Progress,
    checksum,
    discard,
    download,
    published_md5,
    require_md5,
    state_path,
)
from directory.fetching.paging import download_layer, require_whole, write_csv, write_geojson
from directory.fetching.requesting import Connection, FetchError, ask_json, ask_text
from geodata.sources import LayerQuery, OpenSource, SourceRecord, read_record

MANIFEST = "sources.json"
LARGEST_PAGE_BYTES = 5_000_000


def _silent(arrived: int, total: int | None) -> None:
    """Say nothing of the progress."""


@dataclass(frozen=True)
class Fetcher:
    """Where files go and how they are fetched."""

    folder: Path
    authorities: Mapping[str, str] | None = None
    base_address: str | None = None
    progress: Progress = _silent
    today: Callable[[], date] = date.today
    sleep: Callable[[float], None] = time.sleep
    timeout_seconds: float = 60.0


def fetch(fetcher: Fetcher, source: OpenSource) -> SourceRecord:
    """Download one source, or go on with it; check it, put it in place and record it."""
    fetcher.folder.mkdir(parents=True, exist_ok=True)
    connection = Connection(source.hosts, fetcher.base_address, fetcher.timeout_seconds, sleep=fetcher.sleep)
    target = fetcher.folder / source.file_name
    job = Job(
        connection,
        connection.rebased(source.address(fetcher.authorities)),
        target.with_name(target.name + ".part"),
        source.largest_bytes,
        fetcher.progress,
    )
    ready = _fetch_layer(job, source.query, target) if source.query else _fetch_file(job, source)
    record = source.record.retrieved(
        job.address, fetcher.today(), checksum(ready, "sha256"), ready.stat().st_size
    )
    ready.replace(target)
    discard(job.part)
    write_record(fetcher.folder, source, record)
    return record


def present(fetcher: Fetcher, source: OpenSource) -> SourceRecord | None:
    """The record of a file that is already here, whole and as it was asked for; None if it must be fetched.

    A file that has no record was brought by hand: it is recorded now.
    """
    path = fetcher.folder / source.file_name
    if not path.is_file():
        return None
    digest, size = checksum(path, "sha256"), path.stat().st_size
    record = read_manifest(fetcher.folder).get(source.slug)
    if record is None:
        _require_kind(path, source)
        on = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        record = source.record.retrieved(source.page, on, digest, size)
        write_record(fetcher.folder, source, record)
        return record
    asked = Connection(source.hosts, fetcher.base_address).rebased(source.address(fetcher.authorities))
    return record if record.sha256 == digest and record.address in (asked, source.page) else None


def read_manifest(folder: Path) -> dict[str, SourceRecord]:
    """The records of the files in a folder, by slug. None yet is an empty answer."""
    return {document["slug"]: read_record(document) for document in _documents(folder)}


def manifest_entry(path: Path) -> SourceRecord | None:
    """The record of one fetched file, or None when its folder's manifest does not name it."""
    named = (document for document in _documents(path.parent) if document.get("file") == path.name)
    return next(map(read_record, named), None)


def write_record(folder: Path, source: OpenSource, record: SourceRecord) -> None:
    """Add or replace one record in the folder's manifest, all or nothing."""
    others = [document for document in _documents(folder) if document["slug"] != record.slug]
    documents = sorted(
        [*others, {**record.document(), "file": source.file_name}], key=lambda each: each["slug"]
    )
    new = folder / (MANIFEST + ".new")
    new.write_text(json.dumps({"sources": documents}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(folder / MANIFEST)


def _documents(folder: Path) -> list[dict[str, Any]]:
    path = folder / MANIFEST
    if not path.exists():
        return []
    try:
        documents: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["sources"]
        for document in documents:
            read_record(document)
    except (ValueError, TypeError, KeyError) as error:
        raise FetchError(f"{path} cannot be read ({error}): move it away and run this again.") from None
    return documents


def _fetch_layer(job: Job, query: LayerQuery, target: Path) -> Path:
    """Download a layer and write it as GeoJSON or CSV beside its place."""
    state = download_layer(job)
    require_whole(job.part, query, state)
    ready = target.with_name(target.name + ".new")
    if query.has_shapes:
        write_geojson(job.part, ready)
    else:
        write_csv(job.part, ready, query.fields)
    return ready


def _fetch_file(job: Job, source: OpenSource) -> Path:
    """Download a file and compare it with its publisher's checksum, where one is given."""
    address, md5 = _listed(job) if source.kind == "listing" else (job.address, None)
    state = download(replace(job, address=address))
    md5 = md5 or state.md5 or _md5_on_page(job.connection, source, state)
    require_md5(job.part, md5, address)
    _require_kind(job.part, source)
    return job.part


def _listed(job: Job) -> tuple[str, str | None]:
    """The address and MD5 of the one file in a list of downloads (OS Downloads API)."""
    entries = ask_json(job.connection, job.address, LARGEST_PAGE_BYTES)
    if not isinstance(entries, list) or len(entries) != 1 or "url" not in entries[0]:
        raise FetchError(f"{job.address} does not list exactly one file, as it used to.")
    # The list's own addresses are on the publisher's host, which a base address stands in for.
    return job.connection.rebased(entries[0]["url"]), entries[0].get("md5")


def _md5_on_page(connection: Connection, source: OpenSource, state: PartState) -> str | None:
    if source.checksum_page is None or not state.served_as:
        return None
    page = ask_text(connection, connection.rebased(source.checksum_page), LARGEST_PAGE_BYTES)
    return published_md5(page, state.served_as)


def _require_kind(path: Path, source: OpenSource) -> None:
    """Refuse a web page, or anything else, that came instead of the file; remove it if it was downloaded."""
    wanted = Path(source.file_name).suffix
    with path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \r\n\t")
    good = {
        ".geojson": start.startswith(b"{"),
        ".csv": bool(start) and not start.startswith((b"<", b"{", b"PK\x03\x04")),
    }.get(wanted, zipfile.is_zipfile(path))
    if good:
        return
    if state_path(path).exists():
        discard(path)
    raise FetchError(
        f"{source.file_name} is not a {wanted[1:]} file: look at {source.page} for what has changed."
    )
