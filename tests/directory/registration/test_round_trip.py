"""From answers to a document and back: every page, with nothing lost on the way."""

from copy import deepcopy

import pytest

from directory.registration.answers import Reading
from directory.registration.options import read_options
from directory.registration.pages import PAGES, answers_of, places_of, put_answers, steps
from tests.conftest import TODAY
from tests.directory.documents import full, made_id, organization, place, service, term


@pytest.fixture
def options(draft):
    return read_options(draft, made_id("nobody"), TODAY)


def as_typed(answers):
    """Answers as a browser sends them back."""
    return {name: value if isinstance(value, list) else [value] for name, value in answers.items()}


def sent_back(document, step, options):
    reading = Reading(as_typed(answers_of(document, step, options)))
    return put_answers(document, step, reading, options), reading.problems


def everything():
    """A document with every fact, and a second service that has the same place and other facts."""
    document = full()
    hall = deepcopy(document["services"][0]["service_at_locations"][0]["location"])
    online = {"id": made_id("online"), "location_type": "virtual"}
    other = service(
        "Main hall",
        hall,
        place("Far Hall", "B1 1AA", protection="open"),
        online,
        attributes=[term("spaces"), term("open", "referral"), term("female", "gender")],
        schedules=[
            {"id": made_id("odd"), "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00"}
        ],
        cost_options=[{"id": made_id("free"), "amount": 0.0}],
        minimum_age=0,
        maximum_age=120,
        status="defunct",
    )
    document["services"].append(other)
    document["attributes"] += [term("muslim", "faith"), term("dbs", "assurance")]
    document["attributes"].append({**term("review-date", "assurance"), "value": "2026-05-01"})
    return document


def test_a_page_sent_back_as_it_is_changes_nothing(options):
    document = everything()
    seen = set()
    for step in steps(document):
        after, problems = sent_back(document, step, options)
        assert problems == {}, step
        assert after == document, step
        seen.add(step.name)
    assert seen == set(PAGES)


TYPED = {
    "identity": {
        "name": "  Oak   Trust ",
        "alternate_name": "OT",
        "kind": "faith",
        "faith": "sikh",
        "description": "We cook.\r\nWe eat.",
        "charity": "123 4567",
        "company": "ab123456",
    },
    "contact": {
        "email": "Hello@Oak.org.uk",
        "phone": "0121 496 0000",
        "website": "oak.org.uk",
        "person-0-name": "Ann Lee",
        "person-0-title": "Lead",
        "person-0-email": "ann@oak.org.uk",
        "person-0-phone": "07700 900123",
        "person-0-consent": ["public"],
    },
    "what": {
        "name": "Supper",
        "description": "Food",
        "alert": "Closed in May",
        "category": ["sport", "arts"],
        "status": "temporarily closed",
    },
    "who": {
        "ages": "some",
        "minimum_age": "11",
        "maximum_age": "17",
        "gender": "female",
        "group": ["neet", "send"],
    },
    "hours": {
        "hours": "every other Thursday 4-6, term time",
        "first_day-day": "3",
        "first_day-month": "12",
        "first_day-year": "2026",
    },
    "meeting": {"ways": ["place", "online", "area"], "areas": [], "other_areas": "Lozells\nHandsworth"},
    "place": {
        "name": "Hall",
        "address_1": "1 Oak Road",
        "address_2": "Lozells",
        "city": "Birmingham",
        "postal_code": "b192th",
        "protection": "approximate",
        "point_from": "given",
        "point": "52.5022, -1.9019",
    },
    "access": {"accessibility": ["step-free", "parking"], "other": "Ring the bell"},
    "cost": {"cost": "paid", "prices": "£2.50 a session; £5 a month", "fees": ""},
    "referral": {"referral": ["open", "self"], "application_process": "Ring first"},
    "languages": {"languages": "English, punjabi"},
    "reach": {"email": "supper@oak.org.uk", "phone": "0121 496 0001", "website": "https://oak.org.uk/supper"},
    "assurance": {
        "assurance": ["policy", "lead"],
        "reviewed-day": "27",
        "reviewed-month": "3",
        "reviewed-year": "2026",
    },
    "spaces": {"lend": "yes", "name": "Main hall", "description": "For 80", "place": ""},
}
# What comes back otherwise than it was typed: tidied, and nothing else.
TIDIED = {
    "identity": {
        "name": "Oak Trust",
        "description": "We cook.\nWe eat.",
        "charity": "1234567",
        "company": "AB123456",
    },
    "contact": {"email": "Hello@oak.org.uk", "website": "https://oak.org.uk"},
    "place": {"postal_code": "B19 2TH"},
    "languages": {"languages": "English, Punjabi"},
}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_typed_comes_back(options, name):
    document = organization(service("Supper", place()))
    step = next(step for step in steps(document) if step.name == name)
    reading = Reading(as_typed(TYPED[name]))
    after = put_answers(document, step, reading, options)
    assert reading.problems == {}
    again = answers_of(after, step, options)
    if name == "meeting":
        assert len(again.pop("places")) == 1
    wanted = {**TYPED[name], **TIDIED.get(name, {})}
    assert {key: again[key] for key in wanted} == wanted


def test_a_place_that_services_share_is_changed_for_all(options):
    document = organization(service("One", place()), service("Two", place()))
    step = next(step for step in steps(document) if step.name == "place")
    after = put_answers(document, step, Reading(as_typed(TYPED["place"])), options)
    assert {one["name"] for one in places_of(after).values()} == {"Hall"}
    shown = [
        link["location"]["protection"] for one in after["services"] for link in one["service_at_locations"]
    ]
    assert shown == ["approximate", "approximate"]
