"""The tables of the Charity Commission's public extract: found in a folder or a zip, and read as streams."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from directory.sources.entry import SourceError
from directory.sources.json_stream import stream_objects

MAIN, AREAS, CLASSES, NAMES, POLICIES = (
    "charity",
    "charity_area_of_operation",
    "charity_classification",
    "charity_other_names",
    "charity_policy",
)
NEEDED = (MAIN, AREAS)
_NAME = re.compile(r"(?:publicextract\.)?(charity\w*)\.(json|zip)", re.IGNORECASE)
Row = dict[str, Any]


@dataclass(frozen=True)
class Extract:
    """Where each table is: a file, and which member of it if that is a zip."""

    tables: dict[str, tuple[Path, str | None]]

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table; none of one that is not there."""
        if table not in self.tables:
            return
        path, member = self.tables[table]
        try:
            if member is None:
                with path.open("rb") as file:
                    yield from stream_objects(file, path.name)
                return
            with zipfile.ZipFile(path) as archive, archive.open(member) as packed:
                yield from stream_objects(packed, f"{path.name}: {Path(member).name}")
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise SourceError(f"{path.name} is a damaged zip, or it has a password.") from error


def find_tables(path: Path) -> Extract:
    """The tables of a folder, of a zip of tables, or of the folder that one table lies in."""
    if not path.exists():
        raise SourceError(f"There is no file {path.name}.")
    tables: dict[str, tuple[Path, str | None]] = {}
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        tables |= _tables_of(file)
    missing = [name for name in NEEDED if name not in tables]
    if missing:
        raise SourceError(
            f"{path.name} does not hold the table {missing[0]}. Give the folder with"
            f" publicextract.charity.zip, publicextract.{AREAS}.zip and the others."
        )
    return Extract(tables)


def _tables_of(file: Path) -> dict[str, tuple[Path, str | None]]:
    if file.suffix.casefold() == ".json" and (name := _NAME.fullmatch(file.name)):
        return {name[1].casefold(): (file, None)}
    if file.suffix.casefold() != ".zip":
        return {}
    try:
        with zipfile.ZipFile(file) as archive:
            members = [name for name in archive.namelist() if name.casefold().endswith(".json")]
    except zipfile.BadZipFile as error:
        raise SourceError(f"{file.name} is a damaged zip. Download it again.") from error
    # Members are read as streams and never unpacked, so where their names point to makes no difference.
    named = {member: _NAME.fullmatch(Path(member).name) for member in members}
    return {name[1].casefold(): (file, member) for member, name in named.items() if name}
