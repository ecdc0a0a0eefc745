"""Whether a service is open at the time asked about: ordinary weeks, dates and holidays."""

from datetime import date

import pytest

from directory.coverage.question import When
from directory.coverage.times import TimeError, bank_holidays, days_of, open_then, read_periods, say_when
from tests.conftest import TODAY

FRIDAY = {"freq": "WEEKLY", "byday": "FR", "opens_at": "18:00", "closes_at": "21:00"}
FORTNIGHT = FRIDAY | {"interval": 2, "dtstart": "2026-11-27"}
HOLIDAYS = [(date(2026, 12, 21), date(2027, 1, 1))]


def week(weekday, opens=None, closes=None):
    asked = days_of("week", weekday, TODAY, [])
    return When("week", weekday, opens, closes, asked.days)


@pytest.mark.parametrize(
    ("schedules", "when", "answer"),
    [
        ([], When(), 1),
        ([FRIDAY], week(4), 1),
        ([FRIDAY], week(4, 18 * 60, 22 * 60), 1),
        ([FRIDAY], week(4, 12 * 60, 14 * 60), -1),
        ([FRIDAY], week(0), -1),
        ([FRIDAY], week(None, 18 * 60, 19 * 60), 1),
        ([FORTNIGHT], week(4), 0),
        ([{"freq": "WEEKLY", "byday": "FR"}], week(4, 600, 660), 0),
        ([{"description": "Fridays, ring first"}], week(4), 0),
        ([], week(4), 0),
    ],
)
def test_an_ordinary_week(schedules, when, answer):
    assert open_then(schedules, when) == answer


def test_ordinary_weeks_leave_bank_holidays_out():
    days = [day for group in days_of("week", 4, date(2026, 12, 14), []).days for day in group]
    assert days == [date(2026, 12, 18), date(2027, 1, 8), date(2027, 1, 15), date(2027, 1, 22)]


def test_first_saturday_of_the_month_is_open_on_some_saturdays():
    first = {"freq": "MONTHLY", "byday": "1SA", "opens_at": "10:00", "closes_at": "13:00"}
    assert open_then([first], week(5)) == 0
    on = When("date", days=((date(2026, 12, 5),),))
    assert open_then([first], on) == 1
    assert open_then([first], When("date", days=((date(2026, 12, 12),),))) == -1


def test_what_ended_before_a_date_is_closed_on_it():
    ended = FRIDAY | {"valid_to": "2026-11-30"}
    assert open_then([ended], When("date", days=((date(2026, 12, 4),),))) == -1


@pytest.mark.parametrize(
    ("notes", "answer"),
    [("", 0), ("Not bank holidays", -1), ("Closed on bank holidays", -1), ("Including bank holidays", 1)],
)
def test_a_bank_holiday_is_open_only_if_the_record_says_so(notes, answer):
    asked = days_of("bank-holiday", None, TODAY, [])
    assert asked.days == ((date(2026, 12, 25),),)  # a Friday
    assert open_then([FRIDAY | {"notes": notes}], asked) == answer
    monday = {"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "17:00"}
    assert open_then([monday], asked) == -1


@pytest.mark.parametrize(
    ("notes", "answer"),
    [
        ("", 1),
        ("term time only", -1),
        ("Not in school holidays", -1),
        ("School holidays only", 1),
        ("Term time and school holidays", 0),
    ],
)
def test_school_holidays(notes, answer):
    tuesday = {"freq": "WEEKLY", "byday": "TU", "opens_at": "9:00", "closes_at": "12:00", "notes": notes}
    asked = days_of("school-holidays", None, TODAY, HOLIDAYS)
    assert open_then([tuesday], asked) == answer


def test_school_holidays_that_nobody_loaded_say_how_to():
    with pytest.raises(TimeError, match="Set SCHOOL_HOLIDAYS"):
        days_of("school-holidays", None, TODAY, [])


def test_school_holidays_are_read_in_order():
    text = "2027-02-15/2027-02-19, 2026-12-21/2027-01-01"
    assert read_periods(text)[0] == HOLIDAYS[0]
    assert read_periods("") == []


@pytest.mark.parametrize("text", ["Christmas", "2027-01-01/2026-12-21"])
def test_school_holidays_written_otherwise_are_refused(text):
    with pytest.raises(TimeError):
        read_periods(text)


def test_bank_holidays_are_those_of_england():
    found = bank_holidays(date(2026, 1, 1), date(2026, 12, 31))
    assert len(found) == 9
    assert date(2026, 1, 2) not in found  # Scotland's alone
    assert date(2026, 3, 17) not in found  # Northern Ireland's


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (When(), "at any time"),
        (week(4, 18 * 60, 22 * 60), "every Friday, 6pm to 10pm"),
        (
            days_of("bank-holiday", None, TODAY, []),
            "on the next bank holiday, Christmas Day, 25 December 2026",
        ),
        (When("date", days=((date(2026, 12, 5),),)), "on 5 December 2026"),
        (
            days_of("school-holidays", None, TODAY, HOLIDAYS),
            "in the school holidays, 21 December 2026 to 27 December 2026",
        ),
    ],
)
def test_times_in_words(when, words):
    assert say_when(when, TODAY) == words
