"""Showing more of a place: only so, with a reason, in the log; and nothing else undoes it or does it."""

import pytest
from sqlalchemy import select

from directory.accepting import Acceptance, accept
from directory.models import AuditEntry, Location, Organization, PublishedPlace, Revision, Unprotection
from directory.openreferral.dump import dump
from directory.safekeeping.unprotect import Loosening, NotLoosenedError, take_new_area, unprotect
from tests.conftest import TODAY
from tests.directory.bringing import bring
from tests.directory.records import add, add_areas, address, location, organization, service

ASKED = Loosening(None, "The warden asked for it on Monday", TODAY)


def home(protection="hidden"):
    return location((404_500, 284_500), address("14 Rosebriar Lane", "ZZ1 1AA"), protection=protection)


@pytest.fixture
def oak(draft):
    """A record with a hidden place, and its document."""
    add_areas(draft)
    document = organization("Oak Trust", service("Refuge", home()))
    add(draft, document)
    return document


def place_of(session):
    return session.scalars(select(Location)).one()


def precision(session):
    return session.scalars(select(PublishedPlace.precision)).all()


@pytest.mark.parametrize("after", ["approximate", "open"])
def test_a_person_may_show_more(draft, oak, after):
    unprotect(draft, place_of(draft).id, after, ASKED)
    assert precision(draft) == [after]
    row = draft.scalars(select(Unprotection)).one()
    assert (row.before, row.after, row.number) == ("hidden", after, 2)
    assert draft.scalars(select(Revision.number)).all() == [1, 2]


def test_the_log_says_that_it_was_done_and_not_why(draft, oak):
    unprotect(draft, place_of(draft).id, "open", ASKED)
    entry = draft.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.entity_id) == ("unprotect", place_of(draft).id)
    assert "warden" not in str(entry.detail)


@pytest.mark.parametrize(
    ("after", "reason"), [("open", "because"), ("open", "  "), ("hidden", ASKED.reason), ("x", ASKED.reason)]
)
def test_without_a_reason_or_a_change_nothing_is_shown(draft, oak, after, reason):
    with pytest.raises(NotLoosenedError):
        unprotect(draft, place_of(draft).id, after, Loosening(None, reason, TODAY))
    assert place_of(draft).protection == "hidden"


def test_what_a_person_decided_is_not_undone_by_the_memory_of_earlier_versions(draft, oak):
    unprotect(draft, place_of(draft).id, "open", ASKED)
    record = draft.scalars(select(Organization)).one()
    accept(draft, dump(record) | {"description": "New"}, Acceptance(None, "navigator", "Visited", TODAY))
    assert precision(draft) == ["open"]
    renamed = dump(record) | {"services": [service("Safe house", home("open"))]}
    accept(draft, renamed, Acceptance(None, "navigator", "Renamed", TODAY))
    assert precision(draft) == ["open"]


def test_what_is_hidden_again_stays_hidden(draft, oak):
    unprotect(draft, place_of(draft).id, "open", ASKED)
    record = draft.scalars(select(Organization)).one()
    hidden = dump(record)
    hidden["services"][0]["service_at_locations"][0]["location"]["protection"] = "hidden"
    for document in (hidden, oak | {"services": [service("Other", home("open"))]}):
        accept(draft, document, Acceptance(None, "self", "Changed", TODAY))
        assert precision(draft) == ["hidden"]


def test_another_place_of_the_record_stays_hidden(draft):
    add_areas(draft)
    other = location((405_500, 285_500), address("2 Elm Row", "ZZ1 2BB"), protection="hidden")
    document = organization("Oak Trust", service("Refuge", home(), other))
    add(draft, document)
    unprotect(draft, document["services"][0]["service_at_locations"][0]["location"]["id"], "open", ASKED)
    again = location((405_500, 285_500), address("2 Elm Row", "ZZ1 2BB"), protection="open")
    opened = organization("Oak Trust", service("Again", again))
    accept(draft, opened | {"id": document["id"]}, Acceptance(None, "self", "Changed", TODAY))
    assert precision(draft) == ["hidden"]


def test_nothing_else_loosens(committed, tmp_path):
    add_areas(committed)
    oak = organization("Oak Trust", service("Refuge", home()))
    bring(committed, tmp_path, oak)
    opened = organization("Oak Trust", service("Refuge", home("open"))) | {"id": oak["id"]}
    bring(committed, tmp_path, opened)
    accept(committed, opened, Acceptance(None, "navigator", "Changed", TODAY))
    assert set(precision(committed)) == {"hidden"}


def test_only_an_approximate_place_takes_a_new_area(draft, oak):
    with pytest.raises(NotLoosenedError):
        take_new_area(draft, place_of(draft).id, ASKED)
    unprotect(draft, place_of(draft).id, "approximate", ASKED)
    take_new_area(draft, place_of(draft).id, ASKED)
    assert precision(draft) == ["approximate"]
