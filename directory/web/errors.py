"""What a person reads when something went wrong: what happened, and what to do."""

from __future__ import annotations

from flask import Flask, Response, current_app, make_response, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError, TooManyRequests

from directory.db import get_session
from directory.languages import N_, gettext
from directory.web.api.problems import is_for_programs, status_problem
from directory.web.limits import seconds_to_wait

MESSAGES = {
    400: (
        N_("The address is not right"),
        N_("Something in the address could not be read."),
        N_("Start again from the search."),
    ),
    403: (
        N_("This is not yours to open"),
        N_("Your account may not see or do this."),
        N_("Sign in with another account, or ask the people who keep this directory."),
    ),
    404: (
        N_("There is no such page"),
        N_("The entry may have been taken out, or the address may be mistyped."),
        N_("Search for the organisation by its name."),
    ),
    405: (
        N_("That cannot be done here"),
        N_("This page can be read, and nothing can be sent to it."),
        N_("Go back."),
    ),
    409: (
        N_("This was decided or sent in meanwhile"),
        N_("It can no longer be changed here."),
        N_("Open its page again to see how it stands."),
    ),
    413: (
        N_("The file is too large"),
        N_("What was sent is more than can be taken, so none of it was read."),
        N_("Make the file smaller and send it again."),
    ),
    429: (
        N_("Too many tries"),
        N_("The form was sent too often in a short time, so this was not done."),
        N_("Wait, then go back and try again: what you typed is still on the page before."),
    ),
    500: (
        N_("Something went wrong here"),
        N_("The fault is ours and has been logged. Nothing you entered was lost."),
        N_("Try again in a few minutes."),
    ),
    503: (
        N_("The directory is busy"),
        N_("Others are writing to it just now. Nothing of this was saved, and nothing was changed."),
        N_("Wait a moment, then go back and send it again: what you typed is still on the page before."),
    ),
}
# SQLite lets one write at a time, and says this when the others take too long.
BUSY = "database is locked"

# What a form says that came without the token of its page.
FORGED = (
    N_("The form could not be taken"),
    N_(
        "It did not come from a page that was just opened here. You may have signed in or out since, or your "
        "browser refuses cookies."
    ),
    N_("Go back, load the page again, and send it once more."),
)


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(NoResultFound, lambda _error: _page(404))
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(500, lambda _error: _page(500))


def http_error(error: HTTPException) -> Response:
    """The page of an error, or for a program its problem document."""
    if isinstance(error, SecurityError):
        # A host that is not ours: there is no address that a page of ours could lead to.
        return Response("There is no such site here.\n", 400, content_type="text/plain; charset=utf-8")
    code = error.code or 500
    response = status_problem(code) if is_for_programs() else make_response(_page(code))
    if isinstance(error, CSRFError):
        response = make_response(_page(400, FORGED))
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(seconds_to_wait(current_app))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _database_error(error: OperationalError) -> Response:
    if BUSY not in str(error.orig):
        raise error
    get_session().rollback()
    response = status_problem(503) if is_for_programs() else make_response(_page(503))
    response.headers["Retry-After"] = "5"
    return response


def _page(code: int, words: tuple[str, str, str] | None = None) -> tuple[str, int]:
    title, message, remedy = words or MESSAGES.get(code, MESSAGES[400 if code < 500 else 500])
    title, message, remedy = gettext(title), gettext(message), gettext(remedy)
    # An address that is not there may hold anything: no link repeats it in another language.
    words_of_page = {"title": title, "message": message, "remedy": remedy, "languages": []}
    return render_template("errors/error.html", code=code, **words_of_page), code
