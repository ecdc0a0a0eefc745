"""Entries that may be the same: by what is published alone."""

import pytest

from directory.accepting import Acceptance, accept
from directory.registration.likely import likely_entries
from tests.conftest import TODAY
from tests.directory.documents import organization, place, service
from tests.directory.grounds import load_ground

BY_SELF = Acceptance(None, "self", "Registered", TODAY)


@pytest.fixture
def records(draft):
    load_ground(draft)
    for name, where in (
        ("Lantern Youth Project", place("Canal Hall", "B19 2TH", protection="open")),
        ("Oak Tree Refuge", place("The House", "B1 1AA", protection="hidden")),
        ("Birch Refuge", place("The Yard", "B1 1AA", protection="approximate")),
    ):
        accept(draft, organization(service(f"Help of {name}", where), name=name), BY_SELF)
    return draft


def names(session, name, postcode=None):
    return [entry.name for entry in likely_entries(session, name, postcode)]


@pytest.mark.parametrize(
    "typed", ["lantern youth project", "The Lantern Youth Project CIC", "Lantern Yuoth Project"]
)
def test_a_name_is_found_however_it_is_written(records, typed):
    assert names(records, typed) == ["Lantern Youth Project"]


@pytest.mark.parametrize("typed", ["", "La", "Youth", "Canal Boxing Club", "Project"])
def test_a_name_that_says_little_finds_nothing(records, typed):
    assert names(records, typed) == []


def test_a_name_that_is_less_alike_is_found_in_the_same_district(records):
    assert names(records, "Lantern Community Youth") == []
    assert names(records, "Lantern Community Youth", "B19 1AA") == ["Lantern Youth Project"]


def test_at_the_same_postcode_no_name_is_needed(records):
    (entry,) = likely_entries(records, "", "b192th")
    assert (entry.name, entry.why) == ("Lantern Youth Project", "at the same postcode")


def test_a_withheld_address_is_not_told_by_its_postcode(records):
    for typed in ("", "Refuge", "Oak House", "Birch House"):
        assert names(records, typed, "B1 1AA") == names(records, typed)
