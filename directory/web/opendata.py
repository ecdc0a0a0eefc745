"""Open data for people: the whole record to take away, what is new, and where to find each page."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from sqlalchemy.exc import NoResultFound

from directory.db import get_engine, get_session
from directory.exporting.formats import FORMS, export
from directory.languages import gettext, say_date
from directory.publishing.changes import changed_at
from directory.web.api.answers import streamed_answer
from directory.web.exports import EXPORT_COLUMNS
from directory.web.records import export_facts

blueprint = Blueprint("data", __name__)
# The whole record is no answer to a question: nothing fits it more or less.
COLUMNS = tuple(column for column in EXPORT_COLUMNS if column not in ("fits", "missing_facts"))


@blueprint.get("/data")
def index() -> str:
    """The whole public record to take away in seven forms, and how to read it by a program."""
    moment = changed_at(get_session())
    return render_template(
        "data/index.html",
        forms=[
            {"name": name, "title": gettext(form.title), "use": gettext(form.use)}
            for name, form in FORMS.items()
        ],
        changed=say_date(moment.date()) if moment else None,
    )


@blueprint.get("/data/<string:file_name>")
def file(file_name: str) -> Response:
    """The whole public record as of one moment: Open Referral UK, tables, spreadsheets, map data."""
    if file_name not in FORMS:
        raise NoResultFound
    form = FORMS[file_name]
    parts = export(get_engine(), file_name, export_facts, COLUMNS)
    response = streamed_answer(parts, form.content_type, changed_at(get_session()), compress=form.text)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
