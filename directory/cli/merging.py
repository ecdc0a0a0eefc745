"""Commands for records that may be of one organisation."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cells import safe_cell
from directory.cli.group import commands, stop, today
from directory.db import get_session
from directory.merging.alike import Alike
from directory.merging.match import match_all, queue_alike
from directory.models import Organization, Revision

COLUMNS = ("what became of it", "probability", "one", "other", "reasons", "one id", "other id")


@commands.command("match")
@click.option("--report", type=click.Path(path_type=Path), help="Write what was joined and queued as CSV.")
def match(report: Path | None) -> None:
    """Find records of one organisation: join the sure ones, put the others into the queue."""
    session = get_session()
    names = dict(session.execute(select(Organization.id, Organization.name)).all())
    click.echo(f"Comparing {len(names):,} records.")
    bars: list[Any] = []

    def progress(found: Sequence[Alike]) -> Callable[[int], None]:
        bars.append(click.progressbar(length=len(found), label="Pairs"))
        step: Callable[[int], None] = bars[0].__enter__().update
        return step

    try:
        done = match_all(session, today(), progress)
    finally:
        for bar in bars:
            bar.__exit__(None, None, None)
    click.echo(f"Pairs that may be one: {done.pairs:,}. Joined: {len(done.merged):,}.")
    click.echo(f"New in the queue: {len(done.queued):,}. In it before, or decided: {done.known:,}.")
    click.echo(f"Left alone, because a person said that they are not the same: {done.refused:,}.")
    if report:
        rows = [("joined", one) for one in done.merged] + [("queued", one) for one in done.queued]
        with report.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([safe_cell(value) for value in _row(words, one, names)] for words, one in rows)
        click.echo(f"Wrote {report}. It may hold what must not be published: keep it safe.")
    if done.interrupted:
        stop("Stopped before the end. Run it again: what was joined stays joined.")


def _row(words: str, one: Alike, names: dict[str, str]) -> tuple[str, ...]:
    said = " ".join(reason for reason, _ in one.reasons)
    named = [names.get(key, "") for key in (one.left_id, one.right_id)]
    return (words, f"{one.probability:.3f}", *named, said, one.left_id, one.right_id)


def queue_after_import(session: Session, since: datetime) -> None:
    """Put into the queue what the records are like that imports wrote since; nothing is joined by it."""
    wrote = select(Revision.organization_id).where(
        Revision.accepted_at >= since, Revision.run_id.is_not(None)
    )
    done = queue_alike(session, set(session.scalars(wrote)))
    session.commit()
    if done.queued:
        click.echo(
            f"Records that may be of an organisation that was here before: {len(done.queued):,}."
            " They wait under /matches; flask directory match joins those that are sure."
        )
