"""Answers have the shapes of the schemas of the W3C Entity Reconciliation API 0.2, as assertions."""

from __future__ import annotations

import json

import pytest
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import PublishedOrganization, PublishedPlace, PublishedService
from tests.web.urdu import ARABIC, LATIN, unsaid

pytestmark = pytest.mark.one_database


@pytest.fixture
def known(app):
    """A published organisation with a place that the public may see: identifier, name, postcode."""
    query = (
        select(PublishedOrganization, PublishedPlace.postcode)
        .join(PublishedService, PublishedService.organization_id == PublishedOrganization.organization_id)
        .join(PublishedPlace, PublishedPlace.published_service_id == PublishedService.id)
        .where(PublishedPlace.postcode.is_not(None))
        .order_by(PublishedOrganization.name)
    )
    with Session(app.extensions["engine"]) as session:
        row, postcode = session.execute(query).first()
        return {"id": row.organization_id, "name": row.name, "postcode": postcode}


def ask(client, queries, method="post"):
    said = {"queries": json.dumps(queries)}
    response = (
        client.post("/reconcile", data=said)
        if method == "post"
        else client.get("/reconcile", query_string=said)
    )
    assert response.status_code == 200
    return response.get_json()


def test_manifest_says_what_the_service_can_do(client):
    response = client.get("/reconcile")
    manifest = response.get_json()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    assert "0.2" in manifest["versions"]
    assert all(isinstance(manifest[name], str) for name in ("name", "identifierSpace", "schemaSpace"))
    assert all("{{id}}" in manifest[name]["url"] for name in ("view", "preview"))
    assert all(isinstance(manifest["preview"][name], int) for name in ("width", "height"))
    assert all({"id", "name"} == item.keys() for item in manifest["defaultTypes"])
    for place in (manifest["suggest"]["entity"], manifest["extend"]["propose_properties"]):
        assert client.get(f"{place['service_url']}{place['service_path']}?prefix=a").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_candidates_have_the_shape_of_the_standard_and_the_likest_is_first(client, known, method):
    queries = {
        "q0": {"query": f"The {known['name'].upper()} Ltd", "limit": 3},
        "q1": {"query": "Zyxwv Qponm"},
    }
    answer = ask(client, queries, method)
    assert answer.keys() == queries.keys()
    assert answer["q1"] == {"result": []}
    assert 1 <= len(answer["q0"]["result"]) <= 3
    for one in answer["q0"]["result"]:
        assert all(isinstance(one[name], str) for name in ("id", "name", "description"))
        assert 0 <= one["score"] <= 100
        assert isinstance(one["match"], bool)
        assert one["type"] == [{"id": "organization", "name": "Organisation"}]
        assert all(
            isinstance(item["id"], str) and isinstance(item["value"], int | float) for item in one["features"]
        )
    assert answer["q0"]["result"][0]["id"] == known["id"]
    assert "The names say the same" in answer["q0"]["result"][0]["description"]


def test_a_postcode_beside_the_name_makes_a_candidate_likelier(client, known):
    word = known["name"].split()[0]
    place = {"properties": [{"pid": "postcode", "v": [known["postcode"]]}]}
    answer = ask(client, {"bare": {"query": word}, "placed": {"query": word, **place}, "place": place})
    score = {
        key: next((one["score"] for one in some["result"] if one["id"] == known["id"]), 0)
        for key, some in answer.items()
    }
    assert score["placed"] > score["bare"]
    assert score["place"] > 0


def test_a_register_number_settles_it(client, app):
    with Session(app.extensions["engine"]) as session:
        rows = session.scalars(select(PublishedOrganization).order_by(PublishedOrganization.name))
        row = next(one for one in rows if one.document.get("organization_identifiers"))
        item, key = row.document["organization_identifiers"][0], row.organization_id
    number = f"{item['identifier_scheme']}-{item['identifier']}"
    queries = {
        "name": {"query": number},
        "property": {"query": "Quite Another", "properties": [{"pid": "org_id", "v": number}]},
    }
    for some in ask(client, queries).values():
        assert (some["result"][0]["id"], some["result"][0]["match"]) == (key, True)


