"""Commands for the bundled demonstration data, all of it fictional."""

from __future__ import annotations

import click
from flask import current_app
from werkzeug.serving import run_simple

from directory.cli.group import commands, stop, today
from directory.cli.records import init_database
from directory.db import get_session
from directory.demonstration import is_empty, load_demonstration, remove_demonstration


@commands.command("load-demonstration")
@click.option("--if-empty", is_flag=True, help="Only into a directory without any record.")
def load(if_empty: bool) -> None:
    """Load the bundled demonstration data: fictional organisations, made-up areas, the real sites."""
    session = get_session()
    if if_empty and not is_empty(session):
        click.echo("There are records already; the demonstration data was not loaded.")
        return
    with click.progressbar(length=250, label="Loading demonstration data") as bar:
        report = load_demonstration(session, today(), bar.update)
    if report.interrupted:
        stop("Stopped before the end. Run the same command again for the rest.")
    click.echo(f"{report.organizations} fictional organisations are in.")


@commands.command("remove-demonstration")
def remove() -> None:
    """Take every fictional organisation and made-up area out again. The sites stay."""
    session = get_session()
    count = remove_demonstration(session, today())
    session.commit()
    click.echo(f"{count} fictional organisations were taken out.")


@commands.command("start")
@click.option("--port", default=5000, show_default=True, help="Where it listens, on this machine alone.")
@click.pass_context
def start(context: click.Context, port: int) -> None:
    """Set up the database, load the demonstration data where there is no record, and serve the site."""
    # One process for all three: to load the program takes longer than what is left to do a second time.
    context.invoke(init_database)
    context.invoke(load, if_empty=True)
    get_session().close()
    click.echo(f"The directory is at http://127.0.0.1:{port} - stop it with Ctrl-C.")
    run_simple("127.0.0.1", port, current_app._get_current_object(), threaded=True)  # type: ignore[attr-defined]
