"""A service on one page, to hand over."""

import io

import pytest
from icalendar import Calendar
from markupsafe import escape
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import PublishedService
from directory.web.exports import FICTIONAL
from directory.web.presenting import term_names
from directory.web.sheets import LONGEST_MESSAGE, text_message
from tests.web.urdu import ARABIC, LATIN

pytestmark = pytest.mark.one_database


@pytest.fixture
def known(app):
    """Some service with hours and a place that is shown."""
    with Session(app.extensions["engine"]) as session:
        query = select(PublishedService).where(PublishedService.hours_known, PublishedService.place_known)
        services = session.scalars(query.order_by(PublishedService.id)).all()
        return next(one for one in services if one.places and one.places[0].precision == "open")


def test_the_sheet_says_what_one_needs_to_go_there(client, known):
    page = client.get(f"/services/{known.service_id}/sheet").get_data(as_text=True)
    for word in ("Telephone", "Where", "Getting in", "Cost", "How to come", "When it is open", "Ring before"):
        assert word in page
    assert known.document["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] in page
    assert f"/services/{known.service_id}/sheet" in client.get(f"/services/{known.service_id}").get_data(
        as_text=True
    )


def test_the_sheet_says_the_first_steps_and_what_to_bring_where_the_record_does(client, app):
    with Session(app.extensions["engine"]) as session:
        services = session.scalars(select(PublishedService).order_by(PublishedService.id)).all()
        # Where no term says how to come, the words stand there instead.
        says = next(
            one
            for one in services
            if one.document.get("application_process") and term_names(one.document, "referral")
        )
        silent = next(one for one in services if not one.document.get("application_process"))
    words = "First steps, and what to bring"
    for way in ("", "/sheet"):
        page = client.get(f"/services/{says.service_id}{way}").get_data(as_text=True)
        assert words in page
        assert escape(says.document["application_process"]) in page
        assert words not in client.get(f"/services/{silent.service_id}{way}").get_data(as_text=True)


def test_the_pdf_is_one_page_with_the_same_words(client, known):
    answer = client.get(f"/services/{known.service_id}/sheet.pdf")
    assert answer.content_type == "application/pdf"
    document = PdfReader(io.BytesIO(answer.data))
    assert len(document.pages) == 1
    words = document.pages[0].extract_text()
    assert known.name.split()[0] in words
    assert FICTIONAL in words.replace("\n", " ")
    assert f"/services/{known.service_id}" in words.replace("\n", "")


def test_the_hours_the_code_and_the_picture(client, known):
    hours = client.get(f"/services/{known.service_id}/hours.ics")
    assert hours.mimetype == "text/calendar"
    assert str(Calendar.from_ical(hours.data).walk("VEVENT")[0]["summary"]).startswith(known.name)
    urdu = Calendar.from_ical(client.get(f"/ur/services/{known.service_id}/hours.ics").data)
    event = urdu.walk("VEVENT")[0]
    assert str(event["summary"]).startswith(known.name)
    assert ARABIC.search(event["description"])
    assert not LATIN.search(event["description"])
    assert "<" not in "".join(str(event.get(name, "")) for name in ("location", "description"))
    assert f"/ur/services/{known.service_id}" in str(event["url"])
    for name in ("code", "place"):
        picture = client.get(f"/services/{known.service_id}/{name}.png")
        assert picture.data.startswith(b"\x89PNG")


def test_a_place_that_is_not_shown_has_no_picture(client, app):
    with Session(app.extensions["engine"]) as session:
        services = session.scalars(select(PublishedService).order_by(PublishedService.id)).all()
        nowhere = next(
            one.service_id for one in services if all(place.easting is None for place in one.places)
        )
    assert client.get(f"/services/{nowhere}/place.png").status_code == 404


def test_the_text_message_is_short_and_keeps_the_address():
    page = {
        "name": "N" * 200,
        "phones": ["0121 496 0000"],
        "places": [],
        "next_opening": "x" * 90,
        "cost": None,
    }
    href = "https://directory.example/services/1"
    message = text_message(page, href)
    assert len(message) <= LONGEST_MESSAGE
    assert message.endswith(href)


@pytest.mark.parametrize("path", ["sheet", "sheet.pdf", "hours.ics", "code.png", "place.png"])
def test_what_is_not_published_has_no_sheet(client, path):
    assert client.get(f"/services/00000000-0000-0000-0000-000000000000/{path}").status_code == 404
