"""Run an import: check, load, place and publish what a file holds, a batch at a time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.models import ImportRun, Location, Organization, ReviewFlag, Secret, Source, utc_now
from directory.openreferral.check import Problem, check
from directory.openreferral.load import Origin, Terms, load
from directory.places.locate import locate
from directory.publishing.publish import publish
from directory.sources.entry import Entry, Reading, Rejected
from directory.sources.mapping import SourceMapping

BATCH = 50
Progress = Callable[[int], None]


@dataclass
class ImportReport:
    """What an import did, in organisations; rejections and texts not understood, in rows."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    examples: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    not_understood: int = 0
    flags: dict[str, int] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def organizations(self) -> int:
        """How many organisations went in, or were in already."""
        return self.created + self.updated + self.unchanged


@dataclass(frozen=True)
class ImportJob:
    """One file to import: what was read from it, under which mapping, and on which day.

    `made_identifiers` says that the reader made the identifiers, and the source did not give them.
    """

    reading: Reading
    mapping: SourceMapping
    path: Path
    today: date
    dry_run: bool = False
    fictional: bool = False
    made_identifiers: bool = True


def run_import(session: Session, job: ImportJob, progress: Progress) -> ImportReport:
    """Load everything that a reading holds. Each batch is committed, so a stopped run can be run again."""
    source = ensure_source(session, job.mapping, fictional=job.fictional)
    run = ImportRun(source_id=source.id, file_name=job.path.name)
    session.add(run)
    _keep(session, job)
    report = ImportReport(
        rows=job.reading.rows, rejected=list(job.reading.rejected), examples=job.reading.examples
    )
    try:
        for batch in _batches(job.reading.entries):
            _load_batch(session, batch, job, run, report)
            _record(run, report, "running")
            _keep(session, job)
            progress(len(batch))
    except KeyboardInterrupt:
        session.rollback()
        report.interrupted = True
    _record(run, report, "interrupted" if report.interrupted else "finished")
    run.finished_at = utc_now()
    if job.dry_run:
        session.rollback()
    else:
        session.commit()
    return report


def ensure_source(session: Session, mapping: SourceMapping, *, fictional: bool = False) -> Source:
    """The row that credits a source, made or brought up to date from its mapping."""
    source = session.scalar(select(Source).where(Source.slug == mapping.source))
    if source is None:
        source = Source(slug=mapping.source, title=mapping.title)
        session.add(source)
    source.title = mapping.title
    source.publisher = mapping.publisher or None
    source.licence = mapping.licence or None
    source.attribution = mapping.attribution or None
    source.address = mapping.url or None
    source.retrieved_on = utc_now().date()
    source.fictional = fictional
    session.flush()
    return source


def veil(document: Any, key: bytes) -> Any:
    """The document with each identifier hashed with the database's own key.

    Readers make identifiers of names and addresses. Anybody could do the same with every postcode there is
    until one fits; without the key, they cannot.
    """
    if isinstance(document, Mapping):
        return {
            name: _veiled(value, key) if name == "id" and isinstance(value, str) else veil(value, key)
            for name, value in document.items()
        }
    if isinstance(document, list):
        return [veil(item, key) for item in document]
    return document


def _veiled(identifier: str, key: bytes) -> str:
    digest = hmac.new(key, identifier.encode(), hashlib.sha256).digest()
    return str(UUID(bytes=digest[:16], version=4))


def identifier_key(session: Session) -> bytes:
    """The database's key for identifiers, made when it is first asked for."""
    row = session.get(Secret, "identifiers")
    if row is None:
        row = Secret(name="identifiers", value=secrets.token_hex(32))
        session.add(row)
        session.flush()
    return row.value.encode()


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]


def _keep(session: Session, job: ImportJob) -> None:
    if job.dry_run:
        session.flush()
    else:
        session.commit()


