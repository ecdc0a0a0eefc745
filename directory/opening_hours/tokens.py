"""The words of opening hours as people write them, one token each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from directory.opening_hours.clock import Clock, read_clock


@dataclass(frozen=True)
class Token:
    """A piece of the text, from `start` to `end`.

    kind: day, ord (first, last), time, always (24/7), allday, to, dash, between, sep (and, comma), stop, gap
    (nothing of weight), every, other (every other: before days), fortnight (before or after), month (of the
    month), note, closed, or word for all that is not known.
    """

    kind: str
    start: int
    end: int
    days: tuple[int, ...] = ()
    number: int = 0
    clock: Clock | None = None
    note: str = ""


_EXCEPT = r"(?:closed|except|excluding|but not|not)(?: (?:on|in|at|for|during))?(?: (?:all|the|uk))?"
_DAY_NAMES = (
    r"mondays?|mons?|tuesdays?|tues?|wednesdays?|weds?|thursdays?|thurs?|thu|fridays?|fris?|saturdays?|sats?"
    r"|sundays?|suns?"
)
_WORDS = {
    "bank": rf"{_EXCEPT} (?:bank|public) (?:holidays?|hols?)|(?:bank|public) holidays?(?: ?[:-])? closed",
    "breaks": rf"{_EXCEPT} (?:school )?(?:holidays?|hols?)(?: (?:times?|periods?))?"
    r"|school holidays?(?: ?[:-])? closed",
    "term": r"(?:during |in )?(?:school )?term[ -]?times?(?: only)?|(?:during|in) terms?(?: only)?",
    "hols": r"(?:during |in )?(?:the )?school holidays only",
    "always": r"24 ?/ ?7",
    "allday": r"24 ?h(?:ou)?rs?(?: (?:a|per) day)?",
    "noon": r"(?:12(?:[:.]00)? ?(?:pm)? ?)?(?:noon|mid-?day)",
    "midnight": r"(?:12(?:[:.]00)? ?(?:am)? ?)?mid-?night",
    "alldays": r"every ?day(?: of the week)?|each day|daily|(?:7|seven) days(?: (?:a|per) week)?",
    "weekdays": r"(?:every )?week-?days?",
    "weekend": r"(?:every )?week-?ends?",
    "other": r"(?:every other|alternate)(?: weeks?)?(?: on)?",
    "fortnight": r"(?:every |once a )?fortnight(?:ly)?(?: on)?|every (?:2|two) weeks?(?: on)?",
    "month": r"(?:of|in|each|every|a|per) (?:(?:the|each|every|a) )?month",
    "filler": r"(?:every|each|per) week|weekly|opening|opens?|hours|times|from|on|at|the|we are|only",
    "every": r"every|each",
    "closed": r"closed|shut",
    "ord": r"1st|first|2nd|second|3rd|third|4th|fourth|5th|fifth|last",
    "day": rf"(?:{_DAY_NAMES})\.?",
    "two": r"(?:mo|tu|we|th|fr|sa|su)(?= ?[-,;:&/\d])",
    "time": r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?(?!\d)(?: ?(?P<half>[ap])(?:m|\.m\.?))?",
    "four": r"(?P<digits>[0-2]\d[0-5]\d)(?!\d)(?: ?h(?:ou)?rs?)?",
    "to": r"to|til|till|until|through|thru",
    "between": r"between",
    "and": r"and|plus|then",
}
_MARKS = {
    "sep": r"[,&/]",
    "dash": r"-",
    "stop": r"[;.\n]",
    "gap": r"[():|•*]",
    "word": r"£[\d.,]+|[^\W\d_]+(?:'[^\W\d_]+)?|\S",
}
_TOKEN = re.compile(
    "|".join(
        [f"(?P<{kind}>(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z]))" for kind, pattern in _WORDS.items()]
        + [f"(?P<{kind}>{pattern})" for kind, pattern in _MARKS.items()]
    ),
    re.IGNORECASE | re.ASCII,
)
_KINDS = {"and": "sep", "filler": "gap", "two": "day", "alldays": "day", "weekdays": "day", "weekend": "day"}
_DAY_GROUPS = {"alldays": tuple(range(7)), "weekdays": tuple(range(5)), "weekend": (5, 6)}
_NOTES = {
    "bank": "closed on bank holidays",
    "breaks": "not in school holidays",
    "term": "term time only",
    "hols": "school holidays only",
}
_ORDINALS = {"fir": 1, "sec": 2, "thi": 3, "fou": 4, "fif": 5, "las": -1}
_FIRST_LETTERS = ("mo", "tu", "we", "th", "fr", "sa", "su")


# Typographic dashes and apostrophes, put as those on a keyboard: the length of the text stays the same.
_PLAIN = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2019": "'"}
)


class Source:
    """A place among the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.tokens = tokenize(text)
        self.at = 0

    def kind(self, steps: int = 0) -> str:
        """Name the kind of the token so many steps on; "stop" beyond either end."""
        place = self.at + steps
        return self.tokens[place].kind if 0 <= place < len(self.tokens) else "stop"

    def take(self, count: int = 1) -> list[Token]:
        """Move past the next tokens and give them."""
        taken = self.tokens[self.at : self.at + count]
        self.at += count
        return taken


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens; whatever is not known comes out as words, so nothing is lost."""
    return [_token(match) for match in _TOKEN.finditer(text.translate(_PLAIN))]


def _token(match: re.Match[str]) -> Token:
    kind = next(name for name in (*_WORDS, *_MARKS) if match[name] is not None)
    start, end = match.span()
    word = match[0].lower()
    if kind in _NOTES:
        return Token("note", start, end, note=_NOTES[kind])
    if kind in _DAY_GROUPS:
        return Token("day", start, end, days=_DAY_GROUPS[kind])
    if kind in ("day", "two"):
        return Token("day", start, end, days=(_FIRST_LETTERS.index(word[:2]),))
    if kind == "ord":
        return Token("ord", start, end, number=int(word[0]) if word[0].isdigit() else _ORDINALS[word[:3]])
    if kind in ("time", "four", "noon", "midnight"):
        clock = _clock(match, kind)
        return Token("time" if clock else "word", start, end, clock=clock)
    return Token(_KINDS.get(kind, kind), start, end)


def _clock(match: re.Match[str], kind: str) -> Clock | None:
    if kind in ("noon", "midnight"):
        return Clock(12 * 60 if kind == "noon" else 0, exact=True)
    if kind == "four":
        hours, minutes = divmod(int(match["digits"]), 100)
        return Clock(hours * 60 + minutes, full=True, bare=True) if hours < 24 else None
    return read_clock(match["hour"], match["minute"] or "", (match["half"] or "").lower())
