"""Opening hours in OpenStreetMap's syntax: "Mo-Fr 09:00-17:00; Sa[1] 10:00-13:00; PH off"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field, replace
from datetime import date

from directory.opening_hours.slots import ALL_MONTHS, NotUnderstoodError, Slot, cut_out
from directory.schedules.rules import DAY_MINUTES

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = "|".join(_DAYS)
_MONTH = "|".join(_MONTHS)

_MONTH_LIST = re.compile(rf"({_MONTH})(?:-({_MONTH}))?(?![A-Za-z])(?! ?\d{{1,2}}(?![\d:]))", re.ASCII)
_DAY_DATES = re.compile(
    rf"(\d{{4}}) ({_MONTH}) (\d{{1,2}})(?![\d:])"
    rf"(?: ?- ?(?:(?:(\d{{4}}) )?({_MONTH}) )?(\d{{1,2}})(?![\d:]))?",
    re.ASCII,
)
_MONTH_DATES = re.compile(
    rf"(\d{{4}}) ({_MONTH})()(?: ?- ?(?:(\d{{4}}) )?({_MONTH}))?()(?![A-Za-z])(?! ?\d{{1,2}}(?![\d:]))",
    re.ASCII,
)
_YEAR_DATES = re.compile(rf"(\d{{4}})()()(?: ?- ?(\d{{4}}))?()()(?! ?(?:{_MONTH}))(?![\d:])", re.ASCII)
_ALWAYS = re.compile(r"24/7(?!\d)")
_COLON = re.compile(":")
_SEMICOLON = re.compile(" ?;")
_NEXT_SPAN = re.compile(r" ?, ?(?=\d{1,2}:)", re.ASCII)
_WEEKDAY = re.compile(rf"(PH|SH|{_DAY})(?:-({_DAY}))?(?:\[([-\d, ]{{1,30}})\])?(?![A-Za-z\[-])", re.ASCII)
_SPAN = re.compile(r"(\d{1,2}):(\d\d) ?- ?(\d{1,2}):(\d\d)(?![\d+/:])", re.ASCII)
_STATE = re.compile(r"(open|off|closed)\b", re.ASCII)
_COMMENT = re.compile(r'"([^"]*)"')
_COMMA = re.compile(r" ?,")


@dataclass
class _Rule:
    """One rule of the text, as read."""

    months: frozenset[int] = frozenset()
    first: date | None = None
    last: date | None = None
    days: list[tuple[int, frozenset[int]]] = field(default_factory=list)
    holidays: set[str] = field(default_factory=set)
    restricted: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)
    off: bool = False
    adds: bool = False
    notes: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        return bool(self.months or self.first)

    def slots(self) -> list[Slot]:
        """One slot for each day of the week and span; the whole day where there are no times."""
        days = self.days or [(day, frozenset[int]()) for day in range(7)]
        return [
            Slot(day, opens, closes, positions, 1, self.months, self.first, self.last, self.notes)
            for day, positions in days
            for opens, closes in self.spans or [(0, DAY_MINUTES)]
        ]


class _Text:
    """A place in the text, and what can be taken from it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
            while self.text[self.at : self.at + 1] == " ":
                self.at += 1
        return match

    def see(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self.text, self.at) is not None

    def need(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = self.take(pattern)
        if not match:
            raise NotUnderstoodError(self.text[self.at :])
        return match


def read_osm(text: str, *, rules_add_up: bool) -> list[Slot] | None:
    """Read OpenStreetMap opening hours; None when it is not that, or says more than HSDS schedules can.

    Not read: a time without end ("09:00+"), sunrise, week numbers, dates without a year, "unknown", and hours
    without days, which in a spreadsheet seldom mean every day. A later rule replaces the earlier ones on the
    days that it names, as the standard says, unless `rules_add_up`. A night belongs to the day on which it
    begins: "Fr 22:00-02:00; Sa 10:00-12:00" is open on Saturday at 1am (not all readers agree).
    """
    source = _Text(" ".join(text.split()))
    try:
        rules: list[_Rule] = []
        while source.at < len(source.text):
            rules.append(_read_rule(source, adds=False))
            while source.take(_COMMA):
                rules.append(_read_rule(source, adds=True))
            if source.at < len(source.text):
                source.need(_SEMICOLON)
        return _join(rules, rules_add_up=rules_add_up) or None
    except NotUnderstoodError:
        return None


def _read_rule(source: _Text, *, adds: bool) -> _Rule:
    rule = _Rule(adds=adds)
    always = source.take(_ALWAYS)
    if not always:
        _read_dates(source, rule)
        source.take(_COLON)
        _read_days(source, rule)
        _read_spans(source, rule)
    state = source.take(_STATE)
    rule.off = state is not None and state[1] != "open"
    comment = source.take(_COMMENT)
    rule.notes = (comment[1].strip(),) if comment and comment[1].strip() else ()
    if rule.off and (rule.spans or always):
        raise NotUnderstoodError("a part of a day that is closed")
    if not (always or rule.off or rule.spans) or not (always or rule.dated or rule.days or rule.holidays):
        raise NotUnderstoodError("no days, or no times")
    return rule


def _read_dates(source: _Text, rule: _Rule) -> None:
    dates = source.take(_DAY_DATES) or source.take(_MONTH_DATES) or source.take(_YEAR_DATES)
    if dates:
        rule.first, rule.last = _date_range(dates)
        return
    months: set[int] = set()
    while match := source.take(_MONTH_LIST) if not months or source.take(_COMMA) else None:
        begins = _MONTHS.index(match[1])
        length = (_MONTHS.index(match[2] or match[1]) - begins) % 12 + 1
        months.update((begins + step) % 12 + 1 for step in range(length))
    rule.months = frozenset() if months == ALL_MONTHS else frozenset(months)
    rule.days = [] if months != ALL_MONTHS else [(day, frozenset()) for day in range(7)]


def _date_range(match: re.Match[str]) -> tuple[date, date]:
    """Make two dates of "2026 Nov 20-2027 Mar 3", "2026 Nov-Dec", "2026 Nov 20-25" and the like."""
    year, month, day, last_year, last_month, last_day = (part or "" for part in match.groups())
    try:
        begins = date(int(year), _MONTHS.index(month) + 1 if month else 1, int(day or 1))
        ends_year = int(last_year or year)
        ends_month = _MONTHS.index(last_month or month) + 1 if month else 12
        ends_day = int(last_day or day or calendar.monthrange(ends_year, ends_month)[1])
        ends = date(ends_year, ends_month, ends_day)
    except ValueError as problem:
        raise NotUnderstoodError(match[0]) from problem
    if ends < begins:
        raise NotUnderstoodError(match[0])
    return begins, ends


def _read_days(source: _Text, rule: _Rule) -> None:
    """Read "Mo-Fr", "Mo,We", "Th[1,3]", "PH", "SH Mo-Fr"."""
    match = source.take(_WEEKDAY)
    if match:
        rule.days = []
    while match:
        if match[1] in ("PH", "SH"):
            if match[2] or match[3]:
                raise NotUnderstoodError(match[0])
            rule.holidays.add(match[1])
        else:
            rule.days += _read_weekdays(match)
        if match[1] == "SH" and not rule.days and source.see(_WEEKDAY):
            rule.restricted = True
            match = source.take(_WEEKDAY)
        else:
            match = source.need(_WEEKDAY) if source.take(_COMMA) else None


def _read_weekdays(match: re.Match[str]) -> list[tuple[int, frozenset[int]]]:
    begins = _DAYS.index(match[1])
    length = (_DAYS.index(match[2] or match[1]) - begins) % 7 + 1
    if match[3] is None:
        return [((begins + step) % 7, frozenset()) for step in range(length)]
    positions: set[int] = set()
    for part in match[3].split(","):
        bounds = re.fullmatch(r" ?(-?[1-5])(?:-([1-5]))? ?", part)
        if not bounds or length > 1 or (bounds[2] and bounds[2] < bounds[1]):
            raise NotUnderstoodError(match[0])
        positions.update(range(int(bounds[1]), int(bounds[2] or bounds[1]) + 1))
    return [(begins, frozenset(positions))]


def _read_spans(source: _Text, rule: _Rule) -> None:
    while match := source.take(_SPAN):
        opens = int(match[1]) * 60 + int(match[2])
        closes = int(match[3]) * 60 + int(match[4])
        if max(int(match[2]), int(match[4])) > 59 or opens >= DAY_MINUTES or closes > 2 * DAY_MINUTES:
            raise NotUnderstoodError(match[0])
        closes += DAY_MINUTES if closes <= opens else 0
        if closes - opens > DAY_MINUTES:
            raise NotUnderstoodError(match[0])
        rule.spans.append((opens, closes))
        if not source.take(_NEXT_SPAN):
            return


def _join(rules: list[_Rule], *, rules_add_up: bool) -> list[Slot]:
    slots: list[Slot] = []
    notes: list[str] = []
    for rule in rules:
        if rule.holidays and not (rule.days or rule.dated) and (rule.off or rule.holidays == {"PH"}):
            notes += _holiday_notes(rule)
            continue
        found = _with_holidays(rule, alone=len(rules) == 1 or rules_add_up)
        if rule.off or not (rules_add_up or rule.adds):
            slots = cut_out(slots, found)
        slots += [] if rule.off else found
    return [replace(slot, notes=tuple(dict.fromkeys((*slot.notes, *notes)))) for slot in slots]


def _holiday_notes(rule: _Rule) -> list[str]:
    """Say holiday rules as notes: dates of holidays are not part of a schedule."""
    notes = list(rule.notes)
    if rule.off:
        named = {"PH": "closed on bank holidays", "SH": "not in school holidays"}
        return [*(named[holiday] for holiday in sorted(rule.holidays)), *notes]
    hours = " and ".join(
        f"{opens // 60:02}:{opens % 60:02} to {closes % DAY_MINUTES // 60:02}:{closes % 60:02}"
        for opens, closes in rule.spans
    )
    return [f"bank holidays {hours}", *notes]


def _with_holidays(rule: _Rule, *, alone: bool) -> list[Slot]:
    if "SH" in rule.holidays and (not alone or rule.off or "PH" in rule.holidays):
        raise NotUnderstoodError("other hours in school holidays")
    if "SH" in rule.holidays and rule.days and not rule.restricted:
        raise NotUnderstoodError("school holidays among days of the week")
    if "PH" in rule.holidays and (rule.off or rule.dated):
        raise NotUnderstoodError("bank holidays among days of the week")
    extra = {"SH": "school holidays only", "PH": "open on bank holidays"}
    notes = (*rule.notes, *(extra[holiday] for holiday in rule.holidays))
    return [replace(slot, notes=notes) for slot in rule.slots()]
