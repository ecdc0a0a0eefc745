"""Ways in which what is hidden was once shown, or one record broke the pages of all."""

import json

import pytest
from sqlalchemy import select

from directory.importing import ImportJob, run_import
from directory.models import PublishedOrganization, PublishedPlace, PublishedService
from directory.sources.entry import Entry, Reading
from directory.sources.mapping import SourceMapping
from tests.conftest import TODAY
from tests.directory.records import add, add_areas, address, contact, location, organization, service, term

pytestmark = pytest.mark.unmeasured

HOME = address("14 Rosebriar Lane", "ZZ1 1AA")


def public(session) -> str:
    documents = [
        *session.scalars(select(PublishedOrganization.document)),
        *session.scalars(select(PublishedService.document)),
    ]
    return json.dumps(documents)


def bring(session, tmp_path, *documents):
    entries = [Entry(document["id"], document, (number,)) for number, document in enumerate(documents)]
    job = ImportJob(
        Reading(entries, [], len(entries)),
        SourceMapping("tests", "Tests"),
        tmp_path,
        TODAY,
        made_identifiers=False,
    )
    return run_import(session, job, lambda _count: None)


def test_hiding_a_shared_place_hides_it_for_all_who_share_it(session, tmp_path):
    add_areas(session)
    shared = location((404_500, 284_500), HOME)
    bring(session, tmp_path, organization("Oak Trust", service("Chess", shared)))
    assert "Rosebriar" in public(session)
    bring(session, tmp_path, organization("Elm Trust", service("Refuge", shared | {"protection": "hidden"})))
    assert "Rosebriar" not in public(session)


def test_an_address_once_hidden_stays_hidden_under_another_service(session, tmp_path):
    add_areas(session)
    oak = organization(
        "Oak Trust", service("Refuge", location((404_500, 284_500), HOME, protection="hidden"))
    )
    bring(session, tmp_path, oak)
    renamed = oak | {
        "services": [service("Safe house", location(None, address("14, ROSEBRIAR LANE", "zz11aa")))]
    }
    bring(session, tmp_path, renamed)
    bring(session, tmp_path, oak | {"services": [service("Safe place", location((404_510, 284_510)))]})
    assert "rosebriar" not in public(session).casefold()
    assert not session.scalars(
        select(PublishedPlace.easting).where(PublishedPlace.easting.is_not(None))
    ).all()


def test_a_postal_address_never_gives_the_point_of_a_venue(session):
    add_areas(session)
    home = address("14 Rosebriar Lane", "ZZ1 1AA", "postal")
    add(session, organization("Oak Trust", service("Chess", location(None, home, address("The hall", "")))))
    assert session.scalars(select(PublishedPlace.easting)).all() == [None]


@pytest.mark.parametrize(
    "kind", [term("kind", "individual"), term("kinds", "individual") | {"link_type": "kind"}]
)
def test_a_key_individual_needs_consent_of_that_very_person(session, kind):
    jane = organization("Jane Fennimarsh", service("Talks", location(None, HOME)), attributes=[kind])
    jane["services"][0]["contacts"] = [contact("Bob Clerk", consented=True)]
    add(session, jane)
    assert "Fennimarsh" not in public(session)
    jane["services"][0]["contacts"] = [contact("Fennimarsh, Jane".replace(",", ""), consented=True)]
    add(session, jane)
    assert "Fennimarsh" in public(session)
    assert "Rosebriar" not in public(session)


def test_a_key_individual_stays_one_when_a_file_forgets_it(session, tmp_path):
    jane = organization("Jane Fennimarsh", service("Talks"), attributes=[term("kind", "individual")])
    bring(session, tmp_path, jane)
    bring(session, tmp_path, {**jane, "attributes": [], "description": "A new text"})
    assert "Fennimarsh" not in public(session)


@pytest.mark.parametrize(
    "text",
    [
        "https://maps.example.org/?q=ZZ1%201AA",
        "https://example.org/14%20Rosebriar%20Lane",
        "See ZZ1&nbsp;1AA",
        "Ring at 14 Rosebriar Lane, Birmingham ZZ1 1AA",
    ],
)
def test_coded_addresses_are_withheld(session, text):
    add_areas(session)
    hidden = location((404_500, 284_500), HOME, protection="hidden")
    add(session, organization("Oak Trust", service("Refuge", hidden, description=text, url=text)))
    shown = public(session)
    assert "Rosebriar" not in shown
    assert "1AA" not in shown


def test_an_address_in_the_line_of_the_town_is_withheld(session):
    door = address("", "") | {"city": "Rosebriar House, Birmingham ZZ1 1AA"}
    hidden = location(None, door, protection="hidden")
    add(session, organization("Oak Trust", service("Refuge", hidden, description="Rosebriar House, ZZ1 1AA")))
    assert "1AA" not in public(session)
    assert "Rosebriar" not in public(session)


@pytest.mark.parametrize("name", ["Hidden", "Category", "precision", "tests", "Faith", "hidden venue"])
def test_a_withheld_word_of_ours_breaks_nothing(session, name):
    hidden = location(None, name=name, protection="hidden")
    oak = organization("Oak Trust", service("Refuge", hidden, terms=[("category", "sport")]))
    oak["services"][0]["contacts"] = [contact(name, consented=False, number="1234567")]
    oak["organization_identifiers"] = [
        {"identifier_scheme": "GB-CHC", "identifier_type": "Charity number", "identifier": "1234567"}
    ]
    add(session, oak)
    document = session.scalars(select(PublishedService.document)).one()
    assert document["service_at_locations"][0]["location"]["precision"] == "hidden"
    assert document["attributes"][0]["taxonomy_term"]["name"] == "Sport and activities"
    assert document["organization"]["organization_identifiers"][0]["identifier"] == "1234567"


def test_a_corrected_row_does_not_wipe_the_organisation(session, tmp_path):
    oak = organization("Oak Trust", service("Chess"), email="chess@example.org")
    whole = oak | {"phones": [{"id": oak["id"], "number": "01632 960001"}]}
    bring(session, tmp_path, whole)
    row = {"id": oak["id"], "name": "Oak Trust", "services": [service("Judo")]}
    bring(session, tmp_path, row)
    shown = public(session)
    assert "chess@example.org" in shown
    assert "01632 960001" in shown
