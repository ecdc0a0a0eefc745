"""The group that every command belongs to."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

EXISTING = click.Path(exists=True, path_type=Path)
NO_TABLES = ("no such table", 'relation "')


class PlainGroup(AppGroup):
    """Commands that say in a sentence, without a traceback, that a file or the database cannot be used."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            why = str(error.orig).splitlines()[0]
            if why.startswith(NO_TABLES):
                stop("The database has no tables yet, or old ones. Run: flask directory init")
            if isinstance(error, ProgrammingError):
                raise
            stop(f"The database cannot be used: {why}.")
        except OSError as error:
            if error.filename is None:  # no file of the user's, but a pipe that closed or the like
                raise
            stop(f"{error.filename} cannot be used: {error.strerror}.")


commands = PlainGroup("directory", help="Look after the directory's records and geography.")


def stop(message: str) -> NoReturn:
    """End the command with a plain sentence and no traceback."""
    click.echo(message, err=True)
    sys.exit(1)


def today() -> date:
    """The day by the application's clock."""
    return cast(datetime, current_app.config["CLOCK"]()).date()
