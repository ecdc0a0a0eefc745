"""Commands for people: what is held on one, consents, erasure, and what must not be listed."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy import select, text

from directory.cli.group import commands, stop, today
from directory.db import get_engine, get_session
from directory.models import DoNotList
from directory.safekeeping import do_not_list
from directory.safekeeping.consent import withdraw_person
from directory.safekeeping.do_not_list import KINDS, NothingToListError
from directory.safekeeping.erase import Erasure, erase, look
from directory.safekeeping.subject_access import readable_page, subject_access

FOLDER = click.Path(file_okay=False, path_type=Path)
ELSEWHERE = (
    "Not touched: backups, files that were imported or rejected, logs, and copies that others took. "
    "See docs/protection.md."
)


@commands.command("subject-access")
@click.argument("name_or_email")
@click.option(
    "--to", "folder", type=FOLDER, default=Path(), help="The folder to write into; here, if not given."
)
def subject_access_files(name_or_email: str, folder: Path) -> None:
    """Write everything that is held on a person, as JSON and as a page to read."""
    session = get_session()
    answer = subject_access(session, name_or_email)
    session.commit()
    folder.mkdir(parents=True, exist_ok=True)
    machine, page = folder / "subject-access.json", folder / "subject-access.html"
    machine.write_text(json.dumps(answer, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    page.write_text(readable_page(answer), encoding="utf-8")
    for path in (machine, page):
        path.chmod(0o600)
    click.echo(f"{answer['rows']} rows in {len(answer['tables'])} tables, in {machine} and {page}.")
    click.echo("Read the page before you give it away: a text may name other people too.")


@commands.command("erase")
@click.argument("name_or_email")
@click.option("--yes", is_flag=True, help="Do it. Without this, it is only said what would be touched.")
@click.option("--do-not-list", "list_too", is_flag=True, help="Put the person on the do-not-list as well.")
def erase_person(*, name_or_email: str, yes: bool, list_too: bool) -> None:
    """Take a person out of every table, old versions and submissions too."""
    session = get_session()
    if not yes:
        _tell(look(session, name_or_email), "would be touched")
        click.echo("Nothing was changed. Look with subject-access who it is, then say --yes.")
        return
    done = erase(session, name_or_email, today(), list_too=list_too)
    session.commit()
    _scrub()
    _tell(done, "touched")
    if done.left:
        click.echo(f"Left as they are, names of organisations that hold the name: {done.left}.")
    click.echo(ELSEWHERE)


@commands.command("withdraw-consent")
@click.argument("name_or_email")
def withdraw_consent(name_or_email: str) -> None:
    """Take back a person's consent to be shown: at once, everywhere, and when a file brings it again."""
    session = get_session()
    done = withdraw_person(session, name_or_email, None, today())
    session.commit()
    click.echo(f"Contacts that are no longer shown: {done.contacts}. Letters stopped: {done.letters}.")


@commands.command("do-not-list")
def show_do_not_list() -> None:
    """List what is on the do-not-list: its kind, day and reason, for nobody can tell what it is."""
    rows = get_session().scalars(select(DoNotList).order_by(DoNotList.kind, DoNotList.added_at)).all()
    for row in rows:
        click.echo(f"{row.kind}, since {row.added_at.date().isoformat()}: {row.reason or 'no reason given'}")
    click.echo(f"{len(rows)} on the list.")


@commands.command("do-not-list-add")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("text")
@click.option("--reason", default="", help="Why, in words that name nobody.")
def add_to_do_not_list(kind: str, text: str, reason: str) -> None:
    """Keep something from being listed: it is kept as a keyed hash, and imports leave it out."""
    session = get_session()
    try:
        new = do_not_list.add(session, kind, text, reason)
    except NothingToListError as error:
        stop(str(error))
    session.commit()
    click.echo("It is on the list now." if new else "It was on the list already.")
    click.echo("What is in the directory already stays: see erase.")


@commands.command("do-not-list-remove")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("text")
def remove_from_do_not_list(kind: str, text: str) -> None:
    """Let something be listed again."""
    session = get_session()
    if not do_not_list.remove(session, kind, text):
        stop("It is not on the list.")
    session.commit()
    click.echo("It is off the list.")


def _tell(erasure: Erasure, words: str) -> None:
    for name, number in sorted(erasure.rows.items()):
        click.echo(f"{name}: {number} rows {words}.")
    if not erasure.rows:
        click.echo("Nothing is held on that person.")


def _scrub() -> None:
    """Take out of the database's file what was deleted from its tables: it stays in free pages otherwise."""
    with get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("VACUUM"))
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            connection.execute(text("VACUUM"))
