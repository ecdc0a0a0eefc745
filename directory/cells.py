"""Cells of tables that people open in a spreadsheet."""

from __future__ import annotations

from typing import Any

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet will run: what looks like a formula gets a quotation mark before it."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def plain_cell(text: str) -> str:
    """A cell as it was before `safe_cell`, so that a file which we wrote can be read again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
