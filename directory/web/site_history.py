"""Whether the gaps of a site are closing: its snapshots in rows, and what is new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, url_for
from sqlalchemy.orm import Session

from directory.coverage.from_sites import SITE_CODE
from directory.coverage.over_time import HOW, Taken, new_here, snapshots_of
from directory.coverage.travel_words import distance_text
from directory.db import get_session
from directory.languages import gettext, own_words, term
from directory.models import CoverageFigure
from directory.places.frames import current_sites
from directory.schedules.words import say_date
from directory.taxonomies import term_names
from directory.web.clock import today
from directory.web.coverage_files import table_response
from directory.web.coverage_tables import both_words, number_text
from directory.web.site_numbers import is_fictional

blueprint = Blueprint("site_history", __name__)
LEAST_CHANGE = 0.5  # of a person: below it the figures are the same to a reader


def history(
    session: Session, slug: str, categories: Mapping[str, str], chosen: str | None
) -> dict[str, Any] | None:
    """The section of a site's page; None before the first snapshot."""
    taken = snapshots_of(session, SITE_CODE + slug)
    if not taken:
        return None
    first, last = taken[0], taken[-1]
    wanted = {chosen: categories[chosen]} if chosen else categories
    return {
        "first": say_date(first.day),
        "last": say_date(last.day),
        "within": distance_text(last.within_metres),
        "only_one": len(taken) == 1,
        "days": [_day_row(item, chosen) for item in taken] if chosen else [],
        "kinds": _kind_rows(first, last, wanted) if len(taken) > 1 else [],
        "new": [
            {
                "name": gettext(
                    "%(service)s (%(organisation)s)",
                    service=own_words(item.name),
                    organisation=own_words(item.organization_name),
                ),
                "href": url_for("services.show", service_id=item.service_id),
                "cells": [gettext(HOW[item.how])],
            }
            for item in new_here(session, first, last, wanted)
        ],
        "href": url_for("site_history.csv_file", slug=slug),
    }


def _kind_rows(first: Taken, last: Taken, names: Mapping[str, str]) -> list[list[str]]:
    rows = []
    for code, name in names.items():
        old, new = first.figures.get(code), last.figures.get(code)
        if old is not None and new is not None:
            rows.append([term(name), _gap(old), _gap(new), _known(old), _known(new), _way(old, new)])
    return rows


def _way(old: CoverageFigure, new: CoverageFigure) -> str:
    """Closing or widening for certain only where the bounds do not overlap."""
    if new.gap_known < old.gap_possible - LEAST_CHANGE:
        return gettext("Closing")
    if new.gap_possible > old.gap_known + LEAST_CHANGE:
        return gettext("Widening")
    change = new.gap_known - old.gap_known
    if abs(change) < LEAST_CHANGE:
        return gettext("The same")
    return gettext("Less as far as is known") if change < 0 else gettext("More as far as is known")


def _day_row(taken: Taken, category: str | None) -> list[str | None]:
    figure = taken.figures.get(category or "")
    if figure is None:
        return [say_date(taken.day), None, None, None]
    covered = figure.covered_known / figure.people if figure.people else None
    return [
        say_date(taken.day),
        _known(figure),
        None if covered is None else f"{covered:.0%}",
        _gap(figure),
    ]


def _gap(figure: CoverageFigure) -> str:
    return _pair(figure.gap_possible, figure.gap_known)


def _known(figure: CoverageFigure) -> str:
    return _pair(figure.known or 0, figure.possible or 0)


def _pair(low: float, high: float) -> str:
    return both_words(number_text(low), number_text(high))


@blueprint.get("/sites/<slug>/history.csv")
def csv_file(slug: str) -> Response:
    """Every snapshot of a site by kind of help."""
    session = get_session()
    if slug not in {site.slug for site in current_sites(session, today())}:
        abort(404)
    names = term_names(session, "category")
    rows = [
        _file_row(item.day, names.get(code, code), item.within_metres, figure)
        for item in snapshots_of(session, SITE_CODE + slug)
        for code, figure in item.figures.items()
    ]
    return table_response("csv", f"{slug}-history", rows, [], fictional=is_fictional())


def _file_row(day: date, name: str, within_metres: int, figure: CoverageFigure) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "kind_of_help": name,
        "within_metres": within_metres,
        "people": round(figure.people),
        "people_covered_known": round(figure.covered_known),
        "people_covered_possible": round(figure.covered_possible),
        "gap_known": round(figure.gap_known, 1),
        "gap_possible": round(figure.gap_possible, 1),
        "services_known": figure.known,
        "services_possible": figure.possible,
    }
