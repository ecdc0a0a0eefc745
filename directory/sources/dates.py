"""Dates as people in Britain write them: the day first."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_WEEKDAY = re.compile(r"\b(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?\b")
_TIME_OF_DAY = re.compile(r"[ t]\d{1,2}:\d\d(:\d\d(\.\d+)?)?z?$")
_WRITTEN = re.compile(r"[a-z0-9\s.,/'\u2019-]+")
_FORMS = ("%Y %m %d", "%d %m %Y", "%d %m %y", "%d %b %Y", "%d %B %Y", "%d %b %y", "%b %d %Y", "%B %d %Y")
# Without a day, the first: to call a fact older than it is does less harm than to call it newer.
_WITHOUT_DAY = ("%b %Y", "%B %Y", "%m %Y", "%Y %m", "%Y")
# "Nov-20" is a month and a year, as spreadsheets write it; "Nov 20" may as well be a day.
_MONTH_AND_SHORT_YEAR = re.compile(r"[a-z]+\.?\s*[-'\u2019/]\s*\d\d")
# Days since 30 December 1899, as spreadsheets count them: 1954 to 2064.
_FIRST_DAY = date(1899, 12, 30)
_SPREADSHEET_DAYS = range(20_000, 60_000)
_YEARS = range(1950, 2101)
_LONGEST = 100


def read_date(text: str) -> date | None:
    """The date a text says, or None.

    >>> read_date("3/11/2020"), read_date("Nov 2020"), read_date("44138")
    (datetime.date(2020, 11, 3), datetime.date(2020, 11, 1), datetime.date(2020, 11, 3))
    """
    words = _TIME_OF_DAY.sub("", " ".join(text.casefold().split()))
    if len(words) > _LONGEST or not _WRITTEN.fullmatch(words):
        return None
    if words.isdigit() and int(words) in _SPREADSHEET_DAYS:
        return _FIRST_DAY + timedelta(days=int(words))
    forms: tuple[str, ...] = (*_FORMS, *_WITHOUT_DAY)
    if _MONTH_AND_SHORT_YEAR.fullmatch(words):
        forms = ("%b %y", "%B %y")
    words = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", _WEEKDAY.sub(" ", words))
    words = " ".join(re.findall(r"\d+|[a-z]+", words.replace("sept ", "sep ").replace(" of ", " ")))
    for form in forms:
        found = _in_form(words, form)
        if found:
            return found if found.year in _YEARS else None
    return None


def _in_form(words: str, form: str) -> date | None:
    try:
        return datetime.strptime(words, form).replace(tzinfo=UTC).date()
    except ValueError:
        return None
