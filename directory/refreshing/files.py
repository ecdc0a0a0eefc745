"""Fetch the files of a source: each only if it changed, going on where an earlier run stopped."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from directory.fetching.downloading import Job, discard, download
from directory.fetching.requesting import AnswerError, Connection, FetchError
from directory.refreshing.copies import Copies, conditions, marks_of, read_state, write_state
from directory.refreshing.fetched import Fetched, Patience
from directory.sources.mapping import SourceMapping


def fetch_files(mapping: SourceMapping, copies: Copies, patience: Patience) -> Fetched:
    """Bring all files of a source into the new copy, or say that none of them changed."""
    hosts = tuple(urlsplit(address).hostname or "" for address in mapping.addresses) + mapping.hosts
    connection = Connection(
        hosts, timeout_seconds=patience.seconds_each, attempts=patience.attempts, sleep=patience.sleep
    )
    good, new = read_state(copies.good), read_state(copies.new)
    copies.new.mkdir(parents=True, exist_ok=True)
    changed = False
    for number, address in enumerate(mapping.addresses, 1):
        name = file_name(address, number)
        target = copies.new / name
        if new.done.get(address) and target.is_file():  # a run that was stopped had it already
            changed = changed or new.done[address] == "changed"
            continue
        marks = good.marks.get(address) if (copies.good / name).is_file() else None
        found = _download(connection, address, target, conditions(marks), patience)
        if found is None:
            shutil.copy2(copies.good / name, target)
            new.marks[address], new.done[address] = dict(marks or {}), "same"
        else:
            changed = True
            new.marks[address], new.done[address] = found, "changed"
        write_state(copies.new, new)
    return Fetched(copies.new, changed=changed or not good.marks)


def _download(
    connection: Connection, address: str, target: Path, unless: dict[str, str], patience: Patience
) -> dict[str, str] | None:
    """Bring a file to its place; its marks, or None if it is the same as before."""
    part = target.with_name(target.name + ".part")
    job = Job(connection, address, part, patience.largest_file, lambda _arrived, _total: None, unless)
    try:
        state = download(job)
    except AnswerError as error:
        if error.status == 304 and unless:
            return None
        raise
    if not part.stat().st_size:
        discard(part)
        raise FetchError(f"{address} answered with an empty file.")
    part.replace(target)
    discard(part)
    return marks_of({"etag": state.etag, "last-modified": state.modified})


def file_name(address: str, number: int) -> str:
    """The name of a file in the copy: the end of its address, and nothing that could lead elsewhere."""
    end = PurePosixPath(unquote(urlsplit(address).path)).name
    plain = "".join(c for c in end if c.isalnum() or c in "._-").lstrip(".")
    return plain[-100:] or f"file-{number}"
