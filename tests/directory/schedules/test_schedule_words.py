import json

import pytest

from directory.schedules.evaluate import describe

WEEKLY = {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}
MONTHLY = {"freq": "MONTHLY", "byday": "1SA", "opens_at": "10:00", "closes_at": "13:00"}
TERM = {**WEEKLY, "notes": "term time only"}
TEXT = {"description": "ring the bell"}
UNTIMED = {"freq": "WEEKLY", "byday": "MO"}
SINGLE = {"dtstart": "2026-11-24", "opens_at": "10:00", "closes_at": "12:00"}


@pytest.mark.shared_data
def test_standards_example_in_words(shared_data):
    path = shared_data / "openreferral/examples/schedules_field_guidance.json"
    guidance = json.loads(path.read_text())["services"][0]["schedules"]
    assert describe(guidance) == [
        "Monday to Thursday, 9am to midday and 3pm to 5pm, from 1 April 2020 until 20 December 2020",
        "First Saturday of the month, 9am to 5pm, from 4 July 2020 until 7 November 2020",
    ]


@pytest.mark.parametrize(
    ("schedules", "sentences"),
    [
        ([WEEKLY, {**WEEKLY, "byday": "WE,TH,FR"}], ["Monday to Friday, 9am to 5pm"]),
        ([{**WEEKLY, "byday": "MO,WE,SA,SU"}], ["Monday, Wednesday, Saturday and Sunday, 9am to 5pm"]),
        ([{**WEEKLY, "byday": "MO,TU,WE,TH,FR,SA,SU"}], ["Every day, 9am to 5pm"]),
        ([MONTHLY], ["First Saturday of the month, 10am to 1pm"]),
        (
            [{**MONTHLY, "byday": "1SA,3SA,-1SU"}],
            ["First and third Saturday and last Sunday of the month, 10am to 1pm"],
        ),
        ([{**MONTHLY, "byday": "SA"}], ["Every Saturday, 10am to 1pm"]),
        (
            [{**MONTHLY, "byday": "", "bymonthday": "1,13,-1,-3"}],
            ["The 1st, the 13th, the last day and day 3 from the end of the month, 10am to 1pm"],
        ),
        (
            [{**MONTHLY, "byday": "FR", "bymonthday": "13"}],
            ["Every Friday, if it is the 13th of the month, 10am to 1pm"],
        ),
        ([{**MONTHLY, "interval": 2}], ["First Saturday of the month, every other month, 10am to 1pm"]),
        ([{**MONTHLY, "interval": 3}], ["First Saturday of the month, every 3 months, 10am to 1pm"]),
        ([{**TERM, "byday": "TH", "interval": 2}], ["Every other Thursday, 9am to 5pm, term time only"]),
        ([{**WEEKLY, "byday": "TH", "interval": 3}], ["Thursday every 3 weeks, 9am to 5pm"]),
        ([{**WEEKLY, "opens_at": "00:00", "closes_at": "00:00"}], ["Monday and Tuesday, 24 hours"]),
        ([{**WEEKLY, "opens_at": "12:00", "closes_at": "12:30"}], ["Monday and Tuesday, midday to 12:30pm"]),
        ([{**WEEKLY, "valid_to": "2026-12-01"}], ["Monday and Tuesday, 9am to 5pm, until 1 December 2026"]),
        ([SINGLE], ["24 November 2026, 10am to midday"]),
        ([UNTIMED], ["Monday, times not known"]),
        ([TEXT], ["Hours not known. The source says: ring the bell"]),
        (
            [WEEKLY, TEXT, TEXT],
            ["Monday and Tuesday, 9am to 5pm", "Some hours are not known. The source says: ring the bell"],
        ),
        ([{}], ["Hours not known."]),
        ([], ["Hours not known."]),
    ],
)
def test_describe(schedules, sentences):
    assert describe(schedules) == sentences
