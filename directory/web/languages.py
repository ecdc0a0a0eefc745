"""Pages in other languages: by the address (`/ur/search`), so that links keep the language without a cookie.

Only the pages named in TRANSLATED are there in other languages. A link from one of them to any other page
leads to that page in English, and so does an address that somebody made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, redirect, request
from flask_babel import Babel

from directory.languages import ENGLISH, LANGUAGES, speak, spoken
from directory.web.sentences import Templates, prepare

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TRANSLATED = frozenset(
    {
        "home.index",
        "about.index",
        "search.results",
        "suggest.json_file",
        "organisations.show",
        "services.show",
        "sheets.show",
        "sheets.code_file",
        "sheets.calendar_file",
        "sheets.pdf_file",
        "sheets.picture_file",
        "shortlist.show",
        "shortlist.pdf_file",
        "sites.index",
        "sites.show",
        "sites.png_file",
        "sites.site_png",
        "maps.index",
        "maps.png_file",
        "coverage.index",
        "coverage.area",
        "coverage_compare.show",
        "coverage_report.authority_pdf",
        "coverage_report.site_pdf",
        "coverage_demand.show",
        "coverage_help.show",
        "coverage_what_if.show",
        "sources.index",
        "data.index",
        "desk.index",
        "review.index",
        "review.submission",
        "review.preview",
        "review.record",
        "deciding.approve",
        "deciding.ask",
        "deciding.reject",
        "deciding.flags",
        "deciding.report",
        "deciding.claim",
        "bulk.preview",
        "bulk.do",
        "bulk.show",
        "bulk.undo",
        "matches.index",
        "matches.show",
        "matches.decide",
        "merges.index",
        "merges.show",
        "merges.undo",
        "claiming.code",
        "claiming.decide",
        "api.docs",
        "still_right.show",
        "still_right.confirm",
        "still_right.change",
        "still_right.own",
        "still_right.confirm_own",
        "still_right.unsubscribe",
        "still_right.change_reminders",
        "reconciliation.service",
        "reconciliation.suggest",
        "reconciliation.properties",
        "reconciliation.preview",
        "reporting.report",
        "reporting.thanks",
        "embed.index",
        "embed.list",
        "embed.map",
        "searches.index",
        "searches.new",
        "searches.save",
        "searches.change",
        "searches.delete",
        "registering.start",
        "registering.likely_json",
        "registering.postcode_json",
        "registering.link",
        "registering.resume",
        "drafting.tasks",
        "drafting.page",
        "drafting.save",
        "drafting.add",
        "drafting.remove",
        "handing_in.preview",
        "handing_in.send",
        "handing_in.withdraw",
        "amending.change",
        "answers.show",
        "answers.send",
        "claiming.claim",
        "claiming.show",
        "membership.show",
        "membership.invite",
        "membership.join",
        "membership.lead",
        "membership.end",
        "referrals.show",
        "referrals.save",
        "referrals.take_back_one",
        "referrals.room",
        "referral_sums.index",
        "history.show",
        "history.restore",
        "audit.index",
        "accounts.index",
        "accounts.show",
        "accounts.give_standing",
        "accounts.close",
        "accounts.open_again",
        "accounts.reset_two_factor",
        "phrases.index",
        "phrases.show",
        "phrases.save",
        "phrases.retire",
        "phrases.load",
        "keeping.record",
        "keeping.loosen",
        "keeping.withdraw",
        "uploads.send",
        "uploads.approve",
        "uploads.remove",
        "account.index",
        "account.rename",
        "account.end_session",
        "account.end_all_sessions",
        "security.change_password",
        "security.confirm_email",
        "security.forgot_password",
        "security.login",
        "security.logout",
        "security.mf_recovery",
        "security.mf_recovery_codes",
        "security.register",
        "security.reset_password",
        "security.send_confirmation",
        "security.tf_select",
        "security.two_factor_rescue",
        "security.two_factor_setup",
        "security.two_factor_setup_validate",
        "security.two_factor_token_validation",
        "security.verify",
    }
)


class DirectoryApp(Flask):
    """An application whose links keep the language, where the page that they lead to has it."""

    jinja_environment = Templates

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of a page, in the language that is spoken if it is there in it."""
        address = super().url_for(endpoint, **values)
        language = spoken()
        # Flask-Security names its own pages without their blueprint.
        whole = f"{request.blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
        if language is ENGLISH or whole in TRANSLATED:
            return address
        return address.replace(f"/{language.code}/", "/", 1)


class LanguageOfAddress:
    """Takes the language off the beginning of an address, as if the application were mounted there."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer in the language of the address."""
        first, slash, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        language = LANGUAGES.get(first)
        if language is None or language is ENGLISH:
            return self.application(environ, start_response)
        mounted = f"{environ.get('SCRIPT_NAME', '')}/{language.code}"
        with speak(language):
            return self.application(
                {**environ, "SCRIPT_NAME": mounted, "PATH_INFO": f"{slash}{rest}" or "/"}, start_response
            )


def init_app(app: Flask) -> None:
    """Read the language of addresses, and give templates their sentences."""
    app.wsgi_app = LanguageOfAddress(app.wsgi_app)  # type: ignore[method-assign]
    Babel(app, default_locale=ENGLISH.code, locale_selector=lambda: spoken().code)
    prepare(app.jinja_env)
    app.before_request(_lead_to_english)
    app.after_request(_say_language)
    app.context_processor(page_languages)


def page_languages() -> dict[str, Any]:
    """The same page in each language in which it is there; none where it is in English alone.

    Nor after a form was sent: to go to another page then would lose what was typed.
    """
    there = request.endpoint in TRANSLATED and request.method != "POST"
    return {"languages": _versions() if there else []}


def _versions() -> list[dict[str, Any]]:
    arguments = urlencode(list(request.args.items(multi=True)))
    rest = f"{quote(request.path)}{'?' if arguments else ''}{arguments}"
    root = site_root()
    public = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return [
        {"language": one, "href": root + prefix + rest, "whole_href": public + root + prefix + rest}
        for one, prefix in ((one, "" if one is ENGLISH else f"/{one.code}") for one in LANGUAGES.values())
    ]


def site_root() -> str:
    """Where the application is mounted, without the language."""
    language = spoken()
    return request.root_path.rstrip("/").removesuffix("" if language is ENGLISH else f"/{language.code}")


def _lead_to_english() -> Response | None:
    """A page that is there in English alone is shown at its English address."""
    if spoken() is ENGLISH or request.endpoint is None or request.endpoint in TRANSLATED:
        return None
    # 307 keeps what is sent with a form.
    return redirect(_versions()[0]["href"], 307)  # type: ignore[return-value]


def _say_language(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = spoken().tag
    return response
