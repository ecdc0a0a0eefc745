"""The words of a picture: in the language of its reader, and only of letters that can be drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

_MISSING = "\u25a1"
# They say from which side words are read, and leave no mark themselves.
_UNSEEN = frozenset("\u200c\u200d\u2066\u2068\u2069")


@dataclass(frozen=True)
class PictureWords:
    """How a picture says what it says. Without anything it is in English.

    Parameters
    ----------
    said : mapping of str to str
        What the fixed words of pictures are in another language, with the same places for figures. Those
        that lack stay English.
    fonts : tuple of Path
        Files of letters to use before matplotlib's own.
    from_right : bool
        Whether the language is read from the right.
    """

    said: Mapping[str, str] = field(default_factory=dict)
    fonts: tuple[Path, ...] = ()
    from_right: bool = False

    @property
    def families(self) -> list[str]:
        """Names of the letters, as matplotlib takes them for ``fontfamily``."""
        return [*dict.fromkeys(map(_added, self.fonts)), "DejaVu Sans"]

    @property
    def side(self) -> Literal["left", "right"]:
        """The side where reading begins: ``left`` or ``right``."""
        return "right" if self.from_right else "left"

    def legend_look(self, size: float) -> dict[str, Any]:
        """Return settings for a legend of matplotlib: its letters, and the side of its marks.

        Parameters
        ----------
        size : float
            Size of the letters in points.

        Returns
        -------
        dict
            What ``Figure.legend`` takes by name.
        """
        return {
            "prop": FontProperties(family=self.families, size=size),
            "frameon": False,
            "markerfirst": not self.from_right,
            "alignment": self.side,
        }

    def say(self, text: str, **figures: object) -> str:
        """Give fixed words of a picture in its language.

        Parameters
        ----------
        text : str
            The words in English, with places for figures such as ``%(number)s``.
        **figures : object
            What stands in these places.

        Returns
        -------
        str
            The words, which may be drawn as they are.

        Examples
        --------
        >>> PictureWords().say("%(number)s shown", number=3)
        '3 shown'
        """
        words = self.said.get(text, text)
        return words % figures if figures else words

    def printable(self, text: Any) -> str:
        """Return text that can be drawn on one line.

        Parameters
        ----------
        text : str
            What somebody wrote; missing values count as empty.

        Returns
        -------
        str
            With single spaces, and an empty square for each character that no font has.

        Examples
        --------
        >>> PictureWords().printable("St  Paul's \\n Trust")
        "St Paul's Trust"
        """
        if pd.isna(text):
            return ""
        known = _characters(self.fonts)
        return "".join(char if ord(char) in known else _MISSING for char in " ".join(str(text).split()))

    def wrapped(self, text: str, width: int) -> str:
        """Return printable text, broken into lines.

        Parameters
        ----------
        text : str
            What somebody wrote.
        width : int
            The most characters on a line.

        Returns
        -------
        str
            Lines with line breaks between them.
        """
        return "\n".join(textwrap.wrap(self.printable(text), width))


@cache
def _added(font: Path) -> str:
    """Make a font known to matplotlib, once, and give its name."""
    fontManager.addfont(font)
    name: str = get_font(font).family_name
    return name


@cache
def _characters(fonts: tuple[Path, ...]) -> frozenset[int]:
    """Return the characters that can be drawn."""
    files = [*map(str, fonts), findfont(FontProperties(family="DejaVu Sans"))]
    drawn = frozenset().union(*(get_font(file).get_charmap() for file in files))
    return drawn | frozenset(map(ord, _UNSEEN))
