"""Schedules of a feed: certain hours, or text."""

import pytest

from directory.sources.tidy_schedule import tidy_schedule

WEEKLY = {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}


def test_a_plain_week_stays_as_it_is():
    assert tidy_schedule(WEEKLY) == ({**WEEKLY, "interval": 1}, [], "")


@pytest.mark.parametrize(
    ("written", "read"), [("09:00:00", "09:00"), ("24:00", "00:00"), ("17:30:00.000", "17:30")]
)
def test_times_lose_their_seconds(written, read):
    assert tidy_schedule({**WEEKLY, "closes_at": written})[0]["closes_at"] == read


def test_times_marked_as_utc_are_clock_times_and_flagged():
    tidied, remarks, _ = tidy_schedule({**WEEKLY, "opens_at": "09:00:00Z", "closes_at": "17:00Z"})
    assert tidied["opens_at"] == "09:00"
    assert len(remarks) == 1


def test_daily_is_every_day_of_the_week():
    daily = {"freq": "daily", "opens_at": "09:00", "closes_at": "17:00"}
    assert tidy_schedule(daily)[0]["byday"] == "MO,TU,WE,TH,FR,SA,SU"


@pytest.mark.parametrize(("freq", "name", "day"), [("WEEKLY", "byday", "TU"), ("MONTHLY", "bymonthday", "3")])
def test_the_first_date_says_the_day(freq, name, day):
    rule = {"freq": freq, "dtstart": "2026-11-03T00:00:00", "opens_at": "09:00", "closes_at": "17:00"}
    tidied = tidy_schedule(rule)[0]
    assert (tidied[name], tidied["dtstart"]) == (day, "2026-11-03")


def test_a_month_by_position():
    assert tidy_schedule({**WEEKLY, "freq": "MONTHLY", "byday": "1SA,-1TH"})[0]["byday"] == "1SA,-1TH"


def test_days_of_the_month_in_a_week_are_kept_as_a_note():
    tidied, remarks, _ = tidy_schedule({**WEEKLY, "bymonthday": "2,3", "notes": "Ring"})
    assert "bymonthday" not in tidied
    assert tidied["notes"] == "Ring; Days of the month in the source: 2,3"
    assert len(remarks) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"freq": None}, "There is no frequency"),
        ({"freq": "YEARLY"}, "'YEARLY' is not WEEKLY or MONTHLY"),
        ({"freq": "DAILY", "byday": None, "interval": 2}, "'DAILY' is not"),
        ({"count": 3}, "count cannot be held"),
        ({"interval": "x"}, "interval 'x' is not a whole number"),
        ({"interval": "9" * 5000}, "is not a whole number"),
        ({"until": "soon"}, "until is not a date"),
        ({"opens_at": None}, "opens_at is not a time"),
        ({"closes_at": "24:30"}, "closes_at is not a time"),
        ({"byday": "Monday"}, "does not name days"),
        ({"byday": "1MO"}, "no first or last Saturday"),
        ({"byday": None}, "no day of the week"),
        ({"byday": None, "freq": "MONTHLY"}, "no day of the month"),
    ],
)
def test_what_is_uncertain_is_text(change, reason):
    tidied, _, why = tidy_schedule({**WEEKLY, "id": "1", "description": "Mondays", **change})
    assert tidied == {"id": "1", "description": "Mondays"}
    assert reason in why


def test_a_rule_without_words_is_kept_as_it_came():
    tidied, _, why = tidy_schedule({"freq": "YEARLY", "opens_at": "09:00"})
    assert tidied["description"] == '{"freq": "YEARLY", "opens_at": "09:00"}'
    assert why
