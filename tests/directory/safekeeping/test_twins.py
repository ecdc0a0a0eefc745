"""Merging or importing a record that carries a hidden address keeps it hidden."""

import json

import pytest
from sqlalchemy import select

from directory.accepting import Acceptance, accept
from directory.models import Organization, PublishedOrganization, PublishedService
from directory.openreferral.dump import dump
from tests.conftest import TODAY
from tests.directory.bringing import bring
from tests.directory.records import add_areas, address, location, organization, service

NUMBER = [{"identifier_scheme": "GB-CHC", "identifier_type": "Charity", "identifier": "1234567"}]


def home(**facts):
    return location((404_500, 284_500), address("14 Rosebriar Lane", "ZZ1 1AA"), **facts)


def public(session):
    documents = [
        *session.scalars(select(PublishedOrganization.document)),
        *session.scalars(select(PublishedService.document)),
    ]
    return json.dumps(documents)


def hidden(name="Oak Trust", **facts):
    return organization(name, service("Refuge", home(protection="hidden")), **facts)


@pytest.mark.parametrize(
    "twin",
    [
        {"name": "OAK-TRUST"},
        {"name": "Oak Tr\u00fcst"},
        {"name": "Other", "organization_identifiers": NUMBER},
    ],
)
@pytest.mark.parametrize("first", ["hidden", "open"])
def test_a_second_record_of_the_same_organisation_does_not_show_it(committed, tmp_path, twin, first):
    add_areas(committed)
    open_one = organization(twin["name"], service("Help", home())) | {
        name: value for name, value in twin.items() if name != "name"
    }
    secret = hidden(organization_identifiers=NUMBER)
    pair = [(secret, "navigators"), (open_one, "register")]
    for document, source in pair if first == "hidden" else reversed(pair):
        bring(committed, tmp_path, document, source=source)
    assert "Rosebriar" not in public(committed)
    assert "ZZ1 1AA" not in public(committed)


def test_another_organisation_at_the_same_address_is_not_hidden_by_it(committed, tmp_path):
    """That one place vanished when another was hidden would tell where that is."""
    add_areas(committed)
    bring(committed, tmp_path, organization("City Library", service("Reading", home())))
    bring(committed, tmp_path, hidden())
    assert "Rosebriar" in public(committed)


def test_another_address_of_a_twin_stays(committed, tmp_path):
    add_areas(committed)
    hall = location((405_500, 285_500), address("2 Elm Row", "ZZ1 2BB"))
    bring(committed, tmp_path, hidden())
    bring(committed, tmp_path, organization("Oak Trust", service("Club", hall)), source="register")
    assert "Elm Row" in public(committed)


def test_merging_two_records_keeps_the_address_hidden(committed, tmp_path):
    """A person puts the services of a duplicate into the record that hides the address, or the other way."""
    add_areas(committed)
    secret, plain = hidden(), organization("Elm Group", service("Help", home()))
    bring(committed, tmp_path, secret)
    kept = dump(committed.get_one(Organization, secret["id"]))
    merged = kept | {"services": [*kept["services"], *organization("x", service("Help", home()))["services"]]}
    accept(committed, merged, Acceptance(None, "navigator", "Merged", TODAY))
    assert "Rosebriar" not in public(committed)
    into = plain | {"services": [*plain["services"], service("Refuge", home(protection="hidden"))]}
    accept(committed, into, Acceptance(None, "navigator", "Merged", TODAY))
    shown = committed.scalars(select(PublishedService.document).where(PublishedService.name == "Help")).all()
    assert "Rosebriar" not in json.dumps(shown)
