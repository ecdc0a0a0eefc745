"""Who may open what: a route is public and named here, or it has a rule; a test goes through all of them."""

from __future__ import annotations

from flask import Flask, abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from directory.accounts.permissions import Target, may
from directory.web.signing_in import current_actor, lacks_second_factor

PUBLIC = frozenset(
    {
        "static",
        "kept_file",
        "home.index",
        "about.index",
        "search.results",
        "search.csv_file",
        "search.geojson_file",
        "search.json_file",
        "suggest.json_file",
        "organisations.show",
        "services.show",
        "maps.index",
        "maps.outlines_file",
        "maps.csv_file",
        "maps.geojson_file",
        "maps.png_file",
        "sites.index",
        "sites.csv_file",
        "sites.geojson_file",
        "sites.png_file",
        "sites.show",
        "sites.site_csv",
        "site_history.csv_file",
        "sites.site_geojson",
        "sites.site_png",
        # The link itself says whose record it is: it is signed.
        "still_right.show",
        "still_right.confirm",
        "still_right.change",
        "still_right.unsubscribe",
        "still_right.change_reminders",
        "still_right.one_click_page",
        "still_right.one_click",
        "uploads.show",  # the view itself keeps back what is not approved
        "answers.show",
        "answers.send",
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
        "security.two_factor_rescue",
        "security.tf_select",
        "security.two_factor_token_validation",
        "sources.index",
        "sources.csv_file",
        "coverage.index",
        "shortlist.show",
        "shortlist.pdf_file",
        "shortlist.csv_file",
        "sheets.show",
        "sheets.pdf_file",
        "sheets.calendar_file",
        "sheets.code_file",
        "sheets.picture_file",
        "coverage_demand.show",
        "coverage_demand.csv_file",
        "coverage_demand.xlsx_file",
        "coverage_help.show",
        "coverage_report.site_pdf",
        "coverage_report.authority_pdf",
        "coverage_what_if.show",
        "coverage_what_if.table_file",
        "coverage_help.table_file",
        "coverage.csv_file",
        "coverage.xlsx_file",
        "coverage.geojson_file",
        "coverage.gpkg_file",
        "coverage.outlines",
        "coverage.area",
        "coverage.area_csv",
        "coverage.area_xlsx",
        "coverage.week_csv",
        "coverage_compare.show",
        "coverage_compare.csv_file",
        "coverage_compare.xlsx_file",
        "api.index",
        "api.services",
        "api.service",
        "api.organizations",
        "api.organization",
        "api.service_at_locations",
        "api.service_at_location",
        "api.taxonomies",
        "api.taxonomy",
        "api.taxonomy_terms",
        "api.taxonomy_term",
        "api.description",
        "api.docs",
        "data.index",
        "data.file",
        "following.robots",
        "following.sitemap",
        "following.sitemap_part",
        "following.atom",
        "embed.index",
        "embed.list",
        "embed.map",
        "reconciliation.service",
        "reconciliation.suggest",
        "reconciliation.properties",
        "reconciliation.preview",
    }
)
# By route, the action of `directory.accounts.permissions` that somebody must be allowed.
RULES = {
    "account.index": "own account",
    "account.rename": "own account",
    "account.end_session": "own account",
    "account.end_all_sessions": "own account",
    "accounts.index": "accounts",
    "accounts.csv_file": "accounts",
    "accounts.show": "accounts",
    "accounts.give_standing": "accounts",
    "accounts.close": "accounts",
    "accounts.open_again": "accounts",
    "accounts.reset_two_factor": "accounts",
    "desk.index": "desk",
    "desk.csv_file": "desk",
    "searches.index": "own account",
    "searches.new": "own account",
    "searches.save": "own account",
    "searches.change": "own account",
    "searches.delete": "own account",
    "still_right.own": "amend",
    "still_right.confirm_own": "amend",
    "keeping.loosen": "unprotect",
    "keeping.record": "see withheld",
    "keeping.withdraw": "amend",
    "uploads.approve": "review",
    "uploads.remove": "upload",
    "uploads.send": "upload",
    "amending.change": "amend",
    "claiming.claim": "claim",
    "claiming.show": "claim",
    "claiming.code": "review",
    "claiming.decide": "review",
    "membership.show": "amend",
    "membership.lead": "members",
    "membership.end": "own account",
    "membership.invite": "members",
    "membership.join": "own account",
    "security.change_password": "own account",
    "security.mf_recovery_codes": "own account",
    "security.two_factor_setup": "own account",
    "security.two_factor_setup_validate": "own account",
    "security.verify": "own account",
    "review.index": "review",
    "review.csv_file": "review",
    "review.submission": "review",
    "review.preview": "review",
    "review.record": "review",
    "deciding.approve": "review",
    "deciding.ask": "review",
    "deciding.reject": "review",
    "deciding.flags": "review",
    "deciding.report": "review",
    "deciding.claim": "review",
    "bulk.preview": "review",
    "bulk.do": "review",
    "bulk.show": "review",
    "bulk.undo": "review",
    "history.show": "history",
    "history.csv_file": "history",
    "history.restore": "restore",
    "phrases.index": "phrases",
    "phrases.csv_file": "phrases",
    "phrases.show": "phrases",
    "phrases.save": "phrases",
    "phrases.retire": "phrases",
    "phrases.load": "phrases",
    "matches.index": "merge",
    "matches.csv_file": "merge",
    "matches.show": "merge",
    "matches.decide": "merge",
    "merges.index": "merge",
    "merges.csv_file": "merge",
    "merges.show": "merge",
    "merges.undo": "merge",
    "referral_sums.index": "referral counts",
    "referral_sums.csv_file": "referral counts",
    "referral_sums.xlsx_file": "referral counts",
    "referral_sums.own_csv": "count referrals",
    "referral_sums.own_xlsx": "count referrals",
    "referrals.show": "count referrals",
    "referrals.save": "count referrals",
    "referrals.take_back_one": "count referrals",
    "referrals.room": "amend",
    "audit.index": "audit",
    "audit.csv_file": "audit",
}
# Forms from no page of ours, so that no page can have given them a token to prove it: what is signed
# is in the address.
WITHOUT_TOKEN = ("directory.web.still_right.one_click", "directory.web.reconciliation.service")


def init_app(app: Flask) -> None:
    """Look at every request before its view does."""
    app.before_request(_check_route)
    for view in WITHOUT_TOKEN:
        app.extensions["csrf"].exempt(view)


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
        # With the language that stands before the path.
        asked_for = request.root_path + request.full_path.rstrip("?")
        return redirect(url_for("security.login", next=asked_for))
    if lacks_second_factor() and not endpoint.startswith("security."):
        return redirect(url_for("security.two_factor_setup"))
    if not may(current_actor(), RULES[endpoint]):
        abort(403)
    return None