def _load_batch(
    session: Session, batch: Sequence[Entry], job: ImportJob, run: ImportRun, report: ImportReport
) -> None:
    terms, key = Terms(session), identifier_key(session)
    origin = Origin(source_id=run.source_id, run_id=run.id, reason=f"Imported from {job.path.name}")
    changed: list[Organization] = []
    for entry in batch:
        document = veil(entry.document, key) if job.made_identifiers else entry.document
        problems = check(document)
        fatal = next((problem for problem in problems if problem.fatal), None)
        outcome = _load_one(session, document, terms, origin) if fatal is None else None
        if outcome is None:
            report.rejected += _rejections(job.reading, entry, fatal)
            continue
        report.not_understood += len(entry.not_understood)
        organization, what = outcome
        setattr(report, what, getattr(report, what) + 1)
        if what != "unchanged":
            organization.fictional = job.fictional or bool(document.get("fictional"))
            changed.append(organization)
            _flag(session, organization, run, _reasons(entry, problems))
    _place_and_publish(session, changed, job, run)
    _count_flags(session, run, report)


def _load_one(
    session: Session, document: Mapping[str, Any], terms: Terms, origin: Origin
) -> tuple[Organization, str] | None:
    """Load within a savepoint: a document that the tables refuse leaves nothing behind."""
    try:
        with session.begin_nested():
            loaded = load(session, document, terms, origin)
    except IntegrityError:
        return None
    return loaded.organization, loaded.outcome


def _rejections(reading: Reading, entry: Entry, problem: Problem | None) -> list[Rejected]:
    where, why = (problem.path, problem.message) if problem else ("id", "Its identifiers are used twice.")
    return [Rejected(row, where, why, reading.originals.get(row, {})) for row in entry.rows]


def _reasons(entry: Entry, problems: Sequence[Problem]) -> list[tuple[str, str]]:
    reasons = [("not understood", f"{item.field}: {item.text}") for item in entry.not_understood]
    reasons += [("check", f"Row {flag.row}, {flag.field}: {flag.message}") for flag in entry.flags]
    return reasons + [("check", f"{problem.path}: {problem.message}") for problem in problems]


def _flag(
    session: Session, organization: Organization, run: ImportRun, reasons: Sequence[tuple[str, str]]
) -> None:
    session.execute(delete(ReviewFlag).where(ReviewFlag.organization_id == organization.id))
    for reason, message in reasons:
        session.add(
            ReviewFlag(organization_id=organization.id, run_id=run.id, reason=reason, message=message)
        )


def _place_and_publish(
    session: Session, organizations: Sequence[Organization], job: ImportJob, run: ImportRun
) -> None:
    places: dict[str, tuple[Location, str]] = {
        link.location.id: (link.location, organization.id)
        for organization in organizations
        for service in organization.services
        for link in service.service_at_locations
    }
    locations = [location for location, _ in places.values()]
    for location_id, metres in locate(session, locations).items():
        message = f"The point is {metres:,.0f} metres from the postcode. Which is right?"
        _add_flag(session, places[location_id][1], run, "far from postcode", message)
    for location, organization_id in places.values():
        if location.location_type != "virtual":
            _flag_place(session, location, organization_id, run)
    publish(session, [organization.id for organization in organizations], job.today)


def _flag_place(session: Session, location: Location, organization_id: str, run: ImportRun) -> None:
    if location.easting is None:
        _add_flag(session, organization_id, run, "no point", "Its place on the map is not known.")
    elif location.authority_code is None:
        _add_flag(
            session, organization_id, run, "outside", "It is outside the local authorities that are loaded."
        )


def _add_flag(session: Session, organization_id: str, run: ImportRun, reason: str, message: str) -> None:
    session.add(ReviewFlag(organization_id=organization_id, run_id=run.id, reason=reason, message=message))


def _count_flags(session: Session, run: ImportRun, report: ImportReport) -> None:
    session.flush()
    reasons = session.scalars(select(ReviewFlag.reason).where(ReviewFlag.run_id == run.id)).all()
    report.flags = {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def _record(run: ImportRun, report: ImportReport, status: str) -> None:
    run.status, run.rows = status, report.rows
    run.created, run.updated, run.unchanged = report.created, report.updated, report.unchanged
    run.rejected, run.not_understood = len(report.rejected), report.not_understood
