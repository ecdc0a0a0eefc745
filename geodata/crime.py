"""Read the street crime of data.police.uk, and count it by small area."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pandas as pd

COLUMNS = ["Month", "LSOA code", "Crime type"]
# What counts as violence unless somebody says otherwise.
VIOLENCE = ("Violence and sexual offences", "Robbery", "Possession of weapons")
_STREET = re.compile(r"-street\.csv$", re.IGNORECASE)


@dataclass(frozen=True)
class CrimeCounts:
    """Recorded crimes by small area.

    Attributes
    ----------
    counts : pandas.DataFrame
        Columns ``code`` (LSOA), ``crime_type`` and ``crimes`` (int): one row for each pair that occurs.
    months : tuple of str
        The months read, such as ``2018-06``, in their order.
    rows : int
        How many rows were read.
    without_area : int
        How many of them name no small area, and are counted in none.
    """

    counts: pd.DataFrame
    months: tuple[str, ...]
    rows: int
    without_area: int


def read_crime(path: Path) -> CrimeCounts:
    """Read street crime as data.police.uk publishes it.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file, a folder of them (also in folders by month), or a zip archive as published. Of a folder or
        archive the files whose name ends in ``-street.csv`` are read.

    Returns
    -------
    CrimeCounts
        Counts by small area and kind of crime.

    Raises
    ------
    ValueError
        If there is no such file in the folder or archive, a file is not one of data.police.uk's, a month is
        not written as 2018-06, or a file has no rows.

    Notes
    -----
    Each row counts once. Antisocial behaviour has no crime identifier, and one identifier may stand in rows
    that are different offences, so that no rows are taken out as double.
    """
    frames = [_read(file, name) for name, file in _files(Path(path))]
    if not frames:
        raise ValueError(f"{path} holds no file whose name ends in -street.csv")
    table = pd.concat(frames, ignore_index=True)
    if table.empty:
        raise ValueError(f"{path} has no rows")
    wrong = table.loc[~table["Month"].str.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])"), "Month"]
    if len(wrong):
        raise ValueError(f"{path} has {len(wrong)} rows with a month that is not written as 2018-06")
    placed = table[table["LSOA code"].ne("")]
    counted = placed.groupby(["LSOA code", "Crime type"]).size().rename("crimes").reset_index()
    counts = counted.rename(columns={"LSOA code": "code", "Crime type": "crime_type"})
    months = tuple(sorted(table["Month"].unique()))
    return CrimeCounts(counts, months, len(table), len(table) - len(placed))


def crime_values(
    crime: CrimeCounts, crime_types: Sequence[str], codes: list[str], measure: str
) -> pd.DataFrame:
    """Count some kinds of crime for each of some areas.

    Parameters
    ----------
    crime : CrimeCounts
        What `read_crime` returns.
    crime_types : sequence of str
        The kinds that count, as data.police.uk names them.
    codes : list of str
        The areas; those in which nothing was recorded get nought.
    measure : str
        What to call the figure.

    Returns
    -------
    pandas.DataFrame
        Columns ``code``, ``measure`` and ``value``, in the order of the codes.

    Raises
    ------
    ValueError
        If a kind does not occur in the files at all.

    Examples
    --------
    >>> counts = pd.DataFrame({"code": ["a", "a"], "crime_type": ["Robbery", "Drugs"], "crimes": [2, 5]})
    >>> crime = CrimeCounts(counts, ("2018-06",), 7, 0)
    >>> crime_values(crime, ["Robbery"], ["a", "b"], "robbery")["value"].tolist()
    [2.0, 0.0]
    """
    there = sorted(set(crime.counts["crime_type"]))
    unknown = [kind for kind in crime_types if kind not in there]
    if unknown:
        raise ValueError(f"there is no crime of the kind {unknown[0]!r}; there are {', '.join(there)}")
    wanted = crime.counts[crime.counts["crime_type"].isin(crime_types)]
    sums = wanted.groupby("code")["crimes"].sum().reindex(codes, fill_value=0)
    return pd.DataFrame({"code": codes, "measure": measure, "value": sums.to_numpy(dtype=float)})


def _files(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if path.is_dir():
        for file in sorted(found for found in path.rglob("*.csv") if _STREET.search(found.name)):
            with file.open("rb") as opened:
                yield str(file), opened
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(name for name in archive.namelist() if _STREET.search(name)):
                with archive.open(name) as opened:
                    yield f"{path}, {name}", opened
    else:
        with path.open("rb") as opened:
            yield str(path), opened


def _read(file: IO[bytes], name: str) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            file,
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
            usecols=lambda title: title in COLUMNS,
        )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(f"{name} is not a CSV file in UTF-8: {error}") from error
    missing = [title for title in COLUMNS if title not in table]
    if missing:
        raise ValueError(
            f"{name} is no street crime of data.police.uk: it has no column {', '.join(missing)}"
        )
    trimmed: pd.DataFrame = table[COLUMNS].apply(lambda column: column.str.strip())
    return trimmed
