"""A group registers without JavaScript and without an account: begun, gone on with, previewed, sent in."""

import re

import pytest
from sqlalchemy import select

from directory.models import AuditEntry, Organization, Revision, Submission
from directory.registration.links import hash_of
from tests.conftest import TODAY
from tests.directory.grounds import AUTHORITY
from tests.web.registering.filling import IDENTITY, PLACE, START, Form

pytestmark = pytest.mark.one_database


def text(response):
    return response.get_data(as_text=True)


def without_nonces(page):
    return re.sub(r'nonce="[^"]+"', "", page)


def test_the_first_page_asks_for_little(empty_app):
    page = text(empty_app.test_client().get("/register"))
    assert page.count('class="govuk-input') == 3


def test_problems_are_listed_and_what_was_typed_stays(empty_app):
    response = empty_app.test_client().post(
        "/register", data={"name": "Oak <b>", "postal_code": "nowhere", "email": "ann@"}
    )
    page = text(response)
    assert '<a href="#postal_code">Enter a whole postcode' in page
    assert '<a href="#email">' in page
    assert 'value="Oak &lt;b&gt;"' in page
    assert 'value="nowhere"' in page


def test_a_draft_is_gone_on_with_by_the_link_in_the_letter(empty_app, form, draft, letters, link_in):
    assert form.client.get(form.address).status_code == 200
    other = empty_app.test_client()
    assert other.get(form.address).status_code == 404
    link = link_in()
    assert draft.token_hash == hash_of(link.rsplit("/", 1)[1])
    assert draft.token_hash not in link
    assert other.get(link).location == form.address
    assert other.get(form.address).status_code == 200
    assert START["name"] not in letters()[0].text


def test_no_more_letters_than_three_a_day_go_to_an_address(empty_app, ground, letters):
    for number in range(5):
        Form.begin(empty_app.test_client(), name=f"Group number {number}")
    assert len(letters()) == 3


def test_a_new_link_ends_the_old_one_and_tells_nobody_anything(empty_app, form, letters, link_in):
    old = link_in()
    client = empty_app.test_client()
    known = text(client.post("/register/link", data={"email": START["email"]}))
    unknown = text(client.post("/register/link", data={"email": "nobody@example.org"}))
    assert without_nonces(known) == without_nonces(unknown)
    assert len(letters()) == 2
    assert client.get(old).status_code == 404
    assert client.get(link_in()).status_code == 303


def test_the_list_says_what_is_done_and_what_is_needed(form):
    assert form.tasks().count(">To do<") == 4
    form.save("Who you are", IDENTITY)
    page = form.tasks()
    assert page.count(">To do<") == 3
    assert "1 of 14 pages are done" in page


def test_the_postcode_of_the_start_is_in_the_place(form):
    page = form.show("Where it is")
    assert 'value="B19 2TH"' in page
    assert "B19 2TH is in Area E05011153, Area E08000025." in page


def test_a_postcode_is_found_without_saving(form):
    response = form.save("Where it is", {**PLACE, "postal_code": "B1 1AA", "then": "find", "name": "Typed"})
    page = text(response)
    assert "B1 1AA is in Area E08000025" in page
    assert 'value="Typed"' in page
    assert "Typed" not in form.show("Where it is")


def test_hours_are_read_back_as_a_sentence_and_a_week(form):
    hours = {"hours": "every other Thursday 4-6, term time"}
    page = text(form.client.get(form.save("When it is open", hours).location))
    assert "Every other Thursday, 4pm to 6pm, term time only" in page
    assert "4pm to 6pm (not every week)" in page
    assert "We do not know in which weeks" in page


def test_hours_that_are_not_understood_are_kept_and_said(form):
    page = text(
        form.client.get(form.save("When it is open", {"hours": "Tuesdays 6-8 by appointment"}).location)
    )
    assert "We did not understand this" in page
    assert "by appointment" in page
    assert "Tuesdays 6-8 by appointment" in form.show("When it is open")


def test_the_preview_is_what_the_public_sees_and_leaves_nothing(form, stored):
    form.fill_in(protection="approximate")
    form.save(
        "Keeping people safe",
        {"assurance": ["dbs"], "reviewed-day": "1", "reviewed-month": "5", "reviewed-year": "2026"},
    )
    page = text(form.client.get(f"{form.address}/preview"))
    assert "A preview." in page
    assert "Friday Studio" in page
    assert "DBS checks, policy last reviewed 1 May 2026" in page
    service = form.client.get(f"{form.address}/preview?of={_service_id(stored)}")
    assert "The address is withheld. The map shows the middle of the ward." in text(service)
    assert "Canal Street" not in text(service)
    stored.rollback()
    assert stored.scalars(select(Organization)).all() == []
    assert stored.scalars(select(Revision)).all() == []


def _service_id(stored):
    stored.rollback()
    return stored.scalars(select(Submission)).one().document["services"][0]["id"]


def test_a_draft_is_sent_in_with_its_authority_and_then_closed(form, draft, stored, letters):
    form.fill_in()
    assert form.send().status_code == 303
    stored.refresh(draft)
    assert (draft.status, draft.authority_code) == ("submitted", AUTHORITY)
    assert "waits for a navigator" in form.tasks()
    assert letters()[-1].subject == "We have your entry"
    assert [entry.action for entry in stored.scalars(select(AuditEntry))] == ["submit"]
    services = draft.document["services"]
    address = f"{form.address}/page?name=what&of={services[0]['id']}"
    assert form.client.post(address, data={"name": "Late"}).status_code == 409


def test_a_draft_with_gaps_is_not_sent_in(form, draft, stored):
    assert "These pages are needed first" in text(form.client.get(f"{form.address}/send"))
    form.send()
    stored.refresh(draft)
    assert draft.status == "draft"


def test_a_draft_is_not_sent_in_without_the_promise(form, draft, stored):
    form.fill_in()
    assert "Tick that you may speak" in text(form.client.post(f"{form.address}/send", data={}))
    stored.refresh(draft)
    assert draft.status == "draft"


def test_what_was_sent_in_can_be_taken_back(form, draft, stored):
    form.fill_in()
    form.send()
    form.client.post(f"{form.address}/withdraw")
    stored.refresh(draft)
    assert draft.status == "withdrawn"
    assert form.client.post(f"{form.address}/withdraw").status_code == 409


def test_services_are_added_and_taken_out(form):
    form.client.post(f"{form.address}/add")
    assert form.tasks().count("Service: not named yet") == 2
    page = form.tasks()
    address = page.split("/remove?of=")[1].split('"')[0]
    assert "Take it out" in text(form.client.get(f"{form.address}/remove?of={address}"))
    form.client.post(f"{form.address}/remove?of={address}")
    assert form.tasks().count("Service: not named yet") == 1


def test_a_space_is_a_service_with_pages_of_its_own(form):
    form.save("Spaces that others can use", {"lend": "yes", "name": "Main hall"})
    assert "Space: Main hall" in form.tasks()
    form.save("Spaces that others can use", {"lend": "no"})
    assert "Space: Main hall" not in form.tasks()


def test_consent_is_dated_and_can_be_taken_away(form, draft, stored):
    person = {"person-0-name": "Ann Lee", "person-0-consent": "public"}
    form.save("How to reach you", person)
    stored.refresh(draft)
    (contact,) = draft.document["contacts"]
    assert (contact["consent_date"], contact["consent_scope"]) == (TODAY.isoformat(), "public")
    form.save("How to reach you", {"person-0-name": "Ann Lee"})
    stored.refresh(draft)
    assert "consent_scope" not in draft.document["contacts"][0]
