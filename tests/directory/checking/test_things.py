"""Faults of single things: against the shapes of the profile, and against sense."""

import json

import pytest

from directory.checking.files import check_file
from directory.web.api.examples import EXAMPLES

TERM = EXAMPLES["taxonomy_term"]


def service(**changes):
    whole = json.loads(json.dumps(EXAMPLES["service"]))
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def place(**changes):
    link = service()["service_at_locations"][0]
    return {"service_at_locations": [link | {"location": link["location"] | changes}]}


def schedule(**changes):
    return {"schedules": [service()["schedules"][0] | changes]}


def found(thing, *, strict=True):
    """The kind and the place of every fault."""
    report = check_file(json.dumps(thing).encode(), "a file", strict=strict)
    return {(group.rule, group.examples[0].path) for group in report.groups}


def test_good_things_have_no_fault():
    for name, example in EXAMPLES.items():
        assert found(example) == set(), name


@pytest.mark.parametrize(
    ("changes", "rule", "path"),
    [
        ({"name": ...}, "required", "$.name"),
        ({"url": None}, "null", "$.url"),
        ({"minimum_age": "11"}, "type", "$.minimum_age"),
        ({"status": "open"}, "choice", "$.status"),
        ({"phone": "0121"}, "extra-field", "$.phone"),
        ({"id": "1"}, "uuid", "$.id"),
        ({"url": "www.example.org/a b"}, "uri", "$.url"),
        ({"url": "https://nonsense"}, "uri", "$.url"),
        ({"email": "nobody"}, "email", "$.email"),
        ({"last_modified": "yesterday"}, "moment", "$.last_modified"),
        ({"minimum_age": 17, "maximum_age": 11}, "ages", "$.minimum_age"),
        ({"maximum_age": 900}, "ages", "$.maximum_age"),
        ({"assured_date": "2026-02-30"}, "date", "$.assured_date"),
        ({"assured_date": "3 November"}, "date", "$.assured_date"),
        ({"cost_options": [{"id": TERM["id"], "amount": -1}]}, "amount", "$.cost_options[0].amount"),
        (schedule(closes_at="17:00"), "closes-before", "$.schedules[0].closes_at"),
        (schedule(opens_at="25:00"), "time-of-day", "$.schedules[0].opens_at"),
        (schedule(byday="Friday"), "byday", "$.schedules[0].byday"),
        (schedule(byday="1FR"), "byday", "$.schedules[0].byday"),
        (schedule(bymonthday="32"), "bymonthday", "$.schedules[0].bymonthday"),
        (schedule(valid_from="2026-02-01", valid_to="2026-01-01"), "dates-order", "$.schedules[0].valid_to"),
        (place(latitude=-1.9, longitude=52.5), "swapped", "$.service_at_locations[0].location.latitude"),
        (place(latitude=95, longitude=52.5), "off-earth", "$.service_at_locations[0].location.latitude"),
        (place(latitude=54.5, longitude=1.5), "in-sea", "$.service_at_locations[0].location.latitude"),
        (place(latitude=0, longitude=0), "in-sea", "$.service_at_locations[0].location.latitude"),
        (place(longitude=None), "half-point", "$.service_at_locations[0].location.longitude"),
    ],
)
def test_fault_is_named_with_its_place(changes, rule, path):
    assert (rule, path) in found(service(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        schedule(opens_at="18:00", closes_at="00:00"),
        schedule(opens_at="09:00:00Z", closes_at="10:30:00+01:00"),
        schedule(freq="MONTHLY", byday="1SA,-1FR"),
        schedule(bymonthday="1,-1,31"),
        place(latitude=60.15, longitude=-1.14),
        place(latitude=54.6, longitude=-5.93),
        {"minimum_age": 0, "maximum_age": 0},
    ],
)
def test_unusual_is_no_fault(changes):
    assert found(service(**changes)) == set()


def test_term_of_no_taxonomy_is_a_fault():
    attribute = service()["attributes"][0]
    lone = {name: value for name, value in TERM.items() if name not in ("taxonomy", "taxonomy_id")}
    thing = service(attributes=[attribute | {"taxonomy_term": lone}])
    assert ("no-taxonomy", "$.attributes[0].taxonomy_term") in found(thing)


def test_extra_field_is_an_error_only_when_strict():
    content = json.dumps(service(phone="0121")).encode()
    assert not check_file(content, "a file", strict=True).passed
    loose = check_file(content, "a file", strict=False)
    assert loose.passed
    assert loose.warnings == 1


def test_same_identifier_twice_in_a_file_is_a_fault():
    assert ("id-twice", "$[1].id") in found([service(), service()])


def test_lists_pages_and_lines_are_read():
    lines = "\n".join(json.dumps(service(id=key)) for key in (TERM["id"], TERM["taxonomy_id"]))
    report = check_file(lines.encode(), "a file", strict=True)
    assert (report.passed, report.counts) == (True, {"services": 2})
    assert check_file(json.dumps({"services": [service()]}).encode(), "a file", strict=True).passed


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b'{"a": NaN}', b"\xff\xfe{}", b'{"a":1,"a":2}', b"[" * 5000]
)
def test_what_is_no_json_is_said(content):
    report = check_file(content, "a file", strict=False)
    assert {group.rule for group in report.groups} == {"json"}


def test_many_faults_take_little_room():
    report = check_file(
        json.dumps([service(url=None, id=str(n)) for n in range(500)]).encode(), "", strict=True
    )
    by_rule = {group.rule: group for group in report.groups}
    assert by_rule["null"].count == 500
    assert len(by_rule["null"].examples) == 5
