"""The commands for accounts."""

import re

import pytest
from sqlalchemy import select

from directory import audit
from directory.db import get_session
from directory.models import Account, AccountSession, AuditEntry, OutboxMessage
from directory.places.load import load_areas
from tests.accounts import make_account, sign_in
from tests.directory import grounds


@pytest.fixture
def ground(empty_app):
    with empty_app.app_context():
        session = get_session()
        load_areas(session, grounds.areas("authority", grounds.AUTHORITY))
        session.commit()


def test_an_account_is_made_and_its_owner_chooses_the_password(empty_app, run, read, ground):
    code, said = run(
        *("account", "make", "Navi@Example.org", "--name", "Navi", "--role", "navigator"),
        *("--authority", grounds.AUTHORITY),
    )
    assert code == 0
    [letter] = read(select(OutboxMessage))
    link = re.search(r"http://127.0.0.1:5000(/account/reset/\S+)", letter.text).group(1)
    assert link in said
    assert "app on your phone" in letter.text
    form = {"password": "seven purple umbrellas", "password_confirm": "seven purple umbrellas"}
    empty_app.config["WTF_CSRF_ENABLED"] = False
    client = empty_app.test_client()
    assert client.post(link, data=form).status_code == 302
    given = {"email": "navi@example.org", "password": form["password"]}
    assert client.post("/account/login", data=given).headers["Location"] == "/account"
    assert client.get("/account").headers["Location"] == "/account/tf-setup"
    assert run("account", "list")[1] == (
        f"navi@example.org: navigator; {grounds.AUTHORITY}; no second factor; open\n"
    )


def test_each_change_is_a_line_of_the_audit_log_without_the_address(empty_app, run, read, ground):
    run("account", "make", "a@example.org", "--role", "member")
    run("account", "change", "A@example.org", "--role", "navigator", "--authority", grounds.AUTHORITY)
    run("account", "close", "a@example.org")
    run("account", "close", "a@example.org", "--open")
    lines = read(select(AuditEntry).order_by(AuditEntry.number))
    assert [line.action for line in lines] == [
        "account made",
        "account standing",
        "account closed",
        "account opened again",
    ]
    assert lines[1].detail == {"roles": "navigator", "authorities": grounds.AUTHORITY}
    assert not any("example.org" in str(line.detail) for line in lines)
    with empty_app.app_context():
        assert list(audit.problems(get_session())) == []


def test_what_is_so_already_is_not_done_again(run, read):
    run("account", "make", "a@example.org", "--role", "member")
    assert "Nothing had to be changed" in run("account", "change", "a@example.org", "--role", "member")[1]
    assert "was open already" in run("account", "close", "a@example.org", "--open")[1]
    assert "had no second factor" in run("account", "reset-two-factor", "a@example.org")[1]
    assert len(read(select(AuditEntry))) == 1


def test_a_closed_or_reset_account_is_signed_out(empty_app, run, read):
    empty_app.config["WTF_CSRF_ENABLED"] = False
    account_id = make_account(empty_app, "administrator", email="a@example.org")
    sign_in(empty_app.test_client(), account_id)
    assert "has no second factor now" in run("account", "reset-two-factor", "a@example.org")[1]
    assert all(row.ended_at for row in read(select(AccountSession)))
    [letter] = read(select(OutboxMessage))
    assert (letter.recipient, letter.subject) == (
        "a@example.org",
        "Your second factor was reset by an administrator",
    )
    [one] = read(select(Account))
    assert (one.tf_primary_method, one.tf_totp_secret, one.tf_last_counter) == (None, None, None)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("make", "no address"), "is no e-mail address"),
        (("make", "there@example.org"), "There is an account for there@example.org already."),
        (("make", "THERE@example.org"), "There is an account"),
        (("make", "b@example.org", "--authority", "E08000025"), "There is no authority 'E08000025'"),
        (("change", "nobody@example.org"), "There is no account for nobody@example.org."),
        (("close", "nobody@example.org"), "There is no account for nobody@example.org."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, stopped, words, why):
    run("account", "make", "there@example.org")
    assert why in stopped("account", *words)


def test_authorities_without_the_role_are_refused(run, stopped, ground):
    said = stopped("account", "make", "b@example.org", "--authority", grounds.AUTHORITY)
    assert said == "Only a navigator has authorities. Give the role navigator as well.\n"
