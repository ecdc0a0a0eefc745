"""Readers say what is wrong: kept for the navigators, who are told once a day; programs are not."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import OutboxMessage, PublishedService, Report
from directory.web import reporting
from tests.accounts import make_account
from tests.directory.documents import made_id

pytestmark = pytest.mark.one_database

SAID = {"about": "wrong", "text": "They moved to <b>Canal</b> Street", "email": "reader@example.org"}


def an_organization(app):
    with Session(app.extensions["engine"]) as session:
        return session.scalars(select(PublishedService.organization_id).order_by(PublishedService.id)).first()


@pytest.fixture
def client(own_app, monkeypatch):
    monkeypatch.setattr(reporting, "SHORTEST_SECONDS", 0)
    return own_app.test_client()


@pytest.fixture
def address(own_app):
    return f"/organisations/{an_organization(own_app)}/report"


@pytest.fixture
def stored(own_app):
    with Session(own_app.extensions["engine"]) as session:
        yield session


def stamped(client, address, **answers):
    import re

    page = client.get(address).get_data(as_text=True)
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
    return client.post(address, data={**SAID, "stamp": stamp, **answers})


def test_a_report_is_kept_with_its_authority_and_thanked_for(client, address, stored):
    response = stamped(client, address)
    assert response.location == "/report/thanks"
    report = stored.scalars(select(Report)).one()
    assert (report.text, report.status) == (SAID["text"], "open")
    assert report.authority_code.startswith("E08")


def test_a_report_may_be_about_a_service(client, address, stored):
    organization_id = address.split("/")[2]
    query = select(PublishedService.service_id).where(PublishedService.organization_id == organization_id)
    service_id = stored.scalars(query).first()
    page = client.get(f"/services/{service_id}").get_data(as_text=True)
    assert f"/organisations/{organization_id}/report?service={service_id}" in page
    stamped(client, f"{address}?service={service_id}")
    assert stored.scalars(select(Report.service_id)).one() == service_id
    assert client.get(f"{address}?service={made_id('other')}").status_code == 404


def test_navigators_of_the_authority_get_one_letter_a_day(own_app, client, address, stored):
    stamped(client, address)
    code = stored.scalars(select(Report.authority_code)).one()
    make_account(own_app, "navigator", patches=[code], email="nav@example.org")
    make_account(own_app, "navigator", patches=["E08000099"], email="far@example.org")
    for number in range(3):
        stamped(client, address, text=f"Wrong {number}")
    stored.rollback()
    (letter,) = stored.scalars(select(OutboxMessage)).all()
    assert letter.recipient == "nav@example.org"
    assert "Wrong" not in letter.text


def test_a_program_that_fills_in_everything_is_thanked_and_not_kept(client, address, stored):
    response = stamped(client, address, **{reporting.TRAP: "http://spam.example"})
    assert response.location == "/report/thanks"
    assert stored.scalars(select(Report)).all() == []


@pytest.mark.parametrize("stamp", ["", "report", "report.x.y"])
def test_a_made_up_stamp_is_not_enough_and_what_was_typed_stays(client, address, stored, stamp):
    page = client.post(address, data={**SAID, "stamp": stamp}).get_data(as_text=True)
    assert "press Send again" in page
    assert "They moved to &lt;b&gt;Canal&lt;/b&gt; Street" in page
    assert stored.scalars(select(Report)).all() == []


def test_a_form_that_comes_back_at_once_is_not_kept(client, address, stored, monkeypatch):
    monkeypatch.setattr(reporting, "SHORTEST_SECONDS", 3600)
    assert "press Send again" in stamped(client, address).get_data(as_text=True)
    assert stored.scalars(select(Report)).all() == []


@pytest.mark.parametrize(
    "answers", [{"about": ""}, {"about": "odd"}, {"text": " "}, {"text": "x" * 3001}, {"email": "x"}]
)
def test_a_report_that_is_not_whole_says_why(client, address, stored, answers):
    page = stamped(client, address, **answers).get_data(as_text=True)
    assert "There is a problem" in page
    assert stored.scalars(select(Report)).all() == []


def test_nobody_reports_without_end(client, address):
    client.application.extensions["form_limits"].enabled = True
    codes = [stamped(client, address, text="").status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]


def test_what_is_not_published_cannot_be_reported(client):
    assert client.get(f"/organisations/{made_id('nothing')}/report").status_code == 404


def test_pages_without_a_form_set_no_cookie(client, address):
    for page in ("/", "/search", address.removesuffix("/report"), "/report/thanks"):
        assert "Set-Cookie" not in client.get(page).headers


def test_the_ways_in_are_linked(client):
    for page in ("/", "/search?what=zzzzzz", "/about"):
        assert client.get(page).get_data(as_text=True).count('href="/register"') >= 2
