"""What time it is for the people who read the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

LONDON = ZoneInfo("Europe/London")


def london_now() -> datetime:
    """The present wall-clock time in London, without a zone."""
    return datetime.now(LONDON).replace(tzinfo=None)


def now() -> datetime:
    """The time by the application's clock, which a test may set."""
    return cast(datetime, current_app.config["CLOCK"]())


def today() -> date:
    """The day by the application's clock."""
    return now().date()
