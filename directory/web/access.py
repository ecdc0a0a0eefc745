"""Who may open what: a route is public and named here, or it has a rule; a test goes through all of them."""

from __future__ import annotations

from flask import Flask, abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from directory.accounts.permissions import Target, may
from directory.web.signing_in import current_actor

PUBLIC = frozenset(
    {
        "static",
        "home.index",
        "about.index",
        "search.results",
        "search.csv_file",
        "search.geojson_file",
        "search.json_file",
        "organisations.show",
        "services.show",
        "maps.index",
        "maps.csv_file",
        "maps.geojson_file",
        "maps.png_file",
        "sites.index",
        "sites.csv_file",
        "sites.geojson_file",
        "sites.png_file",
        "sites.show",
        "sites.site_csv",
        "sites.site_geojson",
        "sites.site_png",
        "registering.start",
        "registering.likely_json",
        "registering.postcode_json",
        "registering.link",
        "registering.resume",
        # A draft is its holder's alone: `draft_access` looks at each request.
        "drafting.tasks",
        "drafting.page",
        "drafting.save",
        "drafting.add",
        "drafting.remove",
        "handing_in.preview",
        "handing_in.send",
        "handing_in.withdraw",
        "reporting.report",
        "reporting.thanks",
        # Flask-Security's own, which keep strangers out by themselves.
        "security.confirm_email",
        "security.forgot_password",
        "security.login",
        "security.logout",
        "security.mf_recovery",
        "security.register",
        "security.reset_password",
        "security.send_confirmation",
        "security.static",
        "security.two_factor_rescue",
        "security.tf_select",
        "security.two_factor_token_validation",
    }
)
# By route, the action of `directory.accounts.permissions` that somebody must be allowed.
RULES = {
    "amending.change": "amend",
    "claiming.claim": "claim",
    "claiming.show": "claim",
    "claiming.code": "review",
    "claiming.decide": "review",
    "membership.show": "amend",
    "membership.lead": "members",
    "membership.end": "own account",
    "security.change_password": "own account",
    "security.mf_recovery_codes": "own account",
    "security.two_factor_setup": "own account",
    "security.two_factor_setup_validate": "own account",
    "security.verify": "own account",
}
# Whoever can see what is withheld must sign in with two things: one password is soon lost.
TWO_FACTOR_ROLES = frozenset({"navigator", "administrator"})


def init_app(app: Flask) -> None:
    """Look at every request before its view does."""
    app.before_request(_check_route)


def require(action: str, target: Target | None = None) -> None:
    """Stop the request unless whoever sent it may do something to a record."""
    if not may(current_actor(), action, target):
        abort(403)


def _check_route() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    if endpoint not in RULES:
        abort(403)  # a route without a rule is nobody's
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    actor = current_actor()
    if (
        actor.roles & TWO_FACTOR_ROLES
        and not current_user.tf_primary_method
        and not endpoint.startswith("security.")
    ):
        return redirect(url_for("security.two_factor_setup"))
    if not may(actor, RULES[endpoint]):
        abort(403)
    return None
