"""The pages of coverage: figures with bounds, reasons, files, and a sentence for whatever is missing."""

import csv
import gzip
import io
import json
import re
from datetime import timedelta

import geopandas as gpd
import pyogrio
import pytest
import shapely
from openpyxl import load_workbook
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.models import Area, AreaValue, PublishedOrganization, Site
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.one_database

FRIDAY = "when=week&day=Friday&from=18:00&to=22:00"
TRAUMA = "/coverage/areas/site-hillfields?category=trauma-therapy&age=12"


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


@pytest.mark.parametrize(
    "address",
    [
        "/coverage",
        f"/coverage?category=youth-facilities&{FRIDAY}&age=14&gender=female&open_access=yes",
        "/coverage?category=any&level=ward&show=access&rows=all",
        "/coverage?level=authority&show=need",
        "/coverage?level=site&show=nearest",
        "/coverage?category=sport&show=lacking&when=bank-holiday",
        "/coverage?category=sport&show=clusters",
        "/coverage?category=sport&when=date&date=2026-12-24&enough=3",
        "/coverage/areas/X01000119",
        "/coverage/areas/E08000025?category=arts",
        f"{TRAUMA}&{FRIDAY}",
        "/coverage/compare",
        "/coverage/compare?site=hillfields&with_site=lozells&show=providers",
        "/coverage/compare?category=sport&with_category=arts&level=ward",
        f"/coverage/compare?category=sport&{FRIDAY}&with_when=date&with_date=2026-12-24",
    ],
)
def test_page_is_served(client, address):
    assert client.get(address).status_code == 200


def test_share_covered_is_told_with_its_bounds(client):
    assert re.search(r"<strong>\d+% to \d+%</strong> of [\d,]+", text_of(client, "/coverage?category=sport"))


def test_reasons_add_up_to_all_areas_and_people(client):
    rows = rows_of(client.get(f"/coverage.csv?category=youth-facilities&age=14&{FRIDAY}"))
    assert len(rows) == 315
    page = text_of(client, f"/coverage?category=youth-facilities&age=14&{FRIDAY}")
    table = re.search(r'id="reasons".*?</table>', page)[0]
    numbers = [
        tuple(int(n.replace(",", "")) for n in pair)
        for pair in re.findall(r'numeric">([\d,]+)</td> <td[^>]*>([\d,]+)</td>', table)
    ]
    assert numbers[-1] == (315, sum(int(row["people"]) for row in rows))
    assert tuple(map(sum, zip(*numbers[:-1], strict=True))) == numbers[-1]


def test_gap_has_a_sentence_that_a_person_can_read(client):
    page = text_of(client, TRAUMA)
    assert "No trauma and bereavement therapy within 2 km of Hillfields takes somebody aged 12; the" in page
    assert re.search(r"is \d+\.\d km away\.", page)


def test_organisations_to_ring_are_those_that_lack_a_fact(client):
    page = text_of(client, "/coverage/areas/site-hillfields?category=employment&when=week&day=Friday")
    assert "Ring to settle it" in page
    assert "Not on record: its hours" in page


def test_files_say_what_was_asked_and_that_it_is_fictional(client):
    book = load_workbook(io.BytesIO(client.get("/coverage.xlsx?category=sport&within_metres=1000").data))
    assert book.sheetnames == ["Figures", "Notes"]
    notes = dict(book["Notes"].iter_rows(values_only=True))
    assert "Sport and activities, within 1 km" in notes["Question"]
    assert "Deprivation score 1" in notes["Weights of need"]
    assert "Fictional" in notes["Note"]
    assert book["Figures"].max_row == 316
    assert "Fictional" in rows_of(client.get("/coverage.csv"))[0]["note"]


def test_every_figure_of_a_file_has_both_bounds(client):
    for row in rows_of(client.get("/coverage.csv?category=sport&age=14")):
        assert int(row["providers_known"]) <= int(row["providers_possible"])
        assert float(row["gap_possible"]) <= float(row["gap_known"])
        assert float(row["share_covered_known"]) <= float(row["share_covered_possible"])
        assert int(row["rank_first"]) <= int(row["rank_last"])


