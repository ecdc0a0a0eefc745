"""Register an organisation: the first questions, likely entries, and the link by which one goes on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_security import current_user
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from directory.db import get_session
from directory.languages import N_, gettext, left_to_right
from directory.registration.answers import Reading
from directory.registration.drafts import (
    Beginning,
    find_by_token,
    send_link,
    send_links_again,
)
from directory.registration.drafts import (
    start as begin,
)
from directory.registration.likely import likely_entries
from directory.web.asking import clean_arguments
from directory.web.draft_access import closed_page, keep_what_was_typed, let_in
from directory.web.pins import postcode_facts
from geodata.postcodes import normalise_postcode

blueprint = Blueprint("registering", __name__)
keep_what_was_typed(blueprint)
FIELDS = ("name", "postal_code", "email")


@blueprint.route("/register", methods=["GET", "POST"], endpoint="start")
def start() -> str | WerkzeugResponse:
    """The first questions: the name, the postcode, and where to send the link."""
    typed = {name: [request.form.get(name, "")] for name in FIELDS}
    if request.method == "GET":
        return _start_page(typed, {})
    reading = Reading(typed)
    beginning = _read_beginning(reading)
    if beginning is None:
        return _start_page(typed, reading.problems)
    session = get_session()
    if "none_of_these" not in request.form:
        likely = _likely(beginning.name, beginning.postcode)
        if likely:
            return _start_page(typed, {}, likely)
    draft, token = begin(session, beginning)
    send_link(session, draft, token, current_app.config["PUBLIC_URL"])
    session.commit()
    let_in(draft.id)
    return redirect(url_for("drafting.tasks", draft_id=draft.id, begun=1), 303)


def _read_beginning(reading: Reading) -> Beginning | None:
    name = reading.line("name", N_("name of the organisation"), needed=True)
    text = reading.line("postal_code", N_("postcode"), 40)
    postcode = normalise_postcode(text)
    if text and postcode is None:
        reading.problems["postal_code"] = gettext(
            "Enter a whole postcode, such as %(example)s.", example=left_to_right("B19 2TH")
        )
    email = reading.email("email")
    if email is None:
        reading.problems.setdefault("email", gettext("Enter your e-mail address."))
    if reading.problems or name is None or email is None:
        return None
    account_id = str(current_user.id) if current_user.is_authenticated else None
    return Beginning(name, email, postcode, account_id)


def _start_page(
    typed: dict[str, list[str]], problems: dict[str, str], likely: list[dict[str, str]] | None = None
) -> str:
    return render_template(
        "registering/start.html",
        v={name: texts[0] for name, texts in typed.items()},
        typed=Reading(typed).kept(),
        problems=problems,
        likely=likely or [],
    )


def _likely(name: str, postcode: str | None) -> list[dict[str, str]]:
    return [
        {
            "name": entry.name,
            "why": entry.why,
            "href": url_for("organisations.show", organization_id=entry.organization_id),
            "claim_href": url_for("claiming.claim", organization_id=entry.organization_id),
        }
        for entry in likely_entries(get_session(), name, postcode)
    ]


@blueprint.get("/register/likely.json")
def likely_json() -> dict[str, Any]:
    """Published entries that may be the one that is being typed."""
    arguments = clean_arguments()
    return {"likely": _likely(arguments.get("name", ""), arguments.get("postcode"))}


@blueprint.get("/register/postcode.json")
def postcode_json() -> dict[str, Any]:
    """Where a postcode is: its ward, its authority, its point."""
    facts = postcode_facts(get_session(), clean_arguments().get("postcode", ""))
    words = facts["words"]  # the page writes them as they are
    return facts | {"words": words.striptags() if isinstance(words, Markup) else words}


@blueprint.route("/register/link", methods=["GET", "POST"])
def link() -> str:
    """Ask for the link of what one has begun; the answer is the same for every address."""
    reading = Reading({"email": [request.form.get("email", "")]})
    sent = False
    if request.method == "POST":
        email = reading.email("email")
        if email is None:
            reading.problems.setdefault("email", gettext("Enter your e-mail address."))
        else:
            session = get_session()
            send_links_again(session, email, current_app.config["PUBLIC_URL"])
            session.commit()
            sent = True
    return render_template(
        "registering/link.html",
        closed=False,
        sent=sent,
        problems=reading.problems,
        v={"email": reading.raw("email")},
    )


@blueprint.get("/register/resume/<token>")
def resume(token: str) -> str | WerkzeugResponse | HTTPException | Response:
    """Go on with a draft, by the link in a letter."""
    draft = find_by_token(get_session(), token)
    if draft is None:
        return closed_page()
    let_in(draft.id)
    response = redirect(url_for("drafting.tasks", draft_id=draft.id), 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
