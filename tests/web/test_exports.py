"""Files to take away: the same services as the list, safe in a spreadsheet, marked where made up."""

import csv
import io
import json
import zlib

import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy.orm import Session

from directory.db import get_session
from directory.search.run import search_all
from directory.web.asking import read_question
from directory.web.exports import EXPORT_COLUMNS, FICTIONAL, safe_cell
from tests.directory.records import add, add_areas, location, organization, service, weekly

pytestmark = pytest.mark.one_database

QUESTIONS = (
    "",
    "what=boxing",
    "where=lozells&within_metres=2000",
    "category=sport&cost=free&age=14",
    "what=zzzz",
)
FORMULAS = ("=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")')


def rows_of(response):
    text = response.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_cell_that_looks_like_a_formula_is_text():
    for formula in FORMULAS:
        assert safe_cell(formula) == "'" + formula
    assert safe_cell("\n=1") == "'\n=1"
    assert [safe_cell(value) for value in (-1.9, None, 3, "a=1")] == [-1.9, None, 3, "a=1"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_files_hold_the_services_of_the_list(app, client, question):
    with app.test_request_context(f"/search?{question}"):
        asked = read_question(get_session())
        found = {
            item.service.service_id: "yes" if item.sure else "not known"
            for item in search_all(get_session(), asked.query, 10_000).found
        }
    table = rows_of(client.get(f"/search.csv?{question}"))
    features = client.get(f"/search.geojson?{question}").get_json()["features"]
    document = client.get(f"/search.json?{question}").get_json()
    assert {row["service_id"]: row["fits"] for row in table} == found
    assert len(table) == len(found)
    assert {item["properties"]["service_id"]: item["properties"]["fits"] for item in features} == found
    assert {item["service"]["id"]: item["fits"] for item in document["contents"]} == found
    assert document["total_known"] + document["total_not_known"] == len(found)
    on_the_map = client.get(f"/map.geojson?{question}").get_json()["features"]
    assert {item["properties"]["service_id"] for item in on_the_map} == set(found)


def test_page_limits_no_file(client):
    assert client.get("/search.json?page=3").get_json() == client.get("/search.json").get_json()


def test_table_has_its_columns_even_without_a_row(client):
    for address in ("/search.csv?what=zzzz", "/search.csv"):
        header = client.get(address).get_data(as_text=True).lstrip("\ufeff").splitlines()[0]
        assert header.split(",") == list(EXPORT_COLUMNS)
    assert {*rows_of(client.get("/search.csv"))[0]} == set(EXPORT_COLUMNS)


@pytest.mark.parametrize(
    "address",
    [
        "/search.csv",
        "/search.geojson",
        "/search.json",
        "/map.csv",
        "/map.geojson",
        "/sites.csv",
        "/sites.geojson",
        "/sites/lozells.csv",
        "/sites/lozells.geojson",
    ],
)
def test_every_file_says_that_the_data_is_made_up(client, address):
    assert "Fictional: demonstration data" in client.get(address).get_data(as_text=True)


def test_every_row_of_a_table_says_so(client):
    for address in ("/search.csv", "/map.csv", "/sites.csv", "/sites/lozells.csv"):
        assert all(row["note"].startswith("Fictional") for row in rows_of(client.get(address)))


@pytest.mark.parametrize("address", ["/map.png", "/sites.png", "/sites/lozells.png"])
def test_pictures_are_pictures(client, address):
    response = client.get(address)
    assert response.mimetype == "image/png"
    assert zlib.crc32(response.data) != 0
    assert response.data.startswith(b"\x89PNG\r\n\x1a\n")


def test_real_records_are_not_called_fictional(empty_app):
    client = real(empty_app)
    for address in (
        "/search.csv",
        "/search.json",
        "/search.geojson",
        "/map.csv",
        "/sites.csv",
        "/sites.geojson",
    ):
        assert "Fictional" not in client.get(address).get_data(as_text=True), address


def real(app, *services):
    """A client of a directory with services that are not made up."""
    with Session(app.extensions["engine"]) as session:
        add_areas(session)
        add(session, organization("=Oak()", *(services or [service("Boxing", location((404_500, 284_500)))])))
        session.commit()
    return app.test_client()


def test_no_text_of_a_record_is_run_by_a_spreadsheet(empty_app):
    services = [
        service(
            formula.strip() or "x",
            description=formula,
            phones=[{"number": "+44 121 496 0001"}],
            languages=[{"name": formula}],
            schedules=[{"description": formula}],
        )
        for formula in FORMULAS
    ]
    for row in rows_of(real(empty_app, *services).get("/search.csv")):
        assert not [
            cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        ], row


def test_row_shows_the_place_that_has_a_point(empty_app):
    refuge, hall = location((404_500, 284_500), protection="hidden"), location((404_600, 284_500))
    (row,) = rows_of(real(empty_app, service("Both", refuge, hall)).get("/search.csv"))
    assert row["latitude"].startswith("52.")
    assert row["longitude"].startswith("-1.")


def test_row_of_a_service_without_a_place(empty_app):
    (row,) = rows_of(
        real(empty_app, service("Nowhere", schedules=[weekly("MO", "09:00", "17:00")])).get("/search.csv")
    )
    assert (row["latitude"], row["postcode"], row["where"]) == ("", "", "")
    assert row["opening_hours"] == "Monday, 9am to 5pm"


@pytest.mark.parametrize(
    "address", ["/search.geojson", "/map.geojson?what=boxing", "/sites.geojson", "/sites/lozells.geojson"]
)
def test_geojson_is_as_the_standard_wants_it(client, address):
    response = client.get(address)
    assert response.mimetype == "application/geo+json"
    document = json.loads(response.data, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    assert document["features"]
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        assert "geometry" in feature
        if feature["geometry"] is not None:
            check_geometry(shape(feature["geometry"]))


def check_geometry(geometry):
    """Valid, in degrees around the West Midlands, and its outer rings anticlockwise."""
    assert geometry.is_valid
    west, south, east, north = geometry.bounds
    assert -4 < west <= east < 0
    assert 51 < south <= north < 54
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "Polygon":
            assert part.exterior.is_ccw
            assert all(not ring.is_ccw for ring in part.interiors)
            assert shapely.get_coordinates(part).round(6).tolist() == shapely.get_coordinates(part).tolist()


def test_the_name_of_a_file_says_what_was_asked_but_nothing_that_was_typed(client):
    names = {
        "what=help+for+Amina&where=lozels&category=sport&category=arts&age=14": "services-sport-arts-14",
        "category=sport&where=lozells": "services-sport-lozells",
        "where=B19+2TH&category=sport": "services-sport",
        "where=The+Three+Estates&plain=yes": "services-the-three-estates",
        "where=Nowherr&age=200&category=%22%0d%0aX:y": "services-x-y",
    }
    for question, name in names.items():
        said = client.get(f"/search.csv?{question}").headers["Content-Disposition"]
        assert said == f'attachment; filename="{name}.csv"'


def test_files_have_a_name_and_may_be_read_from_elsewhere(client):
    response = client.get("/search.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="services.csv"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_notes_are_the_same_words_everywhere(client):
    assert client.get("/search.json").get_json()["note"] == FICTIONAL
    assert client.get("/sites.geojson").get_json()["note"] == FICTIONAL
