import json
import re
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.opening_hours.parse import LONGEST, parse
from directory.schedules.evaluate import describe, open_at, week_pattern
from tests.work import counting_calls

MONDAY = date(2026, 11, 23)


def said(text: str, *, rules_add_up: bool = False) -> list[str]:
    """What parse makes of a text, in words; it must be understood."""
    parsed = parse(text, rules_add_up=rules_add_up)
    assert parsed.understood, parsed.left_over
    assert parsed.left_over == ""
    return describe(parsed.schedules)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Mon-Fri 9am-5pm; first Sat of month 10-1",
            ["Monday to Friday, 9am to 5pm", "First Saturday of the month, 10am to 1pm"],
        ),
        (
            "Monday, Wednesday, Thursday and Saturday: 9:30am to 12:45pm and 2:00pm to 4:30pm",
            ["Monday, Wednesday, Thursday and Saturday, 9:30am to 12:45pm and 2pm to 4:30pm"],
        ),
        ("every other Thursday 4–6, term time", ["Every other Thursday, 4pm to 6pm, term time only"]),  # noqa: RUF001
        ("Tuesdays 6pm-8pm", ["Tuesday, 6pm to 8pm"]),
        ("weekdays 10 til 4", ["Monday to Friday, 10am to 4pm"]),
        ("weekends 10-1", ["Saturday and Sunday, 10am to 1pm"]),
        ("every day 8am to midnight", ["Every day, 8am to midnight"]),
        ("Thurs 5.30pm - 7.30pm", ["Thursday, 5:30pm to 7:30pm"]),
        ("1st & 3rd Wed 7-9pm", ["First and third Wednesday of the month, 7pm to 9pm"]),
        ("last Friday of the month 7:00pm to 9:00pm", ["Last Friday of the month, 7pm to 9pm"]),
        (
            "Every second and fourth Sat of the month from 10 to 12",
            ["Second and fourth Saturday of the month, 10am to midday"],
        ),
        (
            "First Monday and third Thursday of the month 2-4",
            ["First Monday and third Thursday of the month, 2pm to 4pm"],
        ),
        (
            "Every first Monday and third Tuesday of each month 2-4",
            ["First Monday and third Tuesday of the month, 2pm to 4pm"],
        ),
        (
            "1st Sat of the month and Sunday 10-1",
            ["Sunday, 10am to 1pm", "First Saturday of the month, 10am to 1pm"],
        ),
        ("Mon 10am-12noon, 1:30 p.m.-3 p.m.", ["Monday, 10am to midday and 1:30pm to 3pm"]),
        ("24 hours", ["Every day, 24 hours"]),
        ("open 24 hours a day, 7 days a week", ["Every day, 24 hours"]),
        ("Sat 24 hours", ["Saturday, 24 hours"]),
        ("Daily 9-5, closed Sundays", ["Monday to Saturday, 9am to 5pm"]),
        ("Sunday: closed. Mon to Sat 9-5", ["Monday to Saturday, 9am to 5pm"]),
        ("Monday: 09:00 - 17:00 / 18:00 - 20:00", ["Monday, 9am to 5pm and 6pm to 8pm"]),
        ("Tuesday, 9:00am to 1:00pm &amp; 2:00pm to 4:30pm", ["Tuesday, 9am to 1pm and 2pm to 4:30pm"]),
        ("9-5 Mon-Fri, 10-4 Sat", ["Monday to Friday, 9am to 5pm", "Saturday, 10am to 4pm"]),
        ("Between 10am and 4pm every Tuesday", ["Tuesday, 10am to 4pm"]),
        ("4-6 every other Thursday", ["Every other Thursday, 4pm to 6pm"]),
        ("Mon. 9-5 Tues. 10-4", ["Monday, 9am to 5pm", "Tuesday, 10am to 4pm"]),
        ("Mo-Fr 9-5", ["Monday to Friday, 9am to 5pm"]),
        ("Mon - Fri: 0900-1700hrs", ["Monday to Friday, 9am to 5pm"]),
        (
            "Monday 10-12 fortnightly, Sunday 9-12",
            ["Sunday, 9am to midday", "Every other Monday, 10am to midday"],
        ),
        (
            "Sunday 9-12; fortnightly on Monday 10-12",
            ["Sunday, 9am to midday", "Every other Monday, 10am to midday"],
        ),
        ("every two weeks on Monday 10-12", ["Every other Monday, 10am to midday"]),
        ("Mon 9-12. Closed on bank holidays.", ["Monday, 9am to midday, closed on bank holidays"]),
        ("Mon 9-12 except school holidays", ["Monday, 9am to midday, not in school holidays"]),
        (
            "Mon 9-12; Tue 2-4\nTerm time only",
            ["Monday, 9am to midday, term time only", "Tuesday, 2pm to 4pm, term time only"],
        ),
        (
            "Mon 9-12; Tue 2-4 (term time only)",
            ["Monday, 9am to midday", "Tuesday, 2pm to 4pm, term time only"],
        ),
    ],
)
def test_people(text, sentences):
    assert said(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "by appointment",
        "Mon-Fri 9-5 by appointment",
        "varies",
        "ask",
        "TBC",
        "Saturday and Sunday mornings",
        "weekends",
        "Tuesday 7pm",
        "9am-5pm",
        "Mon-Fri 9-5, Wed 9-1",
        "every third Thursday 10-12",
        "first Saturday and Sunday of the month 10-12",
        "1st Sat, Sun 10-12",
        "last weekend 10-12",
        "Mon-weekdays 9-5",
        "Monday of the month 9-5",
        "Mon 9-5 until December",
        "Mon 9-11 fortnightly Tue 9-11",
        "Mon 9-11; fortnightly",
        "closed Sundays 9-5",
        "first Fri of the month 10-12; closed last Fri",
        "open",
        "Friday 10am-2pm, youth club 4pm-6pm",
        "Friday 10-2 for ages 11-16",
    ],
)
def test_doubtful_hours_are_only_text(text):
    parsed = parse(text)
    assert not parsed.understood
    assert parsed.schedules == [{"description": text}]
    assert parsed.left_over


