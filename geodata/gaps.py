"""Where provision is missing: sites by categories, with "none" kept apart from "not known"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geodata.crs import require_columns

SOME = "some"
NONE = "none"
NOT_KNOWN = "not known"
KEYS = ["slug", "category"]
COLUMNS = [*KEYS, "known", "possible", "nearest_metres", "state"]


def site_category_matrix(
    near: pd.DataFrame,
    possible: pd.DataFrame,
    sites: Sequence[str],
    categories: Sequence[str],
    nearest: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count what there is, and what there might be, for each site and category.

    Parameters
    ----------
    near : pandas.DataFrame
        Columns ``slug``, ``provider_id``, ``category`` and ``metres``: providers known to be inside or
        within the distance, as `geodata.access.providers_near_site` lists them.
    possible : pandas.DataFrame
        Columns ``slug``, ``provider_id`` and ``category``: providers whose place is not known, that serve
        or are based in the site's authority.
    sites : sequence of str
        The slugs of the sites, in the order wanted.
    categories : sequence of str
        The codes of the categories, in the order wanted.
    nearest : pandas.DataFrame, optional
        Columns ``slug``, ``category`` and ``nearest_metres`` over all known providers at any distance, as
        `geodata.access.nearest_by_category` gives. Without it the nearest of those in `near` is used.

    Returns
    -------
    pandas.DataFrame
        One row a site and category, in the order given: ``slug``, ``category``, ``known`` and ``possible``
        (int, how many different providers), ``nearest_metres`` (float, NaN when there is none) and
        ``state``. Rows of other sites and categories are passed over.

    Raises
    ------
    ValueError
        If a column is missing, or a site or category is given twice.

    Notes
    -----
    ``state`` is "some" when a provider is known to be there, "not known" when none is known but one is
    possible, and "none" when there is neither. A provider that is known to be there is not also counted as
    possible.

    Examples
    --------
    >>> near = pd.DataFrame(
    ...     {"slug": ["lozells"], "provider_id": ["a"], "category": ["mentoring"], "metres": [120.0]}
    ... )
    >>> possible = pd.DataFrame({"slug": ["lozells"], "provider_id": ["b"], "category": ["therapy"]})
    >>> matrix = site_category_matrix(near, possible, ["lozells"], ["mentoring", "therapy", "sport"])
    >>> matrix["state"].tolist()
    ['some', 'not known', 'none']
    """
    require_columns(near, [*KEYS, "provider_id", "metres"], "near")
    require_columns(possible, [*KEYS, "provider_id"], "possible")
    if len(set(sites)) < len(sites) or len(set(categories)) < len(categories):
        raise ValueError("a site or a category is given twice")
    if nearest is None:
        nearest = near.groupby(KEYS)["metres"].min().rename("nearest_metres").reset_index()
    require_columns(nearest, [*KEYS, "nearest_metres"], "nearest")
    matrix = pd.DataFrame(index=pd.MultiIndex.from_product([sites, categories], names=KEYS))
    known = near[[*KEYS, "provider_id"]].drop_duplicates()
    might = possible[[*KEYS, "provider_id"]].drop_duplicates().merge(known, how="left", indicator="also")
    might = might[might["also"].eq("left_only")]
    matrix["known"] = known.groupby(KEYS).size().reindex(matrix.index, fill_value=0).astype(int)
    matrix["possible"] = might.groupby(KEYS).size().reindex(matrix.index, fill_value=0).astype(int)
    matrix["nearest_metres"] = nearest.set_index(KEYS)["nearest_metres"].reindex(matrix.index).astype(float)
    matrix["state"] = np.select(
        [matrix["known"].gt(0), matrix["possible"].gt(0)], [SOME, NOT_KNOWN], default=NONE
    )
    return matrix.reset_index()[COLUMNS]


def gaps(matrix: pd.DataFrame) -> pd.DataFrame:
    """List the sites and categories where no provider is known to be.

    Parameters
    ----------
    matrix : pandas.DataFrame
        What `site_category_matrix` returns.

    Returns
    -------
    pandas.DataFrame
        The rows whose state is "none", then those whose state is "not known", each in the order of the
        matrix.

    Raises
    ------
    ValueError
        If the column ``state`` is missing.
    """
    require_columns(matrix, ["state"], "matrix")
    missing = [matrix[matrix["state"].eq(state)] for state in (NONE, NOT_KNOWN)]
    return pd.concat(missing, ignore_index=True)
