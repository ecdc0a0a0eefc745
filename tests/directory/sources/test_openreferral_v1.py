"""Services of version 1 of Open Referral UK, in a file."""

import pytest

from directory.openreferral.check import check
from directory.sources import openreferral_json
from directory.sources.mapping import load_mapping
from tests.directory.sources.version_1 import ORGANISATION, SERVICE, version_1


@pytest.fixture
def read_service(write_json):
    """Read one service of version 1; its reading, and the service in the directory's words."""

    def read(**changes):
        path = write_json({"totalElements": 1, "last": True, "content": [version_1(**changes)]})
        reading = openreferral_json.read(path, load_mapping("openreferral"))
        services = [service for entry in reading.entries for service in entry.document["services"]]
        return reading, services[0] if services else None

    return read


def test_a_service_comes_in_with_all_that_it_says(read_service):
    reading, service = read_service()
    (entry,) = reading.entries
    assert not list(check(entry.document))
    assert (entry.document["id"], entry.document["name"]) == (ORGANISATION, "Lantern Trust")
    (schedule,) = service["schedules"]
    assert (schedule["freq"], schedule["byday"], schedule["opens_at"]) == ("WEEKLY", "FR", "18:00")
    (link,) = service["service_at_locations"]
    (address,) = link["location"]["addresses"]
    assert (address["address_type"], address["postal_code"]) == ("physical", "B19 2TH")
    assert link["location"]["accessibility"][0]["description"] == "Ramp at the side"
    assert service["assured_date"] == "2021-12-24"
    assert service["cost_options"][0]["amount"] == 2.5
    assert service["languages"][0]["name"] == "Urdu"
    assert service["funding"][0]["source"] == "A made-up fund"
    assert service["service_areas"][0]["extent"] == "E08000025"
    assert service["contacts"][0]["phones"][0]["number"] == "0121 496 0000"


def test_terms_are_the_directorys_own_where_they_are_its_words(read_service):
    reading, service = read_service()
    terms = {
        (one["taxonomy_term"]["taxonomy"], one["taxonomy_term"]["term"]) for one in service["attributes"]
    }
    assert terms == {
        ("category", "sport"),
        ("gender", "female"),
        ("referral", "open"),
        ("esdServiceTypes", "1234"),
    }
    assert [one.text for one in reading.entries[0].not_understood] == ["Something of their own"]


def test_what_has_no_field_is_kept_in_words(read_service):
    _, service = read_service(reviews=[{"id": "1", "title": "Dreadful", "reviewer": "Somebody"}])
    assert service["notes"].splitlines() == [
        "For whom: Girls",
        "What it gives: Training",
        "How: venue",
        "Way in: drop-in",
        "Holidays: 2021-12-25 to 2021-12-26 closed",
    ]
    assert "Dreadful" not in str(service)


@pytest.mark.parametrize(
    ("rows", "ages"),
    [
        ([{"minimum_age": 11, "maximum_age": 17}], (11, 17)),
        ([{"minimum_age": 5, "maximum_age": 9}, {"minimum_age": "11", "maximum_age": 17}], (5, 17)),
        ([{"minimum_age": 5, "maximum_age": 9}, {"minimum_age": 11}], (5, None)),  # no end is no end
        ([{"eligibility": "Girls"}], (None, None)),
        ([], (None, None)),
    ],
)
def test_ages_are_the_widest_span_and_unknown_where_a_row_is_open(read_service, rows, ages):
    _, service = read_service(eligibilitys=rows)
    assert (service.get("minimum_age"), service.get("maximum_age")) == ages


def test_the_other_spelling_of_its_plurals(read_service):
    changes = {"eligibilitys": None, "eligibilities": [{"id": "9", "minimum_age": 12}]}
    _, service = read_service(**changes)
    assert service["minimum_age"] == 12


def test_a_service_that_is_only_online_has_no_venue(read_service):
    _, service = read_service(service_at_locations=[], attending_type="online")
    assert [link["location"]["location_type"] for link in service["service_at_locations"]] == ["virtual"]


def test_hours_at_a_place_are_taken_once(read_service):
    (link,) = SERVICE["service_at_locations"]
    both = [{**link, "regular_schedules": SERVICE["regular_schedules"]}]
    _, service = read_service(service_at_locations=both)
    assert len(service["schedules"]) == 1


def test_a_service_at_a_place_brings_its_hours(write_json):
    (link,) = SERVICE["service_at_locations"]
    whole = {**link, "service": version_1(regular_schedules=[], service_at_locations=[])}
    whole["regular_schedules"] = SERVICE["regular_schedules"]
    reading = openreferral_json.read(write_json(whole), load_mapping("openreferral"))
    (service,) = reading.entries[0].document["services"]
    assert [one["byday"] for one in service["schedules"]] == ["FR"]


def test_an_outline_of_an_area_is_no_code(read_service):
    _, service = read_service(
        service_areas=[{"id": "7", "service_area": "Lozells", "extent": "POLYGON((1 2))"}]
    )
    assert "extent" not in service["service_areas"][0]
    assert "Outline of the area Lozells: POLYGON((1 2))" in service["notes"]


@pytest.mark.parametrize(
    "name", ["regular_schedules", "eligibilitys", "service_taxonomys", "fundings", "service_at_locations"]
)
@pytest.mark.parametrize("value", ["text", {"a": 1}, ["text"], [None], 7])
def test_what_is_no_list_is_refused_by_its_name(read_service, name, value):
    reading, service = read_service(**{name: value})
    assert service is None
    assert reading.rejected[0].field.endswith(name)
    assert "list of objects" in reading.rejected[0].reason


def test_hours_in_the_words_of_version_3_are_kept_beside_those_of_version_1(read_service):
    later = {"freq": "WEEKLY", "byday": "SA", "opens_at": "10:00", "closes_at": "12:00"}
    _, service = read_service(schedules=[later])
    assert sorted(one["byday"] for one in service["schedules"]) == ["FR", "SA"]
