import json
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.schedules.evaluate import (
    Opening,
    describe_next,
    hours_known,
    next_change,
    next_opening,
    open_at,
    open_during,
    week_pattern,
    weekly_openings,
)
from directory.schedules.rules import read_months
from tests.work import counting_calls

MONDAY = date(2026, 11, 23)
TODAY = MONDAY
WEEKLY = {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}
NIGHT = {"freq": "WEEKLY", "byday": "SU", "opens_at": "22:00", "closes_at": "02:00"}
MONTHLY = {"freq": "MONTHLY", "byday": "1SA", "opens_at": "10:00", "closes_at": "13:00"}
TERM = {**WEEKLY, "notes": "term time only"}
FORTNIGHTLY = {**WEEKLY, "interval": 2}
ALL_DAY = {**WEEKLY, "opens_at": "00:00", "closes_at": "00:00"}
TEXT = {"description": "ring the bell"}
UNTIMED = {"freq": "WEEKLY", "byday": "MO"}
SINGLE = {"dtstart": "2026-11-24", "opens_at": "10:00", "closes_at": "12:00"}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute)


@pytest.fixture(scope="module")
def guidance(shared_data):
    """The worked example of the standard's own guidance."""
    path = shared_data / "openreferral/examples/schedules_field_guidance.json"
    return json.loads(path.read_text())["services"][0]["schedules"]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        (datetime(2020, 3, 30, 10), False),  # a Monday before it begins
        (datetime(2020, 4, 1, 9), True),
        (datetime(2020, 4, 1, 12), False),
        (datetime(2020, 4, 1, 15), True),
        (datetime(2020, 4, 3, 10), False),  # a Friday
        (datetime(2020, 7, 4, 16, 59), True),  # the first Saturday
        (datetime(2020, 7, 11, 10), False),
        (datetime(2020, 11, 7, 10), True),
        (datetime(2020, 12, 5, 10), False),  # a first Saturday after "until"
        (datetime(2020, 12, 17, 10), True),
        (datetime(2020, 12, 21, 10), False),
    ],
)
def test_standards_example_at_a_moment(guidance, moment, answer):
    assert open_at(guidance, moment) is answer


@pytest.mark.shared_data
def test_standards_example_as_openings(guidance):
    openings = weekly_openings(guidance, date(2020, 5, 1))
    assert openings[0] == Opening(0, 540, 720, every_week=True)
    assert openings[-1] == Opening(5, 540, 1020, every_week=False)
    assert len(openings) == 9
    assert weekly_openings(guidance, date(2020, 12, 21)) == []


