"""What would help most: places, what each adds, kinds of help, hours; and what cannot be asked."""

import csv
import io
import json
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.models import Site

pytestmark = pytest.mark.one_database
ASKED = "category=trauma-therapy&within_metres=1000"


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def test_best_place_is_said_and_each_place_adds_less_than_the_one_before(client):
    page = text_of(client, f"/coverage/help?{ASKED}&number=4")
    assert "One more place for trauma and bereavement therapy would reach most at" in page
    assert "this is proved" in page
    rows = rows_of(client.get(f"/coverage/help/places.csv?{ASKED}&number=4"))
    added = [float(row["need_met"]) for row in rows]
    assert len(rows) == 4
    assert added == sorted(added, reverse=True)
    assert sum(int(row["newly_reached_known"]) for row in rows) == int(rows[-1]["all_newly_reached"])
    assert all(int(row["newly_reached_possible"]) <= int(row["newly_reached_known"]) for row in rows)


def test_what_helps_a_site_is_worked_out_for_the_site_as_it_is_now(own_app):
    client, asked = own_app.test_client(), f"/coverage/help/places.csv?{ASKED}&place=site-lozells"
    before = rows_of(client.get(asked))
    with Session(own_app.extensions["engine"]) as session:
        there = session.scalars(select(Site).where(Site.slug == "hillfields")).one()
        moved = {"points": there.points, "area_codes": there.area_codes, "outline": there.outline}
        session.execute(update(Site).where(Site.slug == "lozells").values(**moved))
        session.commit()
    assert rows_of(client.get(asked)) != before


def test_people_newly_reached_are_no_more_than_those_who_have_none(client):
    areas = rows_of(client.get(f"/coverage.csv?{ASKED}"))
    [best] = rows_of(client.get(f"/coverage/help/places.csv?{ASKED}&worth=people&rooms=areas"))
    lacking = {row["name"]: int(row["people"]) for row in areas if row["providers_known"] == "0"}
    # The middle of an area reaches the area itself.
    assert lacking.get(best["name"], 0) <= int(best["newly_reached_known"]) <= sum(lacking.values())
    assert int(best["newly_reached_known"]) > 0


def test_the_map_draws_the_ground_that_each_place_would_reach(client):
    page = client.get(f"/coverage/help?{ASKED}&number=2").get_data(as_text=True)
    blocks = [json.loads(b) for b in re.findall(r'type="application/json"[^>]*>(.*?)</script>', page)]
    names = next(block["names"] for block in blocks if "Hillfields" in block.get("names", []))
    assert names[-2:] == ["Place 1", "Place 2"]


def test_a_site_counts_its_own_people_alone(client):
    everywhere, near = (
        int(rows_of(client.get(f"/coverage/help/kinds.csv?{ASKED}{place}"))[0]["newly_reached_known"])
        for place in ("", "&place=site-lozells")
    )
    assert 0 < near < everywhere
    assert "People in Lozells or within 1 km of its points" in text_of(
        client, f"/coverage/help?{ASKED}&place=site-lozells"
    )


def test_hours_are_of_every_day_and_not_asked_where_the_question_has_its_own(client):
    rows = rows_of(client.get("/coverage/help/hours.csv?category=sport"))
    assert len(rows) == 28
    assert {row["in_school_hours"] for row in rows if row["day"] == "Saturday"} == {"no"}
    assert "At which hours" not in text_of(client, "/coverage/help?category=sport&when=week&day=Friday")


def test_files_say_the_bound_and_that_data_are_made_up(client):
    book = load_workbook(io.BytesIO(client.get(f"/coverage/help/places.xlsx?{ASKED}&number=3").data))
    notes = dict(book["Notes"].iter_rows(values_only=True))
    assert "proved" in notes["Bound"]
    assert "Fictional" in notes["Note"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("place=nowhere", "There is no place \u201cnowhere\u201d"),
        ("rooms=moon", "There is no kind of place \u201cmoon\u201d"),
        ("worth=gold", "There is no worth \u201cgold\u201d"),
        ("number=99", "Number must be a whole number from 1 to 10"),
    ],
)
def test_what_makes_no_sense_is_said_and_left_out(client, address, said):
    assert said in text_of(client, f"/coverage/help?{address}")


def test_unknown_table_is_not_found(client):
    assert client.get("/coverage/help/people.csv").status_code == 404


def test_without_small_areas_the_page_says_how_to_load_them(empty_app):
    assert "No small areas are loaded" in text_of(empty_app.test_client(), "/coverage/help")
