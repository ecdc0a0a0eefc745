"""The page of all sources, with licences, dates and counts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from directory.db import get_session
from directory.refreshing.due import Standing, standings
from directory.schedules.words import say_date
from directory.web.clock import today
from directory.web.exports import csv_response
from directory.web.presenting import safe_link

blueprint = Blueprint("sources", __name__)
COLUMNS = (
    "source",
    "title",
    "publisher",
    "address",
    "licence",
    "licence_url",
    "attribution",
    "retrieved_on",
    "refreshed_every_days",
    "due_on",
    "organisations",
    "no_longer_in_the_source",
)


@blueprint.get("/sources")
def index() -> str:
    """Every source with its licence, whom to thank, when it was fetched, and how much came from it."""
    rows = [_row(one) for one in standings(get_session(), today())]
    return render_template("sources/index.html", sources=rows)


@blueprint.get("/sources.csv")
def csv_file() -> Response:
    """The sources as CSV."""
    found = standings(get_session(), today())
    fictional = any(one.source.fictional for one in found)
    return csv_response([_row(one) for one in found], COLUMNS, "sources", fictional=fictional)


def _row(one: Standing) -> dict[str, Any]:
    source = one.source
    return {
        "source": source.slug,
        "title": source.title,
        "publisher": source.publisher,
        "address": safe_link(source.address),
        "licence": source.licence,
        "licence_url": safe_link(source.licence_url),
        "attribution": source.attribution,
        "retrieved_on": source.retrieved_on.isoformat() if source.retrieved_on else None,
        "fetched": say_date(source.retrieved_on) if source.retrieved_on else None,
        "refreshed_every_days": source.refresh_days,
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "organisations": one.records,
        "no_longer_in_the_source": one.gone,
    }
