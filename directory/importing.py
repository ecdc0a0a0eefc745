"""Run an import: check, load, place and publish what a file holds, a batch at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError, SAWarning
from sqlalchemy.orm import Session

from directory.accepting import place_and_publish
from directory.languages import N_
from directory.merging.reimport import take_joined
from directory.models import ImportRun, Organization, ReviewFlag, utc_now
from directory.openreferral.check import check
from directory.openreferral.fill import Document, Terms
from directory.openreferral.load import Loaded, Origin, load_all
from directory.openreferral.shape import Problem
from directory.places.batches import batches
from directory.places.flag import settled_flags
from directory.registration.holding import hold
from directory.safekeeping.screen import LISTED, foreign_place_problem, foreign_places, screen
from directory.safekeeping.veil import identifier_key, veil, veiled_id
from directory.sources.credit import ensure_source
from directory.sources.entry import Entry, Reading, Rejected
from directory.sources.mapping import SourceMapping
from directory.upkeep.grants import keep_grants
from directory.upkeep.import_checks import keep_import_checks

BATCH = 50
Progress = Callable[[int], None]
Reasons = list[tuple[str, str]]
# What was written, what to look at in it, and whether the document spoke of every service.
Changed = tuple[Organization, Reasons, bool]
GONE = N_("gone")  # the reason of a flag: its source has it no longer
GRANTS_ELSEWHERE = "grants to organisations that the directory does not hold"
NOT_KNOWN = "they are no longer active, and the directory does not hold them"
NOT_ITS_OWN = "One of its identifiers is another record's. Give it one of its own."


@dataclass
class ImportReport:
    """What an import did, in organisations; rejections and texts not understood, in rows."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    waiting: int = 0
    examples: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    not_understood: int = 0
    left_out: int = 0
    flags: dict[str, int] = field(default_factory=dict)
    not_wanted: dict[str, int] = field(default_factory=dict)
    interrupted: bool = False
    grants: int = 0

    @property
    def organizations(self) -> int:
        """How many organisations went in, or were in already."""
        return self.created + self.updated + self.unchanged + self.waiting


