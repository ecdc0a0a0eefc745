"""Pages of a PDF in the language that is spoken: what sheets to hand over and reports share."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont
from PIL import Image

from directory.languages import ISOLATES, gettext, plain_words, spoken
from directory.web.fonts import DEJAVU, URDU, font_files

# Millimetres, and points for letters.
PAPER, MARGIN = (210, 297), 18
WIDE, LOWEST = PAPER[0] - 2 * MARGIN, PAPER[1] - MARGIN
LARGE, TINY = 14, 7
POINT = 25.4 / 72
INK, TEAL = (11, 12, 12), (15, 59, 61)
# Letters of Hebrew and Arabic.
FROM_RIGHT = re.compile("[\u0590-\u08ff]")
# How far lines stand apart, for the size of their letters.
LEADING = {DEJAVU: 1.4, URDU: 1.6}


class Pages(FPDF):
    """Pages in the language that is spoken, written from the side from which it is read."""

    def __init__(self, title: str, foot: str = "", *, trial: bool = False) -> None:
        super().__init__(format="A4")
        language = spoken()
        self.trial, self.foot = trial, foot
        self.from_right = language.direction == "rtl"
        self.scale = 1.0
        self.set_margin(MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(False)
        # Else it would put the number of pages for these letters, whoever wrote them.
        self.alias_nb_pages(None)  # type: ignore[arg-type]
        self.set_title(plain_words(title))
        self.set_author(plain_words(foot))
        self.set_lang(language.tag)
        # The same words are the same file, whenever it is made.
        self.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
        for family, files in font_files().items():
            for style, file in zip(("", "B"), files, strict=True):
                self.add_font(family, style, file)
        self.set_fallback_fonts([DEJAVU, URDU])
        self.letters = {code for font in self._files() for code in font.cmap}

    def close(self) -> None:
        """Close the files of the fonts."""
        for font in self._files():
            font.close()

    def words(
        self,
        text: str,
        size: float = LARGE,
        style: str = "",
        *,
        skip: float = 0,
        wide: float = 0,
        far: bool = False,
    ) -> None:
        """Words below the last ones, `skip` millimetres from the side where reading begins.

        Numbers stand `far`: at the other side of their column.
        """
        shown, high = self._begin(text, size, style)
        wide = wide or WIDE - skip
        self.set_x(self._left(skip, wide))
        align = "R" if self.from_right != far else "L"
        self.multi_cell(wide, high, shown, align=align, new_x="LMARGIN", new_y="NEXT")

    def high(self, text: str, size: float, style: str = "", *, wide: float = WIDE) -> float:
        """How high words would be."""
        shown, high = self._begin(text, size, style)
        lines: list[str] = self.multi_cell(wide, high, shown, dry_run=True, output="LINES")  # type: ignore[assignment]
        return high * len(lines)

    def box(self, colour: str, high: float) -> None:
        """A coloured box from here on down, as wide as the text."""
        self.set_fill_color(colour)
        self.rect(MARGIN, self.y, WIDE, high, style="F")

    def picture(self, png: bytes, wide: float, alternative: str) -> None:
        """A picture at the side where reading begins."""
        wide *= self.scale
        across, down = Image.open(io.BytesIO(png)).size
        high = wide * down / across
        if not self.trial:
            self.image(io.BytesIO(png), x=self._left(0, wide), y=self.y, w=wide, h=high, alt_text=alternative)
        self.y += high

    def space(self, high: float) -> None:
        """Some room."""
        self.y += high * self.scale

    def footer(self) -> None:
        """What stands at the foot of every page, and its number."""
        if self.foot:
            self.y = LOWEST + 4
            self.words(self.foot, TINY, wide=WIDE - 25)
            self.y = LOWEST + 4
            number = gettext("Page %(number)s", number=self.page_no())
            self.words(number, TINY, skip=WIDE - 25, wide=25, far=True)

    def _left(self, skip: float, wide: float) -> float:
        return PAPER[0] - MARGIN - skip - wide if self.from_right else MARGIN + skip

    def _begin(self, text: str, size: float, style: str) -> tuple[str, float]:
        """Choose the letters for words: the words as they will stand, and how high a line of them is."""
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
        return self._shown(plain), size * self.scale * POINT * LEADING[family]

    def _files(self) -> list[TTFFont]:
        return [font for font in self.fonts.values() if isinstance(font, TTFFont)]

    def _shown(self, text: str) -> str:
        # A letter that no font has would leave no trace.
        return "".join(c if ord(c) in self.letters or not c.isprintable() else "\u25a1" for c in text)
