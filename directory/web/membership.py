"""The members of an entry: who they are, who leads, invitations, leaving and ending."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from directory.accounts.actors import target_of
from directory.accounts.permissions import may
from directory.db import get_session
from directory.languages import gettext, left_to_right, own_words, say_date
from directory.models import Account, Membership, Organization
from directory.registration.answers import Reading
from directory.registration.inviting import Invitations, VoidInvitationError
from directory.registration.membership import StillLeadsError, hand_over, members_of, remove
from directory.web.access import require
from directory.web.signing_in import current_actor

blueprint = Blueprint("membership", __name__)


@blueprint.get("/organisations/<uuid:organization_id>/members")
def show(organization_id: UUID) -> str:
    """Who looks after an entry."""
    return _page(str(organization_id))


def _page(
    organization_id: str,
    problem: str | None = None,
    problem_at: str = "members",
    email: str | None = None,
) -> str:
    session = get_session()
    organization = session.get_one(Organization, organization_id)
    target = target_of(session, organization.id)
    require("amend", target)
    actor = current_actor()
    return render_template(
        "members/show.html",
        organisation={"id": organization.id, "name": organization.name},
        members=[
            {
                "id": one.id,
                "name": one.account.name or one.account.email,
                "email": one.account.email,
                "lead": one.is_lead,
                "since": say_date(one.since.date()),
                "you": one.account_id == actor.account_id,
            }
            for one in members_of(session, organization.id)
        ],
        may_manage=may(actor, "members", target),
        problem=problem,
        problem_at=problem_at,
        email=email,
    )


@blueprint.post("/organisations/<uuid:organization_id>/members/invite")
def invite(organization_id: UUID) -> Response | tuple[str, int]:
    """Invite somebody by e-mail to look after the entry too."""
    session, key = get_session(), str(organization_id)
    require("members", target_of(session, key))
    reading = Reading({"email": request.form.getlist("email")})
    email = reading.email("email")
    if email is None:
        problem = reading.problems.get("email", gettext("Enter the e-mail address of whom to invite."))
        return _page(key, problem, "email", request.form.get("email")), 400
    invitations().invite(session, key, email, session.get_one(Account, str(current_user.id)))
    session.commit()
    flash(gettext("A letter goes to %(email)s.", email=left_to_right(email)), "success")
    return redirect(url_for("membership.show", organization_id=key), 303)


@blueprint.route("/join/<token>", methods=["GET", "POST"])
def join(token: str) -> str | Response | tuple[str, int]:
    """Accept an invitation to look after an entry."""
    session = get_session()
    account = session.get_one(Account, str(current_user.id))
    try:
        if request.method == "POST":
            organization = invitations().join(session, token, account)
            session.commit()
            return redirect(url_for("membership.show", organization_id=organization.id), 303)
        organization = invitations().open(session, token, account)
    except VoidInvitationError as error:
        return render_template("members/void.html", why=gettext(str(error)), languages=[]), 410
    return render_template(
        "registering/confirm.html",
        heading=gettext("Look after the entry of %(name)s?", name=own_words(organization.name)),
        words=gettext(
            "You can then change the entry, and say that it is still right. The others who do are told."
        ),
        action=url_for("membership.join", token=token),
        button=gettext("Yes, I will"),
        back_href=url_for("organisations.show", organization_id=organization.id),
    )


def invitations() -> Invitations:
    """The invitations of this site."""
    return Invitations(current_app.config["SECRET_KEY"], current_app.config["PUBLIC_URL"])


@blueprint.post("/organisations/<uuid:organization_id>/members/lead")
def lead(organization_id: UUID) -> Response:
    """Hand the lead to another member."""
    session = get_session()
    require("members", target_of(session, str(organization_id)))
    member = _member(str(organization_id))
    hand_over(session, member, current_actor().account_id, current_app.config["PUBLIC_URL"])
    session.commit()
    return redirect(url_for("membership.show", organization_id=organization_id), 303)


@blueprint.post("/organisations/<uuid:organization_id>/members/end")
def end(organization_id: UUID) -> str | Response:
    """End a membership: one's own, or another's for whoever leads."""
    session = get_session()
    member = _member(str(organization_id))
    own = member.account_id == current_actor().account_id
    require("amend" if own else "members", target_of(session, str(organization_id)))
    try:
        remove(session, member, current_actor().account_id, current_app.config["PUBLIC_URL"])
    except StillLeadsError:
        return _page(
            str(organization_id), gettext("Hand the lead to another member first, then end this one.")
        )
    session.commit()
    if own:
        return redirect(url_for("organisations.show", organization_id=organization_id), 303)
    return redirect(url_for("membership.show", organization_id=organization_id), 303)


def _member(organization_id: str) -> Membership:
    """The member that a form names, if it is one of this organisation."""
    key = request.form.get("member", "")
    member = next((one for one in members_of(get_session(), organization_id) if one.id == key), None)
    if member is None:
        abort(404)
    return member
