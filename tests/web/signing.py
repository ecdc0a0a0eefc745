"""What somebody does who signs in by the pages: read letters, follow links, give codes."""

from __future__ import annotations

import re
import time

from passlib.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, OutboxMessage

PASSWORD = "correct horse battery staple"
OTHER_PASSWORD = "seven purple umbrellas dancing"


def letters(app, recipient=None):
    """The letters that wait to be sent, the oldest first."""
    with Session(app.extensions["engine"]) as session:
        found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
        return [one for one in found if recipient in (None, one.recipient)]


def link_in(letter):
    """The path of the first link of a letter."""
    return re.search(r"https?://[^/\s]+(/\S+)", letter.text).group(1)


def account(app, email):
    """An account as it stands in the table."""
    with Session(app.extensions["engine"]) as session:
        return session.scalar(select(Account).where(Account.email == email))


def register(client, email="amina@example.org", password=PASSWORD):
    """Fill in the form."""
    form = {"email": email, "password": password, "password_confirm": password}
    return client.post("/account/register", data=form)


def give_password(client, email="amina@example.org", password=PASSWORD, **more):
    """Fill in the form to sign in."""
    return client.post("/account/login", data={"email": email, "password": password, **more})


def make_member(app, email="amina@example.org", password=PASSWORD):
    """Register, follow the link of the letter, and sign in; the browser."""
    client = app.test_client()
    register(client, email, password)
    client.get(link_in(letters(app, email)[-1]))
    assert give_password(client, email, password).headers["Location"] == "/account"
    return client


def set_up_app(client):
    """Set up a second factor; what makes the codes."""
    page = client.post("/account/tf-setup", data={"setup": "authenticator"}).get_data(as_text=True)
    totp = TOTP(re.search(r'app-key-text">([^<]+)<', page).group(1))
    answer = client.post("/account/tf-validate", data={"code": code_of(totp)})
    assert answer.headers["Location"] == "/account", answer.get_data(as_text=True)
    return totp


def code_of(totp, later=0):
    """The code that the app shows, or will show some half-minutes later."""
    return totp.generate(int(time.time()) + 30 * later).token


def messages_of(page):
    """What a page says about what happened before."""
    text = page if isinstance(page, str) else page.get_data(as_text=True)
    return re.findall(r'class="app-notice"[^>]*>(?:<span[^<]*</span> )?([^<]+)<', text)


def problems_of(page):
    """What a page says is wrong with the form."""
    return re.findall(r'error-summary__list">(.*?)</ul>', page.get_data(as_text=True), re.DOTALL)
