"""Nothing tells whether an address has an account: not the answer, nor the work that is done for it."""

import re

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from directory.models import Account
from tests.web.signing import PASSWORD, give_password, letters, make_member, register

pytestmark = pytest.mark.one_database

MEMBER, STRANGER = "amina@example.org", "nobody@example.org"


def unconfirmed(app):
    register(app.test_client(), MEMBER)


def closed(app):
    make_member(app, MEMBER)
    with Session(app.extensions["engine"]) as session:
        session.execute(update(Account).values(active=False))
        session.commit()


def without_password(app):
    make_member(app, MEMBER)
    with Session(app.extensions["engine"]) as session:
        session.execute(update(Account).values(password=None))
        session.commit()


ACCOUNTS = {"member": make_member, "unconfirmed": unconfirmed, "closed": closed, "new": without_password}
NEW = {"password": PASSWORD, "password_confirm": PASSWORD}
FORMS = {
    "sign in": ("/account/login", {"password": "not the password of anybody"}),
    "register": ("/account/register", NEW),
    "register with a poor password": ("/account/register", {"password": "a", "password_confirm": "b"}),
    "recover": ("/account/reset", {}),
    "confirm": ("/account/confirm", {}),
}


def heard(app, path, form, email):
    """All that comes back, the page that it leads to as well; the address itself left out."""
    client = app.test_client()
    answers = [client.post(path, data=form | {"email": email})]
    if where := answers[0].headers.get("Location"):
        answers.append(client.get(where))
    parts = []
    for answer in answers:
        # The cookie is signed with the time, and its content is compared instead.
        headers = sorted((name, value) for name, value in answer.headers if name != "Set-Cookie")
        parts += [answer.status_code, headers, answer.get_data(as_text=True)]
    with client.session_transaction() as cookie:
        parts.append(sorted((name, value) for name, value in cookie.items() if name != "csrf_token"))
    # What is made by chance each time, and the length, which is that of the address.
    chance = r"""name="csrf_token" value="[^"]+"|nonce[-=]"?[\w-]+|'Content-Length', '\d+'"""
    return re.sub(chance, "", repr(parts).replace(email, "THE ADDRESS"))


@pytest.mark.parametrize("kind", ACCOUNTS)
@pytest.mark.parametrize("form", FORMS)
def test_the_answer_is_the_same_with_and_without_an_account(empty_app, kind, form):
    ACCOUNTS[kind](empty_app)
    path, values = FORMS[form]
    assert heard(empty_app, path, values, MEMBER) == heard(empty_app, path, values, STRANGER)


def test_the_right_password_of_an_unconfirmed_account_is_answered_like_a_wrong_one(empty_app):
    unconfirmed(empty_app)
    right, wrong = (
        heard(empty_app, "/account/login", {"password": password}, MEMBER)
        for password in (PASSWORD, "another one entirely")
    )
    assert right == wrong


def test_letters_go_to_the_address_alone_and_to_strangers_only_what_they_asked_for(empty_app):
    make_member(empty_app, MEMBER)
    for path in ("/account/reset", "/account/confirm"):
        empty_app.test_client().post(path, data={"email": STRANGER})
    assert letters(empty_app, STRANGER) == []
    register(empty_app.test_client(), MEMBER)
    assert "You have an account already" in letters(empty_app, MEMBER)[-1].subject
    assert len(letters(empty_app)) == 2


@pytest.fixture
def work(empty_app, monkeypatch):
    """What is done for a request: slow hashes, and kinds of statements, in their order."""
    from flask_security import core, utils

    done = []
    real_hash, real_verify = core.CryptContext.hash, core.CryptContext.verify

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            done.append("write")
        elif "account" in statement and statement.startswith("SELECT"):
            done.append("look up")

    def hash_it(context, secret, **kwargs):
        if "argon2" in context.schemes():
            done.append("hash")
        return real_hash(context, secret, **kwargs)

    def verify_it(context, secret, hashed, **kwargs):
        if "argon2" in context.schemes():
            done.append("hash")
        return real_verify(context, secret, hashed, **kwargs)

    monkeypatch.setattr(core.CryptContext, "hash", hash_it)
    monkeypatch.setattr(core.CryptContext, "verify", verify_it)
    assert utils._pwd_context is not None
    event.listen(empty_app.extensions["engine"], "before_cursor_execute", note)

    def of(path, form, email):
        client = empty_app.test_client()
        done.clear()
        client.post(path, data=form | {"email": email})
        return sorted(done)

    return of


@pytest.mark.parametrize("form", FORMS)
def test_the_work_is_the_same_with_and_without_an_account(empty_app, work, form):
    make_member(empty_app, MEMBER)
    path, values = FORMS[form]
    found = work(path, values, MEMBER)
    assert found == work(path, values, STRANGER)
    assert "look up" in found or "poor" in form


def test_a_fast_hash_is_taken_for_links_so_that_time_tells_nothing(empty_app):
    assert empty_app.config["SECURITY_HASHING_SCHEMES"] == ["hex_sha256"]


def test_a_signed_in_browser_hears_nothing_about_others_either(empty_app):
    client = make_member(empty_app, MEMBER)
    client.get("/")  # shows what happened before
    pages = [
        client.post("/account/reset", data={"email": email}).get_data(as_text=True).replace(email, "X")
        for email in (MEMBER, STRANGER)
    ]
    token = re.compile(r'name="csrf_token" value="[^"]+"|nonce="[^"]+"')
    assert token.sub("", pages[0]).replace(MEMBER, "X") == token.sub("", pages[1]).replace(MEMBER, "X")
    assert give_password(empty_app.test_client(), MEMBER).status_code == 302
