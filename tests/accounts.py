"""Accounts for tests: made in the tables, and signed in without the forms, which have tests of their own."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from directory.accounts.actors import roles_named
from directory.accounts.sessions import open_session
from directory.models import Account, Membership, NavigatorPatch, utc_now
from directory.web.sessions import TOKEN


def make_account(app, *roles, email=None, patches=(), member_of=(), leads=(), two_factor=True):
    """A confirmed account with roles and what it looks after; its identifier."""
    with Session(app.extensions["engine"]) as session:
        account = Account(
            email=email or f"{'-'.join(roles) or 'somebody'}-{time.monotonic_ns()}@example.org",
            name="A Tester",
            confirmed_at=utc_now(),
            roles=roles_named(session, roles),
            patches=[NavigatorPatch(authority_code=code) for code in patches],
            memberships=[
                Membership(organization_id=one, is_lead=one in leads) for one in {*member_of, *leads}
            ],
            # Signing in with it is tested elsewhere; here it only says that there is one.
            tf_primary_method="authenticator" if two_factor else None,
        )
        session.add(account)
        session.commit()
        return account.id


def sign_in(client, account_id):
    """Sign a client in as an account, as if it had just given its password."""
    with Session(client.application.extensions["engine"]) as session:
        account = session.get_one(Account, account_id)
        _, token = open_session(session, account_id, "Firefox on Linux, for tests")
        session.commit()
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie[TOKEN] = token
            cookie["_user_id"] = account.fs_uniquifier
            cookie["_fresh"] = True
            cookie["fs_cc"] = "set"
            cookie["fs_paa"] = time.time()
    return client


def signed_in(app, *roles, **facts):
    """A new client, signed in as a new account with roles."""
    return sign_in(app.test_client(), make_account(app, *roles, **facts))
