"""What came of fetching, and how patiently it is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Patience:
    """How much a source may take of us, and how we wait. Tests wait less."""

    seconds_each: float = 60.0
    seconds_all: float = 3600.0
    attempts: int = 5
    largest_file: int = 1024**3
    largest_page: int = 20_000_000
    largest_feed: int = 200_000_000
    pages: int = 5_000
    pause_seconds: float = 0.2
    private: bool = False
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Fetched:
    """A fetched copy: whether anything of it is new, whether it is whole, and what went wrong on the way."""

    folder: Path
    changed: bool = True
    whole: bool = True
    notes: tuple[str, ...] = ()
