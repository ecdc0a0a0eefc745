"""Figures about areas: read them from a table, and carry them from the 2011 small areas to those of 2021."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd

from geodata.crs import require_columns

Rule = Literal["count", "rate", "score", "rank", "decile"]
COLUMNS = ["code", "measure", "value"]
LOOKUP_COLUMNS = ["lsoa11_code", "lsoa21_code", "change_code"]

_NUMBER = r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_ONS_LOOKUP_NAMES = {"LSOA11CD": "lsoa11_code", "LSOA21CD": "lsoa21_code", "CHGIND": "change_code"}


def read_area_values(path: Path, code_column: str, value_columns: Sequence[str]) -> pd.DataFrame:
    """Read figures about areas from a CSV file.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file with a heading and one row an area.
    code_column : str
        The column of the area's code.
    value_columns : sequence of str
        The columns of figures to read; each becomes a measure of that name.

    Returns
    -------
    pandas.DataFrame
        Columns ``code``, ``measure``, ``value`` (float): one row an area and measure, by measure and then
        in the order of the file. A blank cell gives NaN, which means "not known" and not nought.

    Raises
    ------
    ValueError
        If a column is missing, a code is missing or given twice, or a cell is not a number; the message
        names the cells by line of the file and column. Thousands commas ("1,733") are understood.
    """
    cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False)
    require_columns(cells, [code_column, *value_columns], str(path))
    cells = cells[(cells != "").any(axis=1)]
    lines = cells.index.to_numpy() + 2
    codes = cells[code_column].str.strip().to_numpy()
    faulty = np.flatnonzero((codes == "") | pd.Series(codes).duplicated())
    if len(faulty):
        first = faulty[0]
        raise ValueError(f"{path}, line {lines[first]}: the code {codes[first]!r} is missing or given twice")
    table = cells[list(value_columns)].to_numpy(dtype=object)
    measure, line = np.repeat(list(value_columns), len(cells)), np.tile(lines, table.shape[1])
    text = pd.Series(table.ravel(order="F"), dtype="str").str.strip()
    bad = np.flatnonzero(~text.str.fullmatch(_NUMBER) & text.ne(""))
    if len(bad):
        named = [f"line {line[cell]}, {measure[cell]}: {text[cell]!r}" for cell in bad[:5]]
        raise ValueError(f"{path} has {len(bad)} cells that are not numbers: {'; '.join(named)}")
    number = pd.to_numeric(text.str.replace(",", "")).astype(float)
    return pd.DataFrame({"code": np.tile(codes, table.shape[1]), "measure": measure, "value": number})


def read_lookup(path: Path) -> pd.DataFrame:
    """Read ONS's lookup of small areas of 2011 to those of 2021.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file with columns ``lsoa11_code``, ``lsoa21_code`` and ``change_code``, or as ONS names them,
        ``LSOA11CD``, ``LSOA21CD`` and ``CHGIND``.

    Returns
    -------
    pandas.DataFrame
        Columns ``lsoa11_code``, ``lsoa21_code`` and ``change_code`` (U unchanged, S split, M merged, X
        irregular), one row a pair.

    Raises
    ------
    ValueError
        If a column is missing.
    """
    lookup = pd.read_csv(path, dtype=str, encoding="utf-8-sig").rename(columns=_ONS_LOOKUP_NAMES)
    require_columns(lookup, LOOKUP_COLUMNS, str(path))
    return lookup[LOOKUP_COLUMNS].drop_duplicates(ignore_index=True)


def convert_values(
    values: pd.DataFrame, lookup: pd.DataFrame, rule: Rule, weights: pd.Series | None = None
) -> pd.DataFrame:
    """Carry figures about the small areas of 2011 to those of 2021.

    Parameters
    ----------
    values : pandas.DataFrame
        Columns ``code`` (of 2011), ``measure`` and ``value``, each code once a measure.
    lookup : pandas.DataFrame
        Columns ``lsoa11_code`` and ``lsoa21_code``, one row a pair, as `read_lookup` gives.
    rule : {"count", "rate", "score", "rank", "decile"}
        What the figures are: see Notes.
    weights : pandas.Series of float, optional
        Population by code, not negative. For counts, of the areas of 2021: a split area's count is shared in
        proportion. For rates and scores, of the areas of 2011: a merged area gets the weighted mean. Without
        weights a split is into equal parts and the mean is plain.

    Returns
    -------
    pandas.DataFrame
        Columns ``code`` (of 2021), ``measure`` and ``value``, by measure and code. An area that takes from
        several is NaN when any of them is not known or not given; one that takes from none of those given
        is left out.

    Raises
    ------
    ValueError
        If the rule is "rank" or "decile" or unknown, a code is not in the lookup or is given twice, a
        weight is missing or negative, or all the weights of one area are nought.

    Notes
    -----
    Counts: ``v_j = sum over i of v_i * w_j / (sum of w over the parts of i)``, with w = 1 when not given.
    Each share is rounded down to a multiple of the unit in the last place of the count and the part with
    the greatest weight takes what is left, so the shares of one count add up to it exactly. Equal parts are
    an assumption: ONS split areas to even out their populations. Rates and scores: every part of a split
    carries the whole value; a merged area has ``sum of w_i v_i / sum of w_i``. Ranks and deciles are places
    in a list of all areas; the list is another one after the change, so they cannot be carried. Irregular
    changes (X) follow the same formulas.

    Examples
    --------
    >>> values = pd.DataFrame({"code": ["A", "B", "C"], "measure": "people", "value": [9.0, 4.0, 6.0]})
    >>> lookup = pd.DataFrame({"lsoa11_code": list("AABC"), "lsoa21_code": list("PQRR")})
    >>> convert_values(values, lookup, "count")["value"].tolist()
    [4.5, 4.5, 10.0]
    >>> convert_values(values, lookup, "score")["value"].tolist()
    [9.0, 9.0, 5.0]
    """
    _check(values, lookup, rule)
    pairs = lookup[["lsoa11_code", "lsoa21_code"]].drop_duplicates()
    measures = pd.DataFrame({"measure": values["measure"].unique()})
    given = values.rename(columns={"code": "lsoa11_code"})[["lsoa11_code", "measure", "value"]]
    # Every pair times every measure, so that a source that was not given shows as not known.
    joined = pairs.merge(measures, how="cross").merge(given, how="left", indicator="source")
    keys = ["measure", "lsoa21_code"]
    joined = joined[joined["source"].eq("both").groupby([joined[key] for key in keys]).transform("any")]
    weighed_by = "lsoa21_code" if rule == "count" else "lsoa11_code"
    joined = joined.assign(weight=_weights(joined[weighed_by], weights), unknown=joined["value"].isna())
    joined["share"] = _count_shares(joined) if rule == "count" else joined["value"] * joined["weight"]
    sums = joined.groupby(keys)[["share", "weight", "unknown"]].sum()
    if rule != "count" and sums["weight"].eq(0).any():
        raise ValueError(f"the weights of {sums.index[sums['weight'].eq(0)][0][1]} are all nought")
    value = sums["share"] if rule == "count" else sums["share"] / sums["weight"]
    result = value.where(sums["unknown"].eq(0)).rename("value").reset_index()
    return result.rename(columns={"lsoa21_code": "code"})[COLUMNS]


def _check(values: pd.DataFrame, lookup: pd.DataFrame, rule: str) -> None:
    if rule in ("rank", "decile"):
        raise ValueError(
            f"a {rule} cannot be carried from 2011 to 2021 areas, because it is a place in a list of all: "
            f"convert the score it was made from, or use figures published for 2021 areas"
        )
    if rule not in get_args(Rule):
        raise ValueError(f"there is no rule {rule!r}: use count, rate or score")
    require_columns(values, COLUMNS, "values")
    require_columns(lookup, LOOKUP_COLUMNS[:2], "lookup")
    unknown = sorted(set(values["code"]) - set(lookup["lsoa11_code"]))
    if unknown:
        raise ValueError(f"{len(unknown)} codes are not 2011 areas of the lookup: {', '.join(unknown[:5])}")
    again = values.loc[values.duplicated(["code", "measure"]), "code"]
    if len(again):
        raise ValueError(f"the value of {again.iloc[0]} is given twice")


def _weights(codes: pd.Series, weights: pd.Series | None) -> pd.Series:
    if weights is None:
        return pd.Series(1.0, index=codes.index)
    found = codes.map(weights).astype(float)
    if not found.ge(0).all():
        raise ValueError(f"{codes[~found.ge(0)].iloc[0]} has no weight, or a negative one")
    return found


def _count_shares(joined: pd.DataFrame) -> pd.Series:
    """Share each count among its parts, so that the shares add up to it exactly.

    A multiple of the count's last place, no greater than the count, is a number the machine holds without
    rounding, and so is any sum of such shares.
    """
    source = [joined["measure"], joined["lsoa11_code"]]
    total = joined.groupby(source)["weight"].transform("sum")
    if total.eq(0).any():
        raise ValueError(
            f"the weights of all parts of {joined.loc[total.eq(0), 'lsoa11_code'].iloc[0]} are nought"
        )
    unit = np.spacing(joined["value"].abs())
    share: pd.Series = np.trunc(joined["value"] * (joined["weight"] / total) / unit) * unit
    greatest = joined.groupby(source)["weight"].idxmax()
    share[greatest] = 0.0
    rest: pd.Series = joined["value"] - share.groupby(source).transform("sum")
    return share.where(~share.index.isin(greatest), rest)
