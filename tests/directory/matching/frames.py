"""Records as frames, for the tests of matching."""

from __future__ import annotations

from typing import Any

import pandas as pd

from directory.matching.features import INPUT, prepare


def frame(*records: dict[str, Any]) -> pd.DataFrame:
    """Prepared records; what a record leaves out is not known."""
    rows = [
        {"key": str(i), "easting": float("nan"), "northing": float("nan")} | r for i, r in enumerate(records)
    ]
    return prepare(pd.DataFrame(rows).reindex(columns=list(INPUT)))


def names(*texts: str) -> pd.DataFrame:
    """Prepared records of which only the names are known."""
    return frame(*({"name": text} for text in texts))