@dataclass(frozen=True)
class ImportJob:
    """One file to import: what was read from it, under which mapping, and on which day.

    `made_identifiers` says that the reader made the identifiers, and the source did not give them; where it
    gave some, the reading names those that were made.
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
        rows=job.reading.rows,
        rejected=list(job.reading.rejected),
        examples=job.reading.examples,
        not_wanted=dict(job.reading.not_wanted),
    )
    status = "failed"
    try:
        for batch in batches(job.reading.entries, BATCH):
            after = _load_batch(session, batch, job, run, report)
            _record(run, after, "running")
            _keep(session, job)
            report = after
            progress(len(batch))
        _keep_grants(session, job, run, report)
        status = "finished"
    except KeyboardInterrupt:
        report.interrupted, status = True, "interrupted"
    finally:
        if status != "finished" or job.dry_run:
            session.rollback()  # of a batch in hand nothing stays, nor does the report count it
        if not job.dry_run:
            _record(run, report, status)
            run.finished_at = utc_now()
            session.commit()
    return report


def _keep_grants(session: Session, job: ImportJob, run: ImportRun, report: ImportReport) -> None:
    """Keep the grants that the reading brings, of organisations that the directory holds."""
    if job.reading.grants is not None:
        kept = keep_grants(session, run.source_id, job.reading.grants, job.today)
        report.grants = kept
        report.not_wanted[GRANTS_ELSEWHERE] = len(job.reading.grants) - kept
        _keep(session, job)


def _keep(session: Session, job: ImportJob) -> None:
    if job.dry_run:
        session.flush()
    else:
        session.commit()


def _load_batch(
    session: Session, batch: Sequence[Entry], job: ImportJob, run: ImportRun, before: ImportReport
) -> ImportReport:
    """Load, place and publish a batch; the report with the batch counted in."""
    report = replace(before, rejected=list(before.rejected), not_wanted=dict(before.not_wanted))
    terms, key = Terms(session), identifier_key(session)
    batch = _of_use(session, batch, key, report)
    reason = f"Imported from {job.path.name}"
    origin = Origin(source_id=run.source_id, run_id=run.id, reason=reason)
    checked = _screened(session, [_checked(entry, job, key) for entry in batch], run, report)
    good = [document for document, problems in checked if _fatal(problems) is None]
    outcomes = iter(_load_or_hold(session, good, terms, origin))
    changed: list[Changed] = []
    for entry, (document, problems) in zip(batch, checked, strict=True):
        fatal = _fatal(problems)
        loaded = next(outcomes) if fatal is None else None
        if loaded is None:
            report.rejected += _rejections(job.reading, entry, fatal)
            continue
        report.not_understood += len(entry.not_understood)
        setattr(report, loaded.outcome, getattr(report, loaded.outcome) + 1)
        if loaded.outcome in ("created", "updated"):
            whole = _is_whole(loaded.organization, document)
            changed.append((loaded.organization, _reasons(entry, problems), whole))
    _flag(session, changed, run)
    way = "register" if job.mapping.is_register else "import"
    keep_import_checks(session, [organization for organization, *_ in changed], way, job.today)
    place_and_publish(session, [organization for organization, *_ in changed], job.today, run.id)
    report.flags = _count_flags(session, run)
    return report


def _of_use(session: Session, batch: Sequence[Entry], key: bytes, report: ImportReport) -> list[Entry]:
    """The entries without those that matter only for organisations on record, where there is none."""
    ids = {entry.key: veiled_id(entry.document["id"], key) for entry in batch if entry.only_if_known}
    known = set(session.scalars(select(Organization.id).where(Organization.id.in_(ids.values()))))
    kept = [entry for entry in batch if entry.key not in ids or ids[entry.key] in known]
    if len(kept) < len(batch):
        before = report.not_wanted.get(NOT_KNOWN, 0)
        report.not_wanted[NOT_KNOWN] = before + len(batch) - len(kept)
    return kept


def _checked(entry: Entry, job: ImportJob, key: bytes) -> tuple[dict[str, Any], list[Problem]]:
    document = veil(entry.document, key, None if job.made_identifiers else job.reading.made_identifiers)
    document = {**document, "fictional": job.fictional or bool(document.get("fictional"))}
    return document, check(document)


Checked = tuple[dict[str, Any], list[Problem]]


def _screened(
    session: Session, checked: Sequence[Checked], run: ImportRun, report: ImportReport
) -> list[Checked]:
    """Keep out what is on the do-not-list, and what would write over the places of other sources."""
    sound = [document for document, problems in checked if _fatal(problems) is None]
    foreign = foreign_places(session, sound, run.source_id)
    screened = iter(screen(session, sound))
    found = []
    for document, problems in checked:
        if _fatal(problems) is not None:
            found.append((document, problems))
            continue
        item = next(screened)
        report.left_out += item.left_out
        problem = item.problem or foreign_place_problem(item.document, foreign)
        found.append((item.document, [problem, *problems] if problem else problems))
    return found


def _fatal(problems: Sequence[Problem]) -> Problem | None:
    return next((problem for problem in problems if problem.fatal), None)


def _load_or_hold(
    session: Session, documents: Sequence[Document], terms: Terms, origin: Origin
) -> list[Loaded | None]:
    """Load the documents, but for those of records that a person wrote last: they wait for a navigator.

    What is said of a record that was joined with another goes by which side each field is from.
    """
    held = take_joined(session, documents, terms, origin)
    held |= hold(session, [document for document in documents if document["id"] not in held], origin)
    rest = [document for document in documents if document["id"] not in held]
    loaded = iter(_load_each(session, rest, terms, origin))
    return [held[item["id"]] if item["id"] in held else next(loaded) for item in documents]


def _load_each(
    session: Session, documents: Sequence[Document], terms: Terms, origin: Origin
) -> list[Loaded | None]:
    """Load the documents together or, where the tables refuse one of them, each by itself."""
    together = _load_or_leave(session, documents, terms, origin)
    if together is not None:
        return [*together]
    alone = (_load_or_leave(session, [document], terms, origin) for document in documents)
    return [loaded[0] if loaded else None for loaded in alone]


def _load_or_leave(
    session: Session, documents: Sequence[Document], terms: Terms, origin: Origin
) -> list[Loaded] | None:
    """Load within a savepoint: documents that the tables refuse leave nothing behind."""
    try:
        with warnings.catch_warnings(), session.begin_nested():
            # A row with the identifier of one in hand: SQLAlchemy warns of it before the table refuses it.
            warnings.filterwarnings("error", "New instance .* conflicts", SAWarning)
            return load_all(session, documents, terms, origin)
    except (IntegrityError, SAWarning):
        return None


def _rejections(reading: Reading, entry: Entry, problem: Problem | None) -> list[Rejected]:
    where, why = (problem.path, problem.message) if problem else ("id", NOT_ITS_OWN)
    if why == LISTED:  # what must not be kept is not kept in the file of rejected rows either
        return [Rejected(row, where, why, {}) for row in entry.rows]
    return [Rejected(row, where, why, reading.originals.get(row, {})) for row in entry.rows]


def _reasons(entry: Entry, problems: Sequence[Problem]) -> Reasons:
    reasons = [(N_("not understood"), f"{item.field}: {item.text}") for item in entry.not_understood]
    reasons += [(N_("check"), f"Row {flag.row}, {flag.field}: {flag.message}") for flag in entry.flags]
    return reasons + [("check", f"{problem.path}: {problem.message}") for problem in problems]


def _is_whole(organization: Organization, document: Mapping[str, Any]) -> bool:
    """Whether a document speaks of every service that the organisation has."""
    named = {service["id"] for service in document.get("services") or []}
    return {service.id for service in organization.services} <= named


def _flag(session: Session, changed: Sequence[Changed], run: ImportRun) -> None:
    """Flag what the new versions give cause for, in the stead of what the old ones gave.

    A file of some of an organisation's services says nothing of the others, so their flags stay.
    """
    ids = [organization.id for organization, _, whole in changed if whole]
    open_ones = ReviewFlag.organization_id.in_(ids) & ReviewFlag.settled_at.is_(None)
    session.execute(delete(ReviewFlag).where(open_ones, ReviewFlag.reason != GONE))
    settled = settled_flags(session, [organization.id for organization, *_ in changed])
    session.add_all(
        ReviewFlag(organization_id=organization.id, run_id=run.id, reason=reason, message=message)
        for organization, reasons, _ in changed
        for reason, message in reasons
        if (organization.id, reason, message) not in settled
    )


def _count_flags(session: Session, run: ImportRun) -> dict[str, int]:
    session.flush()
    query = select(ReviewFlag.reason, func.count()).where(ReviewFlag.run_id == run.id)
    rows = session.execute(query.group_by(ReviewFlag.reason).order_by(ReviewFlag.reason))
    return dict(rows.all())


def _record(run: ImportRun, report: ImportReport, status: str) -> None:
    run.status, run.rows = status, report.rows
    run.created, run.updated, run.unchanged = report.created, report.updated, report.unchanged
    run.rejected, run.not_understood = len(report.rejected), report.not_understood
    run.not_wanted = sum(report.not_wanted.values())