@pytest.mark.parametrize(
    ("schedules", "moment", "answer"),
    [
        ([], at(23, 10), None),
        ([WEEKLY], at(23, 9), True),
        ([WEEKLY], at(23, 8, 59), False),
        ([WEEKLY], at(23, 17), False),
        ([WEEKLY], at(25, 10), False),
        ([NIGHT], at(23, 1, 59), True),
        ([NIGHT], at(23, 2), False),
        ([NIGHT], at(22, 1), False),
        ([TEXT], at(23, 10), None),
        ([WEEKLY, TEXT], at(23, 10), True),
        ([WEEKLY, TEXT], at(25, 10), None),
        ([TERM], at(23, 10), None),
        ([TERM], at(25, 10), False),
        ([{**WEEKLY, "description": "In school holidays"}], at(23, 10), None),
        ([WEEKLY, TERM], at(23, 10), True),
        ([FORTNIGHTLY], at(23, 10), None),
        ([FORTNIGHTLY], at(25, 10), False),
        ([{**FORTNIGHTLY, "dtstart": "2026-11-10"}], at(23, 10), True),  # weeks begin on Monday
        ([{**FORTNIGHTLY, "dtstart": "2026-11-17"}], at(23, 10), False),
        ([UNTIMED], at(23, 10), None),
        ([UNTIMED], at(24, 10), False),
        ([SINGLE], at(24, 11), True),
        ([SINGLE], at(24, 12, month=12), False),
        ([MONTHLY], at(5, 11, month=12), True),
        ([MONTHLY], at(12, 11, month=12), False),
        ([{**MONTHLY, "freq": "WEEKLY"}], at(12, 11, month=12), False),
        ([{**MONTHLY, "byday": "-1FR"}], at(27, 11), True),
        ([{**MONTHLY, "byday": "-1FR"}], at(20, 11), False),
        ([{**MONTHLY, "byday": "SA", "bymonthday": "5"}], at(5, 11, month=12), True),
        ([{**MONTHLY, "byday": "", "bymonthday": "-1,24"}], at(30, 11), True),
        ([{**MONTHLY, "byday": None, "dtstart": "2026-10-24"}], at(24, 11), True),
        ([{**MONTHLY, "interval": 2, "dtstart": "2026-10-03"}], at(5, 11, month=12), True),
        ([{**MONTHLY, "interval": 2, "dtstart": "2026-11-07"}], at(5, 11, month=12), False),
        ([{**MONTHLY, "interval": 2}], at(5, 11, month=12), None),
        ([{**WEEKLY, "byday": None, "dtstart": "2026-11-02"}], at(23, 10), True),
        ([{**WEEKLY, "dtstart": "2026-11-16", "count": 2}], at(17, 10), True),
        ([{**WEEKLY, "dtstart": "2026-11-16", "count": 2}], at(23, 10), False),
        ([{**WEEKLY, "dtstart": "2026-11-16", "count": 5000}], at(23, 10), True),
        ([{**WEEKLY, "count": 5}], at(23, 10), None),
        ([{**WEEKLY, "valid_to": date(2026, 11, 22)}], at(23, 10), False),
        ([{**WEEKLY, "valid_from": datetime(2026, 11, 23, 12)}], at(23, 10), True),
        ([{**WEEKLY, "opens_at": time(9), "closes_at": time(17)}], at(23, 10), True),
        ([{**WEEKLY, "closes_at": "24:00"}], at(23, 23, 59), True),
        ([{**WEEKLY, "opens_at": "00:00", "closes_at": "00:00"}], at(23, 23, 59), True),
        ([{**WEEKLY, "notes": "April to October only"}], at(23, 10), False),
        ([{**WEEKLY, "notes": "May, November to February only"}], at(23, 10), True),
    ],
)
def test_open_at(schedules, moment, answer):
    assert open_at(schedules, moment) is answer


@pytest.mark.parametrize(
    "wrong",
    [
        {"freq": "YEARLY"},
        {"freq": None},
        {"byday": "MONDAY"},
        {"byday": ""},
        {"interval": 0},
        {"interval": "weekly"},
        {"bymonthday": "40"},
        {"bymonthday": "first"},
        {"dtstart": "soon"},
        {"valid_to": "Easter"},
        {"opens_at": "9am"},
        {"closes_at": "24:30"},
        {"byweekno": "3"},
        {"bymonth": "5"},
        {
            "freq": "MONTHLY",
            "bymonthday": "31",
            "interval": 12,
            "dtstart": "2026-11-01",
            "count": 2,
            "byday": "",
        },
    ],
)
def test_what_cannot_be_read_is_not_known(wrong):
    schedule = {**WEEKLY, **wrong}
    assert open_at([schedule], at(23, 10)) is None
    assert not hours_known([schedule])


def test_hours_known_needs_days_and_times():
    assert hours_known([TEXT, WEEKLY])
    assert hours_known([FORTNIGHTLY])
    assert not any(hours_known(schedules) for schedules in ([], [TEXT], [UNTIMED]))


@pytest.mark.parametrize(
    ("schedules", "opens", "closes", "answer"),
    [
        ([WEEKLY], time(8), time(9), False),
        ([WEEKLY], time(8), time(9, 1), True),
        ([WEEKLY], time(16, 59), time(20), True),
        ([WEEKLY], time(17), time(20), False),
        ([WEEKLY], time(22), time(9, 30), True),  # past midnight: Tuesday morning
        ([NIGHT], time(0), time(1), True),
        ([TERM], time(10), time(11), None),
        ([], time(10), time(11), None),
    ],
)
def test_open_during(schedules, opens, closes, answer):
    assert open_during(schedules, MONDAY, opens, closes) is answer


