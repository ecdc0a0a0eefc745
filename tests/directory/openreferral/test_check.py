"""What keeps a document out, and what is only flagged."""

import copy
from datetime import date

import pytest

from directory.openreferral.check import check, is_web_address
from tests.directory.documents import contact, full, made_id, organization, phone, place, service, term


def fatal(document):
    return {problem.path: problem.message for problem in check(document) if problem.fatal}


def flagged(document):
    return {problem.path: problem.message for problem in check(document) if not problem.fatal}


def test_a_full_document_has_no_problem():
    assert check(full()) == []


def test_nulls_say_nothing_and_are_no_problem():
    hall = place(protection=None, location_type=None, latitude=None, longitude=None, accessibility=None)
    studio = service("Studio", hall, status=None, schedules=None, minimum_age=None, cost_options=None)
    assert check(organization(studio, email=None, organization_identifiers=None, phones=None)) == []


WRONG_FACTS = [
    ({"name": " "}, "$.name", "There is no name. Give one."),
    ({"name": 5}, "$.name", "There is no name"),
    ({"name": "x" * 501}, "$.name", "longer than 500"),
    ({"description": "x" * 20_001}, "$.description", "longer than 20000"),
    ({"id": None}, "$.id", "no identifier"),
    ({"id": "12"}, "$.id", "'12' is not a UUID"),
    ({"id": made_id("a").upper()}, "$.id", "in lower case"),
    ({"parent_organization_id": "12"}, "$.parent_organization_id", "'12' is not a UUID"),
    ({"organization_identifiers": [{"identifier": "1"}]}, "$.organization_identifiers[0]", "needs a scheme"),
    ({"phones": [{"description": "desk"}]}, "$.phones[0].number", "There is no number"),
    ({"phones": "0121"}, "$.phones", "list of objects"),
    ({"contacts": ["Amina"]}, "$.contacts", "list of objects"),
    ({"website": {"url": "x"}}, "$.website", "one text or number"),
    ({"description": "a\x00b"}, "$.description", "cannot be stored"),
    ({"description": "é\ud800"}, "$.description", "cannot be stored"),
]


@pytest.mark.parametrize(("facts", "path", "message"), WRONG_FACTS)
def test_what_is_wrong_with_an_organisation_is_named(facts, path, message):
    assert message in fatal(organization() | facts)[path]


WRONG_SERVICES = [
    ({"id": None}, "id", "no identifier"),
    ({"name": None}, "name", "no name"),
    ({"status": "open"}, "status", "must be one of active"),
    ({"minimum_age": 18, "maximum_age": 11}, "minimum_age", "youngest age, 18, is above the oldest, 11"),
    ({"minimum_age": 121}, "minimum_age", "121 is not an age"),
    ({"maximum_age": "18"}, "maximum_age", "'18' is not an age"),
    ({"minimum_age": 10.5}, "minimum_age", "whole years"),
    ({"minimum_age": True}, "minimum_age", "True is not an age"),
    ({"assured_date": "soon"}, "assured_date", "'soon' is not a date"),
    ({"cost_options": [{"amount": -1}]}, "cost_options[0].amount", "-1 is not an amount"),
    ({"cost_options": [{"amount": float("nan")}]}, "cost_options[0].amount", "not an amount"),
    ({"languages": [{"code": "ur"}]}, "languages[0].name", "no name"),
    ({"funding": [{"source": ""}]}, "funding[0].source", "no source"),
    ({"schedules": [{"freq": "DAILY"}]}, "schedules[0].freq", "neither WEEKLY nor MONTHLY"),
    ({"schedules": [{"byday": "MO,XX"}]}, "schedules[0].byday", "'XX' is not a day"),
    ({"schedules": [{"opens_at": "9am"}]}, "schedules[0].opens_at", "'9am' is not a time"),
    ({"schedules": [{"closes_at": "24:30"}]}, "schedules[0].closes_at", "'24:30' is not a time"),
    ({"schedules": [{"until": "2026-02-30"}]}, "schedules[0].until", "is not a date"),
    ({"schedules": [{"interval": 0}]}, "schedules[0].interval", "0 is not a whole number"),
    ({"schedules": [{"interval": 10**12}]}, "schedules[0].interval", "from 1 to 1000"),
]


