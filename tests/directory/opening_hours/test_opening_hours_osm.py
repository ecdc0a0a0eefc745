import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from directory.opening_hours.parse import parse
from directory.schedules.evaluate import describe, open_at, week_pattern

BEGINS = datetime(2026, 11, 23)
ENDS = BEGINS + timedelta(days=14)
DATES = ("", "Nov ", "Dec-Feb ", "2026 Nov 24-2026 Dec 2 ", "2026 Dec ", "2026 ", "2027 Jan 1-2027 Jan 9 ")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def half_hours(schedules) -> list[bool]:
    """Two weeks as parse and week_pattern see them."""
    weeks = (week_pattern(schedules, BEGINS.date() + timedelta(days=days)) for days in (0, 7))
    return [half for week in weeks for day in week for half in day]


def half_hours_by_another(text: str) -> list[bool]:
    """Two weeks as opening-hours-py sees them."""
    halves = [False] * (14 * 48)
    for opens, closes, state, _ in OpeningHours(text).intervals(BEGINS, ENDS):
        if str(state) == "open":
            first = int((opens - BEGINS).total_seconds() // 1800)
            last = -int(-(min(closes, ENDS) - BEGINS).total_seconds() // 1800)
            halves[first:last] = [True] * (last - first)
    return halves


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mo-Fr 09:00-17:00", ["Monday to Friday, 9am to 5pm"]),
        ("Mo-Fr 09:00-13:00,14:00-17:00", ["Monday to Friday, 9am to 1pm and 2pm to 5pm"]),
        ("Mo,We,Fr 10:00-12:00", ["Monday, Wednesday and Friday, 10am to midday"]),
        ("Mo[1] 10:00-12:00", ["First Monday of the month, 10am to midday"]),
        ("Th[1-3] 10:00-12:00", ["First, second and third Thursday of the month, 10am to midday"]),
        ("Fr[-1] 19:00-21:00", ["Last Friday of the month, 7pm to 9pm"]),
        ("Mo 22:00-02:00", ["Monday, 10pm to 2am"]),
        ("Mo 22:00-26:00", ["Monday, 10pm to 2am"]),
        ("24/7", ["Every day, 24 hours"]),
        ("24/7; Su off", ["Monday to Saturday, 24 hours"]),
        ("Sa-Mo 10:00-12:00", ["Monday, Saturday and Sunday, 10am to midday"]),
        ("Mo-We 10:00-12:00; PH off", ["Monday to Wednesday, 10am to midday, closed on bank holidays"]),
        ("Mo 10:00-12:00; SH off", ["Monday, 10am to midday, not in school holidays"]),
        ("Mo,PH 10:00-12:00", ["Monday, 10am to midday, open on bank holidays"]),
        ("Mo 09:00-17:00; PH 10:00-12:00", ["Monday, 9am to 5pm, bank holidays 10:00 to 12:00"]),
        ("SH Mo-We 10:00-12:00", ["Monday to Wednesday, 10am to midday, school holidays only"]),
        ('Mo 10:00-12:00 "by appointment"', ["Monday, 10am to midday, by appointment"]),
        ("Apr-Oct Mo 10:00-12:00", ["Monday, 10am to midday, April to October only"]),
        ("Jan-Dec Mo 10:00-12:00", ["Monday, 10am to midday"]),
        ("Nov-Feb,May: Mo 10:00-12:00", ["Monday, 10am to midday, May, November to February only"]),
        (
            "Mo-Fr 10:00-12:00, Mo 14:00-15:00",
            ["Monday, 10am to midday and 2pm to 3pm", "Tuesday to Friday, 10am to midday"],
        ),
        (
            "Mo-We 09:00-17:00; Tu 10:00-12:00",
            ["Monday and Wednesday, 9am to 5pm", "Tuesday, 10am to midday"],
        ),
        (
            "Th 09:00-12:00; Th[1] off",
            ["Second, third, fourth and fifth Thursday of the month, 9am to midday"],
        ),
    ],
)
def test_osm(text, sentences):
    parsed = parse(text)
    assert (parsed.understood, parsed.left_over) == (True, "")
    assert describe(parsed.schedules) == sentences


