"""Nothing typed is lost: with problems, in two tabs, when the time on the site ends, after a late press."""

import re

import pytest
from sqlalchemy import select

from directory.models import Submission
from tests.web.registering.filling import IDENTITY, START, WHAT, Form


def text(response):
    return response.get_data(as_text=True)


def test_what_could_not_be_read_is_there_again_with_its_problem(form):
    response = form.save("Who you are", {**IDENTITY, "kind": "", "description": "All about us"})
    assert response.status_code == 200
    assert "Choose what kind" in text(response)
    assert "All about us" in text(response)
    later = form.show("Who you are")
    assert "All about us" in later
    assert "Choose what kind" in later
    assert "Needs a look" in form.tasks()
    form.save("Who you are", IDENTITY)
    assert "Needs a look" not in form.tasks()


def test_two_tabs_on_two_pages_both_keep(form, draft, stored):
    what, who = form.of("What it is"), form.of("Who it is for")
    marks = {page: _mark(form, page) for page in (what, who)}
    form.client.post(what, data={**WHAT, "mark": marks[what]})
    form.client.post(who, data={"ages": "all", "mark": marks[who]})
    stored.refresh(draft)
    (service,) = draft.document["services"]
    assert (service["name"], service["maximum_age"]) == ("Friday Studio", 120)


def test_two_tabs_on_one_page_the_second_is_told_and_sees_both(form, draft, stored):
    what = form.of("What it is")
    mark = _mark(form, what)
    form.client.post(what, data={**WHAT, "mark": mark})
    late = form.client.post(what, data={**WHAT, "name": "Saturday Studio", "mark": mark})
    page = text(late)
    assert "saved in another tab meanwhile" in page
    assert "Name: Friday Studio" in page
    assert 'value="Saturday Studio"' in page
    later = text(form.client.get(what))
    assert "saved in another tab meanwhile" in later
    assert 'value="Saturday Studio"' in later
    stored.refresh(draft)
    assert draft.document["services"][0]["name"] == "Friday Studio"
    again = form.client.post(what, data={**WHAT, "name": "Saturday Studio", "mark": _mark_in(page)})
    assert again.status_code == 303
    stored.refresh(draft)
    assert draft.document["services"][0]["name"] == "Saturday Studio"


def _mark(form, address):
    return _mark_in(text(form.client.get(address)))


def _mark_in(page):
    return re.search(r'name="mark" value="(\w+)"', page)[1]


def test_when_the_time_on_the_site_ends_the_page_holds_what_was_typed(
    empty_app, form, link_in, draft, stored
):
    address = form.of("What it is")
    stranger = empty_app.test_client()
    late = stranger.post(address, data={**WHAT, "description": "Make <b>a</b> track"})
    page = text(late)
    assert late.status_code == 400
    assert 'value="Make &lt;b&gt;a&lt;/b&gt; track"' in page
    assert START["name"] not in page  # it holds what was typed, and nothing of the draft
    stored.refresh(draft)
    assert draft.document["services"][0]["name"] == ""
    stranger.get(link_in())
    assert stranger.post(address, data=WHAT).status_code == 303


@pytest.fixture
def guarded(empty_app, ground):
    """A client of an application that looks for forged requests."""
    empty_app.config["WTF_CSRF_ENABLED"] = True
    return empty_app.test_client()


def _token(client, address):
    return re.search(r'name="csrf_token" value="([^"]+)"', text(client.get(address)))[1]


def test_a_form_that_is_older_than_its_cookie_comes_back_whole(guarded, stored):
    Form.begin(guarded, csrf_token=_token(guarded, "/register"))
    draft = stored.scalars(select(Submission)).one()
    address = f"/register/{draft.id}/page?name=what&of={draft.document['services'][0]['id']}"
    late = guarded.post(address, data=WHAT, headers={"Origin": "http://localhost"})
    page = text(late)
    assert late.status_code == 400
    assert "Friday Studio" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    assert guarded.post(address, data={**WHAT, "csrf_token": token}).status_code == 303


def test_a_form_that_another_site_sent_comes_to_nothing(guarded, stored):
    Form.begin(guarded, csrf_token=_token(guarded, "/register"))
    draft = stored.scalars(select(Submission)).one()
    address = f"/register/{draft.id}/page?name=identity"
    for origin in ({"Origin": "https://evil.example"}, {}):
        forged = guarded.post(address, data={"name": "Evil"}, headers=origin)
        assert forged.status_code == 400
        assert "Evil" not in text(forged)
    stored.refresh(draft)
    assert draft.document["name"] == START["name"]


def test_a_report_that_is_older_than_its_cookie_comes_back_whole(own_app):
    from tests.web.registering.test_reporting import an_organization

    own_app.config["WTF_CSRF_ENABLED"] = True
    address = f"/organisations/{an_organization(own_app)}/report"
    late = own_app.test_client().post(
        address, data={"text": "It moved"}, headers={"Origin": "http://localhost"}
    )
    assert "It moved" in text(late)
