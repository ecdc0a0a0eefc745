"""Postcodes: their shape, and where Ordnance Survey's Code-Point Open says they are."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TextIO

import pandas as pd

from geodata.crs import GRID_EAST, GRID_NORTH

_OUTWARD, _INWARD = "[A-Z]{1,2}[0-9][A-Z0-9]?", "[0-9][A-Z]{2}"
_POSTCODE = re.compile(f"({_OUTWARD})({_INWARD})")
_IN_TEXT = re.compile(rf"(?<![A-Z0-9])({_OUTWARD})\s*({_INWARD})(?![A-Z0-9])")

# The whole of Great Britain is about 160 MB unpacked in 120 files, at about ten to one.
ZIP_MAX_BYTES = 1_000_000_000
ZIP_MAX_MEMBERS = 2_000
ZIP_MAX_RATIO = 200

NO_LOCATION = 90
FIELDS = 10
COLUMNS = ["postcode", "easting", "northing", "quality", "authority_code", "ward_code"]
BAD_COLUMNS = ["file", "row", "reason"]


def normalise_postcode(text: str | None) -> str | None:
    """Write a postcode the usual way: capitals, one space before the last three characters.

    Parameters
    ----------
    text : str or None
        A postcode and nothing else, in any case and spacing; full stops and commas after it are ignored.

    Returns
    -------
    str or None
        The postcode, or None when the text does not have the shape of one.

    Notes
    -----
    Only the shape is checked, so made-up areas pass; whether a postcode exists is for Code-Point Open to say.

    Examples
    --------
    >>> normalise_postcode(" b19  2th. ")
    'B19 2TH'
    >>> normalise_postcode("ZZ11AA")
    'ZZ1 1AA'
    >>> normalise_postcode("Lozells") is None
    True
    """
    match = _POSTCODE.fullmatch("".join((text or "").upper().split()).rstrip(".,;"))
    return f"{match[1]} {match[2]}" if match else None


def find_postcode(text: str | None) -> str | None:
    """Find the last postcode in a free-text address.

    Parameters
    ----------
    text : str or None
        An address as somebody wrote it.

    Returns
    -------
    str or None
        The last thing in it with the shape of a postcode, normalised, or None when there is none. The last,
        because an address ends with its postcode, and a unit number may look like one.

    Examples
    --------
    >>> find_postcode("Unit B1 2AB House, 1 Lozells Rd, Birmingham, b19 2th, UK")
    'B19 2TH'
    """
    found = _IN_TEXT.findall((text or "").upper())
    return " ".join(found[-1]) if found else None


def outward(postcode: str | None) -> str | None:
    """Return the first half of a postcode, the part that says only the district.

    Parameters
    ----------
    postcode : str or None
        A postcode, in any case and spacing.

    Returns
    -------
    str or None
        The outward code, or None when the text does not have the shape of a postcode.

    Examples
    --------
    >>> outward("B19 2TH")
    'B19'
    """
    whole = normalise_postcode(postcode)
    return whole.split()[0] if whole else None


def read_codepoint(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read OS Code-Point Open as Ordnance Survey publishes it.

    Parameters
    ----------
    path : pathlib.Path
        One CSV file, a folder that is searched at all depths, or the zip as published. In a folder and a zip
        the files that describe the columns, and anything below a folder named Doc, are passed over.

    Returns
    -------
    postcodes : pandas.DataFrame
        Columns ``postcode`` (normalised, each once), ``easting`` and ``northing`` (Int64, metres in
        EPSG:27700, <NA> where quality is 90), ``quality`` (Int64), ``authority_code`` and ``ward_code``
        (missing where blank).
    bad : pandas.DataFrame
        Columns ``file``, ``row`` (Int64 from 1; <NA> for a whole file) and ``reason``: what was not used, and
        why.

    Raises
    ------
    FileNotFoundError
        If there is nothing at the path.
    ValueError
        If there is no Code-Point Open data there, or the zip is damaged or unsafe: a member outside its
        folder, one that is encrypted, too many members, or far more data than the product holds (see the
        ``ZIP_MAX_`` constants).

    Notes
    -----
    Source: Code-Point Open user guide, Ordnance Survey. Ten columns without a heading: postcode padded to
    seven characters, positional quality, easting, northing, and codes of country, two health areas, county,
    district and ward. Quality 90 means that there are no coordinates (they are written as 0, 0); such rows
    are kept.
    """
    frames: list[pd.DataFrame] = []
    bad: list[pd.DataFrame] = []
    for name, stream in _streams(Path(path)):
        good_rows, bad_rows = _read_stream(name, stream)
        frames.append(good_rows)
        bad.append(bad_rows)
    if not any(len(frame) for frame in frames):
        raise ValueError(
            f"{path} holds no Code-Point Open data: give the zip from Ordnance Survey, the folder it "
            f"unpacks to, or one of its files, with {FIELDS} columns and no heading"
        )
    postcodes = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    again = postcodes["postcode"].duplicated()
    bad.append(_bad(postcodes[again], "the postcode was already read from an earlier row or file"))
    kept = postcodes.loc[~again, COLUMNS].reset_index(drop=True)
    return kept, pd.concat(bad, ignore_index=True)


