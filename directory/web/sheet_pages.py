"""Lay sheets to hand over out as a PDF: one service a page, in large type, in the language that is spoken."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import qrcode

from directory.languages import gettext, left_to_right
from directory.web.pdf_pages import INK, LOWEST, TEAL, WIDE, Pages

# Millimetres, and points for letters.
LABELS, CODE = 40, 30
NAME, PART, SMALL = 24, 15, 9


@dataclass(frozen=True)
class Sheet:
    """What a sheet says: pairs of label and words, the week, a picture of the place, the address online."""

    name: str
    organisation: str
    facts: Sequence[tuple[str, str]]
    week: Sequence[tuple[str, str]]
    hours: str
    picture: bytes | None
    href: str
    notes: Sequence[str]


def build_sheets(sheets: Sequence[Sheet], title: str) -> bytes:
    """The sheets as a PDF, each on a page of its own; what does not fit is made smaller."""
    with closing(Pages(title)) as pages, closing(Pages(title, trial=True)) as trial:
        for sheet in sheets:
            pages.scale = _scale(trial, sheet)
            _draw(pages, sheet)
        return bytes(pages.output())


def qr_picture(address: str) -> bytes:
    """A QR code of an address, as a PNG."""
    buffer = io.BytesIO()
    qrcode.make(address, border=2, box_size=6).save(buffer)
    return buffer.getvalue()


def _pair(pages: Pages, label: str, words: str) -> None:
    """A label, and beside it its words."""
    top = pages.y
    pages.words(label, style="B", wide=LABELS - 2)
    below, pages.y = pages.y, top
    pages.words(words, skip=LABELS)
    pages.y = max(pages.y, below)
    pages.space(0.7)


def _scale(trial: Pages, sheet: Sheet) -> float:
    """How much smaller a sheet must be to end on its page."""
    trial.scale = 1.0
    _draw(trial, sheet)
    while trial.y > LOWEST:
        # Smaller letters also need fewer lines, so that the square root comes near without going far past it.
        trial.scale *= 0.98 * math.sqrt(LOWEST / trial.y)
        _draw(trial, sheet)
    return trial.scale


def _draw(pages: Pages, sheet: Sheet) -> None:
    pages.add_page()
    pages.set_text_color(*TEAL)
    pages.words(sheet.name, NAME, "B")
    pages.set_text_color(*INK)
    pages.words(sheet.organisation)
    pages.space(3)
    for label, words in sheet.facts:
        _pair(pages, label, words)
    pages.space(2)
    pages.words(gettext("When it is open"), PART, "B")
    for day, spans in sheet.week:
        _pair(pages, day, spans)
    pages.words(sheet.hours)
    if sheet.picture:
        pages.space(1)
        pages.picture(sheet.picture, WIDE * 0.8, gettext("A map of the place. The address stands above."))
    pages.space(3)
    _foot(pages, sheet)


def _foot(pages: Pages, sheet: Sheet) -> None:
    top = pages.y
    pages.picture(qr_picture(sheet.href), CODE, gettext("A code that leads to %(href)s", href=sheet.href))
    below, pages.y = pages.y, top
    pages.space(3)
    for line in (*sheet.notes, gettext("The newest is at %(href)s", href=left_to_right(sheet.href))):
        pages.words(line, SMALL, skip=CODE * pages.scale + 4)
    pages.y = max(pages.y, below)
