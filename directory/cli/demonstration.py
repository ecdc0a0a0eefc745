"""Commands for the bundled demonstration data, all of it fictional."""

from __future__ import annotations

import click

from directory.cli.group import commands, stop, today
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
