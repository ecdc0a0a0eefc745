"""Somebody else's draft, guessed tokens, fields that nobody asked for, script and long texts."""

import re
from html import escape

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.models import Membership, PublishedOrganization, Submission
from tests.accounts import make_account, sign_in, signed_in
from tests.directory.documents import made_id
from tests.web.registering.filling import IDENTITY, PLACE, WHAT, Form

pytestmark = [pytest.mark.one_database, pytest.mark.unmeasured]

SCRIPT = "\"><script>alert(1)</script>'${7*7}{{7*7}}"


def text(response):
    return response.get_data(as_text=True)


ENDS = ("", "/page?name=identity", "/preview", "/send", "/withdraw", "/remove?of=x")


def without_own(response, address):
    """The page without what is new each time, and without its own address: its links to languages name it."""
    return re.sub(r'(nonce|value)="[^"]*"', "", text(response)).replace(escape(address), "")


@pytest.mark.parametrize("end", ENDS)
def test_the_draft_of_another_looks_like_one_that_is_not_there(empty_app, form, end):
    for client in (empty_app.test_client(), signed_in(empty_app), signed_in(empty_app, "administrator")):
        theirs = client.get(f"{form.address}{end}")
        nowhere = f"/register/{made_id('nothing')}"
        nobodys = client.get(f"{nowhere}{end}")
        assert theirs.status_code == nobodys.status_code == 404
        assert without_own(theirs, form.address) == without_own(nobodys, nowhere)


@pytest.mark.parametrize("end", ["/page?name=identity", "/add", "/send", "/withdraw"])
def test_the_draft_of_another_is_not_changed(empty_app, form, draft, stored, end):
    own = Form.begin(empty_app.test_client(), name="Thieves of Birmingham")
    before = (draft.version, draft.status, draft.document)
    answer = own.client.post(f"{form.address}{end}", data={**IDENTITY, "agreed": "yes"})
    assert answer.status_code in (400, 404)
    stored.refresh(draft)
    assert (draft.version, draft.status, draft.document) == before


def test_a_page_of_another_draft_is_not_opened_by_ones_own(empty_app, form, draft):
    own = Form.begin(empty_app.test_client(), name="Thieves of Birmingham")
    service_id = draft.document["services"][0]["id"]
    assert own.client.get(f"{own.address}/page?name=what&of={service_id}").status_code == 404
    assert own.client.post(f"{own.address}/page?name=what&of={service_id}", data=WHAT).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "../admin", "' OR 1=1 --"])
def test_a_guessed_token_opens_nothing(empty_app, form, token):
    assert empty_app.test_client().get(f"/register/resume/{token}").status_code in (404, 308)


def test_the_stored_hash_is_no_token(empty_app, form, draft):
    assert empty_app.test_client().get(f"/register/resume/{draft.token_hash}").status_code == 404


def test_fields_that_nobody_asked_for_change_nothing(form, draft, stored):
    wanted = {
        "status": "approved",
        "kind": "voluntary",
        "organization_id": made_id("victim"),
        "id": made_id("victim"),
        "base_number": "1",
        "account_id": made_id("me"),
        "authority_code": "E08000025",
        "document": "{}",
        "fictional": "1",
        "email": "thief@example.org",
    }
    before = (draft.organization_id, draft.base_number, draft.account_id, draft.authority_code, draft.email)
    form.save("Who you are", {**wanted, **IDENTITY})
    stored.refresh(draft)
    after = (draft.organization_id, draft.base_number, draft.account_id, draft.authority_code, draft.email)
    assert (draft.status, draft.kind) == ("draft", "new")
    assert before == after
    assert draft.document["id"] == draft.organization_id
    assert "fictional" not in draft.document
    assert "email" not in draft.document


