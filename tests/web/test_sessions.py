"""Where somebody is signed in: each session by itself, none for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.models import Account, AccountSession, AuditEntry, utc_now
from tests.accounts import make_account, sign_in
from tests.web.signing import PASSWORD, account, give_password, make_member, messages_of


def is_in(client):
    return client.get("/account").status_code == 200


def change(app, **values):
    """Change all sessions in the table."""
    with Session(app.extensions["engine"]) as session:
        session.execute(update(AccountSession).values(**values))
        session.commit()


def rows(app):
    with Session(app.extensions["engine"]) as session:
        return session.scalars(select(AccountSession).order_by(AccountSession.created_at)).all()


@pytest.fixture
def client(empty_app):
    return sign_in(empty_app.test_client(), make_account(empty_app))


def test_a_session_ends_when_it_is_not_used_for_two_hours(empty_app, client):
    change(empty_app, seen_at=utc_now() - timedelta(minutes=119))
    assert is_in(client)
    change(empty_app, seen_at=utc_now() - timedelta(minutes=121))
    assert not is_in(client)


def test_a_session_that_is_used_ends_after_twelve_hours_all_the_same(empty_app, client):
    change(empty_app, created_at=utc_now() - timedelta(hours=11, minutes=59))
    assert is_in(client)
    change(empty_app, created_at=utc_now() - timedelta(hours=12, minutes=1), seen_at=utc_now())
    assert not is_in(client)


def test_being_used_keeps_a_session_and_is_noted_every_five_minutes(empty_app, client):
    before = utc_now() - timedelta(minutes=4)
    change(empty_app, seen_at=before)
    client.get("/")
    assert rows(empty_app)[0].seen_at == before
    change(empty_app, seen_at=utc_now() - timedelta(minutes=6))
    client.get("/")
    assert rows(empty_app)[0].seen_at > before


def test_the_table_keeps_a_hash_and_never_the_token(empty_app, client):
    with client.session_transaction() as cookie:
        token = cookie["account_token"]
    [row] = rows(empty_app)
    assert token not in (row.token_hash, row.id)
    assert len(row.token_hash) == 64


def test_signing_in_again_begins_a_new_session_and_ends_the_old(empty_app):
    client = make_member(empty_app)
    with client.session_transaction() as cookie:
        before = cookie["account_token"]
        del cookie["_user_id"]  # as if it had been forgotten: the form is shown again
    give_password(client)
    with client.session_transaction() as cookie:
        assert cookie["account_token"] != before
    assert [row.ended_at is None for row in rows(empty_app)] == [False, True]


def test_a_token_that_was_planted_before_signing_in_is_worth_nothing(empty_app):
    make_member(empty_app)
    client = empty_app.test_client()
    with client.session_transaction() as cookie:
        cookie["account_token"] = cookie["csrf_token"] = "known to somebody"
    give_password(client)
    with client.session_transaction() as cookie:
        assert cookie["account_token"] != "known to somebody"
        assert "csrf_token" not in cookie


def test_one_session_can_be_ended_from_another(empty_app):
    account_id = make_account(empty_app)
    here, there = (sign_in(empty_app.test_client(), account_id) for _ in range(2))
    page = here.get("/account").get_data(as_text=True)
    assert page.count("Sign out this one") == 2
    assert page.count("(this one)") == 1
    with there.session_transaction() as cookie:
        from directory.accounts.sessions import hash_of

        hashed = hash_of(cookie["account_token"])
    [its] = [row for row in rows(empty_app) if row.token_hash == hashed]
    assert here.post(f"/account/sessions/{its.id}/end").headers["Location"] == "/account"
    assert is_in(here)
    assert not is_in(there)
    assert here.post(f"/account/sessions/{its.id}/end").status_code == 404  # it has ended


def test_ending_the_session_that_one_is_in_signs_out(empty_app, client):
    [row] = rows(empty_app)
    assert client.post(f"/account/sessions/{row.id}/end").headers["Location"] == "/"
    assert not is_in(client)
    assert rows(empty_app)[0].ended_at is not None


def test_nobody_ends_somebody_elses_session(empty_app, client):
    [row] = rows(empty_app)
    other = sign_in(empty_app.test_client(), make_account(empty_app, "administrator"))
    assert other.post(f"/account/sessions/{row.id}/end").status_code == 404
    assert is_in(client)


def test_signing_out_everywhere_ends_all_and_makes_links_worthless(empty_app):
    here, there = make_member(empty_app), empty_app.test_client()
    give_password(there)
    before = account(empty_app, "amina@example.org").fs_uniquifier
    assert (
        "signed out everywhere" in messages_of(here.post("/account/sessions/end", follow_redirects=True))[-1]
    )
    assert not is_in(here)
    assert not is_in(there)
    assert account(empty_app, "amina@example.org").fs_uniquifier != before
    with Session(empty_app.extensions["engine"]) as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["signed out everywhere"]


def test_a_closed_account_is_out_at_once(empty_app, client):
    with Session(empty_app.extensions["engine"]) as session:
        session.execute(update(Account).values(active=False))
        session.commit()
    assert not is_in(client)


def test_a_remembering_cookie_opens_nothing(empty_app):
    from flask_login.utils import encode_cookie

    make_member(empty_app)
    client = empty_app.test_client()
    with empty_app.app_context():
        value = encode_cookie(account(empty_app, "amina@example.org").fs_uniquifier)
    client.set_cookie("remember_token", value)
    assert not is_in(client)
    answer = give_password(empty_app.test_client(), remember="y")
    assert "remember_token" not in str(answer.headers)


def test_a_token_for_programs_is_neither_given_nor_taken(empty_app):
    client = make_member(empty_app)
    with empty_app.test_request_context():
        token = account(empty_app, "amina@example.org").get_auth_token()
    stranger = empty_app.test_client()
    for asked in (
        stranger.get("/account", headers={"Authentication-Token": token}),
        stranger.get(f"/account?auth_token={token}"),
        stranger.get("/account/change", headers={"Authentication-Token": token}),
    ):
        assert asked.headers["Location"].startswith("/account/login")
    client.post("/account/logout")
    form = {"email": "amina@example.org", "password": PASSWORD}
    answer = client.post(
        "/account/login?include_auth_token", data=form, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 302
    assert client.post("/account/login?include_auth_token", json=form).status_code == 415


def test_a_name_is_kept_on_one_line_and_a_long_one_refused(empty_app, client):
    assert client.post("/account/name", data={"name": " Amina\r\nKhan "}).status_code == 302
    page = client.get("/account").get_data(as_text=True)
    assert 'value="Amina Khan"' in page
    answer = client.post("/account/name", data={"name": "x" * 101})
    assert answer.status_code == 400
    assert "longer than 100" in answer.get_data(as_text=True)
