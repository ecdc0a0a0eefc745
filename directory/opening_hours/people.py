"""Opening hours as people write them: "Mon-Fri 9am-5pm; first Sat of month 10-1"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from directory.opening_hours.clock import read_span
from directory.opening_hours.days import read_days
from directory.opening_hours.slots import NotUnderstoodError, Slot, cut_out
from directory.opening_hours.tokens import Source, Token
from directory.schedules.rules import DAY_MINUTES

# Words left over that may change the hours beside them. "Women only" and "craft group" do not.
_WEIGHTY = re.compile(
    r"appoint|arrang|book|except|exclud|\bnot?\b|\bno\b|clos|shut|var[iy]|\bask|contact|\bcall|\bring|tb[ac]|check"
    r"|once|month|week|fortnight|alternat|other|every|some|usual|normal|morning|afternoon|evening|night|holiday"
    r"|\bterm|season|summer|winter|spring|autumn|easter|christmas|ramadan|\bjan|\bfeb|\bmarch|\bapr|\bmay\b|\bjun"
    r"|\bjul|\baug|\bsep|\boct|\bnov|\bdec|until|till|\bstart|\bend|paus|cancel|suspend|temporar|depend|flexib"
    r"|\bhours?\b|\bfrom\b|\bfirst|\bsecond\b|\bthird|\bfourth|\blast\b|\bday\b|\bdays\b|\d{4}|\bor\b|request|\+",
    re.IGNORECASE | re.ASCII,
)
_LIGHT = ("gap", "sep", "dash", "stop")


@dataclass
class _Statement:
    """Days and the hours on them, as far as they have been read."""

    days: list[tuple[int, int]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    interval: int = 1
    closed: bool = False

    @property
    def whole(self) -> bool:
        return bool(self.days and (self.spans or self.closed))

    def slots(self, notes: list[str]) -> list[Slot]:
        every = tuple(dict.fromkeys([*self.notes, *notes]))
        return [
            Slot(
                weekday,
                *span,
                positions=frozenset([position]) if position else frozenset(),
                interval=self.interval,
                notes=every,
            )
            for position, weekday in self.days
            for span in self.spans or [(0, DAY_MINUTES)]
        ]


def read_people(text: str, *, rules_add_up: bool) -> tuple[list[Slot], str]:
    """Read hours as people write them into slots and the text left over, empty when all is understood.

    Where something is left over, the slots are those that it cannot change; where that is in doubt, none.
    Without `rules_add_up`, hours that contradict one another (Mon-Fri 9-5, Wed 9-1) are not understood: the
    second may replace the first or come on top.
    """
    text = re.sub(r"[^\S\n]+", " ", text)
    reading = _Reading(text)
    reading.read()
    left = sorted(reading.left_over(), key=lambda token: token.start)
    left_over = _words_of(text, left)
    if left and (reading.doubtful or _WEIGHTY.search(left_over)):
        return [], left_over
    try:
        slots = reading.slots(rules_add_up=rules_add_up)
    except NotUnderstoodError:
        return [], text.strip()
    return slots, left_over


def _words_of(text: str, tokens: list[Token]) -> str:
    """Join tokens as they stood in the text, pieces that are apart with a bar between."""
    joined = ""
    end = 0
    for token in tokens:
        between = text[end : token.start]
        joined += (between if len(between) < 3 and joined else " | " if joined else "") + text[
            token.start : token.end
        ]
        end = token.end
    return " ".join(joined.split())


class _Reading:
    """One pass over the tokens, collecting statements and what is left over."""

    def __init__(self, text: str) -> None:
        self.source = Source(text)
        self.statements = [_Statement()]
        self.lost: list[Token] = []
        self.notes: list[str] = []
        self.doubtful = False
        self.times_first = _begins_with_times(self.source.tokens)

    def read(self) -> None:
        while self.source.at < len(self.source.tokens):
            token = self.source.tokens[self.source.at]
            read = {
                "day": self.read_days,
                "ord": self.read_days,
                "every": self.read_days,
                "time": self.read_span,
                "between": self.read_span,
                "allday": self.read_all_day,
                "always": self.read_all_day,
                "other": self.read_every_other,
                "fortnight": self.read_fortnight,
                "note": self.read_note,
                "closed": self.read_closed,
            }.get(token.kind)
            if read:
                read()
                continue
            if token.kind not in _LIGHT:
                self.lost.append(token)
            elif token.kind == "stop":
                self.read_stop()
            self.source.at += 1

    def statement(self, *, new: bool) -> _Statement:
        """Give the statement being read, or begin another."""
        if new:
            self.statements.append(_Statement())
        return self.statements[-1]

    def read_stop(self) -> None:
        """End a statement, though not between days and their times ("Mon. 9-5")."""
        present = self.statements[-1]
        following = next(
            (token.kind for token in self.source.tokens[self.source.at + 1 :] if token.kind != "gap"), "stop"
        )
        if present.tokens and not (not present.whole and following in ("time", "between", "allday")):
            self.statements.append(_Statement())

    def read_days(self) -> None:
        begins = self.source.at
        days = read_days(self.source)
        taken = self.source.tokens[begins : self.source.at]
        if not days:
            self.source.at = max(self.source.at, begins + 1)
            self.lost += [
                token for token in self.source.tokens[begins : self.source.at] if token.kind not in _LIGHT
            ]
            return
        present = self.statements[-1]
        statement = self.statement(new=present.whole if self.times_first else bool(present.spans))
        if present.whole and self.times_first and not self.follows_separator(begins):
            statement = present
        statement.days += days
        statement.tokens += taken

    def follows_separator(self, place: int) -> bool:
        return place > 0 and self.source.tokens[place - 1].kind == "stop"

    def read_span(self) -> None:
        """Read "9am to 5pm", "9-5", "between 9 and 5"."""
        between = self.source.kind() == "between"
        opens = self.source.tokens[self.source.at + between] if self.source.kind(between) == "time" else None
        closes = (
            self.source.tokens[self.source.at + between + 2]
            if self.source.kind(between + 2) == "time"
            else None
        )
        joined = self.source.kind(between + 1) in (("sep", "to", "dash") if between else ("to", "dash"))
        span = None
        if joined and opens and closes and opens.clock and closes.clock:
            span = read_span(opens.clock, closes.clock)
            self.doubtful = self.doubtful or (opens.clock.bare and closes.clock.bare)
        if span is None:
            self.doubtful = self.doubtful or opens is None or opens.clock is None or not opens.clock.bare
            self.lost += self.source.take()
            return
        self.add_span(span, 3 + between)

    def read_all_day(self) -> None:
        """Read "24 hours", on every day unless days are named."""
        if self.source.kind() == "always" or not any(
            token.kind in ("day", "ord") for token in self.source.tokens
        ):
            self.statement(new=bool(self.statements[-1].tokens)).days = [(0, day) for day in range(7)]
        self.add_span((0, DAY_MINUTES), 1)

    def add_span(self, span: tuple[int, int], count: int) -> None:
        present = self.statements[-1]
        new = self.times_first and present.whole
        statement = self.statement(new=new)
        if statement.closed:
            self.lost += self.source.take(count)
            return
        if statement.spans and self.lost and self.lost[-1].start > statement.tokens[-1].start:
            self.doubtful = True  # "Friday 10-2. Youth club 4-6": of Friday, or of another day?
        statement.spans.append(span)
        statement.tokens += self.source.take(count)

    def read_every_other(self) -> None:
        statement = self.statement(new=self.statements[-1].whole)
        statement.interval = 2
        statement.tokens += self.source.take()

    def read_fortnight(self) -> None:
        """Read "fortnightly": of the days before it, unless it stands apart from them and next to others."""
        present = self.statements[-1]
        if present.whole and self.source.kind(1) in ("day", "ord"):
            if self.source.kind(-1) not in ("sep", "stop"):
                self.lost += self.source.take()
                return
            present = self.statement(new=True)
        if not present.tokens and len(self.statements) > 1 and self.source.kind(1) not in ("day", "ord"):
            self.lost += self.source.take()
            return
        present.interval = 2
        present.tokens += self.source.take()

    def read_note(self) -> None:
        """Read "term time only": of the statement that it is in; standing alone, of them all."""
        token = self.source.take()[0]
        if self.statements[-1].tokens and token.note != "closed on bank holidays":
            self.statements[-1].notes.append(token.note)
        else:
            self.notes.append(token.note)

    def read_closed(self) -> None:
        """Read "Sunday closed" and "closed Sundays"."""
        present = self.statements[-1]
        statement = self.statement(new=present.whole)
        statement.closed = True
        statement.tokens += self.source.take()

    def left_over(self) -> list[Token]:
        unfinished = [
            token for statement in self.statements if not statement.whole for token in statement.tokens
        ]
        return [*self.lost, *(token for token in unfinished if token.kind not in _LIGHT)]

    def slots(self, *, rules_add_up: bool) -> list[Slot]:
        whole = [statement for statement in self.statements if statement.whole]
        slots: list[Slot] = []
        seen: set[Slot] = set()
        for statement in (statement for statement in whole if not statement.closed):
            found = [slot for slot in statement.slots(self.notes) if slot not in seen]
            seen.update(found)
            if not rules_add_up and any(_contradict(one, other) for one in slots for other in found):
                raise NotUnderstoodError("hours that contradict one another")
            slots += found
        cuts = [slot for statement in whole if statement.closed for slot in statement.slots([])]
        return cut_out(slots, cuts)


def _begins_with_times(tokens: list[Token]) -> bool:
    """Tell "9-5 Mon-Fri" from "Mon-Fri 9-5"; a number alone ("over 18s") is not a time."""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.kind in ("day", "ord"):
            return False
        if token.kind in ("allday", "between") or (
            token.kind == "time" and following and following.kind in ("to", "dash")
        ):
            return True
    return False


def _contradict(one: Slot, other: Slot) -> bool:
    if one.weekday != other.weekday or one.opens >= other.closes or other.opens >= one.closes:
        return False
    times = (one.opens, one.closes) != (other.opens, other.closes)
    return times or (one.interval, one.notes) != (other.interval, other.notes)
