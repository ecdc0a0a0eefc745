"""What Flask-Security says, in our words. None of them tells whether an address has an account."""

from __future__ import annotations

from collections.abc import Mapping

from flask_security.babel import FsDomain

from directory.languages import N_, gettext, left_to_right


class OwnSentences(FsDomain):
    """Has Flask-Security say its messages from our catalogue; its own has no Urdu, and other words."""

    def gettext(self, string: str, **values: object) -> str:
        """A message in the language that is spoken. The one about an address has an example of one in it."""
        if "email" in values:
            values["email"] = left_to_right(str(values["email"]))
        if "%(example)s" in string:
            values["example"] = left_to_right("name@example.org")
        return gettext(string, **values)


MESSAGES: Mapping[str, tuple[str, str]] = {
    "ALREADY_CONFIRMED": (N_("The address was confirmed before. You can sign in."), "info"),
    "API_ERROR": (N_("Something in the form could not be read. Fill it in again."), "error"),
    "CONFIRMATION_EXPIRED": (N_("The link is older than %(within)s. Ask for a new one here."), "error"),
    "CONFIRMATION_REQUEST": (
        N_(
            "If %(email)s waits to be confirmed, a letter with a link is on its way. Look for it in a few "
            "minutes, also among the unwanted mail."
        ),
        "info",
    ),
    "CONFIRM_REGISTRATION": (
        N_(
            "A letter is on its way to %(email)s. Open the link in it to go on. If it is not there in a few "
            "minutes, look among the unwanted mail."
        ),
        "success",
    ),
    "EMAIL_CONFIRMED": (N_("The address is confirmed. Now sign in."), "success"),
    "EMAIL_NOT_PROVIDED": (N_("Enter an e-mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (
        N_(
            "The e-mail address and the password do not fit together, or the address has not been confirmed "
            "yet. Try again, or ask for a new password."
        ),
        "error",
    ),
    "INVALID_CONFIRMATION_TOKEN": (
        N_("The link does not work. It may have been used, or cut short. Ask for a new one here."),
        "error",
    ),
    "INVALID_EMAIL_ADDRESS": (N_("Enter a whole e-mail address, such as %(example)s."), "error"),
    "INVALID_PASSWORD": (N_("The password is not right. Try again."), "error"),
    "INVALID_RECOVERY_CODE": (
        N_("The recovery code is not right, or was used before. Try another one."),
        "error",
    ),
    "INVALID_REDIRECT": (N_("The page to go on to is not on this site. Start again from here."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_("The link does not work. It may have been used, or cut short. Ask for a new one here."),
        "error",
    ),
    "NO_RECOVERY_CODES_SETUP": (N_("There are no recovery codes yet. Make some."), "info"),
    "PASSWORD_CHANGE": (N_("The password is changed. You are signed out everywhere else."), "success"),
    "PASSWORD_IS_THE_SAME": (N_("The new password is the old one. Choose another."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Enter a password."), "error"),
    "PASSWORD_RESET_EXPIRED": (N_("The link is older than %(within)s. Ask for a new one here."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (N_("The password is changed. Sign in with the new one."), "success"),
    "PASSWORD_RESET_REQUEST": (
        N_(
            "If %(email)s has an account, a letter with a link is on its way. Look for it in a few minutes, "
            "also among the unwanted mail."
        ),
        "info",
    ),
    "REAUTHENTICATION_REQUIRED": (N_("Enter your password again before you go on."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on."), "success"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords are not the same. Enter both again."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        N_("The second factor is set up. You are signed out everywhere else."),
        "success",
    ),
    "TWO_FACTOR_DISABLED": (N_("The second factor is switched off."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (
        N_("The code is not right, or was used before. Wait for the next one in the app, and enter that."),
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("Choose one of the ways that are offered."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Sign in first. Then the code is asked for."), "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("It took longer than %(within)s. Start again."), "error"),
}

# What docs/pages.md says of the pages of Flask-Security.
PAGES: Mapping[str, str] = {
    "security.change_password": "Change one's own password.",
    "security.confirm_email": "Where the link of a letter confirms an address.",
    "security.forgot_password": "Ask for a letter with a link to choose a new password.",
    "security.login": "Sign in.",
    "security.logout": "Sign out.",
    "security.mf_recovery": "Give a recovery code instead of one of the app.",
    "security.mf_recovery_codes": "See recovery codes, or make new ones.",
    "security.register": "Make an account.",
    "security.reset_password": "Where the link of a letter lets one choose a new password.",
    "security.send_confirmation": "Ask for the letter again that confirms an address.",
    "security.tf_select": "Choose between two second factors.",
    "security.two_factor_rescue": "Ask an administrator for help without a code.",
    "security.two_factor_setup": "Set up a second factor, change it, switch it off.",
    "security.two_factor_setup_validate": "Finish setting it up, for a link that holds what is to be set up.",
    "security.two_factor_token_validation": "Give the code of the app.",
    "security.verify": "Enter the password again.",
}