@pytest.mark.parametrize(("level", "areas"), [("lsoa", 315), ("ward", 62), ("authority", 7), ("site", 4)])
def test_layers_have_a_shape_and_the_figures_of_every_area(client, level, areas, tmp_path):
    found = client.get(f"/coverage.geojson?level={level}").get_json()
    assert len(found["features"]) == areas
    assert {feature["geometry"]["type"] for feature in found["features"]} <= {"Polygon", "MultiPolygon"}
    table = {row["code"]: row for row in rows_of(client.get(f"/coverage.csv?level={level}"))}
    for feature in found["features"]:
        row = table[feature["properties"]["code"]]
        assert str(feature["properties"]["providers_known"]) == row["providers_known"]
        assert feature["properties"]["name"] == row["name"]
    path = tmp_path / "coverage.gpkg"
    path.write_bytes(client.get(f"/coverage.gpkg?level={level}").data)
    layer = gpd.read_file(path, layer="coverage")
    assert (len(layer), layer.crs.to_epsg()) == (areas, 27700)
    assert "notes" in pyogrio.list_layers(path)[:, 0]


def test_outlines_are_kept_by_the_browser_and_compressed(client):
    page = client.get("/coverage").get_data(as_text=True)
    address = json.loads(re.search(r'"outlines":("[^"]+")', page)[1])
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in response.headers["Cache-Control"]
    assert len(json.loads(gzip.decompress(response.data))["codes"]) == 315
    assert client.get(address).get_json()["codes"][0].startswith("X")
    assert client.get("/coverage/outlines/lsoa-old.json").headers["Cache-Control"] == "no-cache"


def test_map_and_table_of_an_area_say_the_same(client):
    page = client.get("/coverage?category=sport").get_data(as_text=True)
    block = next(
        b for b in re.findall(r'type="application/json"[^>]*>(.*?)</script>', page) if '"classes"' in b
    )
    facts = {fact["label"]: fact for fact in json.loads(block)["facts"]}
    reach = facts["Services in reach"]
    texts = [reach["values"][row] for row in reach["rows"]] if "rows" in reach else reach["values"]
    rows = sorted(rows_of(client.get("/coverage.csv?category=sport")), key=lambda row: row["code"])
    expected = [
        row["providers_known"]
        + ("" if row["providers_known"] == row["providers_possible"] else f" to {row['providers_possible']}")
        for row in rows
    ]
    assert texts == expected


def test_week_has_seven_days_of_half_hours(client):
    rows = rows_of(client.get("/coverage/areas/site-lozells/week.csv?category=youth-facilities"))
    assert len(rows) == 7 * 48
    assert max(int(row["known_open"]) for row in rows) > 0
    assert all(int(row["known_open"]) + int(row["not_known"]) <= int(row["services"]) for row in rows)
    assert "Week of 23 November 2026" in text_of(client, "/sites/lozells?category=youth-facilities")


def test_site_page_gives_the_reason_for_each_gap(client):
    page = text_of(client, "/sites/hillfields")
    assert re.search(r"No family therapy is on record within 2 km of Hillfields; the nearest", page)


def test_compared_sides_are_in_one_file(client):
    rows = rows_of(client.get("/coverage/compare.csv?category=sport&site=lozells&with_site=hillfields"))
    assert [row["figure"] for row in rows][:3] == ["Kind of help", "People", "People covered"]
    assert rows[1]["first"] != rows[1]["second"]
    assert client.get("/coverage/compare.xlsx").status_code == 200


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/coverage?category=zzz", "There is no category \u201czzz\u201d"),
        ("/coverage?weight.deprivation_score=0", "All weights are nought"),
        ("/coverage?weight.deprivation_score=much", "must be a number from 0 to 100"),
        ("/coverage?weight.nothing=1", "There is no figure \u201cnothing\u201d"),
        ("/coverage?when=school-holidays", "Set SCHOOL_HOLIDAYS"),
        ("/coverage?when=date", "No date was given"),
        ("/coverage?when=date&date=soon", "\u201csoon\u201d is no date"),
        ("/coverage?from=18:00", "both a time from and a time to"),
        ("/coverage?day=Someday", "Day must be a day of the week"),
        ("/coverage?people=zzz", "There is no people \u201czzz\u201d"),
        ("/coverage?level=street", "There is no level \u201cstreet\u201d"),
        ("/coverage?age=old", "Age must be a whole number"),
    ],
)
def test_what_makes_no_sense_is_said_and_left_out(client, address, said):
    assert said in text_of(client, address)


def test_unknown_area_is_not_found(client):
    assert client.get("/coverage/areas/E01").status_code == 404
    assert client.get("/coverage/areas/site-nowhere").status_code == 404


@pytest.fixture
def changed(own_app):
    """The application after something was taken out of its tables."""

    def take_out(statement):
        with Session(own_app.extensions["engine"]) as session:
            session.execute(statement)
            session.commit()
        return own_app.test_client()

    return take_out


