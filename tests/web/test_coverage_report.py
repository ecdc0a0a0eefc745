"""Printable reports: what they hold and say, and that protected places are not in them."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Address, Location

pytestmark = pytest.mark.one_database


def read(response):
    assert (response.status_code, response.content_type) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(response.data)).pages
    return pages, " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def site_report(app):
    return read(app.test_client().get("/sites/hillfields/report.pdf"))


def test_site_report_has_a_cover_a_map_tables_method_sources_and_limits(site_report):
    pages, text = site_report
    assert "Hillfields" in pages[0].extract_text()
    assert sum(len(page.images) for page in pages) >= 1
    for heading in ("Gaps and their reasons", "What is there", "What would help most", "Method", "Limits"):
        assert heading in text
    assert "No family therapy is on record within 2 km of Hillfields" in text
    assert "Made on 23 November 2026" in text
    assert "Sources, licences and dates" in text


def test_every_page_says_that_the_data_are_made_up_and_has_a_number(site_report):
    pages, _ = site_report
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert "Fictional: demonstration data" in text
        assert f"Page {number}" in text


def test_no_protected_address_is_in_a_report(app, site_report):
    _, text = site_report
    with Session(app.extensions["engine"]) as session:
        query = select(Address.address_1, Address.postal_code).join(
            Location, Location.id == Address.location_id
        )
        hidden = session.execute(query.where(Location.protection != "open")).all()
    assert hidden
    for street, postcode in hidden:
        assert not street or street not in text
        assert not postcode or postcode not in text


def test_authority_report_answers_the_question_in_the_address(client):
    pages, text = read(client.get("/coverage/report/E08000025.pdf?category=sport&within_metres=1000"))
    assert "Birmingham" in pages[0].extract_text()
    assert "Sport and activities, within 1 km" in text
    assert "The small areas with the greatest gaps" in text
    assert sum(len(page.images) for page in pages) == 1


@pytest.mark.parametrize(
    "address", ["/sites/nowhere/report.pdf", "/coverage/report/E99.pdf", "/coverage/report/site-lozells.pdf"]
)
def test_report_of_nothing_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_without_small_areas_there_is_no_report_and_the_page_says_why(empty_app):
    response = empty_app.test_client().get("/coverage/report/E08000025.pdf")
    assert response.status_code == 404
    assert "No small areas are loaded" in response.get_data(as_text=True)
