"""Invitations to look after an entry: for one address, from whoever still leads, and for a week."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.models import Account, AuditEntry, Membership, OutboxMessage
from directory.registration import inviting
from tests.accounts import make_account, sign_in, signed_in
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, place, service
from tests.directory.grounds import load_ground

pytestmark = pytest.mark.one_database

LANTERN = made_id("Lantern Youth Project")
MEMBERS = f"/organisations/{LANTERN}/members"


@pytest.fixture
def stored(empty_app):
    with Session(empty_app.extensions["engine"]) as session:
        load_ground(session)
        document = organization(service("Studio", place(protection="open")))
        accept(session, document, Acceptance(None, "self", "Registered", TODAY))
        session.commit()
        yield session


@pytest.fixture
def lead(empty_app, stored):
    return make_account(empty_app, "member", leads=[LANTERN], email="lead@lantern.example")


@pytest.fixture
def link(empty_app, stored, lead):
    """The path of the link in the letter to Bob."""
    client = sign_in(empty_app.test_client(), lead)
    assert client.post(f"{MEMBERS}/invite", data={"email": "Bob@example.org"}).status_code == 303
    (letter,) = stored.scalars(select(OutboxMessage)).all()
    assert letter.recipient == "Bob@example.org"
    return re.search(r"https?://[^/]+(/join/\S+)", letter.text)[1]


@pytest.fixture
def bob(empty_app, stored):
    return make_account(empty_app, email="bob@example.org")


def members(session):
    session.rollback()
    return set(session.scalars(select(Membership.account_id)))


def test_who_is_invited_joins(empty_app, stored, lead, link, bob):
    client = sign_in(empty_app.test_client(), bob)
    assert "Look after the entry of Lantern" in client.get(link).get_data(as_text=True)
    assert members(stored) == {lead}
    assert client.post(link).status_code == 303
    assert members(stored) == {lead, bob}
    assert client.get(MEMBERS).status_code == 200
    assert [row.action for row in stored.scalars(select(AuditEntry))][-2:] == ["invite", "join"]


def test_nobody_else_joins_by_the_link(empty_app, stored, lead, link):
    assert empty_app.test_client().post(link).status_code in (302, 401)
    other = signed_in(empty_app, email="eve@example.org")
    for method in (other.get, other.post):
        answer = method(link)
        assert (answer.status_code, "another address" in answer.get_data(as_text=True)) == (410, True)
    assert members(stored) == {lead}


def test_an_invitation_ends_with_its_time_with_its_sender_and_with_the_membership(
    empty_app, stored, lead, link, bob, monkeypatch
):
    client = sign_in(empty_app.test_client(), bob)
    client.post(link)
    stored.rollback()
    key = stored.scalars(select(Membership.id).where(Membership.account_id == bob)).one()
    sign_in(empty_app.test_client(), lead).post(f"{MEMBERS}/end", data={"member": key})
    assert "was ended" in client.post(link).get_data(as_text=True)
    stored.rollback()
    stored.get_one(Account, lead).active = False
    stored.commit()
    assert "no longer looks after" in client.post(link).get_data(as_text=True)
    monkeypatch.setattr(inviting, "INVITATION_LIFE", timedelta(seconds=-1))
    assert "too old" in client.post(link).get_data(as_text=True)
    assert members(stored) == {lead}


def test_a_member_who_does_not_lead_invites_nobody(empty_app, stored, lead):
    other = signed_in(empty_app, "member", member_of=[LANTERN])
    assert other.post(f"{MEMBERS}/invite", data={"email": "eve@example.org"}).status_code == 403
    assert stored.scalars(select(OutboxMessage)).all() == []


def test_what_is_no_address_is_said_beside_its_field(empty_app, stored, lead):
    client = sign_in(empty_app.test_client(), lead)
    for text in ("", "bob", "bob@example.org\r\nBcc: eve@example.org"):
        answer = client.post(f"{MEMBERS}/invite", data={"email": text})
        assert answer.status_code == 400
        assert "e-mail address" in answer.get_data(as_text=True)
    assert stored.scalars(select(OutboxMessage)).all() == []


def test_what_is_wrong_with_an_invitation_leads_to_its_box(empty_app, lead):
    client = sign_in(empty_app.test_client(), lead)
    answer = client.post(f"{MEMBERS}/invite", data={"email": "nobody"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "<title>Problem: " in page
    assert '<a href="#email">' in page
    assert 'aria-describedby="email-hint email-problem"' in page


def test_whoever_leads_and_would_leave_is_told_on_top_what_to_do_first(empty_app, stored, lead):
    client = sign_in(empty_app.test_client(), lead)
    make_account(empty_app, "member", member_of=[LANTERN])
    member = stored.scalars(select(Membership.id).where(Membership.is_lead)).one()
    page = client.post(f"{MEMBERS}/end", data={"member": member}).get_data(as_text=True)
    assert '<a href="#members">Hand the lead to another member first' in page
    assert 'id="members"' in page
