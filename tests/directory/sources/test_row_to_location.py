"""Where a service is, and how private that is."""

import pytest

from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for


def location_of(service):
    return service["service_at_locations"][0]["location"]


def test_a_postcode_in_any_spacing(one_service):
    assert location_of(one_service(Postcode="b19  2th"))["addresses"][0]["postal_code"] == "B19 2TH"


def test_a_postcode_alone_has_no_point(one_service):
    assert "latitude" not in location_of(one_service(Postcode="B19 2TH"))


def test_a_postcode_is_taken_from_the_address(one_service):
    address = location_of(one_service(Address="The Hall,1 Lozells Rd\nBirmingham, B192TH."))["addresses"][0]
    assert (address["address_1"], address["postal_code"]) == ("The Hall, 1 Lozells Rd, Birmingham", "B19 2TH")


def test_fillers_within_an_address_are_left_out(one_service):
    assert location_of(one_service(Address="1 Road, NA, n/a"))["addresses"][0]["address_1"] == "1 Road"


def test_a_venue_with_a_postcode_is_the_first_line(one_service):
    location = location_of(one_service(Venue="The Hall", Town="Walsall", Postcode="WS1 1TR"))
    assert location["name"] == location["addresses"][0]["address_1"] == "The Hall"
    assert location["addresses"][0]["city"] == "Walsall"


def test_a_venue_alone_has_no_address(one_service):
    assert "addresses" not in location_of(one_service(Venue="The Hall"))


def test_no_place_is_no_location(one_service):
    assert "service_at_locations" not in one_service()


def test_online_is_a_virtual_location(one_service):
    location = location_of(one_service(Venue="Online"))
    assert location["location_type"] == "virtual"


def test_a_point(one_service):
    location = location_of(one_service(Lat="52.5022", Lng="-1.9019"))
    assert (location["latitude"], location["longitude"]) == (52.5022, -1.9019)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Postcode": "B19"}, "'B19' is not a postcode. Correct it, or clear the cell."),
        ({"Latitude": "x", "Longitude": "-1.9"}, "The latitude 'x' is not a number"),
        ({"Latitude": "nan", "Longitude": "-1.9"}, "The latitude 'nan' is not a number"),
        ({"Latitude": "52.5"}, "There is no longitude. Give both"),
        ({"Latitude": "-1.9", "Longitude": "52.5"}, "look swapped"),
        ({"Latitude": "100", "Longitude": "101"}, "The latitude '100' is not in Great Britain"),
        ({"Latitude": "52.5", "Longitude": "19"}, "The longitude '19' is not in Great Britain"),
    ],
)
def test_places_that_cannot_be_are_refused(read_cells, cells, reason):
    assert reason in read_cells(cells).rejected[0].reason


@pytest.mark.parametrize(
    ("text", "protection"), [("Yes", "hidden"), ("approx.", "approximate"), ("no", "open")]
)
def test_privacy(one_service, text, protection):
    assert location_of(one_service(Postcode="B19 2TH", Address_is_private=text))["protection"] == protection


def test_privacy_in_doubt_is_hidden_and_flagged(read_cells):
    entry = read_cells({"Postcode": "B19 2TH", "Address is private": "maybe"}).entries[0]
    assert location_of(entry.document["services"][0])["protection"] == "hidden"
    assert "hidden to be safe" in entry.flags[0].message


def test_accessibility_is_terms_and_the_words_as_written(one_service):
    location = location_of(one_service(Postcode="B19 2TH", Accessibility="ramp; no lift"))
    assert location["accessibility"][0]["description"] == "ramp; no lift"
    assert [item["taxonomy_term"]["term"] for item in location["attributes"]] == ["step-free"]


def test_accessibility_without_a_place_is_a_note(one_service):
    assert one_service(Accessibility="ramp")["notes"] == "Accessibility: ramp"


@pytest.fixture
def postal_location(tmp_path, write_csv):
    """The location of a row of a source whose addresses are for correspondence."""
    path = tmp_path / "post.toml"
    path.write_text('address_is = "correspondence"', encoding="utf-8")

    def read(**cells):
        mapping = load_mapping(str(path))
        rows = write_csv({"Organisation": "Club", "Address": "1 Home Road", **cells})
        entry = reader_for(rows, mapping)(rows, mapping).entries[0]
        return entry, location_of(entry.document["services"][0])

    return read


def test_a_correspondence_address_is_postal_and_no_point(postal_location):
    entry, location = postal_location(Latitude="52.5", Longitude="-1.9")
    assert location["location_type"] == location["addresses"][0]["address_type"] == "postal"
    assert "latitude" not in location
    assert "52.5, -1.9" in entry.document["services"][0]["notes"]


def test_a_bad_postcode_of_a_correspondence_address_is_flagged_not_refused(postal_location):
    entry, location = postal_location(Postcode="CV21 4JPN")
    assert location["addresses"][0]["address_1"] == "1 Home Road, CV21 4JPN"
    assert entry.flags[0].field == "Postcode"
