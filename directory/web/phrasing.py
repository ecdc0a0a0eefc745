"""For administrators: the phrases that widen a search."""

from __future__ import annotations

import io
from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from directory import audit
from directory.db import get_session
from directory.languages import gettext, joined, own_words, say_date, say_number, term
from directory.models import Phrase
from directory.phrases import COLUMNS, PhraseError, listed, load_phrases, phrase_key, set_phrase, term_names
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.exports import csv_response
from directory.web.match_words import page_number, pages_of
from directory.web.signing_in import current_actor

blueprint = Blueprint("phrases", __name__, url_prefix="/phrases")
MOST_BYTES = 1_000_000
PER_PAGE = 100
EMPTY = dict.fromkeys(COLUMNS, "")
NONE: Mapping[str, str] = {}


@blueprint.get("")
def index() -> str:
    """Every phrase and what it widens to, a form for a new one, and the table to take and bring."""
    return _list(EMPTY)


@blueprint.get("/phrases.csv")
def csv_file() -> Response:
    """Every phrase as a table that can be edited and brought back."""
    return csv_response([_row(one) for one in _phrases()], COLUMNS, "phrases")


@blueprint.get("/<uuid:phrase_id>")
def show(phrase_id: UUID) -> str:
    """One phrase, to change or retire."""
    phrase = get_session().get_one(Phrase, str(phrase_id))
    return _page(phrase, _row(phrase))


@blueprint.post("/save")
def save() -> BaseResponse | tuple[str, int]:
    """Add a phrase, or change the one whose identifier is sent."""
    session, phrase_id = get_session(), _identifier(request.form.get("id", ""))
    typed = {name: request.form.get(name, "") for name in COLUMNS}
    phrase = session.get_one(Phrase, phrase_id) if phrase_id else None
    if phrase is not None:
        typed["retired_on"] = _row(phrase)["retired_on"]
    try:
        if phrase is None and _is_known(typed["phrase"]):
            raise PhraseError(gettext("This phrase is in the list already. Open it there to change it."))
        changed = set_phrase(session, typed, phrase)
    except PhraseError as error:
        session.rollback()
        problem = gettext("%(problem)s Nothing was saved.", problem=error.args[0])
        shown = session.get(Phrase, phrase_id) if phrase_id else None
        problems = {error.field: problem}
        return (_page(shown, typed, problems) if shown else _list(typed, problems)), 400
    _note("change phrase" if phrase_id else "add phrase", changed.id)
    session.commit()
    said = gettext("“%(phrase)s” is saved. Searches use it from now on.", phrase=own_words(changed.phrase))
    flash(said, "success")
    return redirect(url_for("phrases.index"))


@blueprint.post("/<uuid:phrase_id>/retire")
def retire(phrase_id: UUID) -> BaseResponse:
    """Stop using a phrase from today; or use it again."""
    session = get_session()
    phrase = session.get_one(Phrase, str(phrase_id))
    phrase.retired_on = None if phrase.retired_on else today()
    _note("retire phrase" if phrase.retired_on else "use phrase again", phrase.id)
    session.commit()
    name = own_words(phrase.phrase)
    if phrase.retired_on:
        flash(gettext("“%(phrase)s” is no longer used.", phrase=name), "success")
    else:
        flash(gettext("“%(phrase)s” is used again.", phrase=name), "success")
    return redirect(url_for("phrases.index"))


@blueprint.post("/load")
def load() -> BaseResponse | tuple[str, int]:
    """Add and change phrases from a CSV table: all of it, or nothing."""
    session, sent = get_session(), request.files.get("file")
    try:
        added, changed = load_phrases(session, io.StringIO(_text(sent.read(MOST_BYTES + 1) if sent else b"")))
    except PhraseError as error:
        session.rollback()
        return _list(EMPTY, {"file": error.args[0]}), 400
    _note("load phrases", None)
    session.commit()
    said = gettext(
        "%(added)s phrases were added and %(changed)s changed.",
        added=say_number(added),
        changed=say_number(changed),
    )
    flash(said, "success")
    return redirect(url_for("phrases.index"))


def _identifier(text: str) -> str:
    """The identifier that was sent, or nothing; PostgreSQL is not asked for what is none."""
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        abort(404)


def _text(sent: bytes) -> str:
    if not sent:
        raise PhraseError(gettext("Choose a CSV file first."))
    if len(sent) > MOST_BYTES:
        raise PhraseError(gettext("The file has more than 1 MB. Split it."))
    try:
        return sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PhraseError(gettext("The file is not in UTF-8. Save it as CSV in UTF-8.")) from None


def _phrases() -> list[Phrase]:
    return list(get_session().scalars(select(Phrase).order_by(Phrase.key)))


def _is_known(text: str) -> bool:
    return get_session().scalar(select(Phrase.id).where(Phrase.key == phrase_key(text))) is not None


def _row(phrase: Phrase) -> dict[str, str]:
    day = phrase.retired_on.isoformat() if phrase.retired_on else ""
    return {"phrase": phrase.phrase, "words": phrase.words, "terms": phrase.terms, "retired_on": day}


def _note(action: str, phrase_id: str | None) -> None:
    audit.record(get_session(), current_actor().account_id, action, ("phrase", phrase_id))


def _list(typed: dict[str, str], problems: Mapping[str, str] = NONE) -> str:
    names = term_names(get_session())
    asked = clean_arguments()
    what = asked.get("what", "").casefold()
    fitting = [one for one in _phrases() if what in f"{one.phrase} {one.words}".casefold()]
    pages = max(1, -(-len(fitting) // PER_PAGE))
    page = page_number(asked.get("page", ""), pages)
    rows = [
        {
            "phrase": one.phrase,
            "words": one.words,
            "terms": joined(term(names.get(code, code)) for code in listed(one.terms)),
            "retired_on": say_date(one.retired_on) if one.retired_on else None,
            "href": url_for("phrases.show", phrase_id=one.id),
        }
        for one in fitting[(page - 1) * PER_PAGE : page * PER_PAGE]
    ]
    return render_template(
        "phrases/index.html",
        rows=rows,
        total=len(fitting),
        pagination=pages_of(page, pages, "phrases.index", {"what": what}),
        what=what,
        typed=typed,
        problems=problems,
        terms=sorted(names),
    )


def _page(phrase: Phrase, typed: dict[str, str], problems: Mapping[str, str] = NONE) -> str:
    return render_template(
        "phrases/show.html",
        id=phrase.id,
        name=phrase.phrase,
        retired_on=say_date(phrase.retired_on) if phrase.retired_on else None,
        typed=typed,
        problems=problems,
        terms=sorted(term_names(get_session())),
    )
