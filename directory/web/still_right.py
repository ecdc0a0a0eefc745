"""Is this still right? The page behind the link of a reminder, and the one by which reminders are stopped.

Programs that look through letters open every link, so to open one changes nothing: a person sends a form.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from directory.accounts.actors import target_of
from directory.db import get_session
from directory.languages import gettext
from directory.models import PublishedOrganization, PublishedService, Reminder
from directory.registration.by_link import begin_by_link, is_offered
from directory.search.run import Found
from directory.upkeep.answer import confirm, start_reminders, stop_reminders
from directory.upkeep.checks import Said
from directory.upkeep.signed_links import Links, VoidLinkError
from directory.web.access import require
from directory.web.clock import now, today
from directory.web.draft_access import let_in, let_in_before
from directory.web.presenting import result_row
from directory.web.records import organization_page
from directory.web.signing_in import current_actor

blueprint = Blueprint("still_right", __name__)
PRIVATE = {
    # The address of the page is the key to it: no other site is to learn it.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response


@blueprint.get("/still-right/<token>", endpoint="show")
def show_by_link(token: str) -> Response:
    """What the directory says of an organisation, for whoever has the link of its reminder."""
    session = get_session()
    organization_id = links().open_still_right(session, token)
    return _page(session, organization_id, done=False, token=token)


@blueprint.post("/still-right/<token>/change", endpoint="change")
def change_by_link(token: str) -> Response:
    """Begin to change by the link what can be changed without an account."""
    session = get_session()
    organization_id = links().open_still_right(session, token)
    if not is_offered(session, organization_id):
        return redirect(url_for("amending.change", organization_id=organization_id), 303)
    draft_id = begin_by_link(session, organization_id, let_in_before()).id
    session.commit()
    let_in(draft_id)
    return redirect(url_for("drafting.tasks", draft_id=draft_id), 303)


@blueprint.post("/still-right/<token>", endpoint="confirm")
def confirm_by_link(token: str) -> Response:
    """Say by the link that all of it is still right."""
    session = get_session()
    organization_id = links().open_still_right(session, token)
    confirm(session, organization_id, Said("self", today()), with_room=request.form.getlist("room"))
    session.commit()
    return _page(session, organization_id, done=True)


@blueprint.get("/organisations/<uuid:organization_id>/still-right", endpoint="own")
def show_own(organization_id: UUID) -> Response:
    """What the directory says of an organisation, for its members and its navigators."""
    session = get_session()
    require("amend", target_of(session, str(organization_id)))
    return _page(session, str(organization_id), done=False)


@blueprint.post("/organisations/<uuid:organization_id>/still-right", endpoint="confirm_own")
def confirm_signed_in(organization_id: UUID) -> Response:
    """Say, as a member or a navigator, that all of it is still right."""
    session, key = get_session(), str(organization_id)
    require("amend", target_of(session, key))
    is_member = key in current_actor().memberships
    said = Said("self" if is_member else "navigator", today())
    confirm(session, key, said, current_user.id, with_room=request.form.getlist("room"))
    session.commit()
    return _page(session, key, done=True)


@blueprint.get("/unsubscribe/<token>", endpoint="unsubscribe")
def show_unsubscribe(token: str) -> Response:
    """Ask whether reminders are to be stopped, or sent again."""
    return _unsubscribe_page(token)


@blueprint.post("/unsubscribe/<token>", endpoint="change_reminders")
def change_reminders(token: str) -> Response:
    """Stop the reminders to an organisation, or send them again."""
    session = get_session()
    organization_id = links().open_unsubscribe(token)
    act = start_reminders if request.form.get("do") == "start" else stop_reminders
    act(session, organization_id, today())
    session.commit()
    return _unsubscribe_page(token)


@blueprint.get("/unsubscribe/<token>/one-click", endpoint="one_click_page")
def show_one_click(token: str) -> Response:
    """Lead a person who opens the mail program's own link to the page."""
    return redirect(url_for("still_right.unsubscribe", token=token))


@blueprint.post("/unsubscribe/<token>/one-click", endpoint="one_click")
def one_click(token: str) -> Response:
    """Stop the reminders at once: mail programs send this for their reader (RFC 8058)."""
    session = get_session()
    organization_id = links().open_unsubscribe(token)
    stop_reminders(session, organization_id, today())
    session.commit()
    return _unsubscribe_page(token)


def links() -> Links:
    """The links of this site."""
    return Links(current_app.config["SECRET_KEY"], current_app.config["PUBLIC_URL"])


def _page(session: Session, organization_id: str, *, done: bool, token: str | None = None) -> Response:
    organization = session.get_one(PublishedOrganization, organization_id)
    services = session.scalars(
        select(PublishedService)
        .where(PublishedService.organization_id == organization_id)
        .order_by(func.lower(PublishedService.name), PublishedService.service_id)
    ).all()
    rows = [result_row(Found(one, sure=True, missing=()), None, now()) for one in services]
    return make_response(
        render_template(
            "still_right/show.html",
            organisation=organization_page(organization, rows),
            href=url_for("organisations.show", organization_id=organization_id),
            change_href=url_for("amending.change", organization_id=organization_id),
            report_href=url_for("reporting.report", organization_id=organization_id),
            by_link_href=url_for("still_right.change", token=token)
            if token and is_offered(session, organization_id)
            else None,
            done=done,
        )
    )


def _unsubscribe_page(token: str) -> Response:
    session = get_session()
    organization_id = links().open_unsubscribe(token)
    reminder = session.get(Reminder, organization_id)
    values: dict[str, Any] = {
        "organisation_name": session.get_one(PublishedOrganization, organization_id).name,
        "stopped": bool(reminder and reminder.unsubscribed_at),
    }
    return make_response(render_template("still_right/unsubscribe.html", **values))


@blueprint.errorhandler(VoidLinkError)
def _void(error: VoidLinkError) -> tuple[str, int]:
    session = get_session()
    organization = (
        session.get(PublishedOrganization, error.organization_id) if error.organization_id else None
    )
    name = organization.name if organization else None
    href = (
        url_for("organisations.show", organization_id=organization.organization_id) if organization else None
    )
    words = {"why": gettext(str(error)), "organisation_name": name, "href": href}
    page = render_template("still_right/void.html", languages=[], **words)
    return page, 410