def test_script_in_every_field_stays_text(form):
    pages = {
        "Who you are": {**IDENTITY, "name": SCRIPT, "alternate_name": SCRIPT, "description": SCRIPT},
        "What it is": {**WHAT, "name": SCRIPT, "description": SCRIPT, "alert": SCRIPT},
        "When it is open": {"hours": SCRIPT},
        "How people meet you": {"ways": ["place", "area"], "other_areas": SCRIPT},
        "Where it is": {**PLACE, "name": SCRIPT, "address_1": SCRIPT, "city": SCRIPT, "point": SCRIPT},
        "Getting in": {"other": SCRIPT},
        "What it costs": {"cost": "other", "fees": SCRIPT},
        "How people get a place": {"application_process": SCRIPT},
        "Languages": {"languages": SCRIPT},
        "How to reach you": {"person-0-name": SCRIPT, "person-0-title": SCRIPT, "person-0-consent": "public"},
        "Spaces that others can use": {"lend": "yes", "name": SCRIPT, "description": SCRIPT},
    }
    for title, answers in pages.items():
        response = form.save(title, answers)
        assert response.status_code == 303, (title, text(response))
        assert "<script>alert" not in form.show(title)
    shown = form.client.get(f"{form.address}/preview")
    for page in (form.tasks(), text(shown)):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert "{{7*7}}" in page


@pytest.mark.parametrize("title", ["Who you are", "What it is", "Where it is", "How to reach you"])
def test_texts_that_are_too_long_are_refused_with_their_length_and_kept(form, title):
    response = form.save(title, {"name": "x" * 30_000, "person-0-name": "x" * 30_000})
    assert "Shorten it to 200 or fewer" in text(response)
    assert "x" * 20_000 in form.show(title)


@pytest.fixture
def record(own_app):
    """A published record with a member, and a stranger."""
    from tests.web.registering.test_reporting import an_organization

    organization_id = an_organization(own_app)
    member = make_account(own_app, "member", leads=[organization_id])
    return own_app, organization_id, member


def published(app, organization_id):
    with Session(app.extensions["engine"]) as session:
        return session.get_one(PublishedOrganization, organization_id).document


def test_a_member_changes_a_copy_and_the_public_sees_the_old_one(record):
    app, organization_id, member = record
    client = sign_in(app.test_client(), member)
    address = client.post(f"/organisations/{organization_id}/change").location
    form = Form(client, address)
    before = published(app, organization_id)
    form.save("Who you are", {"name": "A quite new name", "kind": "voluntary"})
    assert "A quite new name" in form.tasks()
    assert "A quite new name" in client.get(f"{address}/preview").get_data(as_text=True)
    form.send()
    with Session(app.extensions["engine"]) as session:
        draft = session.scalars(select(Submission)).one()
        assert (draft.kind, draft.status, draft.base_number) == ("change", "submitted", 1)
        assert draft.document["name"] == "A quite new name"
        assert draft.account_id == member
    assert "A quite new name" not in text(client.get(f"/organisations/{organization_id}"))
    assert published(app, organization_id) == before


def test_a_change_that_is_open_is_gone_on_with(record):
    app, organization_id, member = record
    client = sign_in(app.test_client(), member)
    first = client.post(f"/organisations/{organization_id}/change").location
    assert client.post(f"/organisations/{organization_id}/change").location == first


def test_a_change_is_its_members_alone_and_ends_with_the_membership(record):
    app, organization_id, member = record
    client = sign_in(app.test_client(), member)
    address = client.post(f"/organisations/{organization_id}/change").location
    for other in (app.test_client(), signed_in(app, "member"), signed_in(app, "administrator")):
        assert other.get(address).status_code == 404
    with Session(app.extensions["engine"]) as session:
        session.execute(delete(Membership).where(Membership.account_id == member))
        session.commit()
    assert client.get(address).status_code == 404


def test_strangers_begin_no_change(record):
    app, organization_id, _ = record
    assert app.test_client().post(f"/organisations/{organization_id}/change").status_code == 302
    for roles in ((), ("member",), ("commissioner",)):
        client = signed_in(app, *roles)
        assert client.post(f"/organisations/{organization_id}/change").status_code == 403
