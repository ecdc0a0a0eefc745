"""Extracts of OpenStreetMap: what is taken, what of it is known, and what is nobody's business."""

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from directory.openreferral.check import check
from directory.sources.entry import SourceError
from directory.sources.openstreetmap import NO_NAME, OUTSIDE, REFUGE

SQUARE = [(-1.90, 52.50), (-1.90, 52.52), (-1.88, 52.52), (-1.88, 52.50)]
CHURCH = {"amenity": "place_of_worship", "name": "Example Chapel", "religion": "christian"}


@pytest.fixture
def write_extract(tmp_path):
    """Write nodes, by number, and one square with its tags as a way or a multipolygon."""

    def write(*nodes, way=None, relation=None):
        path = tmp_path / "extract.osm.pbf"
        with osmium.SimpleWriter(str(path)) as writer:
            for number, (tags, point) in enumerate(nodes, 1):
                writer.add_node(Node(id=number, location=point, tags=tags))
            for number, point in enumerate(SQUARE, 101):
                writer.add_node(Node(id=number, location=point))
            writer.add_way(Way(id=7, nodes=[101, 102, 103, 104, 101], tags=way or {}))
            if relation:
                tags = {"type": "multipolygon", **relation}
                writer.add_relation(Relation(id=9, members=[("w", 7, "outer")], tags=tags))
        return path

    return write


def one(reading):
    document = reading.entries[0].document
    service = document["services"][0]
    place = service["service_at_locations"][0]["location"]
    return document, service, place


def terms(thing):
    return {(a["link_type"], a["taxonomy_term"]["term"]) for a in thing.get("attributes", [])}


def test_a_place_of_worship_has_its_religion_and_its_place(write_extract, read_file):
    tags = CHURCH | {
        "addr:housenumber": "1",
        "addr:street": "Example Road",
        "addr:city": "Birmingham",
        "addr:postcode": "B19 2TH",
        "opening_hours": "Su 10:00-12:00",
        "contact:phone": "+44 121 496 0101",
        "wheelchair": "yes",
        "note": "ignored",
    }
    reading = read_file(write_extract((tags, (-1.9, 52.5))), "openstreetmap")
    document, service, place = one(reading)
    assert terms(document) == {("kind", "faith"), ("faith", "christian")}
    assert terms(service) == {("category", "faith-work")}
    assert (place["latitude"], place["longitude"]) == (52.5, -1.9)
    assert place["addresses"][0]["address_1"] == "1 Example Road"
    assert place["addresses"][0]["postal_code"] == "B19 2TH"
    assert terms(place) == {("accessibility", "step-free")}
    assert service["schedules"][0]["byday"] == "SU"
    assert document["phones"]
    assert check(document) == []


@pytest.mark.parametrize("kind", ["way", "relation"])
def test_of_a_building_the_middle_is_taken(write_extract, read_file, kind):
    tags = {"amenity": "community_centre", "name": "Example Hall"}
    document, service, place = one(read_file(write_extract(**{kind: tags}), "openstreetmap"))
    assert (place["latitude"], place["longitude"]) == (52.51, -1.89)
    assert terms(service) == {("category", "spaces")}
    assert document["name"] == "Example Hall"


def test_a_club_and_a_facility_say_what_they_are_and_nothing_is_guessed(write_extract, read_file):
    club = {"club": "sport", "name": "Example Club"}
    food = {"amenity": "social_facility", "social_facility": "food_bank", "name": "Example Food Bank"}
    reading = read_file(write_extract((club, (-1.9, 52.5)), (food, (-1.8, 52.5))), "openstreetmap")
    services = [entry.document["services"][0] for entry in reading.entries]
    assert [(s["description"], terms(s)) for s in services] == [
        ("Sport club", {("category", "sport")}),
        ("Food bank", set()),
    ]


@pytest.mark.parametrize(
    ("tags", "point", "reason"),
    [
        (CHURCH, (-0.1, 51.5), OUTSIDE),
        (CHURCH | {"name": ""}, (-1.9, 52.5), NO_NAME),
        ({"amenity": "social_facility", "social_facility": "shelter", "name": "A"}, (-1.9, 52.5), REFUGE),
        ({"amenity": "social_facility", "social_facility:for": "abused", "name": "A"}, (-1.9, 52.5), REFUGE),
        ({"club": "x", "social_facility:for": "women;child", "name": "A"}, (-1.9, 52.5), REFUGE),
    ],
)
def test_what_is_left_out_is_counted(write_extract, read_file, tags, point, reason):
    reading = read_file(write_extract((tags, point), ({"amenity": "bench"}, (-1.9, 52.5))), "openstreetmap")
    assert (reading.entries, reading.not_wanted, reading.rows) == ([], {reason: 1}, 1)


def test_two_places_of_one_name_are_two(write_extract, read_file):
    path = write_extract((CHURCH, (-1.9, 52.5)), (CHURCH, (-1.8, 52.5)))
    assert len(read_file(path, "openstreetmap").entries) == 2


def test_a_file_that_is_no_extract_is_refused(tmp_path, read_file):
    path = tmp_path / "x.osm.pbf"
    path.write_bytes(b"<html>Sorry</html>" * 100)
    with pytest.raises(SourceError, match="not an extract"):
        read_file(path, "openstreetmap")
