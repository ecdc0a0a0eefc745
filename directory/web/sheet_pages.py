"""Lay sheets to hand over out as a PDF: one service a page, in large type, in the language that is spoken."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import matplotlib
import qrcode
from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont
from PIL import Image

from directory.languages import ISOLATES, gettext, left_to_right, plain_words, spoken

# Millimetres, and points for letters.
PAPER, MARGIN, LABELS, CODE = (210, 297), 18, 40, 30
WIDE, LOWEST = PAPER[0] - 2 * MARGIN, PAPER[1] - MARGIN
NAME, PART, LARGE, SMALL = 24, 15, 14, 9
POINT = 25.4 / 72
INK, TEAL = (11, 12, 12), (15, 59, 61)
# DejaVu, which comes with matplotlib, has the letters of most languages, but not all of Urdu.
DEJAVU, URDU = "DejaVu", "Vazirmatn"
# Letters of Hebrew and Arabic.
FROM_RIGHT = re.compile("[\u0590-\u08ff]")
# How far lines stand apart, for the size of their letters.
LEADING = {DEJAVU: 1.4, URDU: 1.6}


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


class Pages(FPDF):
    """Pages in the language that is spoken, written from the side from which it is read."""

    def __init__(self, title: str, *, trial: bool = False) -> None:
        super().__init__(format="A4")
        language = spoken()
        self.trial = trial
        self.from_right = language.direction == "rtl"
        self.scale = 1.0
        self.set_margin(MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(False)
        # Else it would put the number of pages for these letters, whoever wrote them.
        self.alias_nb_pages(None)  # type: ignore[arg-type]
        self.set_title(plain_words(title))
        self.set_lang(language.tag)
        # The same sheet is the same file, whenever it is made.
        self.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
        for family, files in _fonts().items():
            for style, file in zip(("", "B"), files, strict=True):
                self.add_font(family, style, file)
        self.set_fallback_fonts([DEJAVU, URDU])
        self.letters = {code for font in self._files() for code in font.cmap}

    def close(self) -> None:
        """Close the files of the fonts."""
        for font in self._files():
            font.close()

    def words(
        self, text: str, size: float = LARGE, style: str = "", *, skip: float = 0, wide: float = 0
    ) -> None:
        """Words below the last ones, `skip` millimetres from the side where reading begins."""
        plain = plain_words(text)
        # Words of an organisation that stand alone have their own direction, from their first letter.
        alone = plain[:1] in ISOLATES and plain.find(ISOLATES[-1]) == len(plain) - 1
        plain = plain[1:-1] if alone else plain
        leftwards = self.from_right and not alone
        joined = bool(FROM_RIGHT.search(plain))
        family = URDU if self.from_right or joined else DEJAVU
        # It takes time, and letters of English need neither order nor joining.
        self.set_text_shaping(leftwards or joined, direction=TextDirection.RTL if leftwards else None)
        self.set_font(family, style, size * self.scale)
        wide = wide or WIDE - skip
        self.set_x(PAPER[0] - MARGIN - skip - wide if self.from_right else MARGIN + skip)
        high = size * self.scale * POINT * LEADING[family]
        align = "R" if self.from_right else "L"
        self.multi_cell(wide, high, self._shown(plain), align=align, new_x="LMARGIN", new_y="NEXT")

    def pair(self, label: str, words: str) -> None:
        """A label, and beside it its words."""
        top = self.y
        self.words(label, style="B", wide=LABELS - 2)
        below, self.y = self.y, top
        self.words(words, skip=LABELS)
        self.y = max(self.y, below)
        self.space(0.7)

    def picture(self, png: bytes, wide: float, alternative: str) -> None:
        """A picture at the side where reading begins."""
        wide *= self.scale
        across, down = Image.open(io.BytesIO(png)).size
        high = wide * down / across
        x = PAPER[0] - MARGIN - wide if self.from_right else MARGIN
        if not self.trial:
            self.image(io.BytesIO(png), x=x, y=self.y, w=wide, h=high, alt_text=alternative)
        self.y += high

    def space(self, high: float) -> None:
        """Some room."""
        self.y += high * self.scale

    def _files(self) -> list[TTFFont]:
        return [font for font in self.fonts.values() if isinstance(font, TTFFont)]

    def _shown(self, text: str) -> str:
        # A letter that no font has would leave no trace.
        return "".join(c if ord(c) in self.letters or not c.isprintable() else "\u25a1" for c in text)


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


def _fonts() -> dict[str, tuple[Path, Path]]:
    dejavu = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    urdu = Path(str(resources.files("directory"))) / "static" / "vendor" / "fonts"
    return {
        DEJAVU: (dejavu / "DejaVuSans.ttf", dejavu / "DejaVuSans-Bold.ttf"),
        URDU: (urdu / "Vazirmatn.ttf", urdu / "Vazirmatn-Bold.ttf"),
    }


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
        pages.pair(label, words)
    pages.space(2)
    pages.words(gettext("When it is open"), PART, "B")
    for day, spans in sheet.week:
        pages.pair(day, spans)
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
