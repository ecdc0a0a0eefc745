"""The group that every command belongs to."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn, cast

import click
from flask import current_app
from flask.cli import AppGroup

commands = AppGroup("directory", help="Look after the directory's records and geography.")
EXISTING = click.Path(exists=True, path_type=Path)


def stop(message: str) -> NoReturn:
    """End the command with a plain sentence and no traceback."""
    click.echo(message, err=True)
    sys.exit(1)


def today() -> date:
    """The day by the application's clock."""
    return cast(datetime, current_app.config["CLOCK"]()).date()