@pytest.mark.parametrize(("facts", "path", "message"), WRONG_SERVICES)
def test_what_is_wrong_with_a_service_is_named(facts, path, message):
    assert message in fatal(organization(service() | facts))[f"$.services[0].{path}"]


WRONG_PLACES = [
    ({"name": "x" * 501}, "name", "longer than 500"),
    ({"protection": "secret"}, "protection", "must be one of open"),
    ({"location_type": "Postal"}, "location_type", "must be one of physical, postal"),
    ({"latitude": 52.5}, "longitude", "not in Great Britain"),
    ({"latitude": -1.9, "longitude": 52.5}, "latitude", "Are the two swapped"),
    ({"latitude": "52.5", "longitude": -1.9}, "latitude", "not in Great Britain"),
    ({"addresses": [{"address_type": "mailing"}]}, "addresses[0].address_type", "must be one of"),
    ({"accessibility": [{"details": "x"}]}, "accessibility[0].description", "no description"),
]


@pytest.mark.parametrize(("facts", "path", "message"), WRONG_PLACES)
def test_what_is_wrong_with_a_place_is_named(facts, path, message):
    document = organization(service("Studio", place() | facts))
    assert message in fatal(document)[f"$.services[0].service_at_locations[0].location.{path}"]


def test_a_point_out_of_place_is_not_told():
    document = organization(service("Studio", place(latitude=12.3456, longitude=52.5)))
    assert "12.3456" not in str(check(document))


def test_a_place_that_is_not_an_object_is_refused():
    studio = service() | {"service_at_locations": [{"id": made_id("link"), "location": "Canal Hall"}]}
    assert list(fatal(organization(studio))) == ["$.services[0].service_at_locations[0].location"]


def test_a_link_without_a_place_is_no_problem():
    studio = service() | {"service_at_locations": [{"id": made_id("link"), "location": None}]}
    assert check(organization(studio)) == []


def test_a_text_of_accessibility_is_the_standards_own():
    hall = place(accessibility=[{"description": "Ramp", "accessibility": "http://terms/ramp"}])
    assert check(organization(service("Studio", hall))) == []


@pytest.mark.parametrize("kind", ["phones", "attributes", "contacts", "schedules", "languages"])
def test_an_identifier_used_twice_is_named_with_both_places(kind):
    document = full()
    things = document["services"][0][kind]
    things.append(copy.deepcopy(things[0]))
    path = f"$.services[0].{kind}"
    assert fatal(document)[f"{path}[{len(things) - 1}].id"].endswith(f"first at {path}[0].")


def test_a_term_of_the_organisation_and_of_a_service_cannot_share_an_identifier():
    document = organization(service(attributes=[term("arts")]), attributes=[term("arts")])
    assert list(fatal(document)) == ["$.services[0].attributes[0].id"]


def test_services_may_share_a_place():
    assert check(organization(service("Studio", place()), service("Kitchen", place()))) == []


def test_places_without_an_identifier_are_each_their_own():
    halls = [{key: value for key, value in place().items() if key != "id"} for _ in range(2)]
    links = [{"location": hall} for hall in halls]
    document = organization(service() | {"service_at_locations": links})
    assert list(fatal(document)) == ["$.services[0].service_at_locations[1].location.addresses[0].id"]


def test_addresses_that_cannot_be_reached_are_flagged_and_stay():
    document = organization(service(url="lantern"), email="hello", website="javascript:alert(1)")
    assert fatal(document) == {}
    assert set(flagged(document)) == {"$.email", "$.website", "$.services[0].url"}


def test_a_date_may_be_a_date():
    assert check(organization(service(assured_date=date(2026, 1, 2)))) == []


def test_contacts_and_phones_are_checked_at_every_depth():
    lead = contact("Amina")
    lead["phones"] = [phone("1") | {"id": "x"}]
    assert list(fatal(organization(contacts=[lead]))) == ["$.contacts[0].phones[0].id"]


@pytest.mark.parametrize("text", ["https://a.org", "http://a.org/b?c=d"])
def test_web_addresses(text):
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text", ["a.org", "ftp://a.org", "https://a", "https://a.org/ b", "https://[a.org", None, "javascript:x"]
)
def test_not_web_addresses(text):
    assert not is_web_address(text)