def test_other_types_and_properties_are_left_alone(client, known):
    queries = {
        "type": {"query": known["name"], "type": "person"},
        "property": {
            "query": known["name"],
            "type": ["organization"],
            "properties": [{"pid": "colour", "v": 1}, 7],
        },
    }
    answer = ask(client, queries)
    assert answer["type"]["result"] == []
    assert answer["property"]["result"][0]["id"] == known["id"]


def test_facts_of_matched_organisations_can_be_fetched(client, known):
    extend = {
        "ids": [known["id"], "nobody"],
        "properties": [{"id": "postcode"}, {"id": "website"}, {"id": "none"}],
    }
    answer = client.get("/reconcile", query_string={"extend": json.dumps(extend)}).get_json()
    assert [item["id"] for item in answer["meta"]] == ["postcode", "website"]
    assert all(item.keys() == {"id", "name"} for item in answer["meta"])
    assert {"str": known["postcode"]} in answer["rows"][known["id"]]["postcode"]
    assert answer["rows"]["nobody"] == {"postcode": [], "website": []}


def test_a_fact_that_is_asked_for_many_times_is_fetched_once(client, known):
    extend = {"ids": [known["id"]], "properties": [{"id": "postcode"}] * 1_000}
    answer = client.post("/reconcile", data={"extend": json.dumps(extend)}).get_json()
    assert answer["meta"] == [{"id": "postcode", "name": "Postcode"}]


def test_suggestions_hold_what_was_typed(client, known):
    result = client.get("/reconcile/suggest", query_string={"prefix": known["name"][:6].lower()}).get_json()[
        "result"
    ]
    assert known["id"] in [one["id"] for one in result]
    assert all(isinstance(one["id"], str) and isinstance(one["name"], str) for one in result)
    assert client.get("/reconcile/suggest?prefix=%25").get_json() == {"result": []}
    assert client.get("/reconcile/suggest?prefix=&cursor=x").get_json() == {"result": []}


def test_preview_may_be_framed_and_sets_no_cookie(client, known):
    page = client.get(f"/reconcile/preview/{known['id']}")
    assert escape(known["name"]) in page.get_data(as_text=True)
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers
    assert client.get("/reconcile/preview/00000000-0000-0000-0000-000000000000").status_code == 404


def test_in_urdu_all_but_what_organisations_wrote_is_in_urdu(client, known):
    manifest, english = (client.get(f"{start}/reconcile").get_json() for start in ("/ur", ""))
    same = ("identifierSpace", "schemaSpace", "versions")
    assert [manifest[name] for name in same] == [english[name] for name in same]
    assert "/ur/reconcile/preview/" in manifest["preview"]["url"]
    assert "/ur/organisations/" in manifest["view"]["url"]
    address = f"/ur/reconcile/preview/{known['id']}"
    assert not unsaid(client.get(address), address)
    names = client.get("/ur/reconcile/properties").get_json()["properties"]
    assert all(ARABIC.search(one["name"]) for one in names)
    said = {"queries": json.dumps({"q": {"query": known["name"]}})}
    (first, *_) = client.post("/ur/reconcile", data=said).get_json()["q"]["result"]
    assert first["id"] == known["id"]
    assert ARABIC.search(first["description"])
    assert not LATIN.search(first["description"])


@pytest.mark.parametrize(
    "said",
    [
        {"queries": "no json"},
        {"queries": "[]"},
        {"queries": '{"q": 3}'},
        {"queries": "[" * 100_000},
        {"queries": json.dumps({str(i): {"query": "a"} for i in range(101)})},
        {"extend": '{"ids": 3}'},
        {"queries": '{"q": {"query": "\\ud800 Lantern"}}'},
        {"queries": '{"\\ud800": {"query": "Lantern"}}'},
        {"extend": '{"ids": ["\\ud800"], "properties": [{"id": "email"}]}'},
    ],
)
def test_what_cannot_be_used_is_named(client, said):
    response = client.post("/reconcile", data=said)
    assert response.status_code == 400
    assert response.get_json()["parameters"][0]["parameter"] == next(iter(said))
