"""What survives of two documents, and taking it apart again: pure, so without a database."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.merging.divide import Joined, divide
from directory.merging.parts import ORGANIZATION_LISTS, ORGANIZATION_ONE, by_id, key_of
from directory.merging.rows import LEFT, MOVED, OF_SERVICES, OTHERS
from directory.merging.survive import BOTH, GONE, KEPT, Side, unite
from directory.models import Base, Service
from tests.directory.documents import contact, made_id, organization, phone, place, service

pytestmark = pytest.mark.one_database

NAMES = ("Lantern", "Lantern Youth", "Oak Trust")
texts = st.none() | st.sampled_from(["one", "two", "three"])
numbers = st.lists(
    st.sampled_from(["0121 496 0101", "0121 496 0102", "0121 496 0103"]), unique=True, max_size=3
)


@st.composite
def documents(draw, whose):
    """A record with facts of few values, so that two often agree."""
    facts = {name: draw(texts) for name in ("alternate_name", "description", "email", "website")}
    hall = place(draw(st.sampled_from(["Hall", "Church"])) + whose)
    studio = service(draw(st.sampled_from(["Studio", "Boxing"])), hall, id=made_id(f"studio {whose}"))
    studio |= {"fees": draw(texts), "url": draw(texts)}
    return {
        "id": made_id(whose),
        "name": draw(st.sampled_from(NAMES)),
        **{name: value for name, value in facts.items() if value},
        "phones": [phone(number) | {"id": made_id(whose + number)} for number in draw(numbers)],
        "services": [{name: value for name, value in studio.items() if value}],
    }


def plain(document):
    """A document to compare: lists without order, empty ones and what goes without saying left out."""
    found = {name: value for name, value in document.items() if value not in ([], None, False)}
    return found | {
        name: sorted(json.dumps(one, sort_keys=True) for one in found[name])
        for name in found
        if isinstance(found[name], list)
    }


def joined_of(kept, gone, united):
    return Joined(kept, gone, united.document, united.choices, united.folded)


@settings(max_examples=150, deadline=None)
@given(documents("ours"), documents("theirs"))
def test_to_join_and_take_apart_is_to_do_nothing(kept, gone):
    united = unite(Side(kept), Side(gone))
    ours, theirs = divide(united.document, joined_of(kept, gone, united))
    assert (plain(ours), plain(theirs)) == (plain(kept), plain(gone))


@settings(max_examples=150, deadline=None)
@given(documents("ours"), documents("theirs"), documents("edited"))
def test_what_was_written_since_is_lost_nowhere(kept, gone, edited):
    united = unite(Side(kept), Side(gone))
    # The edit is of the joined record: its facts are others, and its list has lost and won.
    now = united.document | {name: value for name, value in edited.items() if name not in ("id", "services")}
    ours, theirs = divide(now, joined_of(kept, gone, united))
    for (name,) in ORGANIZATION_ONE:
        if now.get(name) != united.document.get(name):
            assert now.get(name) in (ours.get(name), theirs.get(name))
            loser = kept if united.choices.get(f"organization.{name}") == GONE else gone
            side = ours if loser is kept else theirs
            if united.choices.get(f"organization.{name}") != BOTH:
                assert side.get(name) == loser.get(name)
    for name in ORGANIZATION_LISTS:
        keys = {key_of(name, item) for side in (ours, theirs) for item in side.get(name, [])}
        assert keys == {key_of(name, item) for item in now.get(name, [])}


@pytest.mark.parametrize(
    ("kept", "gone", "side", "why"),
    [
        ({"way": "import"}, {"way": "self"}, GONE, "The organisation itself says it."),
        ({"way": "self"}, {"way": "navigator"}, KEPT, "The organisation itself says it."),
        ({"trust": 30}, {"trust": 80}, GONE, "Its source is trusted more (80 of 100)."),
        ({"way": "import"}, {"way": "register"}, GONE, "It says more."),  # registers know no descriptions
        ({}, {}, GONE, "It says more."),
    ],
)
def test_the_more_trusted_word_survives(kept, gone, side, why):
    sides = [
        Side(organization(name="Lantern", description=text), **facts)
        for text, facts in (("Music", kept), ("Music and dance", gone))
    ]
    taken = unite(*sides).taken["organization.description"]
    assert (taken.side, taken.why) == (side, why)


def test_a_register_knows_the_name_and_a_later_check_counts():
    ours = Side(organization(name="Lantern", description="A"), trust=90)
    theirs = Side(
        organization(name="Lantern Youth", description="B"),
        way="register",
        trust=90,
        checks={(made_id("Lantern Youth"), "description"): ("import", date(2026, 5, 1))},
    )
    united = unite(ours, theirs)
    assert (united.document["name"], united.document["alternate_name"]) == ("Lantern Youth", "Lantern")
    assert united.taken["organization.description"].why == "It was checked later."
    assert unite(ours, theirs, {"organization.name": KEPT}).document["name"] == "Lantern"


def test_lists_hold_what_both_have_once_and_consent_taken_back_counts_for_both():
    ours = contact("Amina Khan") | {"id": made_id("a")}
    theirs = {**contact("amina khan"), "id": made_id("b"), "consent_scope": "withdrawn"}
    united = unite(
        Side(organization(name="A", contacts=[ours], phones=[phone("0121 496 0101")])),
        Side(
            organization(
                name="B", contacts=[theirs], phones=[phone("+44 121 496 0101"), phone("0121 4960102")]
            )
        ),
    )
    assert len(united.document["phones"]) == 2
    [one] = united.document["contacts"]
    assert one["consent_scope"] == "withdrawn"
    assert "consent_date" not in one


def test_the_same_service_at_the_same_place_is_one():
    ours = organization(service("Studio", place("Hall")), name="A")
    theirs = organization(
        service("Studio", place("The Hall"), id=made_id("their studio"), fees="Free"),
        service("Studio", place("Gym", "B19 3AA"), id=made_id("elsewhere")),
        name="B",
    )
    united = unite(Side(ours), Side(theirs))
    assert united.folded == {made_id("their studio"): made_id("service Studio")}
    services = by_id(united.document["services"])
    assert services.keys() == {made_id("service Studio"), made_id("elsewhere")}
    assert services[made_id("service Studio")]["fees"] == "Free"


def test_every_table_that_refers_to_an_organisation_is_known_to_merging():
    known = {model.__tablename__ for model in (*MOVED, *LEFT)} | OTHERS.keys()
    refers = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("organization_id", "parent_organization_id", "gone_id", "left_id")
        or any(link.target_fullname == "organization.id" for link in column.foreign_keys)
    }
    assert {name for name in refers - known if not name.startswith("published_")} == set(), (
        "say in directory/merging/rows.py what becomes of these when a record is joined into another"
    )


def test_every_table_that_refers_to_a_service_is_in_its_document_or_known_to_merging():
    known = {model.__tablename__ for model in OF_SERVICES}
    in_documents = {relation.mapper.local_table.name for relation in Service.__mapper__.relationships} | {
        "service"
    }
    refers = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(link.target_fullname == "service.id" for link in column.foreign_keys)
    }
    assert refers - in_documents - known == set(), (
        "say in directory/merging/referrals.py what becomes of these"
    )
