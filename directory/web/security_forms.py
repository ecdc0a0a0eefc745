"""The forms of Flask-Security where ours differ: no second way in, and the same work whoever asks."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app
from flask_security import (
    ForgotPasswordForm,
    LoginForm,
    PasswordUtil,
    RegisterFormV2,
    SendConfirmationForm,
    Totp,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    UserMixin,
    hash_password,
)
from flask_security.forms import EmailValidation, IsString, email_required, unique_user_email
from flask_security.recovery_codes import MfRecoveryForm
from passlib.exc import TokenError
from sqlalchemy.orm import Session
from wtforms import EmailField, RadioField, ValidationError
from wtforms.validators import AnyOf

from directory.accounts.manage import use_counter
from directory.accounts.passwords import problem_of
from directory.db import get_session
from directory.languages import gettext
from directory.models import Account, OutboxMessage, new_id
from directory.models.turns import take_turn
from directory.web.letters import commit_afterwards


class SignInForm(LoginForm):
    """No "remember me": a cookie that outlives the session would be a way round it."""

    remember = None


class RegisterForm(RegisterFormV2):
    """Asks whether the address is new once nobody else can be registering it."""

    email = EmailField(validators=[IsString(), email_required, EmailValidation(verify=True)])

    def validate(self, **kwargs: Any) -> bool:
        """Check the fields, then the address."""
        good = super().validate(**kwargs)
        if self.email.errors:
            return False
        take_turn(get_session(), "accounts")
        try:
            unique_user_email(self, self.email)
        except ValidationError as error:
            self.email.errors = [str(error)]
            if good:
                do_as_if_written(get_session(), Account(email=new_id()))
            return False
        return bool(good)


class RecoverForm(ForgotPasswordForm):
    """Does for an address without an account what it does for one with it."""

    def validate(self, **kwargs: Any) -> bool:
        """The view hashes something where there is no account, and writes a letter where there is one."""
        if super().validate(**kwargs):
            hash_password("as for an address without an account")
            return True
        do_as_if_written(get_session(), _letter_to_nobody())
        commit_afterwards()
        return False


class ConfirmAgainForm(SendConfirmationForm):
    """Does for an address that waits for no letter what it does for one that does."""

    def validate(self, **kwargs: Any) -> bool:
        """The view writes a letter where one is waited for."""
        if super().validate(**kwargs):
            return True
        do_as_if_written(get_session(), _letter_to_nobody())
        commit_afterwards()
        return False


class CodeForm(TwoFactorVerifyCodeForm):
    """Says in our words that no code was typed: those of the library are not translated."""

    def validate(self, **kwargs: Any) -> bool:
        """Look whether there is a code, then whether it is right."""
        if not (self.code.data or "").strip():
            self.code.errors = [gettext("Enter the code that the app shows.")]
            return False
        return bool(super().validate(**kwargs))


class RecoveryCodeForm(MfRecoveryForm):
    """A code that stands in for the second factor is good once, also for two who give it at once."""

    def validate(self, **kwargs: Any) -> bool:
        """Wait for whoever gives a code of the same account, then look."""
        if not (self.code.data or "").strip():
            self.code.errors = [gettext("Enter one of your recovery codes.")]
            return False
        session = get_session()
        user = cast(Account, self.user)
        take_turn(session, f"recovery codes {user.id}")
        session.refresh(user)
        self.code.data = (self.code.data or "").strip().lower()
        return bool(super().validate(**kwargs))


class SetUpForm(TwoFactorSetupForm):
    """The ways to set a second factor up are buttons of the page; the view knows which there are."""

    setup = RadioField(choices=[], validate_choice=False)


class HelpForm(TwoFactorRescueForm):
    """The same for somebody without a code. One by e-mail is not offered, and would be sent if asked for."""

    help_setup = RadioField(choices=[], validate_choice=False, validators=[AnyOf(("help", "recovery_code"))])


class PlainPasswords(PasswordUtil):
    """Refuses passwords that are short, common, or made of what others know."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong, and the password in one way of writing."""
        normal = self.normalize(password)
        user = kwargs.get("user")
        known = [user.email, user.name] if user else [str(kwargs.get("email") or "")]
        config = current_app.config
        problem = problem_of(normal, [*known, config["SITE_NAME"], config["PUBLIC_URL"]])
        return ([problem] if problem else None), normal


class OnceOnlyTotp(Totp):
    """Takes no code twice: somebody may have looked over the shoulder."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Whether a code is right, and newer than the last one that was given."""
        try:
            match = self._totp.verify(token, totp_secret, window=window)
        except TokenError:
            return False
        return use_counter(get_session(), cast(Account, user).id, match.counter)


def do_as_if_written(session: Session, row: Account | OutboxMessage) -> None:
    """Do the work of writing a row, and take it back: the time it takes must tell nothing."""
    savepoint = session.begin_nested()
    session.add(row)
    session.flush()
    savepoint.rollback()


def _letter_to_nobody() -> OutboxMessage:
    return OutboxMessage(recipient="", subject="", text="", html="", headers={})
