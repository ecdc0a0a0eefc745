"""Open Referral UK JSON in all its wrappings."""

import json
import zipfile

import pytest

from directory.sources import openreferral_items, openreferral_json
from directory.sources.entry import SourceError
from directory.sources.mapping import load_mapping

ORG = {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Lantern"}
ONE = "ac148810-d857-441c-9679-408f346de14b"
TWO = "ac148810-d857-441c-9679-408f346de14c"


def service(identifier=ONE, **more):
    return {"id": identifier, "name": "Studio", "status": "active", "organization": ORG, **more}


@pytest.fixture
def read_document(write_json):
    """Read a document, a service unless it says otherwise."""

    def read(document=None, **cells):
        path = write_json(service(**cells) if document is None else document)
        return openreferral_json.read(path, load_mapping("openreferral"))

    return read


@pytest.fixture
def one(read_document):
    """The one entry of a service with these fields, and the service."""

    def read(**cells):
        entry = read_document(**cells).entries[0]
        return entry, entry.document["services"][0]

    return read


@pytest.mark.parametrize(
    "document",
    [
        service(),
        [service()],
        {"total_items": 1, "contents": [service()]},
        {"items": [service()]},
        {"services": [service()]},
        {**ORG, "services": [{"id": ONE, "name": "Studio", "status": "active"}]},
        {
            "organizations": [ORG],
            "services": [{"id": ONE, "name": "Studio", "status": "active", "organization_id": ORG["id"]}],
        },
    ],
)
def test_every_wrapping_gives_the_same_document(read_document, document):
    document = read_document(document).entries[0].document
    assert document == {**ORG, "services": [{"id": ONE, "name": "Studio", "status": "active"}]}


def test_services_are_gathered_by_organisation(read_document):
    reading = read_document([service(), service(TWO)])
    assert [item["id"] for item in reading.entries[0].document["services"]] == [ONE, TWO]
    assert reading.entries[0].rows == (1, 2)


def test_an_organisation_without_services_is_an_entry(read_document):
    assert read_document(ORG).entries[0].document == {**ORG, "services": []}


@pytest.mark.parametrize("kind", ["folder", "zip", "lines"])
def test_pages_of_a_feed(tmp_path, write_json, kind):
    pages = [{"contents": [service()]}, {"contents": [service(TWO)]}]
    if kind == "folder":
        path = tmp_path / "pages"
        for i, page in enumerate(pages):
            write_json(page, f"pages/{i}.json")
    elif kind == "zip":
        path = tmp_path / "feed.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for i, page in enumerate(pages):
                archive.writestr(f"{i}.json", json.dumps(page))
            archive.writestr("__MACOSX/0.json", "junk")
    else:
        path = tmp_path / "feed.jsonl"
        path.write_text("\n\n".join(json.dumps(page) for page in pages), encoding="utf-8")
    reading = openreferral_json.read(path, load_mapping("openreferral"))
    assert [item["id"] for item in reading.entries[0].document["services"]] == [ONE, TWO]


def test_a_service_at_two_locations_is_one_service(read_document):
    places = [
        {
            "id": f"e94c9f38-1e8f-4564-91d4-d53501ab176{i}",
            "location": {"name": f"Hall {i}"},
            "service": service(),
        }
        for i in range(2)
    ]
    only = read_document({"contents": places}).entries[0].document["services"]
    assert [[link["location"]["name"] for link in item["service_at_locations"]] for item in only] == [
        ["Hall 0", "Hall 1"]
    ]


def test_hours_at_a_location_become_the_services(read_document):
    hours = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00"}
    place = {"id": TWO, "location": {"name": "Hall"}, "service": service(), "schedules": [hours]}
    assert read_document(place).entries[0].document["services"][0]["schedules"][0]["byday"] == "MO"


def test_nulls_are_left_out_at_every_depth(one):
    _, found = one(alert=None, fees="", phones=[], contacts=[{"id": TWO, "name": "Ann", "email": None}])
    assert found == {
        "id": ONE,
        "name": "Studio",
        "status": "active",
        "contacts": [{"id": TWO, "name": "Ann"}],
    }


def test_an_identifier_that_is_no_uuid_gives_the_same_uuid_each_time(read_document):
    entry = read_document(service("s1")).entries[0]
    again = read_document(service("s1")).entries[0]
    assert entry.document == again.document
    assert "'s1' is not a UUID" in entry.flags[0].message


def test_missing_identifiers_are_made_of_names_alone(read_document):
    thing = {
        "name": "Studio",
        "status": "active",
        "organization": {"name": "Lantern"},
        "phones": [{"number": "1"}, {"number": "2"}],
    }
    first = read_document(thing).entries[0].document
    moved = read_document({**thing, "description": "x", "phones": [], "url": "https://a.example"}).entries[0]
    assert first["id"] == moved.document["id"]
    assert first["services"][0]["id"] == moved.document["services"][0]["id"]


def test_nothing_nested_gets_an_identifier_that_tells_what_it_holds(one):
    address = {"address_1": "1 Hidden Road", "postal_code": "B19 1AA"}
    place = {"location": {"name": "Refuge", "protection": "hidden", "addresses": [address]}}
    hours = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00"}
    contact = {"name": "Ann", "phones": [{"number": "1"}]}
    found = one(
        service_at_locations=[place],
        schedules=[hours],
        phones=[{"number": "1"}, {"number": "2"}],
        contacts=[contact],
        attributes=[{"link_type": "category", "taxonomy_term": {"taxonomy": "category", "term": "sport"}}],
    )[1]
    assert found.pop("id") == ONE
    assert '"id"' not in json.dumps(found)
    assert len(found["phones"]) == 2


def test_what_two_services_say_alike_of_their_organisation_stands_once(read_document):
    organization = {**ORG, "phones": [{"number": "1"}]}
    pair = [service(organization=organization), service(TWO, organization=organization)]
    assert read_document(pair).entries[0].document["phones"] == [{"number": "1"}]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"assured_date": "soon"}, "assured_date"),
        ({"minimum_age": "ten"}, "minimum_age"),
        ({"minimum_age": [1]}, "minimum_age"),
        ({"metadata": [{"a": 1}]}, "metadata"),
    ],
)
def test_what_fits_no_field_is_an_internal_note(one, cells, field):
    _, found = one(**cells)
    assert field not in found
    assert found["notes"].startswith(f"{field}: ")


