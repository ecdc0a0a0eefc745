"""What is wrong with an answer is said beside its field, and nothing typed is lost."""

import pytest

from directory.registration.answers import LONGEST_LINE, Reading
from directory.registration.options import read_options
from directory.registration.pages import PAGES, put_answers, steps
from directory.registration.place_pages import put_place
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, place, service


@pytest.fixture
def options(draft):
    return read_options(draft, made_id("nobody"), TODAY)


def problems(page, options, typed):
    document = organization(service("Supper", place()))
    step = next(step for step in steps(document) if step.name == page)
    reading = Reading({key.replace("__", "-"): [value] for key, value in typed.items()})
    put_answers(document, step, reading, options)
    return reading.problems


@pytest.mark.parametrize(
    ("name", "typed", "fields"),
    [
        ("identity", {}, {"kind", "name"}),
        ("identity", {"name": "x" * (LONGEST_LINE + 1), "kind": "faith"}, {"name"}),
        ("identity", {"name": "x", "kind": "king"}, {"kind"}),
        ("identity", {"name": "x", "kind": "faith", "charity": "<1>"}, {"charity"}),
        (
            "contact",
            {"email": "x", "phone": "call me", "website": "java script"},
            {"email", "phone", "website"},
        ),
        ("contact", {"website": "javascript:alert(1)"}, {"website"}),
        ("contact", {"person__0__consent": "public"}, {"person-0-name"}),
        ("what", {"name": "x", "status": "active"}, {"category"}),
        ("what", {"name": "x", "status": "asleep", "category": "arts"}, {"status"}),
        ("who", {}, {"ages"}),
        ("who", {"ages": "some"}, {"minimum_age"}),
        ("who", {"ages": "some", "minimum_age": "18", "maximum_age": "11"}, {"minimum_age"}),
        ("who", {"ages": "some", "minimum_age": "\u0663"}, {"minimum_age"}),
        ("hours", {"hours": "x" * 2001}, {"hours"}),
        ("hours", {"hours": "every other Thursday 4-6", "first_day__day": "31"}, {"first_day"}),
        (
            "hours",
            {
                "hours": "every other Thursday 4-6",
                "first_day__day": "4",
                "first_day__month": "12",
                "first_day__year": "2026",
            },
            {"first_day"},
        ),
        ("meeting", {}, {"ways"}),
        ("meeting", {"ways": "area"}, {"areas"}),
        ("meeting", {"ways": "place", "places": made_id("somebody else's")}, {"places"}),
        ("place", {"point_from": "postcode", "protection": "open"}, {"postal_code"}),
        ("place", {"point_from": "postcode", "postal_code": "B19 2TH"}, {"protection"}),
        ("place", {"point_from": "given", "protection": "open"}, {"point"}),
        ("place", {"point_from": "given", "protection": "open", "point": "-1.9, 52.5"}, {"point"}),
        ("place", {"point_from": "given", "protection": "open", "point": "by the church"}, {"point"}),
        ("cost", {"cost": "paid"}, {"prices"}),
        ("cost", {"cost": "paid", "prices": "free"}, {"prices"}),
        ("cost", {"cost": "other"}, {"fees"}),
        ("languages", {"languages": ", ".join(f"l{n}" for n in range(31))}, {"languages"}),
        (
            "assurance",
            {"reviewed__day": "1", "reviewed__month": "1", "reviewed__year": "2030"},
            {"reviewed"},
        ),
        ("spaces", {"lend": "yes"}, {"name"}),
    ],
)
def test_a_problem_names_its_field(options, name, typed, fields):
    assert set(problems(name, options, typed)) == fields


@pytest.mark.unmeasured
def test_every_page_survives_nonsense_in_every_field(options):
    document = organization(service("Supper", place()))
    fields = {
        "name",
        "email",
        "hours",
        "point",
        "languages",
        "person-0-name",
        "first_day-year",
        "areas",
        "ways",
    }
    for nonsense in ("\x00", "\ud800", "{{7*7}}", "x" * 30_000, "\u202e", "<script>", "9" * 5_000):
        for step in steps(document):
            reading = Reading({field: [nonsense, nonsense] for field in fields})
            assert put_answers(document, step, reading, options) is not None
            assert "\x00" not in str(reading.kept())
    assert {step.name for step in steps(document)} == set(PAGES)


def test_an_answer_that_no_page_asks_for_is_not_read(options):
    document = organization(service("Supper", place()))
    step = next(step for step in steps(document) if step.name == "identity")
    typed = {"name": ["Oak"], "kind": ["faith"], "id": [made_id("x")], "fictional": ["1"], "services": ["[]"]}
    after = put_answers(document, step, Reading(typed), options)
    assert after["id"] == document["id"]
    assert after["services"] == document["services"]
    assert "fictional" not in after


def test_a_withheld_place_cannot_be_loosened_by_the_form(options):
    from dataclasses import replace

    hall = place(protection="hidden")
    link = {"id": made_id("link"), "location": hall}
    on_record = replace(options, protections={hall["id"]: "hidden"})
    reading = Reading({"postal_code": ["B19 2TH"], "point_from": ["postcode"], "protection": ["open"]})
    put_place(link, reading, on_record)
    assert "Only a navigator can show it" in reading.problems["protection"]


def test_ages_that_were_typed_count_though_not_sure_was_left_chosen(options):
    document = organization(service("Supper", place()))
    step = next(step for step in steps(document) if step.name == "who")
    typed = {"ages": ["unsure"], "minimum_age": ["11"]}
    changed = put_answers(document, step, Reading(typed), options)
    assert changed["services"][0]["minimum_age"] == 11


def test_ages_on_record_can_become_unsure(options):
    document = organization(service("Supper", place()) | {"minimum_age": 11, "maximum_age": 16})
    step = next(step for step in steps(document) if step.name == "who")
    typed = {"ages": ["unsure"], "minimum_age": ["11"], "maximum_age": ["16"]}
    changed = put_answers(document, step, Reading(typed), options)
    assert "minimum_age" not in changed["services"][0]
    assert "maximum_age" not in changed["services"][0]
