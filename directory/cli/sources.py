"""Commands for sources: which there are, when they are due, and bringing in what is new."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from directory.cli.group import commands, stop, today
from directory.cli.merging import queue_after_import
from directory.db import get_session
from directory.models import Source, utc_now
from directory.refreshing.due import due, standings
from directory.refreshing.fetched import Patience
from directory.refreshing.refresh import Outcome, Wanted, declare, refresh
from directory.sources.entry import SourceError
from directory.sources.mapping import load_mapping

BAD = ("failed", "waiting", "interrupted")


@commands.command("sources")
@click.option("--add", "to_add", help="A mapping with addresses: a TOML file, or the name of a bundled one.")
@click.option("--stop", "to_stop", help="The name of a source that is to be fetched no longer.")
def list_sources(to_add: str | None, to_stop: str | None) -> None:
    """List the sources with their last run and when they are due; put one on the list, or stop one."""
    session = get_session()
    if to_add:
        try:
            source = declare(session, load_mapping(to_add))
        except SourceError as error:
            stop(str(error))
        click.echo(f"{source.slug} is on the list. Bring it in: flask directory refresh {source.slug}")
    if to_stop:
        stopped = session.scalar(select(Source).where(Source.slug == to_stop))
        if stopped is None or stopped.declaration is None:
            stop(f"No source {to_stop!r} is fetched.")
        stopped.declaration, stopped.refresh_days = None, None
        click.echo(f"{to_stop} is fetched no longer. What came from it stays.")
    session.commit()
    for one in standings(session, today()):
        last = one.last
        click.echo(
            f"{one.source.slug}: {one.source.title} ({one.kind}, {one.source.licence or 'no licence'})"
        )
        if last is None:
            click.echo("  no run yet")
        else:
            counts = f"{last.created} new, {last.updated} changed, {last.gone} gone"
            click.echo(f"  last run {last.started_at.date()}: {last.status}, {counts}")
            if last.detail:
                click.echo(f"  {last.detail}")
        when = f"due {one.due_on}" if one.due_on else "not fetched by itself"
        click.echo(f"  {one.records} organisations shown, {one.gone} no longer in the source; {when}")


@commands.command("refresh")
@click.argument("name", required=False)
@click.option("--accept-drop", is_flag=True, help="Take a source that has lost much: somebody looked at it.")
@click.option("--private", is_flag=True, help="Read feeds from private addresses as well.")
def refresh_sources(name: str | None, accept_drop: bool, private: bool) -> None:
    """Fetch and import the sources that are due, or the one that is named. Run it once a day."""
    session = get_session()
    if accept_drop and not name:
        stop("Say which source has really lost so much: flask directory refresh NAME --accept-drop")
    chosen = _named(name) if name else due(session, today())
    folder = Path(current_app.config["INSTANCE_FOLDER"]) / "sources"
    wanted = Wanted(folder, today(), Patience(private=private), accept_drop)
    bad, since = 0, utc_now()
    for source in chosen:
        slug = source.slug
        try:
            outcome = refresh(session, source, wanted, lambda _count: None)
        except SourceError as error:
            stop(str(error))
        session.commit()
        bad += outcome.status in BAD
        _tell(slug, outcome)
    queue_after_import(session, since)
    if not chosen:
        click.echo("No source is due.")
    if bad:
        stop(f"{bad} of {len(chosen)} sources need somebody to look at them.")


def _named(name: str) -> list[Source]:
    source = get_session().scalar(select(Source).where(Source.slug == name))
    if source is None:
        stop(f"There is no source {name!r}. Put it on the list: flask directory sources --add MAPPING")
    return [source]


def _tell(slug: str, outcome: Outcome) -> None:
    click.echo(f"{slug}: {outcome.status}")
    report = outcome.report
    if report:
        click.echo(
            f"  {report.created} new, {report.updated} changed, {report.unchanged} as before,"
            f" {outcome.gone} gone; {report.waiting} wait for a navigator;"
            f" {len(report.rejected)} rows rejected"
        )
        for why, number in report.not_wanted.items():
            click.echo(f"  left out, {why}: {number:,}")
        for item in report.rejected[:5]:
            click.echo(f"  Row {item.row}, {item.field}: {item.reason}")
    if outcome.detail:
        click.echo(f"  {outcome.detail}")
