"""A question in plain words becomes filters, by rules; what is not understood stays text."""

import pytest

from directory.search.understand import Vocabulary, understand

FRIDAY = 4
KNOWN = Vocabulary(
    places={
        "lozells": "Lozells",
        "birmingham": "Birmingham",
        "abbey": "Abbey",
        "king norton south": "King's Norton South",
        "b19": "B19",
    },
    sure_places=frozenset({"lozells", "birmingham", "king norton south"}),
    terms={"boxing": ("category", "sport"), "girls": ("gender", "female"), "refugee": ("group", "refugees")},
)
SAID = {
    "boxing for 14 year olds": ({"category": "sport", "age": "14"}, "boxing"),
    "14yo near lozells": ({"where": "Lozells", "age": "14"}, ""),
    "aged 11-16 in Birmingham": ({"where": "Birmingham", "age": "11", "age_to": "16"}, ""),
    "under 16s football": ({"age": "0", "age_to": "15"}, "football"),
    "U12 football": ({"age": "0", "age_to": "11"}, "football"),
    "over 18": ({"age": "18", "age_to": "120"}, ""),
    "teenagers drama": ({"age": "13", "age_to": "19"}, "drama"),
    "teenage mums": ({}, "teenage mums"),
    "year 9 mentoring": ({"age": "13", "age_to": "14"}, "mentoring"),
    "free food": ({"cost": "free"}, "food"),
    "chess on Tuesdays": ({"day": "Tuesday"}, "chess"),
    "chess at the weekend": ({"day": "Weekend"}, "chess"),
    "chess tonight": ({"day": "Friday", "part": "evening"}, "chess"),
    "chess tomorrow morning": ({"day": "Saturday", "part": "morning"}, "chess"),
    "chess after school": ({"day": "Weekdays", "part": "after-school"}, "chess"),
    "chess after 6pm on Monday": ({"day": "Monday", "time": "18:00"}, "chess"),
    "chess at 18:30": ({"time": "18:30"}, "chess"),
    "library near b19 2th": ({"where": "B19 2TH"}, "library"),
    "library in B19": ({"where": "B19"}, "library"),
    "library in King's Norton South": ({"where": "King's Norton South"}, "library"),
    "library within 2 miles of Lozells": ({"where": "Lozells", "within_metres": "3218"}, "library"),
    "walking distance of lozells": ({"where": "Lozells", "within_metres": "1000"}, ""),
    "free club for girls": ({"gender": "female", "cost": "free"}, "club for girls"),
    "library in Abbey": ({"where": "Abbey"}, "library"),
    "within 2 miles of Abbey library": ({"where": "Abbey", "within_metres": "3218"}, "library"),
    "library abbey": ({"where": "Abbey"}, "library"),
    "library abbey 14yo": ({"where": "Abbey", "age": "14"}, "library"),
    "free library abbey Friday morning": (
        {"where": "Abbey", "day": "Friday", "part": "morning", "cost": "free"},
        "library",
    ),
    "chess mon morning": ({"day": "Monday", "part": "morning"}, "chess"),
    "chess Tues": ({"day": "Tuesday"}, "chess"),
    "chess on weds in Abbey": ({"where": "Abbey", "day": "Wednesday"}, "chess"),
    "thurs chess": ({"day": "Thursday"}, "chess"),
    "chess sat afternoon": ({"day": "Saturday", "part": "afternoon"}, "chess"),
    "chess sun at 10am": ({"day": "Sunday", "time": "10:00"}, "chess"),
    "chess every wed": ({"day": "Wednesday"}, "chess"),
    "chess mon-fri": ({"day": "Weekdays"}, "chess"),
    "chess Monday to Friday": ({"day": "Weekdays"}, "chess"),
    "chess sat and sun": ({"day": "Weekend"}, "chess"),
    "chess on Saturdays or Sundays free": ({"day": "Weekend", "cost": "free"}, "chess"),
}
LEFT_ALONE = (
    "boxing",
    "girls group",
    "abbey gardens trust",
    "food that is not free",
    "morning prayers",
    "half term",
    "year 45",
    "B99 club",
    "he has been sat at home",
    "newly wed",
    "walking in the sun",
    "help with sats",
    "wed after pregnancy",
    "thus",
    "chess tues & thurs",
    "chess wed & fri",
    "chess on Monday and Friday",
    "",
)


@pytest.mark.parametrize("text", SAID)
def test_words_become_filters(text):
    found = understand(text, KNOWN, FRIDAY)
    arguments = {name: value for part in found.parts for name, value in part.arguments.items()}
    assert (arguments, found.rest) == SAID[text]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_not_a_fact_is_left_alone(text):
    assert understand(text, KNOWN, FRIDAY).parts == ()


def test_a_whole_question_of_a_navigator():
    found = understand("free boxing for 14 year olds near Lozells on Friday evening", KNOWN, 0)
    assert {name: value for part in found.parts for name, value in part.arguments.items()} == {
        "category": "sport",
        "where": "Lozells",
        "age": "14",
        "day": "Friday",
        "part": "evening",
        "cost": "free",
    }
    assert found.rest == "boxing"
    assert [part.words for part in found.parts] == [
        "boxing",
        "lozells",
        "14 year olds",
        "on friday",
        "evening",
        "free",
    ]
