"""The open data, whole: every row is in one entry or is rejected with its reason."""

import re

import pytest

from directory.openreferral.check import check
from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for

pytestmark = pytest.mark.shared_data

WARM = "organisations/warm_spaces_current.geojson"
UNION = "organisations/warm_spaces_2022_2026.geojson"
LIBRARIES = "organisations/libraries_england_wm7.csv"
CLUBS = "organisations/cascs_postcode_areas_B_CV_DY_WS_WV.csv"
FILES = [
    (WARM, "warm-spaces", 507),
    (UNION, "warm-spaces", 894),
    (LIBRARIES, "libraries", 153),
    (CLUBS, "clubs", 351),
]


@pytest.fixture
def read_real(shared_data):
    def read(name, mapping):
        path, declared = shared_data / name, load_mapping(mapping)
        return reader_for(path, declared)(path, declared)

    return read


def services(reading):
    return [service for entry in reading.entries for service in entry.document["services"]]


@pytest.mark.parametrize(("name", "mapping", "rows"), FILES)
def test_every_row_is_in_one_entry_or_rejected(read_real, name, mapping, rows):
    reading = read_real(name, mapping)
    placed = [row for entry in reading.entries for row in entry.rows] + [
        item.row for item in reading.rejected
    ]
    assert reading.rows == len(placed) == len(set(placed)) == rows
    assert set(reading.originals) == set(placed)


@pytest.mark.parametrize(("name", "mapping", "rows"), FILES)
def test_every_document_passes_the_door(read_real, name, mapping, rows):
    problems = [problem for entry in read_real(name, mapping).entries for problem in check(entry.document)]
    assert [problem for problem in problems if problem.fatal] == []


@pytest.mark.parametrize(("name", "mapping", "rows"), FILES)
def test_identifiers_are_unique(read_real, name, mapping, rows):
    ids = re.findall(r"'id': '([^']+)'", str([entry.document for entry in read_real(name, mapping).entries]))
    assert len(ids) == len(set(ids)) > rows


def test_all_of_today_go_in(read_real):
    rejected = [read_real(name, mapping).rejected for name, mapping, _ in FILES if name != UNION]
    assert rejected == [[], [], []]


def test_only_the_same_place_said_otherwise_is_refused_of_four_years(read_real):
    reasons = {item.reason.split(" as row")[0] for item in read_real(UNION, "warm-spaces").rejected}
    assert reasons == {"The same organisation, service and place"}


def test_warm_spaces_keep_their_points(read_real):
    places = [
        link["location"]
        for service in services(read_real(WARM, "warm-spaces"))
        for link in service["service_at_locations"]
    ]
    assert sum("latitude" in place for place in places) >= 0.99 * 507


def test_hours_of_warm_spaces_are_understood_or_counted(read_real):
    reading = read_real(WARM, "warm-spaces")
    given = [service["schedules"] for service in services(reading) if "schedules" in service]
    known = sum(all("freq" in schedule for schedule in schedules) for schedules in given)
    assert known >= 0.95 * 457
    unknown = [
        item for entry in reading.entries for item in entry.not_understood if item.field == "hours.opening"
    ]
    assert len(given) - known == len(unknown)


def test_closed_libraries_are_inactive(read_real):
    assert (
        sum(service["status"] == "inactive" for service in services(read_real(LIBRARIES, "libraries"))) == 10
    )


def test_hours_a_week_of_libraries_are_no_opening_hours(read_real):
    assert not [service for service in services(read_real(LIBRARIES, "libraries")) if "schedules" in service]


def test_addresses_of_clubs_are_for_post_alone(read_real):
    places = [
        link["location"]
        for service in services(read_real(CLUBS, "clubs"))
        for link in service["service_at_locations"]
    ]
    assert {place["location_type"] for place in places} == {"postal"}
    assert {address["address_type"] for place in places for address in place["addresses"]} == {"postal"}
    assert not [place for place in places if "latitude" in place]


def test_clubs_keep_their_number_in_the_register(read_real):
    identifier = read_real(CLUBS, "clubs").entries[0].document["organization_identifiers"][0]
    assert (identifier["identifier_scheme"], identifier["identifier"]) == ("GB-CASC", "3fece4b0")


def test_a_second_reading_gives_the_same_documents(read_real):
    assert read_real(WARM, "warm-spaces") == read_real(WARM, "warm-spaces")


TAXONOMIES = ["taxonomy.json", "taxonomy_list.json", "taxonomy_term.json", "taxonomy_term_list.json"]


def test_examples_of_the_standard_go_in_or_say_why(read_real):
    reading = read_real("openreferral/examples", "openreferral")
    assert len(reading.entries) == 1
    assert len(reading.entries[0].document["services"]) == 1
    reasons = {item.field.partition(":")[0]: item.reason for item in reading.rejected}
    assert "which organisation" in reasons.pop("schedules_field_guidance.json")
    assert sorted(reasons) == TAXONOMIES
    assert all("part of a taxonomy" in reason for reason in reasons.values())


def test_the_point_at_latitude_100_is_left_out_and_flagged(read_real):
    entry = read_real("openreferral/examples/service_full.json", "openreferral").entries[0]
    location = entry.document["services"][0]["service_at_locations"][0]["location"]
    assert "latitude" not in location
    assert any("not in Great Britain" in flag.message for flag in entry.flags)
