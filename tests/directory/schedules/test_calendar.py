"""The calendar file says the days that the schedule says, read by another program's rules."""

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from directory.schedules.calendar import calendar_of
from directory.schedules.rules import days_of, read_rule

NOW = datetime(2026, 11, 23, 10, 30)
FACTS = {"identifier": "a", "summary": "Boxing; for girls, and boys\nTitle:", "url": "https://x.example/a"}
CLUB = {"freq": "WEEKLY", "byday": "FR", "opens_at": "18:00", "closes_at": "20:00"}


def events(*schedules):
    content = calendar_of(schedules, FACTS, NOW)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return Calendar.from_ical(content).walk("VEVENT")


@pytest.mark.parametrize(
    "schedule",
    [
        CLUB,
        {**CLUB, "byday": "MO,WE,FR"},
        {**CLUB, "interval": 2, "dtstart": "2026-11-06"},
        {**CLUB, "interval": 3, "byday": "MO,SU", "dtstart": "2026-10-05"},
        {**CLUB, "freq": "MONTHLY", "byday": "1SA,3SA"},
        {**CLUB, "freq": "MONTHLY", "byday": "-1TH", "interval": 2, "dtstart": "2026-09-24"},
        {**CLUB, "freq": "MONTHLY", "byday": None, "bymonthday": "1,15"},
        {**CLUB, "notes": "April to October only"},
        {**CLUB, "until": "2027-02-05"},
        {**CLUB, "valid_from": "2027-01-01"},
        {**CLUB, "opens_at": "20:00", "closes_at": "02:00"},
    ],
)
def test_another_reader_finds_the_same_openings(schedule):
    (event,) = events(schedule)
    begins = event["dtstart"].dt.replace(tzinfo=None)
    text = event["rrule"].to_ical().decode()
    last = NOW + timedelta(days=400)
    recurrence = rrulestr(text.replace("Z", ""), dtstart=begins)
    found = [day.date() for day in recurrence.between(NOW - timedelta(days=1), last, inc=True)]
    rule = read_rule(schedule)
    assert found == days_of(rule, NOW.date(), last.date())
    assert (begins.hour * 60 + begins.minute) == rule.opens
    assert (event["dtend"].dt - event["dtstart"].dt) == timedelta(minutes=rule.closes - rule.opens)


def test_a_single_day_is_one_event_without_recurrence():
    (event,) = events({"dtstart": "2026-12-24", "opens_at": "10:00", "closes_at": "12:00"})
    assert event["dtstart"].dt.date() == date(2026, 12, 24)
    assert "rrule" not in event


@pytest.mark.parametrize(
    "schedule",
    [
        {"description": "Fridays"},
        {**CLUB, "notes": "Term time only"},
        {**CLUB, "until": "2026-01-01"},
        {**CLUB, "interval": 2},
    ],
)
def test_what_may_be_open_or_is_over_is_no_event(schedule):
    assert events(schedule) == []


def test_words_of_strangers_stay_words():
    (event,) = events(CLUB)
    assert str(event["summary"]) == FACTS["summary"]
    assert len(events(CLUB, CLUB)) == 1
    uids = {str(event["uid"]) for event in events(CLUB, {**CLUB, "byday": "SA"})}
    assert len(uids) == 2


def test_seasons_that_begin_at_one_hour_are_events_of_their_own():
    summer = {**CLUB, "notes": "April to October only"}
    later = {**CLUB, "closes_at": "21:00"}
    seasons = [summer, {**CLUB, "valid_from": "2027-03-01"}, {**CLUB, "until": "2027-02-26"}, later]
    assert len({str(event["uid"]) for event in events(CLUB, *seasons)}) == 5
