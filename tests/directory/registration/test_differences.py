"""What differs between two documents, in readers' words, on real shapes."""

from copy import deepcopy

import pytest

from directory.models import Source
from directory.openreferral.dump import dump
from directory.openreferral.fill import Terms
from directory.openreferral.load import Origin, replace
from directory.registration.differences import differences
from tests.directory.documents import contact, full, made_id, organization, place, service, term


def said(before, after):
    return {one.key: (one.kind, one.before, one.after) for one in differences(before, after)}


def changed(**facts):
    """The full document with some facts of its service changed."""
    document = full()
    document["services"][0] |= facts
    return document


SERVICE = f"service/{made_id('service Friday Studio')}"
PLACE = f"place/{made_id('place Canal Hall')}"


def test_a_document_differs_in_nothing_from_itself():
    assert differences(full(), full()) == []


def test_what_went_through_the_tables_differs_in_nothing(draft):
    source = Source(slug="tests", title="Tests")
    draft.add(source)
    draft.flush()
    record = replace(draft, full(), Terms(draft), Origin(source.id, "A test"))
    assert differences(full(), dump(record)) == []


def test_identifiers_of_rows_and_order_of_lists_are_no_difference():
    other = full()
    other["phones"][0]["id"] = made_id("another")
    other["services"][0]["schedules"].reverse()
    other["services"][0]["attributes"].reverse()
    assert differences(full(), other) == []


def test_hours_are_said_in_sentences():
    later = deepcopy(full()["services"][0]["schedules"])
    later[0] = {
        "id": made_id("x"),
        "freq": "WEEKLY",
        "byday": "SA",
        "opens_at": "10:00",
        "closes_at": "12:00",
    }
    kind, before, after = said(full(), changed(schedules=later[:1]))[f"{SERVICE}.hours"]
    assert kind == "changed"
    assert before[0].startswith("Every other Friday, 5pm to 9pm")
    assert after == ("Saturday, 10am to midday",)


@pytest.mark.parametrize(
    ("facts", "part", "expected"),
    [
        ({"minimum_age": 13}, "ages", ("changed", ("From 11 to 18",), ("From 13 to 18",))),
        ({"alert": None}, "alert", ("removed", ("Closed in August",), ())),
        ({"status": "defunct"}, "status", ("changed", ("active",), ("defunct",))),
        (
            {"languages": [{"name": "Urdu"}, {"name": "Welsh"}]},
            "languages",
            ("changed", ("Urdu",), ("Urdu", "Welsh")),
        ),
        ({"notes": "Ring at night"}, "notes", ("changed", ("Asked twice",), ("Ring at night",))),
        (
            {"cost_options": [], "fees": None},
            "cost",
            ("removed", ("A session, £2.50, A session", "Free"), ()),
        ),
        ({"attributes": []}, "attributes", ("removed", ("Category: arts", "Group: excluded"), ())),
        (
            {"funding": [{"source": "Lottery"}, {"source": "A fund"}]},
            "funding",
            ("changed", ("Lottery",), ("Lottery", "A fund")),
        ),
    ],
)
def test_a_changed_fact_is_named(facts, part, expected):
    assert said(full(), changed(**facts)) == {f"{SERVICE}.{part}": expected}


def test_a_name_that_no_part_has_is_not_passed_over():
    assert said(full(), full() | {"year_incorporated": 1999}) == {
        "organization.year_incorporated": ("added", (), ("1999",))
    }


def test_a_new_record_says_everything_there_is():
    found = said(None, organization(service("Studio", place(), minimum_age=8), email="a@b.org"))
    assert found["organization.name"] == ("added", (), ("Lantern Youth Project",))
    kind, before, after = found[f"service/{made_id('service Studio')}"]
    assert (kind, before) == ("added", ())
    assert {"Name: Studio", "Ages: From 8", "Where: Canal Hall, 1 Canal Street, B19 2TH"} <= set(after)


def test_services_are_matched_by_identifier():
    renamed = changed(name="Saturday Studio")
    renamed["services"].append(service("Club"))
    found = said(full(), renamed)
    assert found[f"{SERVICE}.name"] == ("changed", ("Friday Studio",), ("Saturday Studio",))
    assert found[f"service/{made_id('service Club')}"][0] == "added"
    assert said(renamed, changed(name="Saturday Studio")).keys() == {f"service/{made_id('service Club')}"}


def test_a_place_is_one_however_many_services_share_it():
    shared = organization(service("A", place()), service("B", place()))
    moved = organization(service("A", place(postcode="B19 1AA")), service("B", place(postcode="B19 1AA")))
    assert said(shared, moved) == {
        f"{PLACE}.address": ("changed", ("1 Canal Street, B19 2TH",), ("1 Canal Street, B19 1AA",))
    }


def test_a_place_without_a_word_is_open_and_a_change_of_that_is_seen():
    open_place, hidden = (
        organization(service("A", place())),
        organization(service("A", place(protection="hidden"))),
    )
    (one,) = differences(open_place, hidden)
    assert one.before == ("Open: the public sees the address",)
    assert one.after == ("Hidden: the public sees the authority alone",)
    (back,) = differences(hidden, open_place)
    assert (back.kind, back.after) == ("changed", one.before)


def test_a_service_at_another_place_says_which():
    kind, before, after = said(
        organization(service("A", place())), organization(service("A", place("Mill", "B19 1AA")))
    )[f"service/{made_id('service A')}.where"]
    assert (kind, before, after) == (
        *("changed", ("Canal Hall, 1 Canal Street, B19 2TH",), ("Mill, 1 Canal Street, B19 1AA",)),
    )


def test_a_point_that_came_from_the_postcode_is_no_difference():
    point = {"latitude": 52.5, "longitude": -1.9}
    before = organization(service("A", place()))
    assert differences(before, organization(service("A", place(**point, point_source="postcode")))) == []
    assert [one.key for one in differences(before, organization(service("A", place(**point))))] == [
        f"{PLACE}.point"
    ]


def test_what_the_public_does_not_see_is_marked():
    after = full()
    hall = after["services"][0]["service_at_locations"][0]["location"]
    hall["addresses"][0]["address_1"] = "2 Canal Street"
    hall["description"] = "Blue door"
    after["services"][0]["notes"] = "Knock twice"
    after["contacts"].append({"id": made_id("c"), "name": "Sam Poole"})
    marks = {one.key: one.protected for one in differences(full(), after)}
    assert marks == {
        f"{PLACE}.address": True,
        f"{PLACE}.description": False,
        f"{SERVICE}.notes": True,
        "organization.contacts": True,
    }


def test_a_contact_is_said_with_its_consent():
    after = full()
    after["contacts"] = [contact("Amina Khan") | {"consent_scope": "partners"}]
    _, (before,), (now,) = said(full(), after)["organization.contacts"]
    assert before.endswith("(agreed on 2026-03-01: public)")
    assert now.endswith("(agreed on 2026-03-01: partners)")


def test_words_that_no_term_fits_are_said_as_they_are():
    words = {
        "id": made_id("w"),
        "link_type": "category",
        "taxonomy_term": {"name": "Juggling", "taxonomy": "category"},
    }
    after = changed(attributes=[term("arts"), term("excluded", "group"), words])
    assert said(full(), after)[f"{SERVICE}.attributes"][2] == ("Category: Juggling, arts", "Group: excluded")
