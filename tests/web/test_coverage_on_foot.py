"""Minutes on foot on the pages: which travel was used is said everywhere, and what is missing too."""

import io
import re

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from directory.coverage.kept_network import FILE_NAME
from directory.db import get_session
from directory.models import Site
from directory.places.find import site_points
from tests.canal import load_canal
from tests.web.urdu import unsaid

pytestmark = pytest.mark.one_database

PAGES = (
    "/coverage?category=sport&",
    "/coverage/areas/site-hillfields?category=sport&",
    "/coverage/compare?category=sport&",
    "/coverage/help?category=sport&place=site-hillfields&",
    "/coverage/what-if?category=sport&",
    "/sites/hillfields?",
)
TAKEN = "Walking distance is taken as 1.3 times the straight line"


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def pdf_text(client, address):
    pages = PdfReader(io.BytesIO(client.get(address).data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def notes_of(client, address):
    sheet = load_workbook(io.BytesIO(client.get(address).data))
    return {row[0].value: row[1].value for row in sheet["Notes"].iter_rows()}


@pytest.fixture
def walking(own_app):
    """The demonstration with a network round Hillfields alone."""
    with own_app.app_context():
        site = get_session().scalars(select(Site).where(Site.slug == "hillfields")).one()
        (point,) = site_points(site)
    load_canal(own_app, *point)
    return own_app.test_client()


@pytest.mark.unmeasured
@pytest.mark.parametrize("address", PAGES)
def test_without_a_network_each_page_says_what_the_straight_line_stands_for(client, address):
    assert f"Distances are straight lines. {TAKEN}: 2 km stand for a walk of 2.6 km" in text_of(
        client, address
    )
    page = text_of(client, f"{address}minutes=10")
    assert f"{TAKEN}: 10 minutes at 4.8 km an hour are 615 metres in a straight line." in page
    assert "flask directory load-network FILE.osm.pbf" in page
    assert '<option value="10" selected>10 minutes\u2019 walk</option>' in page


def test_files_and_reports_say_it_too(client):
    notes = notes_of(client, "/coverage.xlsx?category=sport&minutes=10")
    assert "615 metres in a straight line" in notes["Distance"]
    assert notes["Question"].startswith(
        "Sport and activities, within 10 minutes\u2019 walk, taken as 615 metres"
    )
    report = pdf_text(client, "/sites/hillfields/report.pdf")
    assert f"{TAKEN}: 2 km stand for a walk of 2.6 km" in report


@pytest.mark.unmeasured
def test_with_a_network_each_page_says_so_and_what_is_off_it(walking):
    for address in PAGES:
        page = text_of(walking, f"{address}minutes=10")
        assert "are 800 metres along the walking network of canal.osm.pbf" in page
        assert "OpenStreetMap contributors" in page
        if not address.startswith("/sites"):
            assert re.search(r"\d+ of 315 small areas lie farther than 500 metres", page)
        assert TAKEN not in page
        assert unsaid(walking.get(f"/ur{address}minutes=10"), address) == {}
    notes = notes_of(walking, "/coverage.xlsx?category=sport&minutes=10")
    assert "along the walking network" in notes["Column nearest_metres_known"]
    report = pdf_text(walking, "/sites/hillfields/report.pdf?minutes=10")
    assert "along the walking network of canal.osm.pbf" in report
    assert "Nobody walks in straight lines" not in report
    assert TAKEN in text_of(walking, "/coverage?category=sport&within_metres=2000")


def test_a_site_lists_nobody_who_is_too_far_to_walk(walking):
    """Whoever is inside the site counts all the same; nothing else stands on so small a network."""
    straight, walked = (
        walking.get(f"/sites/hillfields.geojson?{question}").get_json()["features"]
        for question in ("within_metres=1000", "minutes=10")
    )
    names = [{feature["properties"]["service_id"] for feature in features} for features in (straight, walked)]
    assert names[1] < names[0]


def test_a_network_of_another_region_or_of_something_else_is_said(own_app):
    load_canal(own_app, 100_000, 100_000)
    client = own_app.test_client()
    page = text_of(client, "/coverage?category=sport&minutes=10")
    assert (
        "The walking network of canal.osm.pbf is of another region: none of the small areas lies on it"
        in page
    )
    assert TAKEN in page
    asked = "/ur/coverage?category=sport&minutes=10"
    assert unsaid(client.get(asked), asked) == {}
    (own_app.config["INSTANCE_FOLDER"] / FILE_NAME).write_text("no network", encoding="utf-8")
    for address in PAGES:
        assert "is not a walking network: load it again" in text_of(client, f"{address}minutes=10")
    assert unsaid(client.get(asked), asked) == {}
    assert TAKEN in text_of(client, "/coverage?category=sport")


@pytest.mark.parametrize("minutes", ["61", "0", "ten"])
def test_minutes_that_make_no_sense_are_left_out_and_said(client, minutes):
    page = text_of(client, f"/coverage?category=sport&minutes={minutes}")
    assert "inutes must be" in page
    assert "Distances are straight lines." in page
