"""The copies of a source in the instance folder: the last good one, one on its way, one that waits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STATE = "state"  # without an ending, so that no reader takes it for a page of a feed


@dataclass
class State:
    """What is known of a copy: by address, by which marks the server knows it, and when what changed."""

    marks: dict[str, dict[str, str]] = field(default_factory=dict)
    done: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Copies:
    """The folders of one source. What is good stays until something better was imported."""

    folder: Path

    @property
    def good(self) -> Path:
        """What was imported last."""
        return self.folder / "good"

    @property
    def new(self) -> Path:
        """What is being fetched; a run that was stopped goes on with it."""
        return self.folder / "new"

    @property
    def waiting(self) -> Path:
        """What was fetched, and waits until a person says that so much has really gone."""
        return self.folder / "waiting"

    def keep(self, which: Path) -> None:
        """Make a copy the good one."""
        old = self.folder / "old"
        shutil.rmtree(old, ignore_errors=True)
        if self.good.exists():
            self.good.rename(old)
        which.rename(self.good)
        shutil.rmtree(old, ignore_errors=True)

    def put_aside(self) -> None:
        """Let the new copy wait for a person."""
        shutil.rmtree(self.waiting, ignore_errors=True)
        self.new.rename(self.waiting)


def read_state(folder: Path) -> State:
    """The state of a copy; an empty one if there is none that can be read."""
    try:
        found = State(**json.loads((folder / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return State()
    good = all(isinstance(value, Mapping) for value in (found.marks, found.done))
    return found if good else State()


def write_state(folder: Path, state: State) -> None:
    """Keep the state of a copy beside it, all or nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{STATE}.new"
    new.write_text(json.dumps(asdict(state)), encoding="utf-8")
    new.replace(folder / STATE)


def conditions(marks: Mapping[str, str] | None) -> dict[str, str]:
    """The headers that ask for an answer only if it is another than the one with these marks."""
    marks = marks or {}
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {header: marks[name] for name, header in names.items() if marks.get(name)}


def marks_of(headers: Mapping[str, str | None]) -> dict[str, str]:
    """By which marks a server will know an answer again."""
    return {name: value for name in ("etag", "last-modified") if (value := headers.get(name))}
