"""Lay a report out as a PDF: a cover, then sections of words, tables and pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import matplotlib
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Image, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

FONT, BOLD = "DejaVu", "DejaVu-Bold"
INK, PALE, TEAL = colors.HexColor("#0b0c0c"), colors.HexColor("#eef3f3"), colors.HexColor("#0f3b3d")
WIDTH = A4[0] - 40 * mm
TEXT = ParagraphStyle("text", fontName=FONT, fontSize=9.5, leading=13.5, textColor=INK, spaceAfter=5)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7.5, leading=10, spaceAfter=0)
HEAD = ParagraphStyle("head", parent=SMALL, fontName=BOLD)
NUMBER = ParagraphStyle("number", parent=SMALL, alignment=2)
H2 = ParagraphStyle("h2", parent=TEXT, fontName=BOLD, fontSize=14, leading=18, spaceBefore=10, spaceAfter=6)
TITLE = ParagraphStyle("title", parent=TEXT, fontName=BOLD, fontSize=28, leading=34, textColor=TEAL)
LEAD = ParagraphStyle("lead", parent=TEXT, fontSize=13, leading=19, spaceAfter=8)


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
    """A whole report. `lines` stand on the cover; `footer` on every page."""

    title: str
    subtitle: str
    lines: Sequence[str]
    sections: Sequence[Section]
    footer: str


def build_report(report: Report) -> bytes:
    """The report as a PDF."""
    fonts()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=report.title,
        author=report.footer,
        lang="en-GB",
        invariant=1,
    )
    story: list[Any] = [Spacer(1, 55 * mm), paragraph(report.title, TITLE), Spacer(1, 4 * mm)]
    story += [paragraph(report.subtitle, LEAD), Spacer(1, 10 * mm)]
    story += [paragraph(line, TEXT) for line in report.lines]
    story.append(PageBreak())
    for section in report.sections:
        first, *rest = [_flowable(block) for block in section.blocks] or [Spacer(1, 1)]
        heading = paragraph(section.heading, H2)
        # A heading never stands alone at the foot of a page; a table may go on to the next.
        story += [heading, first] if isinstance(first, Table) else [KeepTogether([heading, first])]
        story += rest

    def footer(canvas: Any, _document: Any) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 7)
        canvas.drawString(20 * mm, 11 * mm, report.footer[:120])
        canvas.drawRightString(A4[0] - 20 * mm, 11 * mm, f"Page {canvas.getPageNumber()}")
        canvas.restoreState()

    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue()


def fonts() -> None:
    """DejaVu, which comes with matplotlib, has the letters of most languages."""
    if FONT in pdfmetrics.getRegisteredFontNames():
        return
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont(FONT, str(folder / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(folder / "DejaVuSans-Bold.ttf")))


def paragraph(text: object, style: ParagraphStyle) -> Paragraph:
    """Words as they are: nothing in them is markup."""
    plain = "".join(c if c.isprintable() else " " for c in str(text))
    return Paragraph(escape(plain), style)


def _flowable(block: str | TableBlock | PictureBlock) -> Any:
    if isinstance(block, TableBlock):
        return _table(block)
    if isinstance(block, PictureBlock):
        wide, high = ImageReader(io.BytesIO(block.png)).getSize()
        picture = Image(io.BytesIO(block.png), WIDTH, WIDTH * high / wide)
        return KeepTogether([picture, paragraph(block.words, SMALL), Spacer(1, 4 * mm)])
    return paragraph(block, TEXT)


def _table(block: TableBlock) -> Table:
    styles = [SMALL if place < block.numbers_from else NUMBER for place in range(len(block.head))]
    heads = [
        paragraph(words, ParagraphStyle("h", parent=HEAD, alignment=style.alignment))
        for words, style in zip(block.head, styles, strict=True)
    ]
    rows = [
        [
            paragraph("Not known" if value is None else value, style)
            for value, style in zip(row, styles, strict=True)
        ]
        for row in block.rows
    ]
    table = Table(
        [heads, *rows], colWidths=[WIDTH * share for share in block.widths], repeatRows=1, spaceAfter=12
    )
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#b1b4b6")),
            ("BACKGROUND", (0, 0), (-1, 0), PALE),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return table
