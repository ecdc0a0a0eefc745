"""Saved searches: one's own and nobody else's, and a letter when the answer changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, OutboxMessage, SavedSearch, Service
from directory.publishing.publish import publish
from directory.upkeep.answer import confirm
from directory.upkeep.checks import Said
from directory.upkeep.remind import Site
from directory.upkeep.saved_searches import MOST_A_PERSON, question_of, write_alerts
from directory.upkeep.signed_links import Links
from tests.accounts import make_account, sign_in, signed_in
from tests.conftest import TODAY
from tests.directory.records import add, organization, service

pytestmark = pytest.mark.one_database

SITE = Site("The directory", Links("x" * 40, "https://directory.example"))
BOXING = {"name": "Boxing", "question": "category=sport&page=3&sort=name&account_id=1", "alert": "yes"}


@pytest.fixture
def filled(empty_app):
    """One sports club."""
    with Session(empty_app.extensions["engine"]) as session:
        add(session, organization("Oak", service("Boxing", terms=[("category", "sport")])))
        session.commit()
    return empty_app


def stored(app):
    with Session(app.extensions["engine"]) as session:
        return session.scalars(select(SavedSearch).order_by(SavedSearch.name)).all()


def test_a_search_is_saved_from_its_page(filled):
    client = signed_in(filled)
    page = client.get("/search?category=sport").get_data(as_text=True)
    assert "/searches/new?category=sport" in page
    assert "Sport and activities" in client.get("/searches/new?category=sport").get_data(as_text=True)
    assert client.post("/searches", data=BOXING).status_code == 302
    [saved] = stored(filled)
    assert (saved.name, saved.question, saved.alert) == ("Boxing", "category=sport", True)
    assert "/search?category=sport" in client.get("/searches").get_data(as_text=True)


def test_a_search_without_a_name_is_not_saved_and_nothing_is_lost(filled):
    response = signed_in(filled).post("/searches", data={"question": "what=boxing"})
    assert response.status_code == 400
    assert "what=boxing" in response.get_data(as_text=True)
    assert stored(filled) == []


def test_only_so_many_are_kept(filled):
    key = make_account(filled)
    with Session(filled.extensions["engine"]) as session:
        many = [SavedSearch(account_id=key, name=str(i), question="") for i in range(MOST_A_PERSON)]
        session.add_all(many)
        session.commit()
    client = sign_in(filled.test_client(), key)
    assert client.post("/searches", data=BOXING).status_code == 400
    assert client.get("/searches").status_code == 200


def test_a_search_is_named_switched_off_and_deleted(filled):
    client = signed_in(filled)
    client.post("/searches", data=BOXING)
    path = f"/searches/{stored(filled)[0].id}"
    client.post(path, data={"name": "<b>Clubs</b>"})
    assert (stored(filled)[0].name, stored(filled)[0].alert) == ("<b>Clubs</b>", False)
    assert "&lt;b&gt;Clubs" in client.get("/searches").get_data(as_text=True)
    client.post(f"{path}/delete")
    assert stored(filled) == []


def test_nobody_sees_or_changes_another_persons_search(filled):
    signed_in(filled).post("/searches", data=BOXING)
    path, other = f"/searches/{stored(filled)[0].id}", signed_in(filled, "administrator")
    assert other.post(path, data={"name": "Mine"}).status_code == 404
    assert other.post(f"{path}/delete").status_code == 404
    assert "Boxing" not in other.get("/searches").get_data(as_text=True)
    assert filled.test_client().get("/searches").status_code == 302
    assert stored(filled)[0].name == "Boxing"


def test_what_is_kept_is_the_question_alone():
    assert question_of([("what", " a  b "), ("page", "2"), ("evil", "1"), ("age", "")]) == "what=a+b"


@pytest.fixture
def saved(filled):
    """A session of the application, with two saved searches of one person."""
    client = signed_in(filled, email="ann@example.org")
    client.post("/searches", data=BOXING)
    client.post("/searches", data={**BOXING, "name": "All", "question": ""})
    with Session(filled.extensions["engine"]) as session:
        yield session


def letters(session):
    return session.scalars(select(OutboxMessage)).all()


def test_nothing_is_written_before_something_changes(saved):
    assert write_alerts(saved, TODAY, SITE) == 0
    [key] = saved.scalars(select(Service.organization_id))
    # To say that all is still right is no news.
    confirm(saved, key, Said("self", TODAY + timedelta(days=1)))
    assert write_alerts(saved, TODAY, SITE) == 0


def test_one_letter_a_person_says_what_is_new_and_what_is_changed(saved):
    [row] = saved.scalars(select(Service))
    row.description = "Gloves are lent"
    publish(saved, [row.organization_id], TODAY)
    add(saved, organization("Ash", service("Judo\n\nhttps://evil.example", terms=[("category", "sport")])))
    assert write_alerts(saved, TODAY, SITE) == 1
    [letter] = letters(saved)
    assert letter.recipient == "ann@example.org"
    assert f"Changed: Boxing (Oak) https://directory.example/services/{row.id}" in letter.text
    assert "New: Judo https://evil.example (Ash)" in letter.text
    assert 'href="https://evil.example' not in letter.html
    assert "https://directory.example/search?category=sport" in letter.text
    assert write_alerts(saved, TODAY, SITE) == 0


def test_what_is_gone_is_counted(saved):
    [row] = saved.scalars(select(Service))
    row.status = "defunct"
    publish(saved, [row.organization_id], TODAY)
    write_alerts(saved, TODAY, SITE)
    assert "No longer there: 1" in letters(saved)[0].text


@pytest.mark.parametrize("facts", [{"active": False}, {"confirmed_at": None}])
def test_a_closed_account_gets_no_letter(saved, facts):
    [account] = saved.scalars(select(Account))
    for name, value in facts.items():
        setattr(account, name, value)
    add(saved, organization("Ash", service("Judo", terms=[("category", "sport")])))
    assert write_alerts(saved, TODAY, SITE) == 0


def test_a_search_without_alert_is_silent(saved):
    for search in saved.scalars(select(SavedSearch)):
        search.alert = False
    add(saved, organization("Ash", service("Judo", terms=[("category", "sport")])))
    assert write_alerts(saved, TODAY, SITE) == 0
