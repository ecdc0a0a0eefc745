"""From small areas to wards, authorities and sites: sums, means over people, and services counted once."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy.orm import Session

from directory.coverage.areas import AreaBase, area_names
from directory.coverage.figures import Coverage
from directory.coverage.from_sites import SiteGround, sites_table
from directory.coverage.summing import collapse, sums, with_services
from geodata.need import rank_intervals


def level_table(
    session: Session, coverage: Coverage, level: str, ground: SiteGround | None = None
) -> pd.DataFrame:
    """The figures of a question for the areas of a level, with the place of each in the list of gaps.

    The level "site" needs the sites.
    """
    if level == "lsoa":
        table = coverage.table.copy()
    elif ground is not None:
        table = sites_table(session, coverage, ground)
    else:
        table = _grouped_table(session, coverage, level)
    for which in ("known", "possible"):
        people = table["people"].where(table["people"] > 0)
        table[f"share_covered_{which}"] = table[f"people_covered_{which}"] / people
    table["uncertain"] = (table["providers_known"] < coverage.query.enough) & (
        table["providers_possible"] >= coverage.query.enough
    )
    ranked = table["gap_known"].notna() & table["gap_possible"].notna()
    first, last = rank_intervals(table.loc[ranked, "gap_possible"], table.loc[ranked, "gap_known"])
    table["rank_first"] = pd.Series(first, index=table.index[ranked]).reindex(table.index)
    table["rank_last"] = pd.Series(last, index=table.index[ranked]).reindex(table.index)
    return table


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """The areas in the order of their gaps as far as is known, then of those that are sure, then by name."""
    order = ["gap_known", "gap_possible", "name"]
    return table.sort_values(order, ascending=[False, False, True], na_position="last", kind="stable")


def _grouped_table(session: Session, coverage: Coverage, level: str) -> pd.DataFrame:
    names = area_names(session, level)
    codes = sorted(names)
    group = pd.Index(codes).get_indexer(pd.Index(coverage.base.table[f"{level}_code"]))
    table = sums(coverage.table, group, len(codes))
    table.insert(0, "name", [names[code] for code in codes])
    table.insert(0, "code", codes)
    table["authority_code"] = codes if level == "authority" else _parents(coverage.base, level, codes)
    return with_services(table, collapse(coverage.reached, group, len(codes)))


def _parents(base: AreaBase, level: str, codes: Sequence[str]) -> list[str | None]:
    first = base.table.groupby(f"{level}_code")["authority_code"].first()
    return [first.get(code) for code in codes]
