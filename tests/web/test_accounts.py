"""The administrator's pages of accounts."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import AuditEntry
from directory.places.load import load_areas
from tests.accounts import make_account, sign_in, signed_in
from tests.directory import grounds
from tests.web.signing import account, letters, messages_of, problems_of
from tests.web.urdu import UrduReader

pytestmark = pytest.mark.one_database

EMAIL = "amina@example.org"


@pytest.fixture
def boss(empty_app):
    with Session(empty_app.extensions["engine"]) as session:
        load_areas(session, grounds.areas("authority", grounds.AUTHORITY))
        session.commit()
    return sign_in(
        empty_app.test_client(), make_account(empty_app, "administrator", email="boss@example.org")
    )


@pytest.fixture
def amina(empty_app):
    return make_account(empty_app, "member", email=EMAIL)


def test_accounts_are_listed_found_and_taken_away(boss, amina):
    page = boss.get("/accounts").get_data(as_text=True)
    assert page.index(EMAIL) < page.index("boss@example.org")
    found = boss.get("/accounts?what=AMINA@").get_data(as_text=True)
    assert EMAIL in found
    assert "boss@example.org</a>" not in found
    assert 'role="search"' not in found  # what the public search for is not suggested here
    assert "No account has this" in boss.get("/accounts?what=%25").get_data(as_text=True)
    lines = boss.get("/accounts.csv").get_data(as_text=True).splitlines()
    assert lines[1].startswith(f"{EMAIL},A Tester,member,,yes,yes,yes,")


def test_a_long_list_has_pages(empty_app, boss):
    for number in range(55):
        make_account(empty_app, email=f"a{number:02}@example.org")
    first = boss.get("/accounts").get_data(as_text=True)
    assert "a49@" in first
    assert "a50@" not in first
    assert "a50@" in boss.get("/accounts?page=2").get_data(as_text=True)


def test_roles_and_authorities_are_given_and_count_at_once(empty_app, boss, amina):
    client = sign_in(empty_app.test_client(), amina)
    assert client.get("/accounts").status_code == 403
    form = {"role": ["navigator", "administrator"], "authority": [grounds.AUTHORITY]}
    answer = boss.post(f"/accounts/{amina}", data=form, follow_redirects=True)
    assert "are changed" in messages_of(answer)[0]
    assert 'value="E08000025" checked' in answer.get_data(as_text=True)
    assert client.get("/accounts").status_code == 200
    listed = boss.get("/accounts").get_data(as_text=True)
    assert f">{grounds.AUTHORITY}<" not in listed  # by its name, not by its code
    boss.post(f"/accounts/{amina}", data={})
    assert client.get("/accounts").status_code == 403


@pytest.mark.parametrize(
    ("form", "why", "stays"),
    [
        ({"role": ["king"]}, "no role", []),
        ({"role": ["navigator"], "authority": ["E06000001"]}, "no authority", ["navigator"]),
        ({"authority": [grounds.AUTHORITY]}, "Only a navigator", [grounds.AUTHORITY]),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_is_changed(empty_app, boss, amina, form, why, stays):
    answer = boss.post(f"/accounts/{amina}", data=form)
    assert answer.status_code == 400
    assert why in problems_of(answer)[0]
    assert '<a href="#role-1">' in problems_of(answer)[0]
    assert 'id="role-1"' in answer.get_data(as_text=True)
    assert 'aria-describedby="role-problem"' in answer.get_data(as_text=True)
    assert re.findall(r'value="([^"]+)" checked', answer.get_data(as_text=True)) == stays
    assert "member" in boss.get("/accounts.csv").get_data(as_text=True)


def test_an_account_is_closed_and_opened_again(empty_app, boss, amina):
    client = sign_in(empty_app.test_client(), amina)
    boss.post(f"/accounts/{amina}/close")
    assert client.get("/account").status_code == 302
    assert not account(empty_app, EMAIL).active
    assert (
        "Nothing had to be" in messages_of(boss.post(f"/accounts/{amina}/close", follow_redirects=True))[-1]
    )
    boss.post(f"/accounts/{amina}/open")
    assert account(empty_app, EMAIL).active
    with Session(empty_app.extensions["engine"]) as session:
        done = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert done == ["account closed", "account opened again"]


def test_whoever_loses_the_phone_is_told_of_the_reset(empty_app, boss, amina):
    client = sign_in(empty_app.test_client(), amina)
    boss.post(f"/accounts/{amina}/reset-two-factor")
    assert account(empty_app, EMAIL).tf_primary_method is None
    assert client.get("/account").status_code == 302
    [letter] = letters(empty_app)
    assert (letter.recipient, "reset by an administrator" in letter.text) == (EMAIL, True)
    boss.post(f"/accounts/{amina}/reset-two-factor")
    assert len(letters(empty_app)) == 1


def test_the_own_account_cannot_be_closed(empty_app, boss):
    own = account(empty_app, "boss@example.org").id
    assert "Close the account" not in boss.get(f"/accounts/{own}").get_data(as_text=True)
    assert "your own account" in problems_of(boss.post(f"/accounts/{own}/close"))[0]
    assert "from yourself" in problems_of(boss.post(f"/accounts/{own}", data={}))[0]
    boss.post(f"/accounts/{own}/reset-two-factor")
    assert letters(empty_app) == []
    assert boss.get("/accounts").status_code == 200


def test_an_account_that_is_not_there_is_no_page(boss):
    assert boss.get(f"/accounts/{'0' * 8}-0000-0000-0000-{'0' * 12}").status_code == 404


def test_hostile_names_are_only_text(empty_app, boss, amina):
    client = sign_in(empty_app.test_client(), amina)
    client.post("/account/name", data={"name": "<script>alert(1)</script>"})
    for browser, address in ((client, "/account"), (boss, "/accounts"), (boss, f"/accounts/{amina}")):
        page = browser.get(address).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_the_page_of_an_account_names_its_organisations(own_app):
    with Session(own_app.extensions["engine"]) as session:
        from directory.models import Organization

        one = session.scalars(select(Organization).order_by(Organization.name)).first()
        name, identifier = one.name, one.id
    client = signed_in(own_app, "member", leads=[identifier])
    page = client.get("/account").get_data(as_text=True)
    assert f'href="/organisations/{identifier}"' in page
    assert "You lead" in page
    assert name.split()[0] in page


def test_accounts_are_kept_in_urdu(empty_app, boss, amina):
    own, reader = account(empty_app, "boss@example.org").id, UrduReader(boss, "/ur/accounts/")
    see = reader.see
    see("/ur/accounts")
    see("/ur/accounts?what=nobody&page=2")
    one = f"/ur/accounts/{amina}"
    see(one)
    for form in (
        {"role": ["king"]},
        {"role": ["navigator"], "authority": ["E06000001"]},
        {"authority": [grounds.AUTHORITY]},
        {"role": ["navigator", "commissioner"], "authority": [grounds.AUTHORITY]},
    ):
        see(one, **form)
    see("/ur/accounts")
    for end in ("close", "close", "open", "reset-two-factor", "reset-two-factor"):
        see(f"{one}/{end}", go="on")
    see(f"/ur/accounts/{own}")
    for path in (f"/ur/accounts/{own}", f"/ur/accounts/{own}/close", f"/ur/accounts/{own}/reset-two-factor"):
        see(path, go="on")
    assert not reader.left, "\n".join(reader.left)
