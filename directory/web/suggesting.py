"""Suggestions while somebody types."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from directory.db import get_session
from directory.languages import N_, gettext
from directory.search.suggest import suggest, suggest_places
from directory.web.asking import clean_arguments
from directory.web.clock import today

blueprint = Blueprint("suggest", __name__)
KEPT_SECONDS = 60
KINDS = (N_("Kind of help"), N_("Organisation"), N_("Place"), N_("Also understood"))


@blueprint.get("/suggest")
def json_file() -> Response:
    """What may be meant by the beginning of a question (`q`), or of a place (`q` with `of=where`)."""
    args = clean_arguments()
    make = suggest_places if args.get("of") == "where" else suggest
    found = make(get_session(), args.get("q", ""), today())
    response = jsonify(suggestions=[{"text": one.text, "kind": gettext(one.kind)} for one in found])
    response.cache_control.max_age = KEPT_SECONDS
    return response
