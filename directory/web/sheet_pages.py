"""Lay sheets to hand over out as a PDF: one service a page, in large type."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import qrcode
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Image, KeepInFrame, PageBreak, SimpleDocTemplate, Spacer, Table

from directory.web.report_pages import BOLD, FONT, INK, TEAL, fonts, paragraph

WIDE, HIGH = A4[0] - 36 * mm, A4[1] - 36 * mm
TEXT = ParagraphStyle("large", fontName=FONT, fontSize=14, leading=20, textColor=INK, spaceAfter=3)
TITLE = ParagraphStyle("name", parent=TEXT, fontName=BOLD, fontSize=24, leading=29, textColor=TEAL)
HEAD = ParagraphStyle("part", parent=TEXT, fontName=BOLD, fontSize=15, spaceBefore=8)
LABEL = ParagraphStyle("label", parent=TEXT, fontName=BOLD)
FOOT = ParagraphStyle("foot", parent=TEXT, fontSize=9, leading=12)


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
    fonts()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 18 * mm),
        title=title,
        lang="en-GB",
        invariant=1,
    )
    story: list[Any] = []
    for sheet in sheets:
        # A frame of the document keeps six points to itself on each side.
        story += [KeepInFrame(WIDE - 12, HIGH - 12, _parts(sheet), mode="shrink"), PageBreak()]
    document.build(story)
    return buffer.getvalue()


def qr_picture(address: str) -> bytes:
    """A QR code of an address, as a PNG."""
    buffer = io.BytesIO()
    qrcode.make(address, border=2, box_size=6).save(buffer)
    return buffer.getvalue()


def _parts(sheet: Sheet) -> list[Any]:
    parts = [paragraph(sheet.name, TITLE), paragraph(sheet.organisation, TEXT), Spacer(1, 3 * mm)]
    parts.append(_pairs(sheet.facts))
    parts.append(paragraph("When it is open", HEAD))
    parts += [_pairs(sheet.week)] if sheet.week else []
    parts.append(paragraph(sheet.hours, TEXT))
    if sheet.picture:
        wide, high = ImageReader(io.BytesIO(sheet.picture)).getSize()
        parts.append(Image(io.BytesIO(sheet.picture), WIDE * 0.8, WIDE * 0.8 * high / wide, hAlign="LEFT"))
    code = Image(io.BytesIO(qr_picture(sheet.href)), 30 * mm, 30 * mm)
    notes = [paragraph(line, FOOT) for line in (*sheet.notes, f"The newest is at {sheet.href}")]
    foot = Table([[code, notes]], colWidths=[34 * mm, WIDE - 46 * mm], hAlign="LEFT")
    foot.setStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
    return [*parts, Spacer(1, 3 * mm), foot]


def _pairs(pairs: Sequence[tuple[str, str]]) -> Table:
    rows = [[paragraph(label, LABEL), paragraph(words, TEXT)] for label, words in pairs]
    table = Table(rows or [["", ""]], colWidths=[38 * mm, WIDE - 50 * mm], hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ]
    )
    return table
