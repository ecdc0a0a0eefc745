"""Printable reports: what they hold and say, and that protected places are not in them."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import URDU, gettext, speak
from directory.models import Address, Location
from directory.web.report_pages import Report, Section, TableBlock, build_report
from tests.web.urdu import ARABIC

pytestmark = pytest.mark.one_database


def read(response):
    assert (response.status_code, response.content_type) == (200, "application/pdf")
    return pages_and_words(response.data)


def pages_and_words(data):
    pages = PdfReader(io.BytesIO(data)).pages
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


@pytest.mark.parametrize("root", ["", "/ur"])
@pytest.mark.unmeasured
def test_no_protected_address_is_in_a_report(app, root):
    _, text = read(app.test_client().get(f"{root}/sites/hillfields/report.pdf"))
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


def test_the_pages_in_urdu_offer_the_report_in_urdu(client):
    for page, report in (
        ("/ur/sites/hillfields", "/ur/sites/hillfields/report.pdf"),
        ("/ur/coverage/areas/E08000025", "/ur/coverage/report/E08000025.pdf"),
    ):
        assert f'href="{report}' in client.get(page).get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "name", "first", "last"),
    [
        ("/ur/sites/hillfields/report.pdf", "Hillfields", "Kind of help", "Why"),
        ("/ur/coverage/report/E08000025.pdf", "Birmingham", "Reason", "Share of people"),
    ],
)
def test_the_report_in_urdu_is_said_in_urdu_from_right_to_left(client, address, name, first, last):
    document = PdfReader(io.BytesIO(client.get(address).data))
    assert document.trailer["/Root"]["/Lang"] == "ur"
    assert document.metadata["/Title"] == name
    assert name in document.pages[0].extract_text()
    places = {}
    for page in document.pages:
        assert ARABIC.search(page.extract_text())
        page.extract_text(visitor_text=lambda text, _, place, *__: places.setdefault(text.strip(), place[4]))
    with speak(URDU):
        first, last = gettext(first), gettext(last)
    assert places[first] > places[last]


@pytest.mark.unmeasured
def test_a_long_table_has_its_head_on_each_page_and_loses_no_row():
    rows = [[f"Row {number}.", "word " * 12, "W" * 90] for number in range(150)]
    rows += [["Very long.", "many words " * 900, None], ["End.", "<b>&amp; **x** {nb}", 7]]
    table = TableBlock(["What", "In words", "Long"], rows, (0.2, 0.5, 0.3))
    pages, text = pages_and_words(build_report(Report("T", "S", [], [Section("Table", [table])], "Foot")))
    assert len(pages) > 4
    assert all("In words" in page.extract_text() for page in pages[1:])
    assert all(f"Row {number}." in text for number in range(150))
    assert text.count("many") == 900
    assert "W" * 90 in text.replace(" ", "")
    assert "<b>&amp; **x** {nb}" in text
    assert "Not known" in text


@pytest.mark.parametrize(
    "address", ["/sites/nowhere/report.pdf", "/coverage/report/E99.pdf", "/coverage/report/site-lozells.pdf"]
)
def test_report_of_nothing_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_without_small_areas_there_is_no_report_and_the_page_says_why(empty_app):
    response = empty_app.test_client().get("/coverage/report/E08000025.pdf")
    assert response.status_code == 404
    assert "No small areas are loaded" in response.get_data(as_text=True)