def test_safe_part_is_used_and_the_rest_named():
    parsed = parse("Monday 9:30am to 2pm, craft group")
    assert (parsed.understood, parsed.left_over) == (False, "craft group")
    assert parsed.schedules[-1] == {"description": "Monday 9:30am to 2pm, craft group"}
    assert open_at(parsed.schedules, datetime(2026, 11, 23, 10)) is True
    assert open_at(parsed.schedules, datetime(2026, 11, 23, 18)) is None


def test_words_apart_are_shown_apart():
    assert parse("Women only. Mon 9am-2pm, craft group. Tue 2pm-4pm").left_over == "Women | craft group"


@pytest.mark.shared_data
def test_real_text_is_never_read_as_other_than_its_structured_form(shared_data):
    """People's text beside the same hours in OpenStreetMap's syntax: where they differ, the text has more."""
    features = json.loads((shared_data / "organisations/warm_spaces_current.geojson").read_text())["features"]
    hours = [feature["properties"].get("hours") or {} for feature in features]
    pairs = [(one["_text"], one["opening"]) for one in hours if one.get("_text") and one.get("opening")]
    whole = [pair for pair in pairs if parse(pair[0], rules_add_up=True).understood]
    print(f"{len(whole)} of {len(pairs)} texts understood whole")
    assert len(whole) >= 310
    differ = [text for text, opening in whole if pattern_known(text) != pattern_known(opening)]
    # The structured form dropped what follows "&amp;", fortnights and terms, and took 12:00am for noon.
    reasons = "&amp;|12:00am|fortnight|term time|holiday"
    assert [text for text in differ if not re.search(reasons, text, re.IGNORECASE)] == []


def pattern_known(text: str) -> list[list[bool | None]]:
    return week_pattern(parse(text, rules_add_up=True).schedules, MONDAY)


def test_fortnight_without_a_start_is_possible_never_promised():
    schedules = parse("fortnightly Thursdays 4-6").schedules
    assert open_at(schedules, datetime(2026, 11, 26, 17)) is None
    assert open_at(schedules, datetime(2026, 11, 27, 17)) is False


def test_rules_replace_or_add_up():
    text = "Mo-Fr 09:00-17:00; We 08:00-10:00; We 09:00-10:00"
    assert said(text) == ["Monday, Tuesday, Thursday and Friday, 9am to 5pm", "Wednesday, 9am to 10am"]
    assert said(text, rules_add_up=True) == [
        "Monday, Tuesday, Thursday and Friday, 9am to 5pm",
        "Wednesday, 8am to 5pm",
    ]
    assert said("Mon-Fri 9-5, Wed 9-1", rules_add_up=True) == ["Monday to Friday, 9am to 5pm"]


def test_spans_longer_than_a_day_together_stay_apart():
    text = "Mo 09:00-16:00; Mo 16:00-20:00; Mo 20:00-17:00"
    schedules = parse(text, rules_add_up=True).schedules
    assert all(half is True for half in week_pattern(schedules, MONDAY)[0][18:])


def test_a_monthly_opening_within_a_weekly_one_is_not_said_twice():
    assert said("Th 09:00-13:00; Th[2] 09:00-13:00", rules_add_up=True) == ["Thursday, 9am to 1pm"]


def test_nothing_says_nothing():
    assert parse(" \n ").schedules == []
    assert not parse("").understood


def test_long_text_is_kept_and_not_read():
    text = "Mon 9-5. " * LONGEST
    assert parse(text).schedules == [{"description": text}]


@settings(deadline=None)
@given(
    st.text(max_size=300)
    | st.from_regex(r"((Mo|first |Fri|9|am|-| |,|;|24/7|\[1\]|10:00|every |&|closed){1,40})")
)
def test_no_text_breaks_it(text):
    parsed = parse(text)
    describe(parsed.schedules)
    if not parsed.understood and text.strip():
        assert parsed.schedules == [] or parsed.schedules[-1] == {"description": text}


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "1 ",
        "Mo",
        "Mo,",
        "every ",
        "12 ",
        "first ",
        "closed in the ",
        "2026 Nov 20 10:00-11:00;",
        "Mo[1] 1:00-2:00;",
        "daily 9-10 ",
        "in the ",
        "é",
        "(",
        "24 ",
        "Mo-Su 10:00-11:00,",
        "- ",
        "Jan,",
        "mon 1am-2am. tue 3am-4am. ",
    ],
)
@pytest.mark.parametrize("rules_add_up", [False, True])
def test_no_text_makes_it_slow(piece, rules_add_up):
    text = (piece * LONGEST)[: LONGEST - 1]
    _, calls = counting_calls(lambda: parse(text, rules_add_up=rules_add_up))
    assert calls < 30 * LONGEST
