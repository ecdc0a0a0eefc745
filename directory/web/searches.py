"""One's own saved searches: save, name, switch letters on and off, delete."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from directory.db import get_session
from directory.languages import gettext
from directory.letters.write import one_line
from directory.models import SavedSearch
from directory.search.reading import clean
from directory.upkeep.saved_searches import MOST_A_PERSON, question_of, save_search
from directory.web.asking import ask, removable
from directory.web.clock import today

blueprint = Blueprint("searches", __name__)
LONGEST_NAME = 100


@blueprint.get("/searches")
def index() -> str:
    """One's saved searches."""
    query = select(SavedSearch).where(SavedSearch.account_id == current_user.id)
    rows = get_session().scalars(query.order_by(func.lower(SavedSearch.name), SavedSearch.id))
    return render_template("searches/index.html", searches=[_row(saved) for saved in rows])


@blueprint.get("/searches/new")
def new() -> str:
    """Name the search in the address, to save it."""
    return _new_page(question_of(request.args.items(multi=True)))


@blueprint.post("/searches")
def save() -> Response | tuple[str, int]:
    """Save a search."""
    session, name = get_session(), _name()
    question = question_of(parse_qsl(request.form.get("question", "")))
    number = select(func.count()).where(SavedSearch.account_id == current_user.id)
    if (session.scalar(number) or 0) >= MOST_A_PERSON:
        problem = gettext(
            "You have %(most)s saved searches, and cannot have more. Delete one first.", most=MOST_A_PERSON
        )
    elif not name:
        problem = gettext("Enter a name, such as: Boxing in Lozells.")
    else:
        save_search(session, current_user.id, name, question, today(), alert="alert" in request.form)
        session.commit()
        return redirect(url_for("searches.index"))
    return _new_page(question, problem), 400


@blueprint.post("/searches/<uuid:search_id>")
def change(search_id: UUID) -> Response:
    """Give a saved search another name, and switch its letters on or off."""
    saved = _own(search_id)
    saved.name = _name() or saved.name
    saved.alert = "alert" in request.form
    get_session().commit()
    return redirect(url_for("searches.index"))


@blueprint.post("/searches/<uuid:search_id>/delete")
def delete(search_id: UUID) -> Response:
    """Delete a saved search."""
    get_session().delete(_own(search_id))
    get_session().commit()
    return redirect(url_for("searches.index"))


def _own(search_id: UUID) -> SavedSearch:
    """One's own search: another's is as if it were not there."""
    saved = get_session().get(SavedSearch, str(search_id))
    return saved if saved is not None and saved.account_id == current_user.id else abort(404)


def _name() -> str:
    return one_line(request.form.get("name", ""))[:LONGEST_NAME]


def _row(saved: SavedSearch) -> dict[str, Any]:
    return {
        "id": saved.id,
        "name": saved.name,
        "alert": saved.alert,
        "href": f"{url_for('search.results')}?{saved.question}",
        "change_href": url_for("searches.change", search_id=saved.id),
        "delete_href": url_for("searches.delete", search_id=saved.id),
    }


def _new_page(question: str, problem: str | None = None) -> str:
    session = get_session()
    asked = ask(session, clean(parse_qsl(question)))
    return render_template(
        "searches/new.html",
        question=question,
        parts=[part["label"] for part in removable(session, asked, "search.results")],
        name=_name(),
        problem=problem,
    )