@pytest.mark.parametrize("page", ["/coverage", "/coverage/compare", "/coverage/areas/X01000119"])
def test_without_small_areas_the_page_says_how_to_load_them(changed, page):
    client = changed(delete(Area).where(Area.level == "lsoa21"))
    assert "flask directory load-areas FILE --level lsoa21" in text_of(client, page)
    assert client.get("/sites/lozells").status_code == 200
    assert client.get("/coverage.csv").status_code == 404


def test_without_people_the_page_says_how_to_load_them(changed):
    client = changed(delete(AreaValue))
    assert "flask directory load-values" in text_of(client, "/coverage")


def test_without_records_every_area_is_a_gap_and_the_page_says_so(changed):
    client = changed(delete(PublishedOrganization))
    page = text_of(client, "/coverage?category=sport")
    assert "is on record, so every area is a gap" in page
    assert "flask directory import" in page


def test_the_map_has_a_site_as_it_is_now(own_app):
    client = own_app.test_client()
    assert '"names":["Hillfields","Lozells"' in text_of(client, "/coverage?category=sport")
    with Session(own_app.extensions["engine"]) as session:
        session.execute(update(Site).where(Site.slug == "lozells").values(name="Lozells and Newtown"))
        session.commit()
    after = text_of(client, "/coverage?category=sport")
    assert '"names":["Hillfields","Lozells and Newtown"' in after


def test_the_map_has_the_sites_of_the_day(own_app):
    client = own_app.test_client()
    with Session(own_app.extensions["engine"]) as session:
        session.execute(update(Site).where(Site.slug == "hillfields").values(valid_to=TODAY))
        session.commit()
    assert '"names":["Hillfields",' in text_of(client, "/coverage?category=sport")
    own_app.config["CLOCK"] = lambda: NOW + timedelta(days=1)
    assert '"names":["Lozells",' in text_of(client, "/coverage?category=sport")


def test_two_areas_that_change_their_figures_change_the_answer(own_app):
    client, codes = own_app.test_client(), ("X01000119", "X01000120")
    before = {row["code"]: row["people"] for row in rows_of(client.get("/coverage.csv?category=sport"))}
    with Session(own_app.extensions["engine"]) as session:
        people = AreaValue.measure == "people_10_24"
        values = dict(session.execute(select(AreaValue.code, AreaValue.value).where(people)).all())
        for code, other in zip(codes, reversed(codes), strict=True):
            session.execute(
                update(AreaValue).where(people, AreaValue.code == code).values(value=values[other])
            )
        session.commit()
    after = {row["code"]: row["people"] for row in rows_of(client.get("/coverage.csv?category=sport"))}
    assert before[codes[0]] != before[codes[1]]
    assert [after[code] for code in codes] == [before[code] for code in reversed(codes)]


def test_outlines_that_change_have_another_address(own_app):
    client = own_app.test_client()
    [before] = set(re.findall(r"/coverage/outlines/lsoa-\w+", text_of(client, "/coverage")))
    with Session(own_app.extensions["engine"]) as session:
        whole = shapely.from_wkb(session.get_one(Area, "X01000119").outline)
        inside = shapely.difference(whole, shapely.Point(whole.representative_point()).buffer(1))
        session.get_one(Area, "X01000119").outline = shapely.to_wkb(inside)
        session.commit()
    [after] = set(re.findall(r"/coverage/outlines/lsoa-\w+", text_of(client, "/coverage")))
    with Session(own_app.extensions["engine"]) as session:
        session.get_one(Area, "X01000119").name = "Another name"
        session.commit()
    [named] = set(re.findall(r"/coverage/outlines/lsoa-\w+", text_of(client, "/coverage")))
    assert len({before, after, named}) == 3


def test_links_keep_the_arguments_that_there_are_alone(client):
    page = text_of(client, "/coverage?category=sport&weight.nothing=1&weight.people=2&nothing=1")
    _, _, body = page.partition("</header>")
    assert "weight.people=2" in body
    assert "nothing=" not in body


@pytest.mark.parametrize("argument", ["group=CODE", "date=CODE"])
def test_no_argument_is_taken_for_the_place_of_a_code(client, argument):
    page = text_of(client, f"/coverage?{argument}")
    assert re.search(r'href="/coverage/areas/X\d+["?]', page)


def test_an_empty_directory_has_no_coverage_and_says_why(empty_app):
    assert "No small areas are loaded" in text_of(empty_app.test_client(), "/coverage")
