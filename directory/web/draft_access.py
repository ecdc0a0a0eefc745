"""Who may open a draft: whoever has its link, or the account that began it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, session
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from directory.accounts.actors import target_of
from directory.accounts.permissions import Actor, Target, may
from directory.db import get_session
from directory.models import Submission
from directory.registration.answers import Reading
from directory.registration.by_link import is_current
from directory.registration.drafts import held
from directory.web.asking import own_address
from directory.web.errors import http_error
from directory.web.signing_in import current_actor

GRANTED = "drafts"
MOST_GRANTED = 20


class ClosedError(Exception):
    """A draft that whoever asks may not open, or that is not there: nothing tells which."""


def let_in(draft_id: str) -> None:
    """Let this browser open a draft, until its time on the site ends."""
    before = [one for one in let_in_before() if one != draft_id]
    session[GRANTED] = [*before, draft_id][-MOST_GRANTED:]


def let_in_before() -> list[str]:
    """The drafts that this browser may open."""
    granted: list[str] = session.get(GRANTED, [])
    return granted


def opened(draft_id: UUID) -> Submission:
    """The draft of an address, or ClosedError. Whoever sends something holds it until the request ends."""
    key = str(draft_id)
    found = held(get_session(), key) if request.method == "POST" else get_session().get(Submission, key)
    if found is None or not _may_open(found):
        raise ClosedError(key)
    return found


def _may_open(draft: Submission) -> bool:
    # What was public when a change was begun by a link may be withheld since.
    granted = draft.id in let_in_before()
    if granted and (draft.kind == "new" or (draft.is_by_link and is_current(get_session(), draft))):
        return True
    if draft.account_id is None or not current_user.is_authenticated:
        return False
    actor = current_actor()
    if actor.account_id != draft.account_id:
        return False
    if draft.kind == "new" or may(_as_member(actor), "amend", Target(draft.organization_id)):
        return True
    return may(actor, "amend", target_of(get_session(), draft.organization_id))


def _as_member(actor: Actor) -> Actor:
    """Somebody as a member alone: then it does not matter in which authority a record lies."""
    return replace(actor, roles=actor.roles & {"member"})


def keep_what_was_typed(blueprint: Blueprint) -> None:
    """Answer a form that came too late with a page that holds all of it, so that nothing typed is lost."""
    blueprint.register_error_handler(ClosedError, _closed)
    blueprint.register_error_handler(CSRFError, _late)


def _closed(_error: ClosedError) -> Response:
    if request.method == "POST" and any(request.form.values()):
        return _kept(needs_key=True)
    return closed_page()


def closed_page() -> Response:
    """What somebody reads whose draft is not there, or not theirs; no link repeats the address."""
    words = {"closed": True, "sent": False, "problems": {}, "v": {"email": ""}}
    return make_response(render_template("registering/link.html", languages=[], **words), 404)


def _late(error: BadRequest) -> Response:
    """The form is from here, and older than its cookie; one that another site sent gets nothing back."""
    origin = request.headers.get("Origin")
    if origin is None or urlsplit(origin).netloc != request.host:
        return http_error(error)
    return _kept(needs_key=GRANTED not in session and not current_user.is_authenticated)


def _kept(*, needs_key: bool) -> Response:
    typed = Reading({name: request.form.getlist(name) for name in request.form if name != "csrf_token"})
    page = render_template(
        "registering/kept.html",
        typed=typed.kept(),
        action=own_address(),
        needs_key=needs_key,
    )
    return make_response(page, 400)