def test_week_pattern_marks_every_half_hour_touched():
    pattern = week_pattern([{**WEEKLY, "opens_at": "09:10", "closes_at": "10:20"}], MONDAY)
    assert [half for half, is_open in enumerate(pattern[0]) if is_open] == [18, 19, 20]
    assert [len(day) for day in pattern] == [48] * 7
    assert pattern[2] == [False] * 48


def test_week_pattern_runs_over_both_ends_of_the_week():
    pattern = week_pattern([NIGHT], MONDAY)
    assert pattern[0][:5] == [True, True, True, True, False]
    assert pattern[6][43:] == [False, True, True, True, True]


def test_week_pattern_keeps_not_known_apart():
    pattern = week_pattern([WEEKLY, TEXT], MONDAY)
    assert (pattern[0][20], pattern[0][40]) == (True, None)
    assert week_pattern([], MONDAY) == [[None] * 48] * 7
    assert week_pattern([{**WEEKLY, "byday": "MO"}, TERM], MONDAY)[0][20] is True
    assert week_pattern([TERM], MONDAY)[0][20] is None


@pytest.mark.parametrize(
    ("schedule", "openings"),
    [
        (WEEKLY, [Opening(0, 540, 1020, True), Opening(1, 540, 1020, True)]),
        (NIGHT, [Opening(0, 0, 120, True), Opening(6, 1320, 1440, True)]),
        (MONTHLY, [Opening(5, 600, 780, False)]),
        (SINGLE, [Opening(1, 600, 720, False)]),
        ({**MONTHLY, "byday": "", "bymonthday": "1"}, [Opening(day, 600, 780, False) for day in range(7)]),
        ({**MONTHLY, "byday": "SA"}, [Opening(5, 600, 780, True)]),
        ({**WEEKLY, "byday": "MO", "notes": "term time only"}, [Opening(0, 540, 1020, False)]),
        ({**WEEKLY, "byday": "MO", "interval": 2}, [Opening(0, 540, 1020, False)]),
        ({**WEEKLY, "byday": "MO", "valid_from": "2027-01-01"}, [Opening(0, 540, 1020, False)]),
        ({**WEEKLY, "byday": "MO", "notes": "May only"}, [Opening(0, 540, 1020, False)]),
        ({**WEEKLY, "byday": "MO", "until": "2026-11-23"}, [Opening(0, 540, 1020, True)]),
        ({**WEEKLY, "until": "2026-11-22"}, []),
        (TEXT, []),
        (UNTIMED, []),
    ],
)
def test_weekly_openings(schedule, openings):
    assert weekly_openings([schedule, schedule], TODAY) == openings


@pytest.mark.parametrize(
    ("schedules", "after", "span"),
    [
        ([WEEKLY], at(22, 10), (at(23, 9), at(23, 17))),
        ([WEEKLY], at(23, 10), (at(23, 9), at(23, 17))),
        ([WEEKLY], at(23, 17), (at(24, 9), at(24, 17))),
        ([NIGHT], at(23, 1), (at(22, 22), at(23, 2))),
        (
            [WEEKLY, {**WEEKLY, "opens_at": "17:00", "closes_at": "19:00"}],
            at(23, 10),
            (at(23, 9), at(23, 19)),
        ),
        ([{**WEEKLY, "valid_from": "2027-06-01"}], at(23, 10), None),
        ([TERM], at(23, 10), None),
        ([], at(23, 10), None),
    ],
)
def test_next_opening(schedules, after, span):
    assert next_opening(schedules, after) == span


def test_next_opening_looks_no_further_than_told():
    assert next_opening([MONTHLY], at(23, 10), horizon_days=11) is None
    assert next_opening([MONTHLY], at(23, 10), horizon_days=12) == (at(5, 10, month=12), at(5, 13, month=12))


