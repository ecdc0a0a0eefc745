"""Signed in or not: the browser's token against the table of sessions, on every request."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, session
from flask_login import user_logged_in, user_logged_out
from flask_security import current_user
from flask_security.signals import password_changed, password_reset, tf_disabled, tf_profile_changed
from flask_security.utils import set_request_attr
from sqlalchemy.exc import OperationalError

from directory import audit
from directory.accounts.manage import forget_two_factor
from directory.accounts.sessions import (
    SessionLife,
    end_sessions,
    end_token,
    find_session,
    mark_seen,
    open_session,
)
from directory.config import Settings
from directory.db import get_engine, get_session
from directory.models import Account, AccountSession
from directory.web.letters import commit_afterwards, write_account_letter

TOKEN = "account_token"  # noqa: S105  (the name of a place in the cookie)


def init_app(app: Flask, settings: Settings) -> None:
    """Let the table of sessions decide who is signed in, and keep it up with what happens."""
    app.config["SESSION_LIFE"] = SessionLife(
        timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    )
    manager = cast(Any, app).login_manager
    # Mobile networks change a reader's address all the time; the token says enough.
    manager.session_protection = None
    manager.user_loader(_load_account)
    # Flask-Security would also take a token that stands by itself, which no table could end.
    manager.request_loader(lambda _request: None)
    app.before_request(_mark_seen)
    app.after_request(_keep_private)
    user_logged_in.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    password_changed.connect(_password_changed, app)
    password_reset.connect(_password_reset, app)
    tf_profile_changed.connect(_two_factor_set, app)
    tf_disabled.connect(_two_factor_off, app)


def session_life() -> SessionLife:
    """For how long a session is good."""
    return cast(SessionLife, current_app.config["SESSION_LIFE"])


def current_session() -> AccountSession | None:
    """The session that the request came with, if somebody is signed in."""
    return cast("AccountSession | None", g.get("account_session"))


def _load_account(user_id: str) -> Account | None:
    token = session.get(TOKEN)
    found = find_session(get_session(), str(token), user_id, session_life()) if token else None
    if found is None:
        return None
    account, g.account_session = found
    # What Flask-Security's own loader notes down.
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return account


def _mark_seen() -> None:
    """Look who it is before anything is read or written, and note that the session is in use."""
    cookie = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"])
    if cookie is None or request.endpoint in {"static", "kept_file"} or not current_user.is_authenticated:
        return
    row = current_session()
    if row is not None:
        # The database may be busy; then the next request will tell.
        with contextlib.suppress(OperationalError):
            mark_seen(get_engine(), row)


def _keep_private(response: Response) -> Response:
    """What somebody sees who is signed in is kept by no cache between us and them."""
    if g.get("account_session") is not None:
        response.cache_control.private = True
        response.cache_control.no_store = True
    return response


def _signed_in(_app: Flask, user: Account, **_more: object) -> None:
    """A new token at each sign-in and at a change of password: whoever knew the old one has nothing."""
    if old := session.get(TOKEN):
        end_token(get_session(), str(old))
    g.account_session, session[TOKEN] = open_session(
        get_session(), user.id, request.headers.get("User-Agent", "")
    )
    # Forms that were open before belong to nobody in particular.
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _signed_out(_app: Flask, **_more: object) -> None:
    g.pop("account_session", None)
    if token := session.pop(TOKEN, None):
        end_token(get_session(), str(token))
        commit_afterwards()


def _password_changed(_app: Flask, user: Account, **_more: object) -> None:
    _end_others(user)
    audit.record(get_session(), user.id, "password changed", ("account", user.id))


def _password_reset(_app: Flask, user: Account, **_more: object) -> None:
    end_sessions(get_session(), user.id)
    # Whoever can read the letter has shown that the address is theirs.
    audit.record(get_session(), user.id, "password reset", ("account", user.id))


def _two_factor_set(_app: Flask, user: Account, **_more: object) -> None:
    """Sessions that were opened with the password alone are no longer good enough."""
    _end_others(user)
    write_account_letter(user.email, "account-two-factor", {"now": "set-up"})
    audit.record(get_session(), user.id, "two-factor set up", ("account", user.id))


def _two_factor_off(_app: Flask, user: Account, **_more: object) -> None:
    forget_two_factor(user)
    _end_others(user)
    write_account_letter(user.email, "account-two-factor", {"now": "switched-off"})
    audit.record(get_session(), user.id, "two-factor switched off", ("account", user.id))


def _end_others(user: Account) -> None:
    row = current_session()
    if row is not None:
        get_session().flush()
    end_sessions(get_session(), user.id, but=row.id if row is not None else None)
