"""See what the public would see, send a draft in, or take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from directory.accepting import NotAcceptedError
from directory.db import get_session
from directory.languages import gettext, joined, own_words
from directory.models import Submission
from directory.models.review import OPEN_STATUSES
from directory.registration.previewing import Shown, previewed
from directory.registration.submitting import (
    NotReadyError,
    Sender,
    missing_steps,
    submit,
)
from directory.registration.submitting import (
    withdraw as take_back,
)
from directory.search.run import Found
from directory.web.clock import now, today
from directory.web.draft_access import keep_what_was_typed, opened
from directory.web.form_values import tasks_of
from directory.web.pages import small_map
from directory.web.presenting import result_row
from directory.web.records import organization_page, service_page

blueprint = Blueprint("handing_in", __name__)
keep_what_was_typed(blueprint)


@blueprint.get("/register/<uuid:draft_id>/preview")
def preview(draft_id: UUID) -> str:
    """Exactly what people would see, by the code that publishes."""
    draft = opened(draft_id)
    missing = missing_steps(draft)
    session = get_session()
    try:
        with previewed(session, draft.document, today()) as shown:
            return _preview_page(session, str(draft_id), shown)
    except NotAcceptedError as error:
        lines = [task["title"] for task in tasks_of(draft, missing)]
        said = [problem.message for problem in error.problems]
        heading = gettext("Some pages are needed first")
        to_do = (
            [gettext("To do: %(pages)s.", pages=joined(lines))] if lines else [own_words(one) for one in said]
        )
        return _nothing(str(draft_id), heading, to_do)


def _preview_page(session: Session, draft_id: str, shown: Shown) -> str:
    if shown.organization is None:
        words = [
            gettext(
                "A person is shown only when that very person agreed. Name the person on the page "
                "\u201cHow to reach you\u201d, and tick that they have agreed."
            )
        ]
        return _nothing(draft_id, gettext("Nothing would be shown"), words)
    of = request.args.get("of")
    if of is not None:
        service = next((one for one in shown.services if one.service_id == of), None)
        if service is None:
            abort(404)
        values = service_page(service, now())
        values["organisation_href"] = url_for("handing_in.preview", draft_id=draft_id)
        return render_template(
            "registering/preview_service.html",
            draft_id=draft_id,
            of_service=True,
            service=values,
            mend=None,
            map=small_map(session, [Found(service, sure=True, missing=())], service.name),
        )
    found = [Found(service, sure=True, missing=()) for service in shown.services]
    listed = [_listed(draft_id, item) for item in found]
    return render_template(
        "registering/preview_organisation.html",
        draft_id=draft_id,
        of_service=False,
        organisation=organization_page(shown.organization, listed),
        mend=None,
        map=small_map(session, found, shown.organization.name),
    )


def _listed(draft_id: str, item: Found) -> dict[str, Any]:
    """A service in the list, with links that stay within the preview: its own page is not there yet."""
    whole = url_for("handing_in.preview", draft_id=draft_id)
    own = url_for("handing_in.preview", draft_id=draft_id, of=item.service.service_id)
    return result_row(item, None, now()) | {"href": own, "organisation_href": whole}


def _nothing(draft_id: str, heading: str, lines: list[str]) -> str:
    return render_template(
        "registering/not_shown.html", draft_id=draft_id, of_service=False, heading=heading, lines=lines
    )


@blueprint.route("/register/<uuid:draft_id>/send", methods=["GET", "POST"])
def send(draft_id: UUID) -> str | Response:
    """Send a draft in for review."""
    draft = opened(draft_id)
    if draft.status not in OPEN_STATUSES:
        return redirect(url_for("drafting.tasks", draft_id=draft.id), 303)
    if request.method == "GET":
        return _send_page(draft, {}, [])
    if request.form.get("agreed") != "yes":
        return _send_page(draft, {"agreed": gettext("Tick that you may speak for this organisation.")}, [])
    session = get_session()
    try:
        submit(session, draft, _sender())
    except NotReadyError as error:
        return _send_page(draft, {}, [own_words(one) for one in error.problems])
    session.commit()
    return redirect(url_for("drafting.tasks", draft_id=draft.id), 303)


def _send_page(draft: Submission, problems: dict[str, str], faults: list[str]) -> str:
    missing = tasks_of(draft, missing_steps(draft))
    return render_template(
        "registering/send.html",
        draft_id=draft.id,
        change=draft.kind == "change",
        missing=missing or [{"title": fault, "href": "#main"} for fault in faults],
        faults=[],
        problems=problems,
    )


@blueprint.route("/register/<uuid:draft_id>/withdraw", methods=["GET", "POST"])
def withdraw(draft_id: UUID) -> str | Response:
    """Take a draft, or what was sent in, back for good, after asking."""
    draft = opened(draft_id)
    back = url_for("drafting.tasks", draft_id=draft.id)
    if request.method == "GET":
        return render_template(
            "registering/confirm.html",
            heading=gettext("Take all of it back?"),
            words=gettext(
                "Nobody will look at it, and you cannot go on with it. What is public now stays as it is."
            ),
            action=url_for("handing_in.withdraw", draft_id=draft.id),
            button=gettext("Take it back"),
            back_href=back,
        )
    session = get_session()
    if not take_back(session, draft, _sender().account_id):
        abort(409)
    session.commit()
    return redirect(back, 303)


def _sender() -> Sender:
    account_id = str(current_user.id) if current_user.is_authenticated else None
    return Sender(account_id, today(), current_app.config["PUBLIC_URL"])