@pytest.mark.parametrize(
    ("schedules", "now", "words"),
    [
        ([WEEKLY], at(23, 10), "Open now, until 5pm"),
        ([WEEKLY], at(23, 8), "Opens today at 9am"),
        ([WEEKLY], at(25, 8), "Opens Monday at 9am"),
        ([MONTHLY], at(23, 8), "Opens 5 December at 10am"),
        ([NIGHT], at(22, 23), "Open now, until 2am"),
        ([{**WEEKLY, "closes_at": "00:00"}], at(23, 23), "Open now, until midnight"),
        ([ALL_DAY], at(23, 0), "Open now, until Wednesday at midnight"),
        ([{**ALL_DAY, "byday": "MO,TU,WE,TH,FR,SA,SU"}], at(23, 0), "Open now, day and night"),
        ([TERM], at(22, 8), "May open Monday at 9am, check first"),
        ([TERM], at(23, 10), "May be open now, until 5pm, check first"),
        ([TERM, WEEKLY], at(23, 10), "Open now, until 5pm"),
        ([FORTNIGHTLY, NIGHT], at(22, 8), "Opens today at 10pm"),
        ([FORTNIGHTLY, NIGHT], at(23, 10), "May be open now, until 5pm, check first"),
        ([TEXT], at(23, 10), "Opening hours not known"),
        ([TEXT, WEEKLY], at(23, 10), "Open now, until 5pm"),
        ([UNTIMED], at(23, 10), "Opening hours not known"),
        ([], at(23, 10), "Opening hours not known"),
        ([{**WEEKLY, "until": "2026-11-01"}], at(23, 10), "No opening in the next two months"),
    ],
)
def test_describe_next(schedules, now, words):
    assert describe_next(schedules, now) == words


@pytest.mark.parametrize(
    ("schedules", "now", "until"),
    [
        ([WEEKLY], at(23, 10), at(23, 17)),
        ([WEEKLY], at(23, 8), at(23, 9)),
        ([WEEKLY], at(23, 18), at(24, 0)),
        ([], at(23, 10), at(24, 0)),
    ],
)
def test_what_is_said_stays_right_to_the_next_opening_closing_or_midnight(schedules, now, until):
    assert next_change(schedules, now) == until


schedules_of_all_kinds = st.fixed_dictionaries(
    {
        "freq": st.sampled_from(["WEEKLY", "MONTHLY"]),
        "byday": st.sampled_from(["MO", "TU,SA", "1SA", "-1TH,2TU", "SU,MO"]),
        "interval": st.integers(1, 3),
        "dtstart": st.dates(date(2025, 1, 1), date(2026, 12, 1)),
        "opens_at": st.times().map(lambda moment: moment.strftime("%H:%M")),
        "closes_at": st.times().map(lambda moment: moment.strftime("%H:%M")),
    }
)


@settings(deadline=None)
@given(st.lists(schedules_of_all_kinds, max_size=3), st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)))
def test_answers_agree_with_one_another(schedules, moment):
    answer = open_at(schedules, moment)
    span = next_opening(schedules, moment)
    assert (answer is True) == (span is not None and span[0] <= moment < span[1])
    pattern = week_pattern(schedules, moment.date())
    assert answer is not True or pattern[0][moment.hour * 2 + moment.minute // 30] is True
    assert describe_next(schedules, moment).startswith("Open now") == (answer is True)


@settings(deadline=None)
@given(
    st.lists(st.one_of(schedules_of_all_kinds, st.sampled_from([FORTNIGHTLY, NIGHT, TEXT])), max_size=3),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)),
    st.floats(0, 1),
)
def test_the_same_is_said_until_the_next_change(schedules, moment, part):
    until = next_change(schedules, moment)
    assert moment < until
    later = moment + (until - moment - timedelta(microseconds=1)) * part
    assert describe_next(schedules, later) == describe_next(schedules, moment)


def test_read_months():
    assert read_months("open November to January, March and May to June only") == {11, 12, 1, 3, 5, 6}
    assert read_months("March meeting") == frozenset()


def test_a_schedule_takes_little_work_to_read():
    schedules = [
        [{**kind, "opens_at": f"{number % 12:02}:{number % 60:02}", "notes": f"note {number}"}]
        for number in range(500)
        for kind in (WEEKLY, MONTHLY, {**FORTNIGHTLY, "dtstart": "2020-01-06"}, NIGHT)
    ]
    answers, calls = counting_calls(lambda: {open_at(one, at(23, 10)) for one in schedules})
    assert answers == {True, False}
    assert calls < 100 * len(schedules)
