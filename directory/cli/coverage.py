"""Commands about coverage. Take a snapshot once a month; each import takes one too."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from directory.cli.group import commands, stop, today
from directory.coverage.areas import CoverageError
from directory.coverage.snapshots import take_snapshot
from directory.db import get_session


@commands.command("snapshot")
def snapshot() -> None:
    """Keep today's figures of coverage, so that it can be seen whether gaps close. Run it once a month."""
    session = get_session()
    try:
        taken = take_snapshot(session, today(), "month")
    except CoverageError as error:
        stop(str(error))
    session.commit()
    click.echo(f"The figures of {taken.taken_on} are kept. An earlier snapshot of the same day is replaced.")


def snapshot_after_import(session: Session) -> None:
    """The same after an import; where no areas or people are loaded there is nothing to keep yet."""
    try:
        take_snapshot(session, today(), "import")
    except CoverageError:
        return
    session.commit()
    click.echo("The figures of coverage of today are kept.")
