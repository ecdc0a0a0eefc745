"""Lay a report out as a PDF: a cover, then sections of words, tables and pictures, in the language spoken."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from PIL import Image

from directory.languages import gettext, own_words
from directory.web.pdf_pages import INK, LOWEST, TEAL, WIDE, Pages

# Points for letters, and millimetres.
TITLE, LEAD, HEADING, TEXT, FINE = 28, 13, 14, 9.5, 7.5
COVER_TOP, PADDING = 55, 1.1
PALE, GREY = "#eef3f3", "#b1b4b6"


@dataclass(frozen=True)
class TableBlock:
    """A table. `widths` are shares of the page; columns from `numbers_from` on hold numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[float]
    numbers_from: int = 1


@dataclass(frozen=True)
class PictureBlock:
    """A PNG, and what it shows, for those who cannot see it."""

    png: bytes
    words: str


@dataclass(frozen=True)
class Section:
    """A heading, and what stands under it: words, tables, pictures."""

    heading: str
    blocks: Sequence[str | TableBlock | PictureBlock]


@dataclass(frozen=True)
class Report:
    """A whole report. `title` is the name of a place, `lines` stand on the cover, `footer` on every page."""

    title: str
    subtitle: str
    lines: Sequence[str]
    sections: Sequence[Section]
    footer: str


def build_report(report: Report) -> bytes:
    """The report as a PDF."""
    with closing(Pages(report.title, report.footer)) as pages:
        _cover(pages, report)
        pages.add_page()
        for section in report.sections:
            _section(pages, section)
        return bytes(pages.output())


def _cover(pages: Pages, report: Report) -> None:
    pages.add_page()
    pages.space(COVER_TOP)
    pages.set_text_color(*TEAL)
    pages.words(own_words(report.title), TITLE, "B")
    pages.set_text_color(*INK)
    pages.space(4)
    pages.words(report.subtitle, LEAD)
    pages.space(10)
    for line in report.lines:
        _words(pages, line)


def _section(pages: Pages, section: Section) -> None:
    words = list(takewhile(lambda block: isinstance(block, str), section.blocks))
    # A heading never stands alone at the foot of a page, nor with the words alone that lead to a table.
    begin = section.blocks[: len(words) + 1] if len(words) < len(section.blocks) else words[:1]
    least = sum(_least(pages, block) + 2 for block in begin)
    _room(pages, 5 + pages.high(section.heading, HEADING, "B") + least)
    pages.space(3)
    pages.words(section.heading, HEADING, "B")
    pages.space(1.5)
    for block in section.blocks:
        if isinstance(block, TableBlock):
            _table(pages, block)
        elif isinstance(block, PictureBlock):
            _picture(pages, block)
        else:
            _words(pages, block)


def _room(pages: Pages, high: float) -> None:
    """Go on to the next page where this one has no room for so much."""
    if pages.y + high > LOWEST:
        pages.add_page()


def _least(pages: Pages, block: str | TableBlock | PictureBlock) -> float:
    """How much room a block needs to begin: a table that of its head and first row."""
    if isinstance(block, TableBlock):
        first = [_row_high(pages, block, row) for row in block.rows[:1]]
        return _row_high(pages, block, block.head, "B") + sum(first)
    if isinstance(block, PictureBlock):
        return _picture_high(pages, block)
    return pages.high(block, TEXT)


def _words(pages: Pages, words: str) -> None:
    _room(pages, pages.high(words, TEXT))
    pages.words(words, TEXT)
    pages.space(1.8)


def _picture_high(pages: Pages, block: PictureBlock) -> float:
    across, down = Image.open(io.BytesIO(block.png)).size
    return WIDE * down / across + pages.high(block.words, FINE)


def _picture(pages: Pages, block: PictureBlock) -> None:
    _room(pages, _picture_high(pages, block))
    pages.picture(block.png, WIDE, block.words)
    pages.words(block.words, FINE)
    pages.space(4)


def _table(pages: Pages, table: TableBlock) -> None:
    """A table, with its head again on each page that it goes on to."""
    _room(pages, _least(pages, table))
    head = _row_high(pages, table, table.head, "B")
    _row(pages, table, table.head, head, "B")
    for row in table.rows:
        high, most = _row_high(pages, table, row), LOWEST - pages.t_margin - head
        if pages.y + high > LOWEST:
            pages.add_page()
            _row(pages, table, table.head, head, "B")
        # What is longer than a page is made smaller, as a sheet is.
        while high > most:
            pages.scale *= 0.95
            high = _row_high(pages, table, row)
        _row(pages, table, row, high)
        pages.scale = 1.0
    pages.space(4)


def _row_high(pages: Pages, table: TableBlock, row: Sequence[Any], style: str = "") -> float:
    highs = [
        pages.high(_cell(value), FINE, style, wide=WIDE * share - 4 * PADDING)
        for value, share in zip(row, table.widths, strict=True)
    ]
    return max(highs) + 2 * PADDING


def _row(pages: Pages, table: TableBlock, row: Sequence[Any], high: float, style: str = "") -> None:
    """A row: the first column at the side where reading begins."""
    top, skip = pages.y, 0.0
    if style:
        pages.box(PALE, high)
    for place, (value, share) in enumerate(zip(row, table.widths, strict=True)):
        pages.y = top + PADDING
        wide, far = WIDE * share - 4 * PADDING, place >= table.numbers_from
        pages.words(_cell(value), FINE, style, skip=skip + 2 * PADDING, wide=wide, far=far)
        skip += WIDE * share
    pages.y = top + high
    pages.box(GREY, 0.1)


def _cell(value: Any) -> str:
    # A Markup must stay one: what is in it is marked.
    return gettext("Not known") if value is None else value if isinstance(value, str) else str(value)