@pytest.mark.parametrize(
    ("text", "valid_from", "valid_to"),
    [
        ("2026 Nov 20-2027 Mar 3 Mo 10:00-12:00", "2026-11-20", "2027-03-03"),
        ("2026 Nov 20-Dec 3 Mo 10:00-12:00", "2026-11-20", "2026-12-03"),
        ("2026 Nov 20-25 Mo 10:00-12:00", "2026-11-20", "2026-11-25"),
        ("2026 Nov 20 10:00-12:00", "2026-11-20", "2026-11-20"),
        ("2026 Nov-2027 Feb Mo 10:00-12:00", "2026-11-01", "2027-02-28"),
        ("2026 Nov Mo 10:00-12:00", "2026-11-01", "2026-11-30"),
        ("2026-2027 Mo 10:00-12:00", "2026-01-01", "2027-12-31"),
    ],
)
def test_osm_dates(text, valid_from, valid_to):
    (schedule,) = parse(text).schedules
    assert (schedule["valid_from"], schedule["valid_to"]) == (valid_from, valid_to)


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 09:00+",
        "Mo-Fr 09:00-17:00+",
        "Mo-Fr",
        "09:00-17:00",
        "Mo sunrise-sunset",
        "Mo 10:00-12:00 || unknown",
        "week 1-10 Mo 10:00-12:00",
        "Dec 25 off",
        "Mo 10:00-12:00; Dec 25 off",
        "Mo 10:00-12:60",
        "Mo 10:00-49:00",
        "Mo 00:00-48:00",
        "Mo 25:00-26:00",
        "Mo 10:00-16:00/02:00",
        "Mo-Fr[1] 10:00-12:00",
        "Mo[3-1] 10:00-12:00",
        "Mo[6] 10:00-12:00",
        "PH[1] 10:00-12:00",
        "2026 Feb 30 Mo 10:00-12:00",
        "2027 Mar-2026 Mar Mo 10:00-12:00",
        "Mo 10:00-12:00; off",
        "Mo 09:00-17:00; Mo 12:00-13:00 off",
        "Mo 10:00-12:00; SH Mo 09:00-10:00",
        "Mo,SH 10:00-12:00",
        "Mo,PH off",
        "PH off",
        "Fr 10:00-12:00; Fr[1] off; Fr[-1] off",
        '"by appointment"',
    ],
)
def test_what_is_not_understood_is_kept_as_text(text):
    parsed = parse(text)
    assert not parsed.understood
    assert parsed.left_over
    assert parsed.schedules[-1] == {"description": text}
    assert open_at(parsed.schedules, datetime(2026, 11, 25, 3)) is None


def test_a_night_belongs_to_the_day_it_begins_on():
    schedules = parse("Fr 22:00-02:00; Sa 10:00-12:00").schedules
    assert open_at(schedules, datetime(2026, 11, 28, 1)) is True


def test_dates_off_split_a_schedule():
    schedules = parse("Mo-Fr 09:00-12:00; 2026 Nov 25 off").schedules
    assert [open_at(schedules, datetime(2026, 11, day, 10)) for day in (24, 25, 26)] == [True, False, True]


def real_strings(shared_data: Path) -> list[str]:
    features = json.loads((shared_data / "organisations/warm_spaces_current.geojson").read_text())["features"]
    hours = [feature["properties"].get("hours") or {} for feature in features]
    return [found["opening"] for found in hours if found.get("opening")]


@pytest.mark.shared_data
def test_real_strings_are_understood(shared_data):
    strings = real_strings(shared_data)
    understood = sum(parse(text, rules_add_up=True).understood for text in strings)
    print(f"{understood} of {len(strings)} understood")
    assert len(strings) == 457
    assert understood / len(strings) >= 0.95


@pytest.mark.shared_data
def test_real_strings_agree_with_another_reader(shared_data):
    """All but two, which replace a night that runs on into the next day; the other keeps the morning."""
    strings = [text for text in sorted(set(real_strings(shared_data))) if parse(text).understood]
    differ = [text for text in strings if half_hours(parse(text).schedules) != half_hours_by_another(text)]
    assert len(strings) > 380
    assert [text[:14] for text in differ] == ["Fr 15:30-04:30", "Mo-Fr 09:00-16"]


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def spans(draw) -> str:
    times = sorted(draw(st.sets(st.integers(0, 96).map(lambda n: n * 15), min_size=2, max_size=6)))
    return ",".join(f"{clock(a)}-{clock(b)}" for a, b in zip(times[::2], times[1::2], strict=False))


@st.composite
def days(draw, sign: int) -> str:
    kind = draw(st.sampled_from(["range", "list", "position"]))
    if kind == "range":
        return "-".join(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True)))
    if kind == "list":
        return ",".join(draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True)))
    places = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
    return f"{draw(st.sampled_from(DAYS))}[{','.join(str(sign * place) for place in places)}]"


@st.composite
def osm_texts(draw) -> str:
    sign = draw(st.sampled_from([1, -1]))
    rule = st.builds("{}{} {}".format, st.sampled_from(DATES), days(sign), spans() | st.just("off"))
    first = st.builds("{} {}".format, days(sign), spans())
    separator = draw(st.sampled_from(["; ", ", "]))
    return separator.join([draw(first), *draw(st.lists(rule, max_size=4))])


@settings(deadline=None)
@given(osm_texts())
def test_any_string_agrees_with_another_reader(text):
    parsed = parse(text)
    if parsed.understood:
        assert half_hours(parsed.schedules) == half_hours_by_another(text)
    else:
        assert "off" in text  # every opening was taken away again


@settings(deadline=None)
@given(st.lists(st.sampled_from(DAYS), min_size=1, unique=True), st.integers(0, 23), st.integers(0, 23))
def test_nights_agree_with_another_reader(days, opens, closes):
    text = f"{','.join(days)} {opens:02}:15-{closes:02}:45"
    assert half_hours(parse(text).schedules) == half_hours_by_another(text)


@settings(deadline=None)
@given(osm_texts())
def test_what_is_described_reads_back_the_same(text):
    parsed = parse(text)
    words = "\n".join(describe(parsed.schedules))
    if parsed.understood and not any(word in words for word in ("only", "from", "to last")):
        again = parse(words, rules_add_up=True)
        assert again.understood, (words, again.left_over)
        assert half_hours(again.schedules) == half_hours(parsed.schedules)
