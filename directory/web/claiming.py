"""Claim an entry: prove that one speaks for it, by a code."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from directory.accounts.actors import target_of
from directory.accounts.permissions import may
from directory.db import get_session
from directory.languages import N_, gettext, joined, kept_words, left_to_right, pgettext
from directory.models import Account, Claim, PublishedOrganization
from directory.models.turns import take_turn
from directory.registration.answers import Reading
from directory.registration.claiming import (
    BY_NAVIGATOR,
    ClaimRefusedError,
    Wish,
    enter_code,
    grant,
    make_code,
    open_claim,
    refuse,
)
from directory.registration.domains import own_domains
from directory.registration.membership import members_of
from directory.registration.queue import METHODS as STAFF_METHODS
from directory.registration.submitting import Sender
from directory.web.access import require
from directory.web.clock import today
from directory.web.review_words import CLAIM_STATUSES
from directory.web.signing_in import current_actor

blueprint = Blueprint("claiming", __name__)
METHODS = {
    "email": N_("By a letter to an e-mail address at your own domain"),
    "telephone": N_("A navigator rings the number that is on record, and reads out a code"),
    "post": N_("A navigator sends a code by post to the address that is on record"),
}
OUTCOMES = {
    "wrong": N_("That is not the code. Look at it again: after five tries the claim ends."),
    "expired": N_("The code has ended. Claim the entry again."),
    "held": N_("Somebody else has come to look after this entry meanwhile. A navigator will decide."),
}


@blueprint.route("/organisations/<uuid:organization_id>/claim", methods=["GET", "POST"])
def claim(organization_id: UUID) -> str | Response:
    """Say that an entry is one's own, and choose how to prove it."""
    session = get_session()
    organization = session.get_one(PublishedOrganization, str(organization_id))
    domains = own_domains(session, organization.organization_id)
    held = bool(members_of(session, organization.organization_id))
    reading = Reading({name: request.form.getlist(name) for name in ("method", "email", "statement")})
    if request.method == "POST":
        wish = _read_wish(reading, domains, held=held)
        if wish is not None:
            account = cast(Account, current_user)
            try:
                made = open_claim(session, account, organization.organization_id, wish, _sender())
            except ClaimRefusedError as error:
                reading.problems["email" if wish.method == "email" else "statement"] = gettext(str(error))
            else:
                session.commit()
                return redirect(url_for("claiming.show", claim_id=made.id), 303)
    methods = [(key, gettext(words)) for key, words in METHODS.items() if domains or key != "email"]
    return render_template(
        "claims/claim.html",
        organisation={"id": organization.organization_id, "name": organization.name},
        held=held,
        domains=domains,
        endings=[f"@{domain}" for domain in domains],
        methods=methods,
        v={name: reading.raw(name) for name in reading.typed},
        problems=reading.problems,
    )


def _read_wish(reading: Reading, domains: list[str], *, held: bool) -> Wish | None:
    statement = reading.text("statement", N_("message"), 2_000, needed=held) or ""
    if held:
        return None if reading.problems else Wish("dispute", statement=statement)
    method = reading.choice("method", N_("how to prove it"), METHODS, needed=True)
    email = reading.email("email") if method == "email" else None
    if method == "email" and (email is None or email.rpartition("@")[2].casefold() not in domains):
        reading.problems.setdefault(
            "email",
            gettext(
                "Enter an address that ends with %(domains)s.",
                domains=joined((left_to_right(f"@{one}") for one in domains or ["..."]), " or "),
            ),
        )
    return None if reading.problems or method is None else Wish(method, email, statement)


@blueprint.route("/claims/<uuid:claim_id>", methods=["GET", "POST"])
def show(claim_id: UUID) -> str | Response:
    """A claim: where its maker enters the code, and a navigator makes one or decides."""
    session = get_session()
    made = session.get_one(Claim, str(claim_id))
    if made.account_id != current_actor().account_id:
        return _navigators_page(made)
    problems: dict[str, str] = {}
    if request.method == "POST":
        outcome = enter_code(session, made.id, request.form.get("code", ""), _sender())
        session.commit()
        if outcome == "granted":
            return redirect(url_for("membership.show", organization_id=made.organization_id), 303)
        problems["code"] = gettext(OUTCOMES[outcome])
    return render_template("claims/show.html", claim=_values(made), problems=problems)


def _navigators_page(made: Claim, code: str | None = None) -> str:
    """The claim as a navigator of its record sees it; for anybody else it is not there."""
    session = get_session()
    if request.endpoint == "claiming.show" and request.method == "POST":
        abort(404)
    if not may(current_actor(), "review", target_of(session, made.organization_id)):
        abort(404)
    held = [one.account.email for one in members_of(session, made.organization_id)]
    return render_template("claims/navigator.html", claim=_values(made), held=held, code=code)


@blueprint.post("/claims/<uuid:claim_id>/code")
def code(claim_id: UUID) -> str:
    """Make the code of a claim, shown once, to be posted or read out."""
    made = _for_review(claim_id)
    text = make_code(get_session(), made, _sender())
    get_session().commit()
    return _navigators_page(made, text)


@blueprint.post("/claims/<uuid:claim_id>/decide")
def decide(claim_id: UUID) -> Response:
    """Grant or refuse a claim, with a reason."""
    made = _for_review(claim_id)
    session = get_session()
    reason = Reading({"reason": [request.form.get("reason", "")]}).line("reason", "reason", 500)
    if request.form.get("decision") == "grant":
        grant(session, made, _sender(), reason or BY_NAVIGATOR)
    elif reason:
        refuse(session, made, _sender(), reason)
    else:
        abort(400)
    session.commit()
    return redirect(url_for("claiming.show", claim_id=made.id), 303)


def _for_review(claim_id: UUID) -> Claim:
    session = get_session()
    organization_id = session.get_one(Claim, str(claim_id)).organization_id
    require("review", target_of(session, organization_id))
    take_turn(session, f"claims {organization_id}")
    made = session.get_one(Claim, str(claim_id), populate_existing=True)
    if made.status != "open" or made.account_id == current_actor().account_id:
        abort(409)
    return made


def _values(made: Claim) -> dict[str, Any]:
    return {
        "id": made.id,
        "organisation_id": made.organization_id,
        "name": made.organization.name,
        "method": made.method,
        "method_words": kept_words(STAFF_METHODS.get(made.method, made.method)),
        "status": made.status,
        "status_words": pgettext("claim", CLAIM_STATUSES.get(made.status, made.status)),
        "statement": made.statement,
        "who": made.account.name or made.account.email,
        "email": made.account.email,
        "has_code": made.code_hash is not None,
        "reason": kept_words(made.reason) if made.reason else None,
    }


def _sender() -> Sender:
    return Sender(str(current_user.id), today(), current_app.config["PUBLIC_URL"])
