"""Which sources are due, and what there is to say of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from directory.models import ImportRun, PublishedOrganization, Source, SourceRecord

# After these a source is good until its days are over; after any other it is tried again the next day.
DONE = ("finished", "unchanged")


@dataclass(frozen=True)
class Standing:
    """A source, its last run, and when it is due. `gone` counts organisations that it has no longer."""

    source: Source
    last: ImportRun | None
    due_on: date | None
    records: int
    gone: int

    @property
    def kind(self) -> str:
        """How it comes: the name of its reader, or that somebody brings files."""
        declaration = self.source.declaration or {}
        return str(declaration.get("reader") or ("files" if declaration.get("addresses") else "by hand"))


def standings(session: Session, today: date) -> list[Standing]:
    """Every source, by title."""
    sources = session.scalars(select(Source).order_by(Source.title, Source.slug)).all()
    runs: dict[str, ImportRun] = {}
    for run in session.scalars(_last_runs()):
        runs[run.source_id] = run
    counts = PublishedOrganization.source_slug, func.count()
    records = dict(session.execute(select(*counts).group_by(PublishedOrganization.source_slug)).all())
    gone = Counter(
        row.source_id
        for row in session.execute(
            select(SourceRecord.source_id, SourceRecord.key, SourceRecord.organization_id).where(
                SourceRecord.gone_since.is_not(None)
            )
        )
        if row.key == row.organization_id
    )
    return [
        Standing(
            source,
            runs.get(source.id),
            due_on(source, runs.get(source.id), today),
            records.get(source.slug, 0),
            gone[source.id],
        )
        for source in sources
    ]


def due_on(source: Source, last: ImportRun | None, today: date) -> date | None:
    """The day on which a source is to be fetched; None for one that is not."""
    if not source.refresh_days or not (source.declaration or {}).get("addresses"):
        return None
    if last is None:
        return today
    days = source.refresh_days if last.status in DONE else 1
    return last.started_at.date() + timedelta(days=days)


def due(session: Session, today: date) -> list[Source]:
    """The sources that are to be fetched today."""
    found = standings(session, today)
    return [standing.source for standing in found if standing.due_on and standing.due_on <= today]


def _last_runs() -> Select[ImportRun]:
    latest = (
        select(ImportRun.source_id, func.max(ImportRun.started_at).label("started_at"))
        .group_by(ImportRun.source_id)
        .subquery()
    )
    same = (latest.c.source_id == ImportRun.source_id) & (latest.c.started_at == ImportRun.started_at)
    return select(ImportRun).join(latest, same)