def test_numbers_as_text_and_texts_as_number(one):
    _, found = one(minimum_age="11", description=5, cost_options=[{"amount": "2.5"}])
    assert (found["minimum_age"], found["description"], found["cost_options"][0]["amount"]) == (11, "5", 2.5)


@pytest.mark.parametrize(
    "point", [{"latitude": 100, "longitude": 101}, {"latitude": 52.5}, {"latitude": True, "longitude": "x"}]
)
def test_a_point_that_cannot_be_is_left_out_flagged_and_noted(one, point):
    entry, found = one(service_at_locations=[{"location": {"name": "Hall", **point}}])
    assert set(found["service_at_locations"][0]["location"]) == {"name"}
    assert "not in Great Britain" in entry.flags[0].message
    assert "point" in found["notes"]


def test_a_postcode_that_is_none_is_kept_in_the_address(one):
    places = [
        {
            "location": {
                "location_type": "cave",
                "addresses": [{"address_1": "1 Road", "postal_code": "ABC 1234"}],
            }
        }
    ]
    entry, found = one(service_at_locations=places)
    location = found["service_at_locations"][0]["location"]
    assert location["addresses"][0]["address_1"] == "1 Road, ABC 1234"
    assert len(entry.flags) == 2


def test_terms_of_ours_are_understood_and_others_are_kept(one):
    terms = [{"taxonomy": "category", "term": "sport"}, {"taxonomy": "other", "name": "Chess"}]
    entry, found = one(attributes=[{"link_type": "category", "taxonomy_term": term} for term in terms])
    assert [item["taxonomy_term"] for item in found["attributes"]] == terms
    assert [item.text for item in entry.not_understood] == ["Chess"]


def test_languages_need_a_name(one):
    entry, found = one(languages=[{"id": ONE}, {"id": TWO, "code": "ur"}])
    assert [item["name"] for item in found["languages"]] == ["ur"]
    assert len(entry.flags) == 1


def test_hours_not_understood_are_text_and_counted(one):
    entry, found = one(schedules=[{"id": TWO, "description": "Mondays", "freq": "YEARLY"}])
    assert found["schedules"] == [{"id": TWO, "description": "Mondays"}]
    assert found["notes"] == 'schedules[0]: {"freq": "YEARLY"}'
    assert "not WEEKLY or MONTHLY" in entry.not_understood[0].done


