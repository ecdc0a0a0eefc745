"""Commands for records: the database, imports, terms, the public copy."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import chain, count
from pathlib import Path

import click
from sqlalchemy import select

from directory.accounts.actors import ensure_roles
from directory.cells import safe_cell
from directory.cli.coverage import snapshot_after_import
from directory.cli.group import EXISTING, commands, stop, today
from directory.cli.merging import queue_after_import
from directory.db import get_engine, get_session, upgrade
from directory.importing import ImportJob, ImportReport, run_import
from directory.models import Organization, ReviewFlag, utc_now
from directory.openreferral.fill import give_terms
from directory.phrases import add_bundled_phrases, ensure_bundled_phrases
from directory.publishing.changes import changed_at
from directory.publishing.publish import publish_all
from directory.sources import openreferral_json
from directory.sources.entry import Reading, SourceError
from directory.sources.mapping import SourceMapping, bundled_mappings, load_mapping
from directory.sources.reader import reader_for, rejected_path, write_rejected
from directory.sources.write_template import write_template
from directory.taxonomies import TaxonomyError, ensure_bundled_terms, load_terms, write_terms


@commands.command("init")
def init_database() -> None:
    """Make or upgrade the tables, and put in the bundled terms if there are none."""
    upgrade(get_engine())
    session = get_session()
    added = ensure_bundled_terms(session)
    ensure_bundled_phrases(session)
    ensure_roles(session)
    if changed_at(session) is None and session.scalar(select(Organization.id).limit(1)):
        publish_all(session, today())  # an older version left no note of what was published
    session.commit()
    click.echo(f"The database is ready. {added} terms were added.")


@commands.command("import")
@click.argument("file", type=EXISTING)
@click.option("--mapping", default=None, help=f"A TOML file, or one of: {', '.join(bundled_mappings())}.")
@click.option("--dry-run", is_flag=True, help="Read, check and report; write nothing to the database.")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where to write the rejected rows.")
def import_file(file: Path, mapping: str | None, dry_run: bool, rejected: Path | None) -> None:
    """Import a mapping spreadsheet (CSV, XLSX), GeoJSON points or Open Referral UK JSON."""
    try:
        chosen, reading, made = _read(file, mapping)
    except SourceError as error:
        stop(str(error))
    rejects = rejected or _unused(rejected_path(file, chosen))
    if rejects.resolve() == file.resolve():
        stop(f"{file} is the file to import: the rejected rows would be written over it.")
    job = ImportJob(reading, chosen, file, today(), dry_run=dry_run, made_identifiers=made)
    since = utc_now()
    with click.progressbar(length=len(reading.entries), label=f"Importing {file.name}") as bar:
        report = run_import(get_session(), job, bar.update)
    _tell(report, dry_run=dry_run)
    if not dry_run:
        snapshot_after_import(get_session())
        queue_after_import(get_session(), since)
    if report.rejected:
        write_rejected(rejects, report.rejected, file, chosen)
        click.echo(
            f"The rejected rows, each with its reason, are in {rejects}. Correct them and import that file."
        )
    if report.interrupted:
        stop("Stopped before the end. Run the same command again: what is in already will be unchanged.")


@commands.command("template")
@click.argument("file", type=click.Path(path_type=Path))
def template(file: Path) -> None:
    """Write an empty mapping spreadsheet to fill in: FILE ends in .xlsx or .csv."""
    try:
        write_template(file)
    except SourceError as error:
        stop(str(error))
    click.echo(f"Wrote {file}. Fill in one row a service, then: flask directory import {file}")


@commands.command("terms")
@click.option("--load", "to_load", type=EXISTING, help="A CSV table of terms to add or change.")
@click.option("--save", "to_save", type=click.Path(path_type=Path), help="Write all terms as a CSV table.")
def terms(to_load: Path | None, to_save: Path | None) -> None:
    """Edit the taxonomies: save them as a table, change the table, load it."""
    session = get_session()
    if to_load:
        try:
            counts = load_terms(session, to_load)
        except TaxonomyError as error:
            stop(str(error))
        given = give_terms(session)
        publish_all(session, today())
        session.commit()
        click.echo(f"{counts.added} terms added, {counts.changed} changed, {counts.unchanged} unchanged.")
        click.echo(f"Words kept as they came that now have a term: {given}.")
    if to_save:
        with to_save.open("w", encoding="utf-8", newline="") as file:
            click.echo(f"Wrote {write_terms(session, file)} terms to {to_save}.")
    if not to_load and not to_save:
        stop("Say --save FILE to write the terms, or --load FILE to change them.")


@commands.command("add-phrases")
def add_phrases() -> None:
    """Add the phrases of this version that the directory lacks. What it has stays as it is."""
    session = get_session()
    added = add_bundled_phrases(session)
    session.commit()
    click.echo(f"{added} phrases were added. Nothing that was there has changed.")


@commands.command("flags")
@click.option("--save", "to_save", type=click.Path(path_type=Path), help="Write them all as a CSV table.")
def flags(to_save: Path | None) -> None:
    """List what imports flagged and nobody has settled, such as points far from their postcode."""
    columns = (ReviewFlag.reason, Organization.name, ReviewFlag.message, ReviewFlag.organization_id)
    query = select(*columns).join(Organization, Organization.id == ReviewFlag.organization_id)
    query = query.where(ReviewFlag.settled_at.is_(None))
    listed = get_session().execute(query.order_by(*columns)).all()
    for reason, number in Counter(row.reason for row in listed).items():
        click.echo(f"{reason}: {number}")
    if to_save:
        with to_save.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("reason", "organisation", "what to look at", "organization_id"))
            writer.writerows([safe_cell(value) for value in row] for row in listed)
        click.echo(
            f"Wrote {len(listed)} flags to {to_save}. It may hold what must not be published: keep it safe."
        )


@commands.command("publish")
def publish() -> None:
    """Make the whole public copy of the record anew."""
    session = get_session()
    published = publish_all(session, today())
    session.commit()
    click.echo(f"{published} organisations are published.")


def _read(file: Path, mapping: str | None) -> tuple[SourceMapping, Reading, bool]:
    chosen = load_mapping(mapping or "mapping")
    reader = reader_for(file, chosen)
    is_feed = reader is openreferral_json.read
    if is_feed and mapping is None:
        chosen = load_mapping("openreferral")
    return chosen, reader(file, chosen), not is_feed


def _unused(path: Path) -> Path:
    """The path, or a numbered one: somebody may be at work on the rows that were rejected before."""
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(candidate for candidate in chain([path], names) if not candidate.exists())


def _tell(report: ImportReport, *, dry_run: bool) -> None:
    would = " (dry run: nothing was written)" if dry_run else ""
    click.echo(f"{report.rows} rows read{would}.")
    click.echo(
        f"Organisations: {report.created} created, {report.updated} updated, {report.unchanged} unchanged."
    )
    if report.waiting:
        click.echo(f"Waiting for a navigator, because a person wrote the record last: {report.waiting}.")
    click.echo(f"Rows rejected: {len(report.rejected)}. Example rows passed over: {report.examples}.")
    click.echo(f"Texts not understood, kept as text: {report.not_understood}.")
    for why, number in report.not_wanted.items():
        click.echo(f"Left out, {why}: {number:,}.")
    if report.left_out:
        click.echo(f"Contacts left out, because they are on the do-not-list: {report.left_out}.")
    for reason, number in report.flags.items():
        click.echo(f"Flagged for review, {reason}: {number}.")
    for item in report.rejected[:5]:
        click.echo(f"  Row {item.row}, {item.field}: {item.reason}")
