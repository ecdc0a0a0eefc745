"""The open data is read: pages, things, lines, headers and errors, on both databases."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from directory.models import Organization
from directory.openreferral.profile import ServiceAtLocation, ServiceBrief
from directory.publishing.publish import publish
from directory.web.api import selecting
from tests.conftest import TODAY

LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")


def read(client, address, **more):
    response = client.get(f"/api/{address}", **more)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def ids(page):
    return [thing["id"] for thing in page["contents"]]


def test_details_lead_to_the_description(client):
    details = read(client, "")
    assert details["version"] == "HSDS-UK-3.0"
    assert client.get(details["openapi_url"]).get_json()["openapi"] == "3.1.0"


@pytest.mark.parametrize("name", ["", *LISTS])
def test_slash_at_the_end_changes_nothing(client, name):
    assert client.get(f"/api/{name}/".replace("//", "/")).data == client.get(f"/api/{name}".rstrip("/")).data


@pytest.mark.parametrize("name", LISTS)
def test_pages_hold_everything_once_and_each_thing_can_be_asked_for(client, name):
    first = read(client, f"{name}?per_page=100")
    pages = [
        first,
        *(read(client, f"{name}?per_page=100&page={n}") for n in range(2, first["total_pages"] + 1)),
    ]
    found = [key for page in pages for key in ids(page)]
    assert len(found) == len(set(found)) == first["total_items"]
    assert [page["first_page"] for page in pages] == [True] + [False] * (len(pages) - 1)
    assert [page["last_page"] for page in pages] == [False] * (len(pages) - 1) + [True]
    assert {page["total_items"] for page in pages} == {first["total_items"]}
    assert all(page["size"] == len(page["contents"]) for page in pages)
    assert read(client, f"{name}/{found[0]}")["id"] == found[0]
    assert read(client, f"{name}/{found[-1]}")["id"] == found[-1]


def test_lines_hold_the_same_as_pages(client):
    text = client.get("/api/organizations?format=ndjson").get_data(as_text=True)
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[:50] == read(client, "organizations")["contents"]
    assert len(lines) == read(client, "organizations")["total_items"]


def test_minimal_gives_all_services_on_one_page(client):
    page = read(client, "services?minimal=true&per_page=2")
    assert page["size"] == page["total_items"] == len(page["contents"]) > 100
    assert all(set(thing) == {"id", "last_modified"} for thing in page["contents"])


def test_full_has_what_the_thing_itself_has(client):
    thing = read(client, "services?full=true&per_page=1")["contents"][0]
    assert thing == read(client, f"services/{thing['id']}")
    place = read(client, "service_at_locations?full=true&per_page=1")["contents"][0]
    assert place == read(client, f"service_at_locations/{place['id']}")
    ServiceAtLocation.model_validate(place)


def test_organization_has_its_services_in_brief_and_whole(client):
    service = read(client, "services?per_page=1")["contents"][0]
    brief = read(client, f"organizations/{service['organization_id']}")["services"]
    whole = read(client, f"organizations/{service['organization_id']}?full_service=true")["services"]
    assert [one["id"] for one in brief] == [one["id"] for one in whole]
    assert service["id"] in [one["id"] for one in brief]
    assert "attributes" in whole[0]
    assert "attributes" not in brief[0]
    assert read(client, "organizations?full_service=true&per_page=1")["contents"][0]["services"][0][
        "attributes"
    ]


def test_absent_is_left_out_and_never_null(client):
    for name in LISTS:
        assert b":null" not in client.get(f"/api/{name}?per_page=500").data
    assert b":null" not in client.get("/api/services?full=true&format=ndjson").data


def test_parameters_narrow_together(client):
    every = read(client, "services?per_page=500")
    friday = set(ids(read(client, "services?day=FR&start_time=18:00&per_page=500")))
    young = set(ids(read(client, "services?minimum_age=11&maximum_age=12&per_page=500")))
    both = set(
        ids(read(client, "services?day=Friday&start_time=18:00&minimum_age=11&maximum_age=12&per_page=500"))
    )
    assert both == friday & young
    assert both < friday < set(ids(every))
    by_id = {one["id"]: ServiceBrief.model_validate(one) for one in every["contents"]}
    for key in young:
        assert (by_id[key].minimum_age or 0) <= 12
        assert by_id[key].maximum_age is None or by_id[key].maximum_age >= 11


def test_term_gives_the_services_that_have_it(client):
    found = read(client, "taxonomies?search=category")["contents"]
    term = next(one for one in found if one["name"] == "category")["taxonomy_terms"][0]
    page = read(client, f"services?taxonomy_term_id={term['id']}&full=true")
    assert page["total_items"]
    for thing in page["contents"]:
        assert term["id"] in [one["taxonomy_term_id"] for one in thing["attributes"]]
    whole = read(client, f"services?taxonomy_id={term['taxonomy_id']}")
    assert whole["total_items"] >= page["total_items"]


def test_value_is_a_term_by_which_services_are_found(client):
    service = next(
        s for s in read(client, "services?full=true&per_page=100")["contents"] if s.get("languages")
    )
    spoken = next(one for one in service["attributes"] if one["link_type"] == "language")
    term = read(client, f"taxonomy_terms/{spoken['taxonomy_term_id']}")
    assert term == spoken["taxonomy_term"]
    assert read(client, f"taxonomies/{term['taxonomy_id']}")["name"] == "language"
    assert service["id"] in ids(read(client, f"services?taxonomy_term_id={term['id']}&per_page=500"))
    assert term["id"] in ids(read(client, f"taxonomy_terms?taxonomy_id={term['taxonomy_id']}&per_page=500"))


def test_near_a_postcode_are_places_that_are_near(client):
    page = read(client, "service_at_locations?postcode=B19+2TH&proximity=1000&per_page=500")
    assert 0 < page["total_items"] < read(client, "service_at_locations")["total_items"]
    for thing in page["contents"]:
        assert abs(thing["location"]["latitude"] - 52.5022) < 0.01


def test_later_changes_alone(client):
    moment = read(client, "services?per_page=1")["contents"][0]["last_modified"]
    assert read(client, f"services?modified_after={moment}")["total_items"]
    assert read(client, "services?modified_after=2100-01-01")["total_items"] == 0
    assert read(client, "services?modified_after=2100-01-01")["empty"]


def test_search_finds_words_in_every_text(client):
    every = read(client, "services")["total_items"]
    assert 0 < read(client, "services?search=boxing")["total_items"] < every
    name = read(client, "organizations?per_page=1")["contents"][0]["name"]
    assert name in [one["name"] for one in read(client, f"organizations?search={name}")["contents"]]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("services?page=0", ["page"]),
        ("services?page=x&per_page=501", ["page", "per_page"]),
        ("services?per_page=5&perPage=5", ["per_page"]),
        ("services?colour=red", ["colour"]),
        ("services?full=yes", ["full"]),
        ("services?day=Someday&start_time=25:00", ["day", "start_time"]),
        ("services?start_time=18:00&end_time=17:00", ["end_time"]),
        ("services?minimum_age=17&maximum_age=11", ["minimum_age"]),
        ("services?proximity=500", ["proximity"]),
        ("services?postcode=nowhere", ["postcode"]),
        ("services?modified_after=yesterday", ["modified_after"]),
        ("services?taxonomy_term_id=1", ["taxonomy_term_id"]),
        ("services?format=xml", ["format"]),
        ("services?search=%00", ["search"]),
        ("organizations?full=1", ["full"]),
        ("taxonomy_terms?top_only=2", ["top_only"]),
        ("taxonomies?page=1.0", ["page"]),
        ("services/ac148810-d857-441c-9679-408f346de14b?full=true", ["full"]),
    ],
)
def test_bad_parameter_is_named(client, address, names):
    response = client.get(f"/api/{address}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    problem = response.get_json()
    assert sorted(one["parameter"] for one in problem["parameters"]) == sorted(names)
    assert all(one["detail"].endswith(".") for one in problem["parameters"])
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "address",
    [
        "nothing",
        "services/1",
        "services/00000000-0000-0000-0000-000000000000",
        "taxonomy_terms/00000000-0000-0000-0000-000000000000",
        "services?page=9999",
        "services?postcode=ZZ99+9ZZ",
    ],
)
def test_what_is_not_there_is_a_problem_document(client, address):
    response = client.get(f"/api/{address}")
    assert response.status_code == response.get_json()["status"] == 404
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_nothing_can_be_sent(client):
    response = client.post("/api/services")
    assert response.status_code == response.get_json()["status"] == 405
    assert "GET" in response.headers["Allow"]


def test_pages_of_others_may_ask(client):
    assert client.options("/api/services").headers["Access-Control-Allow-Origin"] == "*"


def test_who_has_it_already_gets_304(client):
    for address in ("services", "services?format=ndjson", "services?minimal=true", "organizations?page=2"):
        first = client.get(f"/api/{address}")
        by_tag = client.get(f"/api/{address}", headers={"If-None-Match": first.headers["ETag"]})
        by_date = client.get(f"/api/{address}", headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert (by_tag.status_code, by_date.status_code) == (304, 304), address
        assert not by_tag.data
        assert client.get(f"/api/{address}", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("address", ["services", "services?format=ndjson"])
def test_answer_is_packed_for_who_can_unpack(client, address):
    plain = client.get(f"/api/{address}")
    packed = client.get(f"/api/{address}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_change_of_the_record_changes_the_tag_and_the_moment(own_app):
    client = own_app.test_client()
    thing = client.get("/api/organizations?per_page=1").get_json()["contents"][0]
    services = client.get(f"/api/services?organization_id={thing['id']}")
    before = client.get("/api/services?format=ndjson").headers["ETag"]
    start = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    with Session(own_app.extensions["engine"]) as session:
        session.get_one(Organization, thing["id"]).name = "Another name"
        publish(session, [thing["id"]], TODAY)
        session.commit()
    after = client.get(f"/api/services?organization_id={thing['id']}")
    assert after.get_json()["contents"][0]["organization"]["name"] == "Another name"
    assert after.headers["ETag"] != services.headers["ETag"]
    assert client.get("/api/services?format=ndjson").headers["ETag"] != before
    changed = client.get(f"/api/services?modified_after={start}").get_json()
    assert set(ids(changed)) == set(ids(after.get_json()))


@pytest.mark.unmeasured
def test_publishing_the_same_again_changes_no_moment(own_app):
    client = own_app.test_client()
    before = client.get("/api/services?minimal=true").get_json()
    with Session(own_app.extensions["engine"]) as session:
        publish(session, list(session.scalars(Organization.__table__.select())), TODAY)
        session.commit()
    assert client.get("/api/services?minimal=true").get_json() == before


def test_page_about_the_api_names_every_address(client):
    page = client.get("/api/docs").get_data(as_text=True)
    for name in LISTS:
        assert f"/{name}" in page
    assert "proximity" in page


@pytest.mark.parametrize("name", ["services", "service_at_locations"])
def test_a_list_of_everything_is_paged_by_the_database(client, monkeypatch, name):
    monkeypatch.setattr(selecting, "sure_services", lambda *_: pytest.fail("all services were looked at"))
    for question in ("", "?per_page=2&page=2", "?full=true"):
        assert client.get(f"/api/{name}{question}").status_code == 200, question
