"""What goes in comes out."""

import pytest

from directory.models import Location, Source
from directory.openreferral.dump import dump, dump_location
from directory.openreferral.fill import Terms
from directory.openreferral.load import Origin, load
from tests.directory.documents import full, made_id, organization, place, service, term


@pytest.fixture
def dumped(session):
    """Load a document and dump what it became, as it is read from the tables."""

    def dump_it(document):
        source = Source(slug="survey", title="Survey")
        session.add(source)
        session.flush()
        loaded = load(session, document, Terms(session), Origin(source.id, "accepted"))
        session.flush()
        session.expire_all()
        return dump(loaded.organization)

    return dump_it


def lost(said, kept, path="$"):
    """Where a document says something that another does not."""
    if isinstance(said, dict):
        pairs = [
            (key, value, kept.get(key) if isinstance(kept, dict) else None) for key, value in said.items()
        ]
        return [place for key, value, other in pairs for place in lost(value, other, f"{path}.{key}")]
    if isinstance(said, list):
        by_id = {item.get("id"): item for item in kept or []}
        return [
            place for item in said for place in lost(item, by_id.get(item["id"]), f"{path}[{item['id']}]")
        ]
    return [] if said == kept else [f"{path}: {said!r} became {kept!r}"]


def test_a_dump_holds_every_fact_of_the_document(dumped):
    document = full()
    assert lost(document, dumped(document)) == []


def test_a_dump_says_nothing_that_nobody_said(dumped):
    found = dumped(organization(service("Studio", place())))
    assert set(found) == {"id", "name", "fictional", "last_modified", "services"}
    assert set(found["services"][0]) == {
        *("id", "name", "status", "fictional", "last_modified", "service_at_locations")
    }
    assert set(found["services"][0]["service_at_locations"][0]["location"]) == {
        *("id", "name", "location_type", "protection", "addresses")
    }


def test_schedules_keep_their_order(dumped):
    names = ["third", "first", "second"]
    schedules = [{"id": made_id(name), "description": name} for name in names]
    found = dumped(organization(service(schedules=schedules)))
    assert [item["description"] for item in found["services"][0]["schedules"]] == names


def test_a_term_comes_with_its_name(dumped):
    found = dumped(organization(attributes=[term("faith", "kind")]))
    assert found["attributes"][0]["taxonomy_term"] == {
        "term": "faith",
        "name": "Faith organisation",
        "taxonomy": "kind",
    }


def test_a_dump_can_be_loaded_again_and_says_the_same(dumped, session):
    found = dumped(full())
    source = Source(slug="backup", title="Backup")
    session.add(source)
    session.flush()
    again = load(session, found, Terms(session), Origin(source.id, "restored"))
    session.flush()
    session.expire_all()
    assert lost(found | {"last_modified": None}, dump(again.organization) | {"last_modified": None}) == []


def test_a_place_is_dumped_with_what_is_protected(dumped, session):
    dumped(full())
    location = session.get(Location, made_id("place Canal Hall"))
    found = dump_location(location)
    assert (found["protection"], found["addresses"][0]["postal_code"]) == ("approximate", "B19 2TH")
    assert not {"easting", "northing", "lsoa_code", "ward_code", "authority_code"} & set(found)
