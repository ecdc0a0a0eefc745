"""The map of everything, and of a question: its numbers are those of the list."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from geodata.pictures import draw_map
from tests.directory.records import add, add_areas, location, organization, service

pytestmark = pytest.mark.one_database


def numbers(client, question=""):
    text = client.get(f"/map.csv?{question}").get_data(as_text=True).lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "question", ["", "what=boxing", "where=lozells&within_metres=2000", "category=sport"]
)
def test_numbers_add_up_to_the_list(client, question):
    rows = numbers(client, question)
    totals = client.get(f"/search.json?{question}").get_json()
    assert sum(int(row["services"]) for row in rows) == totals["total_known"] + totals["total_not_known"]
    for row in rows:
        assert int(row["on_the_map"]) + int(row["place_not_known_or_not_shown"]) == int(row["services"])


def test_points_drawn_are_those_of_the_file(client):
    features = client.get("/map.geojson?what=boxing").get_json()["features"]
    drawn = {item["properties"]["service_id"] for item in features if item["geometry"]}
    assert sum(int(row["on_the_map"]) for row in numbers(client, "what=boxing")) == len(drawn) > 0


def test_page_says_how_many_are_drawn(client):
    page = client.get("/map?category=mentoring").get_data(as_text=True)
    drawn = sum(int(row["on_the_map"]) for row in numbers(client, "category=mentoring"))
    assert re.search(rf"{drawn} of \d+ services have a place that can be shown", page)


def test_service_without_a_kind_of_help_is_counted(empty_app):
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        add(
            session,
            organization(
                "Oak",
                service("a", location((404_500, 284_500))),
                service(
                    "b", location((404_500, 284_500), protection="hidden"), terms=[("category", "sport")]
                ),
            ),
        )
        session.commit()
    assert [list(row.values()) for row in numbers(empty_app.test_client())] == [
        ["Sport and activities", "1", "0", "1"],
        ["No kind of help on record", "1", "1", "0"],
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/map",
        "/map.png",
        "/map.csv",
        "/map.geojson",
        "/sites",
        "/sites.png",
        "/sites.csv",
        "/sites.geojson",
        "/",
        "/about",
        "/search",
    ],
)
def test_empty_directory_is_served(empty_app, address):
    assert empty_app.test_client().get(address).status_code == 200


def test_text_of_records_stands_in_the_map_as_data_alone(empty_app):
    words = "</script><script>alert(1)</script>${alert(1)}"
    with Session(empty_app.extensions["engine"]) as session:
        add(session, organization(words, service(words, location((404_500, 284_500)))))
        session.commit()
    page = empty_app.test_client().get("/map").get_data(as_text=True)
    assert "<script>alert" not in page
    blocks = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    assert any(words in json.dumps(json.loads(block), ensure_ascii=False) for block in blocks)


def test_picture_of_a_question_differs(client):
    assert client.get("/map.png?what=boxing").data != client.get("/map.png").data


class Said(dict):
    """Words in another language, and those that were asked of it in vain."""

    def __init__(self, words):
        super().__init__(words)
        self.lacking = set()

    def get(self, text, default=None):
        if text not in self:
            self.lacking.add(text)
        return super().get(text, default)


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/ur/map.png?category=sport", "\u0633\u0631\u0648\u0633\u0632"),
        ("/ur/sites.png", "\u062a\u0631\u062c\u06cc\u062d\u06cc"),
        ("/ur/sites/lozells.png", "\u2068Lozells\u2069"),
        ("/ur/services/{}/place.png", ""),
    ],
)
def test_picture_at_an_address_in_urdu_is_in_urdu(client, monkeypatch, address, title):
    drawn = []

    def draw(layers, styles, options):
        words = replace(options.words, said=Said(options.words.said))
        drawn.append(replace(options, words=words))
        return draw_map(layers, styles, drawn[-1])

    places = client.get("/map.geojson?category=sport").get_json()["features"]
    address = address.format(next(one["properties"]["service_id"] for one in places if one["geometry"]))
    for module in ("mapping", "sheets"):
        monkeypatch.setattr(f"directory.web.{module}.draw_map", draw)
    assert client.get(address).data.startswith(b"\x89PNG")
    (options,) = drawn
    assert options.words.from_right
    assert title in options.title
    assert options.words.said.lacking == set()
    assert client.get(address).data != client.get(address.removeprefix("/ur")).data
