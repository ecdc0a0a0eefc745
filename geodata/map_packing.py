"""Make columns of text and numbers small enough to send; `unpack` in map.js is the other half."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

SCALE = 100_000  # degrees are sent in whole steps of about one metre

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UUID_LENGTH = 36


def packed_texts(column: pd.Series[Any]) -> dict[str, Any]:
    """Write each different text once.

    Parameters
    ----------
    column : Series
        Texts; what is missing becomes empty.

    Returns
    -------
    dict
        `values`, the different texts, and `rows`, for each row the position of its text. Where more than half
        differ, only `values`, one for each row.

    Examples
    --------
    >>> packed_texts(pd.Series(["Friday", "Friday", None, "Friday"]))
    {'values': ['Friday', ''], 'rows': [0, 0, 1, 0]}
    """
    texts = column.astype("object").where(column.notna(), "").astype(str)
    rows, values = pd.factorize(texts)
    if len(values) > len(texts) / 2:
        return {"values": texts.tolist()}
    return {"values": values.tolist(), "rows": rows.tolist()}


def packed_links(column: pd.Series[Any]) -> dict[str, Any]:
    """Write addresses that differ only in the UUID at their end without what they share.

    Parameters
    ----------
    column : Series
        Addresses; what is missing becomes empty.

    Returns
    -------
    dict
        `prefix` and `uuids`, sixteen bytes for each in base 64. Other addresses are written like any text.

    Notes
    -----
    A UUID is random: its 36 characters are by far the largest part of a map's data, and no compression finds
    anything in them. Sixteen bytes are all that they hold.
    """
    first = str(column.iloc[0]) if len(column) else ""
    prefix = re.escape(first[:-_UUID_LENGTH])
    if not first or not column.astype("object").astype(str).str.fullmatch(prefix + _UUID).all():
        return packed_texts(column)
    digits = "".join(column.str[-_UUID_LENGTH:]).replace("-", "")
    uuids = base64.b64encode(bytes.fromhex(digits)).decode("ascii")
    return {"prefix": first[:-_UUID_LENGTH], "uuids": uuids}


def packed_degrees(degrees: ArrayLike) -> list[int]:
    """Write degrees as whole steps, each the difference from the one before.

    Parameters
    ----------
    degrees : array_like of float, shape (n,)
        Latitudes or longitudes.

    Returns
    -------
    list of int
        Differences in units of 1 / `SCALE` of a degree; the first from zero.

    Examples
    --------
    >>> packed_degrees([52.5, 52.49999, 52.49997])
    [5250000, -1, -2]
    """
    steps = np.round(np.asarray(degrees, dtype=float) * SCALE).astype(np.int64)
    differences: list[int] = np.diff(steps, prepend=0).tolist()
    return differences
