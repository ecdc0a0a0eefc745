"""What a person reads when something went wrong: what happened, and what to do."""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException, MethodNotAllowed

MESSAGES = {
    400: (
        "The address is not right",
        "Something in the address could not be read.",
        "Start again from the search.",
    ),
    403: (
        "This is not yours to open",
        "Your account may not see or do this.",
        "Sign in with another account, or ask the people who keep this directory.",
    ),
    404: (
        "There is no such page",
        "The entry may have been taken out, or the address may be mistyped.",
        "Search for the organisation by its name.",
    ),
    405: ("That cannot be done here", "This page can be read, and nothing can be sent to it.", "Go back."),
    409: (
        "This was decided or sent in meanwhile",
        "It can no longer be changed here.",
        "Open its page again to see how it stands.",
    ),
    429: (
        "That was often",
        "This was sent many times within an hour, so it is stopped for a while. Nothing was done this time.",
        "Go back, and try again later: what you typed is still on the page before.",
    ),
    500: (
        "Something went wrong here",
        "The fault is ours and has been logged. Nothing you entered was lost.",
        "Try again in a few minutes.",
    ),
}


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NoResultFound, lambda _error: _page(404))
    app.register_error_handler(500, lambda _error: _page(500))


def _http_error(error: HTTPException) -> Response:
    response = make_response(_page(error.code or 500))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _page(code: int) -> tuple[str, int]:
    title, message, remedy = MESSAGES.get(code, MESSAGES[400 if code < 500 else 500])
    page = render_template("errors/error.html", code=code, title=title, message=message, remedy=remedy)
    return page, code
