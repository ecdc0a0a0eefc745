"""Accounts by Flask-Security: its settings, and who is asking."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from flask import Flask, request
from flask_security import Security, SQLAlchemySessionUserDatastore, current_user
from flask_wtf import CSRFProtect, FlaskForm
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.local import LocalProxy

from directory.accounts.actors import actor_of
from directory.accounts.passwords import SHORTEST
from directory.accounts.permissions import Actor
from directory.config import Settings
from directory.db import get_session
from directory.models import Account, Role, utc_now
from directory.models.account import TWO_FACTOR_ROLES
from directory.web import security_forms as forms
from directory.web import sessions
from directory.web.letters import TEMPLATES, OutboxMail
from directory.web.security_words import MESSAGES, OwnSentences

NOBODY = Actor()
# For how long a password that was entered is good for changing the second factor.
FRESH = timedelta(minutes=30)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application accounts, and every form its protection against forged requests."""
    production = settings.directory_env == "production"
    app.config.update(
        # The prefix makes browsers refuse the cookie unless it came from this host over https.
        SESSION_COOKIE_NAME="__Host-session" if production else "session",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        **{f"SECURITY_{name}": value for name, value in _security_settings(settings).items()},
    )
    CSRFProtect(app)
    datastore = SQLAlchemySessionUserDatastore(cast(Any, LocalProxy(get_session)), Account, Role)
    security = Security(
        mail_util_cls=OutboxMail,
        password_util_cls=forms.PlainPasswords,
        totp_cls=forms.OnceOnlyTotp,
        login_form=forms.SignInForm,
        register_form=forms.RegisterForm,
        forgot_password_form=forms.RecoverForm,
        send_confirmation_form=forms.ConfirmAgainForm,
        two_factor_setup_form=forms.SetUpForm,
        two_factor_rescue_form=forms.HelpForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryCodeForm,
    )
    # The moments of the tables have their zone, and so must those of Flask-Security.
    security.init_app(app, datastore, datetime_factory=utc_now)
    security.i18n_domain = OwnSentences(app)  # type: ignore[no-untyped-call]
    # A style sheet is nobody's in particular, and needs no look at the database.
    security.principal.skip_static = True
    security.want_json(lambda _request: False)
    app.before_request(_refuse_json)
    sessions.init_app(app, settings)
    app.jinja_env.globals.update(is_signed_in=is_signed_in, form_problems=form_problems)


def current_actor() -> Actor:
    """Whoever sent the request. Without the second factor that a role needs, the role is not theirs yet."""
    if not current_user.is_authenticated:
        return NOBODY
    actor = actor_of(cast(Account, current_user))
    return replace(actor, roles=actor.roles - TWO_FACTOR_ROLES) if lacks_second_factor() else actor


def is_signed_in() -> bool:
    """Whether the header of a page leads to the reader's account."""
    try:
        return bool(current_user.is_authenticated)
    except SQLAlchemyError:
        # The page that says that something went wrong must not need the database.
        return False


def form_problems(form: FlaskForm, first: str = "") -> list[dict[str, str | None]]:
    """What is wrong with a form of Flask-Security, with the field that each problem is about.

    What is wrong with the whole form leads to its first field, where that is named.
    """
    return [
        {
            "text": text if isinstance(text, Markup) else str(text),
            "href": f"#{name or first}" if name or first else None,
        }
        for name, texts in form.errors.items()
        for text in texts
    ]


def lacks_second_factor() -> bool:
    """Whether whoever is signed in must set up a second factor before anything else."""
    return bool(current_user.check_tf_required_setup() and not current_user.tf_primary_method)


def _refuse_json() -> None:
    """Flask-Security would read its forms from JSON as well. Ours come from pages."""
    if request.blueprint == "security" and request.is_json:
        raise UnsupportedMediaType


def _security_settings(settings: Settings) -> dict[str, Any]:
    return {
        "URL_PREFIX": "/account",
        "STATIC_FOLDER": None,
        "API_ENABLED_METHODS": ["session"],
        "PASSWORD_SALT": settings.password_salt,
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_LENGTH_MIN": SHORTEST,
        # What links hold of a password is a hash of its hash. A slow one would tell by its time that there is
        # an account.
        "HASHING_SCHEMES": ["hex_sha256"],
        "REGISTERABLE": True,
        "CONFIRMABLE": True,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "RETURN_GENERIC_RESPONSES": True,
        "FRESHNESS": FRESH,
        "FRESHNESS_GRACE_PERIOD": FRESH,
        "EMAIL_SENDER": settings.mail_from,
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "CACHE_CONTROL": {"private": None, "no-store": None},
        # Our own letters are written instead.
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
        "POST_LOGIN_VIEW": "account.index",
        "POST_LOGOUT_VIEW": "home.index",
        "POST_REGISTER_VIEW": "security.login",
        "POST_CHANGE_VIEW": "account.index",
        "POST_VERIFY_VIEW": "account.index",
        **_two_factor_settings(settings),
        **TEMPLATES,
        **{f"MSG_{name}": message for name, message in MESSAGES.items()},
    }


def _two_factor_settings(settings: Settings) -> dict[str, Any]:
    return {
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_ALWAYS_VALIDATE": True,
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [_sealing_key(settings.totp_secret)],
        "TOTP_SECRETS": {"1": settings.totp_secret},
        "TOTP_ISSUER": settings.site_name,
        "TWO_FACTOR_POST_SETUP_VIEW": "account.index",
    }


def _sealing_key(secret: str) -> bytes:
    """A key of its own for recovery codes, in the form that Fernet takes."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"recovery codes: {secret}".encode()).digest())
