"""Download one file into a .part beside it, going on from where an earlier attempt stopped."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from directory.fetching.requesting import (
    AnswerError,
    Connection,
    CutShortError,
    FetchError,
    ask,
    patiently,
    too_large,
)

CHUNK_BYTES = 1 << 16

Progress = Callable[[int, int | None], None]
"""Called with what has arrived and what there is, if known: bytes of a file, features of a layer."""


@dataclass(frozen=True)
class PartState:
    """What is known of a file half downloaded; kept beside the .part as JSON."""

    address: str
    validator: str | None = None
    total: int | None = None
    md5: str | None = None
    served_as: str | None = None
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True)
class Job:
    """One download: from where, to which .part, how much at most; `unless` are headers with a condition.

    If the condition is not met the server answers 304, which is raised as an AnswerError.
    """

    connection: Connection
    address: str
    part: Path
    largest_bytes: int
    progress: Progress
    unless: Mapping[str, str] = field(default_factory=dict)


def state_path(part: Path) -> Path:
    """Where the state of a .part is kept."""
    return part.with_name(part.name + ".json")


def read_state(part: Path, address: str) -> PartState | None:
    """The state of a .part of this address; None if there is none that can be trusted."""
    try:
        state = PartState(**json.loads(state_path(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return state if state.address == address and part.exists() else None


def write_state(part: Path, state: PartState) -> None:
    """Keep the state of a .part."""
    state_path(part).write_text(json.dumps(asdict(state)), encoding="utf-8")


def discard(part: Path) -> None:
    """Remove a .part and its state."""
    part.unlink(missing_ok=True)
    state_path(part).unlink(missing_ok=True)


def download(job: Job) -> PartState:
    """Bring the .part to its full length and give what the server said of it."""
    job.connection.check(job.address)
    while not (state := patiently(job.connection, job.address, lambda: _receive(job))):
        pass  # cut short, but more has come: go on without counting it as a failure
    return state


def checksum(path: Path, method: str) -> str:
    """The checksum of a file, "sha256" or "md5", as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(method, usedforsecurity=False)).hexdigest()


def published_md5(page: str, file_name: str) -> str | None:
    """The MD5 that a publisher's page writes after the name of a file, before the next zip."""
    found = re.search(re.escape(file_name) + r"(?:(?!\.zip).)*?\b([0-9a-f]{32})\b", page, re.S | re.I)
    return found[1].lower() if found else None


def _receive(job: Job) -> PartState | None:
    """Receive once. None if the connection was cut after a good piece had come."""
    state, held = _held(job)
    if state and state.total == held:
        return state
    try:
        with ask(job.connection, job.address, {**job.unless, **_range(state, held)}) as response:
            if response.status != 206:
                return _append(job, response, _described(response, job.address), 0)
            if state and _is_rest(response, state, held):
                return _append(job, response, state, held)
    except AnswerError as error:
        if error.status != 416 or not held:
            raise
    discard(job.part)  # the server no longer has that range of that file: start again
    raise CutShortError


def _held(job: Job) -> tuple[PartState | None, int]:
    """The state and length of a .part that can be continued, or (None, 0)."""
    state = read_state(job.part, job.address)
    held = job.part.stat().st_size if state else 0
    if state is None or not held or (state.total is not None and held > state.total):
        return None, 0
    return (state, held) if state.validator or state.total == held else (None, 0)


def _range(state: PartState | None, held: int) -> dict[str, str]:
    """Ask for the rest, on condition that the file is still the same one."""
    if state is None or state.validator is None:
        return {}
    return {"Range": f"bytes={held}-", "If-Range": state.validator}


def _append(job: Job, response: HTTPResponse, state: PartState, held: int) -> PartState | None:
    if state.total is not None and state.total > job.largest_bytes:
        raise too_large(job.address, job.largest_bytes)
    write_state(job.part, state)
    arrived = held
    cut = False
    with job.part.open("ab" if held else "wb") as file:
        while True:
            try:
                piece = response.read(CHUNK_BYTES)
            except (OSError, HTTPException):
                cut = True
                break
            if not piece:
                break
            arrived += len(piece)
            if arrived > job.largest_bytes:
                discard(job.part)
                raise too_large(job.address, job.largest_bytes)
            file.write(piece)
            job.progress(arrived, state.total)
    if not cut and (state.total is None or arrived == state.total):
        return state
    if arrived - held >= CHUNK_BYTES:
        return None
    raise CutShortError


def _described(response: HTTPResponse, address: str) -> PartState:
    """What a whole answer says of the file."""
    etag, modified = response.headers["ETag"], response.headers["Last-Modified"]
    # A weak ETag does not promise the same bytes, so a range may not be asked for by it.
    strong = etag if etag and not etag.startswith("W/") else None
    length = response.headers["Content-Length"]
    return PartState(
        address,
        strong or modified,
        int(length) if length is not None else None,
        _md5_header(response.headers["Content-MD5"]),
        PurePosixPath(urlsplit(response.geturl()).path).name,
        etag,
        modified,
    )


def _md5_header(value: str | None) -> str | None:
    try:
        return base64.b64decode(value, validate=True).hex() if value else None
    except binascii.Error:
        return None


def _is_rest(response: HTTPResponse, state: PartState, held: int) -> bool:
    """Whether a part of a file is the rest of what is held."""
    found = re.match(r"bytes (\d+)-\d+/(\d+|\*)", response.headers["Content-Range"] or "")
    return found is not None and int(found[1]) == held and found[2] in ("*", str(state.total))


def require_md5(path: Path, md5: str | None, address: str) -> None:
    """Refuse and remove a file that does not have the publisher's checksum."""
    if md5 is None or checksum(path, "md5") == md5.lower():
        return
    discard(path)
    raise FetchError(f"{address} did not match its publisher's checksum, so it was removed; run this again.")
