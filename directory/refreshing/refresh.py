"""Refresh one source: fetch what is new, import it, and say what is new, changed and gone."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.fetching.requesting import FetchError
from directory.importing import ImportJob, ImportReport, Progress, run_import
from directory.models import ImportRun, Source, utc_now
from directory.refreshing.copies import STATE, Copies
from directory.refreshing.feed import fetch_feed
from directory.refreshing.fetched import Fetched, Patience
from directory.refreshing.files import fetch_files
from directory.refreshing.vanished import held, keys_of, mark_gone
from directory.sources.credit import ensure_source
from directory.sources.entry import Reading, SourceError
from directory.sources.mapping import SourceMapping, declaration_of, mapping_from
from directory.sources.reader import FEED, FOLDERS, reader_for

# A source that has lost more than this overnight waits for a person.
MOST_GONE = 0.2


@dataclass(frozen=True)
class Wanted:
    """How to refresh: where copies go, on which day, how patiently, whether a drop was looked at."""

    folder: Path
    today: date
    patience: Patience
    accept_drop: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a refresh.

    The status is finished, partial, unchanged, waiting, failed or interrupted.
    """

    status: str
    detail: str = ""
    report: ImportReport | None = None
    gone: int = 0


def refresh(session: Session, source: Source, wanted: Wanted, progress: Progress) -> Outcome:
    """Refresh a source that says where it is to be fetched. If anything fails, what is there stays."""
    mapping = declared(source)
    copies = Copies(wanted.folder / source.slug)
    try:
        fetched = _fetch(mapping, copies, wanted)
        if not fetched.changed:
            copies.keep(copies.new)
            source.retrieved_on = wanted.today
            return _noted(session, source, mapping, Outcome("unchanged", "The source says what it said."))
        reading = _read(fetched.folder, mapping)
    except (FetchError, SourceError) as error:
        if isinstance(error, SourceError):
            shutil.rmtree(copies.new, ignore_errors=True)
        return _noted(session, source, mapping, Outcome("failed", str(error)))
    drop = _drop(session, source, reading) if fetched.whole and not wanted.accept_drop else ""
    if drop:
        if fetched.folder == copies.new:
            copies.put_aside()
        return _noted(session, source, mapping, Outcome("waiting", drop))
    return _import(session, mapping, (fetched, reading, copies), wanted, progress)


def declared(source: Source) -> SourceMapping:
    """The mapping that a source was declared with."""
    if not source.declaration or not source.declaration.get("addresses"):
        raise SourceError(f"The source {source.slug!r} does not say where it is to be fetched.")
    return mapping_from(source.slug, source.declaration)


def declare(session: Session, mapping: SourceMapping) -> Source:
    """Put a source on the list of those that are refreshed."""
    if not mapping.addresses:
        raise SourceError(f"The mapping {mapping.source!r} has no addresses to fetch from.")
    if len(mapping.addresses) > 1 and mapping.reader not in FOLDERS:
        raise SourceError(f"The mapping {mapping.source!r} has several addresses, and its reader takes one.")
    before = session.scalar(select(Source.retrieved_on).where(Source.slug == mapping.source))
    source = ensure_source(session, mapping)
    source.declaration, source.retrieved_on = declaration_of(mapping), before
    source.refresh_days = mapping.refresh_days or None
    return source


def _fetch(mapping: SourceMapping, copies: Copies, wanted: Wanted) -> Fetched:
    if wanted.accept_drop and copies.waiting.is_dir():
        return Fetched(copies.waiting)
    if mapping.reader == FEED:
        return fetch_feed(mapping, copies, wanted.patience, wanted.today)
    return fetch_files(mapping, copies, wanted.patience)


def _read(folder: Path, mapping: SourceMapping) -> Reading:
    path = folder if mapping.reader in FOLDERS else _only_file(folder)
    return reader_for(path, mapping)(path, mapping)


def _only_file(folder: Path) -> Path:
    files = [path for path in folder.iterdir() if path.name != STATE and path.suffix not in (".part", ".new")]
    if len(files) != 1:
        raise SourceError("A source of this kind has one address, and one file.")
    return files[0]


def _drop(session: Session, source: Source, reading: Reading) -> str:
    """Why a reading waits: it has far fewer organisations than the source had. "" if it does not."""
    before = sum(record.key == record.organization_id for record in held(session, source))
    now = sum(not entry.only_if_known for entry in reading.entries)
    if now >= before * (1 - MOST_GONE):
        return ""
    return (
        f"It had {before:,} organisations and now has {now:,}. Nothing was changed."
        f" If so many have really gone: flask directory refresh {source.slug} --accept-drop"
    )


def _import(
    session: Session,
    mapping: SourceMapping,
    copy: tuple[Fetched, Reading, Copies],
    wanted: Wanted,
    progress: Progress,
) -> Outcome:
    fetched, reading, copies = copy
    made = mapping.reader != FEED
    job = ImportJob(reading, mapping, Path(mapping.addresses[0]), wanted.today, made_identifiers=made)
    report = run_import(session, job, progress)
    source = ensure_source(session, mapping)
    run = session.scalars(
        select(ImportRun).where(ImportRun.source_id == source.id).order_by(ImportRun.started_at.desc())
    ).first()
    if run is None or report.interrupted:
        return Outcome("interrupted", "Stopped before the end. It goes on with the next run.", report)
    run.file_name, run.detail = mapping.addresses[0], " ".join(fetched.notes)[:2000] or None
    if not fetched.whole:
        # What is missing may only not have come, so nothing is marked as gone.
        run.status = "partial"
        return Outcome("partial", run.detail or "", report)
    keys = keys_of(session, reading, made_identifiers=made)
    run.gone = mark_gone(session, run, keys, wanted.today)
    copies.keep(fetched.folder)
    return Outcome("finished", "", report, run.gone)


def _noted(session: Session, source: Source, mapping: SourceMapping, outcome: Outcome) -> Outcome:
    """Leave a record of a run that imported nothing."""
    now = utc_now()
    session.add(
        ImportRun(
            source_id=source.id,
            file_name=mapping.addresses[0],
            started_at=now,
            finished_at=now,
            status=outcome.status,
            detail=outcome.detail[:2000],
        )
    )
    session.flush()
    return outcome
