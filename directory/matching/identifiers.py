"""The graph of identifiers: records and registers joined by the numbers that they share."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

COMPANY_DIGITS = 8


def plain_org_ids(org_ids: pd.Series[str]) -> pd.Series[str]:
    """Org-ids in one way of writing: GB-CHC-0123 as GB-CHC-123, company numbers of eight characters."""
    bare = org_ids.fillna("").astype(str).str.upper().str.replace(r"[\s.]", "", regex=True)
    scheme = bare.str.extract(r"^([A-Z]{2}-[A-Z]+)-", expand=False).fillna("")
    number = bare.str.replace(r"^[A-Z]{2}-[A-Z]+-", "", regex=True)
    padded = number.str.zfill(COMPANY_DIGITS).where(number.str.fullmatch(r"\d{1,8}"), number)
    short = number.str.lstrip("0")
    number = padded.where(scheme == "GB-COH", short.where(scheme == "GB-CHC", number))
    return (scheme + "-" + number).where(scheme != "", bare)


def join(held: pd.DataFrame, links: pd.DataFrame) -> pd.Series[int]:
    """Which records belong together: by `key`, the number of the group.

    `held` says which record (`key`) holds which identifier (`org_id`); `links` which identifiers are of one
    organisation (`left`, `right`), as a register of charities names companies. Records that share an
    identifier, or whose identifiers a chain of links joins, have the same number.
    """
    held_ids, left, right = (
        plain_org_ids(column) for column in (held["org_id"], links["left"], links["right"])
    )
    ids, known = pd.factorize(pd.concat([held_ids, left, right], ignore_index=True))
    records, keys = pd.factorize(held["key"])
    count = len(known) + len(keys)
    start = np.concatenate([records + len(known), ids[len(held) : len(held) + len(links)]])
    end = np.concatenate([ids[: len(held)], ids[len(held) + len(links) :]])
    graph = coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(count, count))
    _, groups = connected_components(graph, directed=False)
    return pd.Series(groups[len(known) :], index=pd.Index(keys, name="key"), name="group")


def conflicting(held: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """For each pair of records (`left`, `right`), whether a register gave them different numbers.

    A register may give one organisation several numbers; they conflict where both hold some of that register
    and share none.
    """
    table = pd.DataFrame({"key": held["key"].to_numpy(), "org_id": plain_org_ids(held["org_id"]).to_numpy()})
    table["scheme"] = table["org_id"].str.extract(r"^([A-Z]{2}-[A-Z]+)-", expand=False)
    numbered = pairs[["left", "right"]].reset_index(drop=True).rename_axis("pair").reset_index()
    both = numbered.merge(table, left_on="left", right_on="key").merge(
        table, left_on=["right", "scheme"], right_on=["key", "scheme"], suffixes=("_left", "_right")
    )
    both["same"] = both["org_id_left"] == both["org_id_right"]
    agrees = both.groupby(["pair", "scheme"])["same"].any()
    found = np.zeros(len(pairs), dtype=bool)
    found[agrees.index[~agrees].get_level_values("pair").to_numpy(dtype=int)] = True
    return found
