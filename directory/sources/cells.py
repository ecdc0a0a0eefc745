"""One row while it is read: its cells by the template's columns, and what there is to say about them."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NoReturn

from directory.sources.entry import Flag, NotUnderstood, TableRow
from directory.sources.identity import normalise
from directory.sources.mapping import Plan, SourceMapping

LONGEST_CELL = 10_000
UNREAD_FORMULA = (
    "The formula has no stored value. Save the file in a spreadsheet program and import it again."
)


class RowRejectedError(ValueError):
    """This row cannot be taken. Holds the heading and the reason in a plain sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def text_of(value: Any) -> str:
    """A cell or property as the text a person would have written.

    >>> text_of(52.0), text_of(True), text_of([1, "b"]), text_of(None)
    ('52', 'yes', '1; b', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple) and not any(isinstance(item, dict | list) for item in value):
        return "; ".join(text_of(item) for item in value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _printable(str(value))


def _printable(text: str) -> str:
    """Without control characters and half characters, which no database takes; line ends stay."""
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    kept = (c for c in text if c in "\n\t" or not (ord(c) < 32 or 0x7F <= ord(c) < 0xA0))
    return "".join(kept).encode("utf-8", "replace").decode().strip()


class Cells:
    """The cells of one row, and the flags, notes and texts not understood that reading them gives."""

    def __init__(self, row: TableRow, plan: Plan, mapping: SourceMapping) -> None:
        self.number = row.number
        self.mapping = mapping
        self.flags: list[Flag] = []
        self.not_understood: list[NotUnderstood] = []
        self.notes: list[str] = []
        self._plan = plan
        self._texts = {heading: self._clean(heading, text) for heading, text in row.texts.items()}
        self._by_key = {key: self._first(headings) for key, headings in plan.columns.items()}
        self._add_constants()
        self._keep_unused(row)

    def text(self, key: str) -> str:
        """The cell of a column of the template, or "" where it is not known."""
        return self._by_key.get(key, "")

    def key_text(self, name: str) -> str:
        """A part of a key: a column of the template or, failing that, one of the file's own headings."""
        return normalise(self._by_key[name] if name in self._by_key else self._texts.get(name, ""))

    def same_as(self, other: Cells) -> bool:
        """Whether two rows say the same in every cell."""
        return self._filled() == other._filled()

    def flag(self, key: str, message: str, keep: str = "") -> None:
        """Ask a person to look at a cell, and keep its text as an internal note where no field holds it."""
        self.flags.append(Flag(self.number, self._plan.heading(key), message))
        if keep:
            self.note(key, keep)

    def note(self, key: str, text: str) -> None:
        """Keep a text as an internal note under its heading."""
        self.notes.append(f"{self._plan.heading(key)}: {text}")

    def unknown(self, key: str, text: str, done: str) -> None:
        """Report a text that is kept but was not understood."""
        self.not_understood.append(NotUnderstood(self.number, self._plan.heading(key), text, done))

    def reject(self, key: str, reason: str) -> NoReturn:
        """Refuse the row because of one cell."""
        raise RowRejectedError(self._plan.heading(key), reason)

    def _clean(self, heading: str, text: str) -> str:
        if len(text) > LONGEST_CELL:
            raise RowRejectedError(
                heading, f"The text is {len(text):,} characters long. Shorten it to {LONGEST_CELL:,} at most."
            )
        text = (
            html.unescape(text).replace("\u00a0", " ").strip() if self.mapping.html_entities else text.strip()
        )
        return "" if self._is_filler(text) else text

    def _is_filler(self, text: str) -> bool:
        return text.casefold() in self.mapping.fillers

    def without_fillers(self, parts: list[str]) -> list[str]:
        """The parts of a text that say something."""
        return [part.strip() for part in parts if part.strip() and not self._is_filler(part.strip())]

    def _first(self, headings: tuple[str, ...]) -> str:
        return next((self._texts[heading] for heading in headings if self._texts.get(heading)), "")

    def _add_constants(self) -> None:
        for key, value in self.mapping.constants.items():
            if not self.text(key):
                self._by_key[key] = value
        closing = {normalise(heading) for heading in self.mapping.inactive_when_filled}
        if closing and any(text for heading, text in self._texts.items() if normalise(heading) in closing):
            self._by_key["status"] = "inactive"

    def _keep_unused(self, row: TableRow) -> None:
        """Text that fills no column is kept as a note: nothing a person wrote is dropped."""
        spare = [(h, self._texts.get(h, "")) for h in self._plan.unused]
        for key, headings in self._plan.columns.items():
            # A column may feed two of ours; the one it was first in is reason enough to keep its text.
            seen = {"", self.text(key)} | {text for _, text in spare}
            spare += [(h, self._texts[h]) for h in headings if self._texts.get(h, "") not in seen]
        self.notes += [f"{heading}: {text}" for heading, text in spare if text]
        self.flags += [Flag(row.number, heading, UNREAD_FORMULA) for heading in row.unread]

    def _filled(self) -> Mapping[str, str]:
        return {heading: " ".join(text.split()) for heading, text in self._texts.items() if text}
