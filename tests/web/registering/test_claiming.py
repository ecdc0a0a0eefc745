"""Claims: proved by a code at the organisation's own domain or from a navigator; disputes; members."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.models import Account, AuditEntry, Claim, Membership, OutboxMessage, utc_now
from directory.registration.domains import own_domains
from tests.accounts import make_account, sign_in, signed_in
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, place, service
from tests.directory.grounds import AUTHORITY, load_ground

pytestmark = pytest.mark.one_database

LANTERN = made_id("Lantern Youth Project")
CLAIM = f"/organisations/{LANTERN}/claim"


@pytest.fixture
def stored(empty_app):
    with Session(empty_app.extensions["engine"]) as session:
        yield session


@pytest.fixture
def lantern(stored):
    """A published record with a domain of its own."""
    load_ground(stored)
    put(stored, organization(service("Studio", place(protection="open")), email="hello@lantern.org.uk"))


def put(session, document):
    accept(session, document, Acceptance(None, "self", "Registered", TODAY))
    session.commit()


@pytest.fixture
def ann(empty_app, lantern):
    return make_account(empty_app, email="ann@home.example")


@pytest.fixture
def client(empty_app, ann):
    return sign_in(empty_app.test_client(), ann)


def letters(session):
    session.rollback()
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()


def code_in(letter):
    return re.search(r"^[A-Z0-9]{5} [A-Z0-9]{5}$", letter.text, re.MULTILINE)[0]


def by_email(client, email="ann@lantern.org.uk"):
    return client.post(CLAIM, data={"method": "email", "email": email})


def members(session):
    session.rollback()
    rows = session.scalars(select(Membership).where(Membership.organization_id == LANTERN)).all()
    return {row.account_id: row.is_lead for row in rows}


def test_a_code_at_the_own_domain_makes_a_member_who_leads(client, ann, stored):
    address = by_email(client).location
    (letter,) = letters(stored)
    assert letter.recipient == "ann@lantern.org.uk"
    code = code_in(letter)
    claim = stored.scalars(select(Claim)).one()
    assert code.replace(" ", "") not in claim.code_hash
    assert client.post(address, data={"code": code.lower()}).status_code == 303
    assert members(stored) == {ann: True}
    assert [role.name for role in stored.get_one(Account, ann).roles] == ["member"]
    actions = stored.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions[-2:] == ["claim", "grant claim"]
    assert client.get(f"/organisations/{LANTERN}/members").status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "ann@gmail.com",
        "ann@evil.example",
        "ann@lantern.org.uk.evil.example",
        "ann@sub.lantern.org.uk",
        "",
        "ann",
    ],
)
def test_an_address_elsewhere_proves_nothing(client, stored, email):
    page = by_email(client, email).get_data(as_text=True)
    assert "There is a problem" in page
    assert letters(stored) == []


@pytest.mark.parametrize(
    ("facts", "domains"),
    [
        ({"email": "group@gmail.com"}, []),
        ({"website": "https://www.facebook.com/group"}, []),
        ({"website": "https://group.wordpress.com"}, []),
        ({"website": "https://www.birmingham.gov.uk/group"}, []),
        ({"website": "https://www.oak.org.uk/about", "email": "x@OAK.org.uk"}, ["oak.org.uk"]),
        ({"website": "https://oak.org.uk", "email": "x@trust.org.uk"}, ["oak.org.uk", "trust.org.uk"]),
        ({}, []),
    ],
)
def test_whose_domain_it_is(stored, facts, domains):
    document = organization(service("Supper"), name="Oak", **facts)
    put(stored, document)
    assert own_domains(stored, document["id"]) == domains


def test_a_domain_that_two_organisations_use_is_nobodys(stored, lantern):
    put(stored, organization(service("Supper"), name="Oak", website="https://lantern.org.uk/oak"))
    assert own_domains(stored, LANTERN) == []


def test_after_five_wrong_codes_the_right_one_is_of_no_use(client, stored):
    address = by_email(client).location
    code = code_in(letters(stored)[0])
    pages = [client.post(address, data={"code": f"WRONG {n}"}).get_data(as_text=True) for n in range(5)]
    assert "not the code" in pages[0]
    assert "has ended" in pages[-1]
    client.post(address, data={"code": code})
    assert members(stored) == {}


def test_a_code_ends_with_its_time(client, stored):
    address = by_email(client).location
    claim = stored.scalars(select(Claim)).one()
    claim.expires_at = utc_now() - timedelta(minutes=1)
    stored.commit()
    client.post(address, data={"code": code_in(letters(stored)[0])})
    assert members(stored) == {}


def test_nobody_claims_the_same_entry_without_end(client, stored):
    for _ in range(3):
        assert by_email(client).status_code == 303
    assert "several times today" in by_email(client).get_data(as_text=True)
    assert len(letters(stored)) == 3


def test_a_code_is_of_use_to_its_own_claim_alone(empty_app, client, stored):
    address = by_email(client).location
    code = code_in(letters(stored)[0])
    thief = signed_in(empty_app)
    assert thief.get(address).status_code == 404
    assert thief.post(address, data={"code": code}).status_code == 404
    own = by_email(thief, "thief@lantern.org.uk").location
    thief.post(own, data={"code": code})
    assert members(stored) == {}


def test_a_navigator_makes_a_code_that_is_shown_once(empty_app, client, ann, stored):
    make_account(empty_app, "navigator", patches=[AUTHORITY], email="nav@example.org")
    address = client.post(CLAIM, data={"method": "telephone"}).location
    assert letters(stored)[0].recipient == "nav@example.org"
    navigator = signed_in(empty_app, "navigator", patches=[AUTHORITY])
    page = navigator.post(f"{address}/code").get_data(as_text=True)
    code = re.search(r"The code is ([A-Z0-9]{5} [A-Z0-9]{5})", page)[1]
    assert code not in navigator.get(address).get_data(as_text=True)
    assert client.post(f"{address}/code").status_code == 403
    assert client.post(address, data={"code": code}).status_code == 303
    assert members(stored) == {ann: True}


def test_navigators_elsewhere_make_no_codes_and_decide_nothing(empty_app, client, stored):
    address = client.post(CLAIM, data={"method": "post"}).location
    far = signed_in(empty_app, "navigator", patches=["E08000099"])
    assert far.get(address).status_code == 404
    assert far.post(f"{address}/code").status_code == 403
    assert far.post(f"{address}/decide", data={"decision": "grant"}).status_code == 403
    assert members(stored) == {}


@pytest.fixture
def held(empty_app, lantern):
    """Somebody who looks after the entry already."""
    return make_account(empty_app, "member", leads=[LANTERN], email="lead@lantern.org.uk")


def test_a_claim_of_what_somebody_holds_goes_to_a_navigator(empty_app, held, client, ann, stored):
    assert "There is a problem" in by_email(client).get_data(as_text=True)
    address = client.post(CLAIM, data={"statement": "I am the new chair"}).location
    assert stored.scalars(select(Claim.method)).one() == "dispute"
    assert "A navigator looks at it" in client.get(address).get_data(as_text=True)
    navigator = signed_in(empty_app, "navigator", patches=[AUTHORITY])
    assert "I am the new chair" in navigator.get(address).get_data(as_text=True)
    navigator.post(f"{address}/decide", data={"decision": "grant"})
    assert members(stored) == {held: True, ann: False}
    told = {letter.recipient: letter.subject for letter in letters(stored)}
    assert told["lead@lantern.org.uk"] == "Somebody joined you: Lantern Youth Project"


def test_a_claim_is_refused_with_a_reason(empty_app, held, client, stored):
    address = client.post(CLAIM, data={"statement": "I want it"}).location
    navigator = signed_in(empty_app, "navigator", patches=[AUTHORITY])
    assert navigator.post(f"{address}/decide", data={"decision": "refuse"}).status_code == 400
    navigator.post(f"{address}/decide", data={"decision": "refuse", "reason": "Not known there"})
    assert "Not known there" in client.get(address).get_data(as_text=True)
    assert "Not known there" in letters(stored)[-1].text
    assert navigator.post(f"{address}/decide", data={"decision": "grant"}).status_code == 409


def test_nobody_decides_a_claim_of_their_own(empty_app, lantern, stored):
    navigator = signed_in(empty_app, "navigator", patches=[AUTHORITY])
    address = navigator.post(CLAIM, data={"method": "post"}).location
    assert navigator.post(f"{address}/code").status_code == 409
    assert navigator.post(f"{address}/decide", data={"decision": "grant"}).status_code == 409
    assert members(stored) == {}


def test_who_was_quicker_makes_the_other_claim_a_dispute(empty_app, client, ann, stored):
    address = by_email(client).location
    code = code_in(letters(stored)[0])
    other = make_account(empty_app, "member", leads=[LANTERN])
    assert "A navigator will decide" in client.post(address, data={"code": code}).get_data(as_text=True)
    assert members(stored) == {other: True}


def test_what_is_not_published_cannot_be_claimed(client):
    assert client.get(f"/organisations/{made_id('nothing')}/claim").status_code == 404


@pytest.fixture
def pair(empty_app, held, stored):
    """A lead and another member, each with a client and an identifier of the membership."""
    other = make_account(empty_app, "member", member_of=[LANTERN], email="bob@lantern.org.uk")
    rows = {row.account_id: row.id for row in stored.scalars(select(Membership))}
    return {
        "lead": (sign_in(empty_app.test_client(), held), held, rows[held]),
        "other": (sign_in(empty_app.test_client(), other), other, rows[other]),
    }


def test_the_lead_is_handed_over(pair, stored):
    client, lead, _ = pair["lead"]
    other = pair["other"]
    client.post(f"/organisations/{LANTERN}/members/lead", data={"member": other[2]})
    assert members(stored) == {lead: False, other[1]: True}
    assert {letter.recipient for letter in letters(stored)} == {"lead@lantern.org.uk", "bob@lantern.org.uk"}
    assert (
        client.post(f"/organisations/{LANTERN}/members/lead", data={"member": pair["lead"][2]}).status_code
        == 403
    )


def test_a_lead_does_not_leave_the_others_without_one(pair, stored):
    client, _, key = pair["lead"]
    page = client.post(f"/organisations/{LANTERN}/members/end", data={"member": key})
    assert "Hand the lead to another member first" in page.get_data(as_text=True)
    assert len(members(stored)) == 2


def test_a_member_leaves_and_is_no_member_any_more(pair, stored):
    client, account, key = pair["other"]
    client.post(f"/organisations/{LANTERN}/members/end", data={"member": key})
    assert account not in members(stored)
    assert stored.get_one(Account, account).roles == []
    assert client.get(f"/organisations/{LANTERN}/members").status_code == 403


def test_a_member_ends_nobody_elses_membership(pair, stored):
    client = pair["other"][0]
    assert (
        client.post(f"/organisations/{LANTERN}/members/end", data={"member": pair["lead"][2]}).status_code
        == 403
    )
    assert (
        client.post(f"/organisations/{LANTERN}/members/lead", data={"member": pair["other"][2]}).status_code
        == 403
    )
    assert len(members(stored)) == 2


def test_the_lead_of_one_ends_no_membership_of_another(empty_app, pair, stored):
    put(stored, organization(service("Supper", place("Far", "B1 1AA")), name="Oak"))
    thief = signed_in(empty_app, "member", leads=[made_id("Oak")])
    for key in (LANTERN, made_id("Oak")):
        answer = thief.post(f"/organisations/{key}/members/end", data={"member": pair["other"][2]})
        assert answer.status_code in (403, 404)
    assert len(members(stored)) == 2
