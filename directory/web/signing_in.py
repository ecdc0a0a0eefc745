"""Accounts by Flask-Security: its settings, its letters, and who is asking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Flask
from flask_security import MailUtil, Security, SQLAlchemySessionUserDatastore, current_user
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy

from directory.accounts.actors import actor_of
from directory.accounts.permissions import Actor
from directory.config import Settings
from directory.db import get_session
from directory.letters.write import one_line
from directory.models import Account, OutboxMessage, Role, utc_now

NOBODY = Actor()
SESSION_LIFE = timedelta(hours=12)
SHORTEST_PASSWORD = 10


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application accounts, and every form its protection against forged requests."""
    production = settings.directory_env == "production"
    app.config.update(
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        WTF_CSRF_TIME_LIMIT=None,
        **{f"SECURITY_{name}": value for name, value in _security_settings(settings).items()},
    )
    CSRFProtect(app)
    datastore = SQLAlchemySessionUserDatastore(cast(Any, LocalProxy(get_session)), Account, Role)
    # The moments of the tables have their zone, and so must those of Flask-Security.
    Security(mail_util_cls=OutboxMail).init_app(app, datastore, datetime_factory=utc_now)


def current_actor() -> Actor:
    """Whoever sent the request."""
    return actor_of(cast(Account, current_user)) if current_user.is_authenticated else NOBODY


class OutboxMail(MailUtil):
    """Puts the letters of Flask-Security into the outbox, where they wait with the others."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Queue a letter that is written already; it goes with the request's transaction."""
        address = recipient[1] if isinstance(recipient, tuple) else recipient
        get_session().add(
            OutboxMessage(
                recipient=one_line(address), subject=one_line(str(subject)), text=body or "", html=html or ""
            )
        )


def _security_settings(settings: Settings) -> dict[str, Any]:
    return {
        "URL_PREFIX": "/account",
        "PASSWORD_SALT": settings.secret_key,
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
        "PASSWORD_COMPLEXITY_CHECKER": "zxcvbn",
        "REGISTERABLE": True,
        "CONFIRMABLE": True,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "RETURN_GENERIC_RESPONSES": True,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_ALWAYS_VALIDATE": True,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "TOTP_SECRETS": {"1": settings.secret_key},
        "TOTP_ISSUER": settings.site_name,
        "EMAIL_SENDER": settings.mail_from,
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    }