def test_hours_with_a_remark_are_flagged(one):
    hours = {"id": TWO, "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00Z", "closes_at": "10:00Z"}
    assert "UTC" in one(schedules=[hours])[0].flags[0].message


def at_hall(own):
    return {"id": TWO, "location": {"name": "Hall"}, "service": own, "schedules": [{"id": TWO}]}


@pytest.mark.parametrize(
    ("thing", "path", "reason"),
    [
        ({"id": ONE, "name": "Studio", "status": "active"}, "feed.json", "which organisation"),
        (service(organization_id=None, organization=None), "feed.json", "which organisation"),
        (service(name=None), "feed.json: $.services[0].name", "There is no name"),
        (service(status="asleep"), "feed.json: $.services[0].status", "The status must be"),
        (service(phones={"number": "1"}), "feed.json: phones", "should be a list of objects"),
        (
            service(service_at_locations=[{"location": "Hall"}]),
            "feed.json: service_at_locations[0].location",
            "an object",
        ),
        ("Studio", "feed.json", "This is not an object"),
        ({"id": ONE}, "feed.json", "it has no name"),
        ({"id": ONE, "name": "x", "taxonomy_terms": []}, "feed.json", "part of a taxonomy"),
        ({**ORG, "services": ["x"]}, "feed.json: services[0]", "This is not an object"),
        (at_hall(service(schedules=5)), "feed.json: schedules", "should be a list of objects"),
        (at_hall(service(service_at_locations=5)), "feed.json: service_at_locations", "a list of objects"),
    ],
)
def test_what_is_refused_and_where(read_document, thing, path, reason):
    reading = read_document(thing)
    assert (reading.rows, reading.entries, reading.rejected[0].field) == (1, [], path)
    assert reason in reading.rejected[0].reason


def test_one_identifier_with_two_contents(read_document):
    reading = read_document([service(), service(name="Other")])
    assert reading.rejected[0].field == "feed.json[1]: services.name"
    assert "'Studio' here, not 'Other'" in reading.rejected[0].reason


def test_notes_of_two_pieces_are_both_kept(read_document):
    found = read_document([service(fees=["a"]), service(fees=["b"])]).entries[0].document["services"][0]
    assert found["notes"] == 'fees: ["a"]\nfees: ["b"]'


def test_the_first_word_on_an_organisation_counts_and_the_other_is_flagged(read_document):
    reading = read_document([service(), service(TWO, organization={**ORG, "name": "Lamp"})])
    assert reading.entries[0].document["name"] == "Lantern"
    assert "'Lamp' differs from 'Lantern'" in reading.entries[0].flags[0].message


def test_too_many_services(read_document, monkeypatch):
    monkeypatch.setattr(openreferral_items, "MAX_ROWS", 1)
    with pytest.raises(SourceError, match="more than 1 services"):
        read_document([service(), service(TWO)])


@pytest.mark.parametrize("make", ["damaged", "empty zip", "empty folder", "too much"])
def test_packages_that_cannot_be_read(tmp_path, monkeypatch, make):
    path = tmp_path / "feed.zip"
    path.write_bytes(b"PK nonsense")
    if make != "damaged":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("0.json" if make == "too much" else "read.me", "[]")
    if make == "empty folder":
        (path := tmp_path / "folder").mkdir()
    if make == "too much":
        monkeypatch.setattr(openreferral_items, "MAX_BYTES", 1)
    with pytest.raises(SourceError, match=r"damaged|holds no JSON files|holds more than"):
        openreferral_json.read(path, load_mapping("openreferral"))


def test_a_broken_line_is_told_and_the_others_come_in(tmp_path):
    path = tmp_path / "feed.ndjson"
    lines = [json.dumps(service()).encode(), b'{"id": "half', b"\xff\xfe", json.dumps(service(TWO)).encode()]
    path.write_bytes(b"\n".join(lines))
    reading = openreferral_json.read(path, load_mapping("openreferral"))
    assert [item["id"] for item in reading.entries[0].document["services"]] == [ONE, TWO]
    assert [item.field for item in reading.rejected] == ["feed.ndjson line 2", "feed.ndjson line 3"]
    assert "line 2" in reading.rejected[0].reason


def test_what_people_wrote_about_a_service_is_not_kept(one):
    reviews = [{"id": TWO, "title": "Dreadful", "description": "Jane was late"}]
    entry, found = one(reviews=reviews, organization={**ORG, "reviews": reviews})
    assert "Jane" not in str((entry, found))
