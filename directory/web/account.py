"""The page of one's own account: the name, the second factor, the organisations, where it is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from directory import audit
from directory.accounts.actors import ROLE_WORDS
from directory.accounts.manage import authority_names, sign_out_everywhere
from directory.accounts.permissions import may
from directory.accounts.sessions import UNKNOWN_BROWSER, good_sessions
from directory.accounts.sessions import end_session as end_one
from directory.db import get_session
from directory.languages import N_, gettext, joined, left_to_right, say_date
from directory.letters.write import one_line
from directory.models import Account, Membership, Organization, PublishedOrganization
from directory.web.clock import LONDON
from directory.web.sessions import current_session, session_life
from directory.web.signing_in import current_actor

blueprint = Blueprint("account", __name__, url_prefix="/account")
LONGEST_NAME = 100
# Where somebody works, by what one must be allowed.
DESKS = (
    ("desk", "desk.index", N_("The desk of your patch: what changed, what is due, whom to ring")),
    ("referral counts", "referral_sums.index", N_("What became of referrals")),
    ("review", "review.index", N_("What waits for review")),
    ("own account", "searches.index", N_("Your saved searches")),
    ("accounts", "accounts.index", N_("Accounts of everybody")),
    ("phrases", "phrases.index", N_("Phrases that widen a search")),
    ("audit", "audit.index", N_("The audit log")),
)


@blueprint.get("")
def index() -> str:
    """One's own account."""
    return _page()


@blueprint.post("/name")
def rename() -> str | tuple[str, int] | Response:
    """Change one's own name, as it stands beside what one writes."""
    name = one_line(request.form.get("name", ""))
    if len(name) > LONGEST_NAME:
        return _page(name, _too_long()), 400
    _account().name = name
    get_session().commit()
    flash(gettext("The name is changed."), "success")
    return redirect(url_for("account.index"))


@blueprint.post("/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> Response:
    """Sign out in one place."""
    session, account = get_session(), _account()
    row = current_session()
    if row is not None and row.id == str(session_id):
        logout_user()
        return redirect(url_for("home.index"))
    if not end_one(session, account.id, str(session_id)):
        abort(404)
    session.commit()
    flash(gettext("Signed out there."), "success")
    return redirect(url_for("account.index"))


@blueprint.post("/sessions/end")
def end_all_sessions() -> Response:
    """Sign out everywhere, here too."""
    session, account = get_session(), _account()
    sign_out_everywhere(session, account)
    audit.record(session, account.id, "signed out everywhere", ("account", account.id))
    logout_user()
    session.commit()
    flash(gettext("You are signed out everywhere."), "success")
    return redirect(url_for("security.login"))


def _page(name: str | None = None, problem: str | None = None) -> str:
    session, account = get_session(), _account()
    here = current_session()
    known = authority_names(session) if account.patches else {}
    return render_template(
        "account/index.html",
        email=account.email,
        name=account.name if name is None else name,
        problem=problem,
        two_factor=bool(account.tf_primary_method),
        must_have_two_factor=account.check_tf_required_setup(),
        codes_left=len(account.mf_recovery_codes or []),
        roles=[ROLE_WORDS[role.name] for role in sorted(account.roles, key=lambda role: role.name)],
        authorities=sorted(known.get(one.authority_code, one.authority_code) for one in account.patches),
        memberships=_memberships(account),
        sessions=[
            {
                "id": one.id,
                "device": _device_words(one.device),
                "since": moment_words(one.created_at),
                "seen": moment_words(one.seen_at),
                "here": here is not None and one.id == here.id,
            }
            for one in good_sessions(session, account.id, session_life())
        ],
        desks=_desks(),
    )


def _memberships(account: Account) -> list[dict[str, Any]]:
    """The organisations that the account looks after; a link where there is a public page."""
    query = (
        select(Membership, Organization.name, PublishedOrganization.organization_id)
        .join(Organization, Organization.id == Membership.organization_id)
        .outerjoin(PublishedOrganization, PublishedOrganization.organization_id == Organization.id)
        .where(Membership.account_id == account.id)
        .order_by(Organization.name)
    )
    return [
        {
            "name": name,
            "lead": member.is_lead,
            "href": url_for("organisations.show", organization_id=shown) if shown else None,
        }
        for member, name, shown in get_session().execute(query)
    ]


def moment_words(moment: datetime) -> str:
    """A moment as people here say it."""
    local = moment.astimezone(LONDON)
    return joined([say_date(local.date()), left_to_right(f"{local:%H:%M}")])


def _device_words(device: str) -> str:
    """A browser in a few words, from those that were kept when it signed in."""
    browser, _, system = device.partition(" on ")
    said = gettext(UNKNOWN_BROWSER) if browser == UNKNOWN_BROWSER else left_to_right(browser)
    if not system:
        return said
    return gettext("%(browser)s on %(system)s", browser=said, system=left_to_right(system))


def _too_long() -> str:
    return gettext("The name is longer than %(longest)s characters. Shorten it.", longest=LONGEST_NAME)


def _desks() -> list[dict[str, str]]:
    """The pages to work on that the account may open."""
    return [
        {"href": url_for(endpoint), "words": gettext(words)}
        for action, endpoint, words in DESKS
        if may(current_actor(), action)
    ]


def _account() -> Account:
    return cast(Account, current_user._get_current_object())
