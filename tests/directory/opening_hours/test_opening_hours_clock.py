import pytest

from directory.opening_hours.parse import parse


@pytest.mark.parametrize(
    ("times", "opens", "closes"),
    [
        ("9-5", "09:00", "17:00"),
        ("10-1", "10:00", "13:00"),
        ("4-6", "16:00", "18:00"),
        ("6-8", "18:00", "20:00"),
        ("8-4", "08:00", "16:00"),
        ("7-3", "07:00", "15:00"),
        ("4-12", "16:00", "00:00"),
        ("12-2", "12:00", "14:00"),
        ("9.30-11.30", "09:30", "11:30"),
        ("7-9pm", "19:00", "21:00"),
        ("10-2pm", "10:00", "14:00"),
        ("10pm-1", "22:00", "01:00"),
        ("10-1am", "22:00", "01:00"),
        ("9am-9", "09:00", "21:00"),
        ("9-midday", "09:00", "12:00"),
        ("midday-3", "12:00", "15:00"),
        ("7-midnight", "19:00", "00:00"),
        ("midnight-6am", "00:00", "06:00"),
        ("09:00-17:00", "09:00", "17:00"),
        ("09:00 - 05:00", "09:00", "17:00"),
        ("10:00 - 01:00", "10:00", "13:00"),
        ("22:00-02:00", "22:00", "02:00"),
        ("9:30-14:30", "09:30", "14:30"),
        ("14:00pm-16:00pm", "14:00", "16:00"),
        ("9am-17:00", "09:00", "17:00"),
        ("12:30 - 1400", "12:30", "14:00"),
        ("09:30-1", "09:30", "13:00"),
    ],
)
def test_times_as_people_mean_them(times, opens, closes):
    (schedule,) = parse(f"Monday {times}").schedules
    assert (schedule["opens_at"], schedule["closes_at"]) == (opens, closes)


@pytest.mark.parametrize(
    "times", ["6-12", "3-1", "9am-8am", "2:00-16:00", "25-26", "9:75-10", "13am-2pm", "0-4", "2500-2600"]
)
def test_times_that_mean_nothing_sure_are_not_guessed(times):
    assert not parse(f"Monday {times}").understood