def _streams(path: Path) -> Iterator[tuple[str, TextIO]]:
    """Yield the name and the text of each file that may hold postcodes."""
    if not path.exists():
        raise FileNotFoundError(f"there is no file or folder {path}")
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            inside = file.relative_to(path)
            if file.is_file() and _may_hold_postcodes(PurePosixPath(inside.as_posix())):
                with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
                    yield inside.as_posix(), stream
    elif path.suffix.lower() == ".zip":
        yield from _zip_streams(path)
    else:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            yield path.name, stream


def _zip_streams(path: Path) -> Iterator[tuple[str, TextIO]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _require_safe(path, members)
            for member in sorted(members, key=lambda member: member.filename):
                if _may_hold_postcodes(PurePosixPath(member.filename)):
                    with archive.open(member) as raw:
                        yield (
                            member.filename,
                            io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline=""),
                        )
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path} is not a whole zip file ({error}): fetch it again") from error


def _require_safe(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip with paths outside it, or one that would fill the memory."""
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or PureWindowsPath(name).drive:
            raise ValueError(f"{path} is refused: its member {member.filename!r} points outside the zip")
        if member.flag_bits & 1:
            raise ValueError(f"{path} is refused: its member {member.filename!r} is encrypted")
        if member.file_size > ZIP_MAX_RATIO * max(member.compress_size, 1):
            raise ValueError(
                f"{path} is refused: its member {member.filename!r} unpacks to over {ZIP_MAX_RATIO} times"
            )
    if len(members) > ZIP_MAX_MEMBERS:
        raise ValueError(f"{path} is refused: it has {len(members):,} members, over {ZIP_MAX_MEMBERS:,}")
    if sum(member.file_size for member in members) > ZIP_MAX_BYTES:
        raise ValueError(f"{path} is refused: it unpacks to over {ZIP_MAX_BYTES:,} bytes")


def _may_hold_postcodes(path: PurePosixPath) -> bool:
    described = "header" in path.name.lower() or "doc" in [part.lower() for part in path.parts[:-1]]
    return path.suffix.lower() == ".csv" and not described


def _read_stream(name: str, stream: TextIO) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split one file into rows that can be used and rows that cannot."""
    try:
        lines = list(csv.reader(stream))
    except csv.Error as error:
        return _unusable(name, f"the file is not CSV: {error}")
    width = pd.Series([len(line) for line in lines], dtype=int)
    blank_row = [""] * FIELDS
    whole = [line if len(line) == FIELDS else blank_row for line in lines]
    cells = pd.DataFrame(whole, columns=range(FIELDS), dtype=object)
    rows = _parse(cells).assign(file=name, row=cells.index + 1)
    on_grid = rows["easting"].between(0, GRID_EAST) & rows["northing"].between(0, GRID_NORTH)
    # Each later line is the graver fault, and its reason stands.
    reason = pd.Series("", index=rows.index, dtype=object)
    reason[~(on_grid.fillna(False) | rows["quality"].eq(NO_LOCATION).fillna(False))] = (
        "easting or northing is not a whole number of metres on the National Grid"
    )
    reason[rows["quality"].isna()] = "the quality (second column) is not a whole number"
    reason[rows["postcode"].isna()] = "the first column is not a postcode"
    reason[width != FIELDS] = f"the row does not have {FIELDS} columns"
    used, blank = reason == "", width == 0
    if not used.any():
        return _unusable(name, "the file holds no row of Code-Point Open data")
    return rows[used], _bad(rows[~used & ~blank], reason[~used & ~blank])


def _parse(cells: pd.DataFrame) -> pd.DataFrame:
    squeezed = cells[0].astype("str").str.upper().str.replace(r"\s+", "", regex=True)
    shaped = squeezed.str.fullmatch(_POSTCODE.pattern).eq(True)
    quality, easting, northing = (_whole_number(cells[column]) for column in (1, 2, 3))
    located = quality.ne(NO_LOCATION).fillna(False)
    return pd.DataFrame(
        {
            "postcode": (squeezed.str[:-3] + " " + squeezed.str[-3:]).where(shaped),
            "easting": easting.where(located),
            "northing": northing.where(located),
            "quality": quality,
            "authority_code": cells[8].replace("", None).astype("str"),
            "ward_code": cells[9].replace("", None).astype("str"),
        }
    )


def _whole_number(column: pd.Series) -> pd.Series:
    number = pd.to_numeric(column, errors="coerce").astype(float)
    return number.where(number.mod(1).eq(0)).astype("Int64")


def _bad(rows: pd.DataFrame, reason: str | pd.Series) -> pd.DataFrame:
    return rows.assign(reason=reason)[BAD_COLUMNS].astype({"row": "Int64"})


def _unusable(name: str, reason: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    whole = pd.DataFrame({"file": [name], "row": [pd.NA], "reason": [reason]}).astype({"row": "Int64"})
    return pd.DataFrame(columns=[*COLUMNS, "file", "row"]), whole
