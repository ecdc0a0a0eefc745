"""A question about what somebody sent in, and its answer, by the signed link of a letter."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from directory.accepting import ChangedMeanwhileError
from directory.db import get_session
from directory.languages import N_, gettext
from directory.models import Submission
from directory.registration.proposals import recipient_of
from directory.registration.reviewing import answer
from directory.web.review_words import moment_text

blueprint = Blueprint("answers", __name__)
LINK_DAYS = 60
LONGEST_ANSWER = 5_000
ANSWERED = N_("This question is answered, or no longer open. You need do nothing more.")


def answer_token(one: Submission) -> str:
    """What the link in a letter holds: which submission, and for whose address. It cannot be made up."""
    return _signer().dumps([one.id, _digest(recipient_of(get_session(), one))])


@blueprint.get("/answer/<token>")
def show(token: str) -> str:
    """The question about what you sent in, and a box for the answer. No account is needed."""
    return _page(get_session(), _submission(token), token)


@blueprint.post("/answer/<token>")
def send(token: str) -> Response | tuple[str, int]:
    """Send an answer."""
    session = get_session()
    one = _submission(token)
    text = "".join(c for c in request.form.get("answer", "")[:LONGEST_ANSWER] if c.isprintable() or c == "\n")
    if not text.strip():
        return _page(
            session, one, token, problem=gettext("There is no answer yet. Write one, and send it again.")
        ), 422
    try:
        answer(session, one.id, text.strip(), None, current_app.config["PUBLIC_URL"])
    except ChangedMeanwhileError:
        session.rollback()
        return _page(
            session, session.get_one(Submission, one.id), token, problem=gettext(ANSWERED), text=text
        ), 409
    session.commit()
    return redirect(url_for("answers.show", token=token), 303)


def _submission(token: str) -> Submission:
    """The submission that a link is for; 404 for a link that was made up, is too old, or went elsewhere."""
    try:
        said: Any = _signer().loads(token, max_age=LINK_DAYS * 24 * 3600)
    except BadData:
        abort(404)
    session = get_session()
    one = session.get(Submission, said[0])
    if one is None or said[1] != _digest(recipient_of(session, one)):
        abort(404)
    return one


def _page(session: Session, one: Submission, token: str, problem: str | None = None, text: str = "") -> str:
    return render_template(
        "answers/show.html",
        name=one.document.get("name") or gettext("your organisation"),
        messages=[
            {
                "ours": message.author == "navigator",
                "text": message.text,
                "on": moment_text(message.written_at),
            }
            for message in one.messages
        ],
        is_open=one.status == "question",
        status=one.status,
        token=token,
        problem=problem,
        text=text,
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="answer")


def _digest(recipient: str | None) -> str:
    """So that a link dies with the address it was sent to, and does not tell that address."""
    return hashlib.sha256(f"answer {recipient}".encode()).hexdigest()[:20] if recipient else ""
