"""An account in Urdu, from the first form to the last sign-out: no page or message leaves the language."""

import re

import pytest
from flask_security import hash_password
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from directory.accounts.sessions import open_session
from directory.models import Account
from directory.models.account import ROLES
from tests.accounts import make_account, sign_in
from tests.web.signing import OTHER_PASSWORD, PASSWORD, account, code_of, letters, link_in
from tests.web.urdu import UrduReader

pytestmark = [pytest.mark.one_database, pytest.mark.unmeasured]

EMAIL = "amina@example.org"


def hash_in(app, password):
    """A password as it is kept."""
    with app.test_request_context():
        return hash_password(password)


class Walker(UrduReader):
    """Somebody who reads pages in Urdu, and is led on several times."""

    def __init__(self, client):
        super().__init__(client, steps=5)

    def follow(self, app):
        """Open the link of the newest letter."""
        return self.see("/ur" + link_in(letters(app, EMAIL)[-1]).removeprefix("/ur"))


@pytest.fixture
def walker(empty_app):
    return Walker(empty_app.test_client())


def test_registering_and_signing_in(empty_app, walker):
    for page in ("register", "login", "reset", "confirm", "reset/x", "confirm/x", "tf-validate", "verify"):
        walker.see(f"/ur/account/{page}")
    both = {"password": PASSWORD, "password_confirm": PASSWORD}
    for wrong in ({"email": "x"}, {"email": EMAIL, "password": "x", "password_confirm": "y"}):
        walker.see("/ur/account/register", **wrong)
    for weak in ("short", "x" * 201, "passwordpassword"):
        walker.see("/ur/account/register", email=EMAIL, password=weak, password_confirm=weak)
    walker.see("/ur/account/register", email=EMAIL, **both)
    walker.see("/ur/account/login", email=EMAIL, password=PASSWORD)
    walker.see("/ur/account/confirm", email=EMAIL)
    walker.follow(empty_app)
    walker.follow(empty_app)
    walker.see("/ur/account/login", email=EMAIL, password="")
    walker.see("/ur/account/login", email="", password="x")
    # What was asked for is opened in the language in which it was asked for.
    asked = walker.client.get("/ur/account/change").headers["Location"]
    assert asked == "/ur/account/login?next=/ur/account/change"
    page = walker.see(asked, email=EMAIL, password=PASSWORD)
    assert 'name="new_password"' in page
    walker.see("/ur/account/logout", stay="no")
    walker.see("/ur/account/reset", email=EMAIL)
    walker.follow(empty_app)
    link = "/ur" + link_in(letters(empty_app, EMAIL)[-1]).removeprefix("/ur")
    walker.see(link, password=OTHER_PASSWORD, password_confirm="x")
    walker.see(link, password=OTHER_PASSWORD, password_confirm=OTHER_PASSWORD)
    walker.see(link)
    assert not walker.left, walker.left


def test_the_page_of_an_account(empty_app, walker):
    sign_in(walker.client, make_account(empty_app, "member", email=EMAIL, two_factor=False))
    for device in ("curl", "Firefox on Windows"):
        with Session(empty_app.extensions["engine"]) as session:
            open_session(session, account(empty_app, EMAIL).id, device)
            session.commit()
    page = walker.see("/ur/account")
    walker.see("/ur/account/name", name="x" * 101)
    walker.see("/ur/account/name", name="Amina")
    ends = re.findall(r'action="(/ur/account/sessions/[0-9a-f-]{36}/end)"', page)
    assert len(ends) == 3
    walker.see(ends[-1], stay="no")
    walker.see("/ur/account/change")
    walker.see("/ur/account/change", new_password="x", new_password_confirm="y")
    walker.see("/ur/account/sessions/end", stay="no")
    assert not walker.left, walker.left


def test_all_that_somebody_may_do_is_said(empty_app, walker):
    sign_in(walker.client, make_account(empty_app, *ROLES, email=EMAIL, patches=("E08000025",)))
    page = walker.see("/ur/account")
    assert 'href="/ur/desk"' in page
    assert not walker.left, walker.left


def test_the_second_factor(empty_app, walker):
    sign_in(walker.client, make_account(empty_app, email=EMAIL, two_factor=False))
    with Session(empty_app.extensions["engine"]) as session:
        session.get_one(Account, account(empty_app, EMAIL).id).password = hash_in(empty_app, PASSWORD)
        session.commit()
    walker.see("/ur/account/tf-setup")
    page = walker.see("/ur/account/tf-setup", setup="authenticator")
    totp = TOTP(re.search(r'app-key-text"><bdi dir="ltr">([^<]+)<', page)[1])
    walker.see("/ur/account/tf-validate", code="000000")
    walker.see("/ur/account/tf-validate", code=code_of(totp))
    walker.see("/ur/account")
    walker.see("/ur/account/mf-recovery-codes?show_codes=1")
    page = walker.see("/ur/account/mf-recovery-codes", generate_new_codes="1")
    walker.see("/ur/account/mf-recovery-codes")
    (code, *_) = re.findall(r'<code><bdi dir="ltr">([^<]+)<', page)
    with walker.client.session_transaction() as cookie:
        cookie["fs_paa"] = 1
        cookie.pop("fs_gexp", None)
    walker.see("/ur/account/tf-setup")  # the password is asked for again
    walker.see("/ur/account/verify", password="x")
    walker.see("/ur/account/verify", password=PASSWORD)
    walker.see("/ur/account/logout", stay="no")
    walker.see("/ur/account/login", email=EMAIL, password=PASSWORD)
    walker.see("/ur/account/tf-validate", code="000000")
    walker.see("/ur/account/tf-rescue", help_setup="help")
    walker.see("/ur/account/mf-recovery")
    walker.see("/ur/account/mf-recovery", code="x")
    assert "tf-setup" in walker.see("/ur/account/mf-recovery", code=code)
    walker.see("/ur/account/tf-setup")
    walker.see("/ur/account/tf-setup", setup="disable")
    assert not walker.left, walker.left
