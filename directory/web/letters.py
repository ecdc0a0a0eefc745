"""Letters about accounts, written from templates/email into the outbox; every link from PUBLIC_URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, after_this_request, current_app
from flask_security import MailUtil

from directory.accounts.manage import administrators
from directory.db import get_session
from directory.languages import site_address, speak
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter

HELP = "account-two-factor-help"
# Which letter for which of Flask-Security's.
TEMPLATES = {
    "REGISTER_EMAIL_TEMPLATE": "account-confirm",
    "EMAIL_TEMPLATE_CONFIRM": "account-confirm",
    "REGISTER_EMAIL_EXISTING_TEMPLATE": "account-exists",
    "EMAIL_TEMPLATE_PASSWORD_RESET": "account-reset",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "account-password",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "account-password",
    "TWO_FACTOR_RESCUE_EMAIL_TEMPLATE": HELP,
}


def public_link(endpoint: str, **values: str) -> str:
    """The address of a page as readers reach it. The request's own host could be anybody's."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return site_address(current_app.config["PUBLIC_URL"]) + path


def write_account_letter(address: str, template: str, values: Mapping[str, Any]) -> None:
    """Put a letter about an account into the outbox."""
    places = {
        "site_name": current_app.config["SITE_NAME"],
        "accounts_href": public_link("accounts.index"),
        "forgot_href": public_link("security.forgot_password"),
    }
    write_letter(get_session(), Letter(address, template, {**places, **values}))


class OutboxMail(MailUtil):
    """Puts the letters of Flask-Security into the outbox, where they wait with the others."""

    def normalize(self, email: str) -> str:
        """One address in one way of writing: nobody has two accounts by their capitals."""
        return super().normalize(email).lower()

    def validate(self, email: str) -> str:
        """The same of an address that a letter is to go to."""
        return super().validate(email).lower()

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
        """Queue a letter of ours; some of Flask-Security's views leave the commit to whoever sends."""
        if template == HELP:
            values = {"email": kwargs["user"].email}
            for one in administrators(get_session()):
                with speak(language_of(get_session(), one.email)):
                    write_account_letter(one.email, HELP, values)
        else:
            address = recipient[1] if isinstance(recipient, tuple) else recipient
            write_account_letter(address, template, _values(kwargs))
        commit_afterwards()


def commit_afterwards() -> None:
    """Commit once the request has been answered."""
    after_this_request(_commit)


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    confirm, reset = given.get("confirmation_token"), given.get("reset_token")
    return {
        "within": given.get("within"),
        "is_open": given["user"].active,
        "confirm_href": public_link("security.confirm_email", token=confirm) if confirm else None,
        "reset_href": public_link("security.reset_password", token=reset) if reset else None,
    }


def _commit(response: Response) -> Response:
    get_session().commit()
    return response
