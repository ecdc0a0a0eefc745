"""The numbers of the priority sites in words: cells, rows and gaps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from sqlalchemy import exists, or_, select

from directory.coverage.around_sites import SiteCoverage
from directory.coverage.travel_words import metres_text, reach_words
from directory.db import get_session
from directory.languages import N_, gettext, joined, own_words, term
from directory.models import Area, PublishedService, Site
from directory.search.run import Found

WITHIN = (500, 1000, 2000, 5000)
COLUMNS = (
    "site",
    "kind_of_help",
    "inside",
    "inside_or_within",
    "covering_from_elsewhere",
    "known",
    "possible",
    "nearest_metres",
    "state",
    "within_metres",
    "minutes",
    "travel",
)
# What is full or closed for now is on record and has a place, and helps nobody today.
WHAT_COUNTS = N_(
    "Services that are full or closed for now count in these numbers. The reasons for gaps do not count them."
)
Record = Mapping[str, Any]


def records(coverage: SiteCoverage) -> list[Record]:
    """The rows of the matrix, with None for a distance that nobody knows."""
    rows: list[dict[str, Any]] = coverage.matrix.to_dict("records")  # type: ignore[assignment]
    return [
        row | {"nearest_metres": None if math.isnan(row["nearest_metres"]) else row["nearest_metres"]}
        for row in rows
    ]


def site_href(slug: str, within: int, category: str | None = None) -> str:
    """The address of a site's page at a distance, for one kind of help or all."""
    return url_for("sites.show", slug=slug, within_metres=within, category=category)


def matrix_cells(coverage: SiteCoverage) -> dict[tuple[str, str], dict[str, Any]]:
    """The cells of the matrix by the slug of the site and the code of the kind of help."""
    names = {site.slug: site.name for site in coverage.sites}
    return {
        (row["slug"], row["category"]): _cell(row, coverage, names[row["slug"]]) for row in records(coverage)
    }


def _cell(row: Record, coverage: SiteCoverage, site_name: str) -> dict[str, Any]:
    nearest = row["nearest_metres"]
    return {
        "state": row["state"],
        "known": row["known"],
        "serving": row["serving"],
        "possible": row["possible"],
        "nearest_text": None
        if nearest is None
        else gettext("nearest %(distance)s", distance=metres_text(nearest)),
        "href": site_href(row["slug"], coverage.travel.within_metres, row["category"]),
        "label": joined((term(coverage.categories[row["category"]]), own_words(site_name))),
    }


def number_row(row: Record, coverage: SiteCoverage) -> dict[str, Any]:
    """One kind of help around one site."""
    nearest = row["nearest_metres"]
    return {
        "category": coverage.categories[row["category"]],
        "inside": row["inside"],
        "within": row["known"] - row["serving"],
        "serving": row["serving"],
        "possible": row["possible"],
        "nearest": None if nearest is None else metres_text(nearest),
    }


def gap(row: Record, coverage: SiteCoverage, site: Site) -> dict[str, str]:
    """What is missing, how sure that is, and how far the nearest is."""
    where = f"{reach_words(coverage.travel)} of {site.name}"
    if row["state"] == "none":
        sentence = f"No service of this kind is on record inside or within {where}."
    else:
        count = "1 service" if row["possible"] == 1 else f"{row['possible']} services"
        sentence = (
            f"None is known to be within {where}, but {count} may be: the place is not known or not shown."
        )
    if row["nearest_metres"] is not None:
        sentence += f" The nearest whose place is known is {metres_text(row['nearest_metres'])} away."
    return {"category": coverage.categories[row["category"]], "state": row["state"], "sentence": sentence}


def table_rows(coverage: SiteCoverage) -> list[dict[str, Any]]:
    """The matrix as rows to take away."""
    names = {site.slug: site.name for site in coverage.sites}
    return [
        {
            "site": names[row["slug"]],
            "kind_of_help": coverage.categories[row["category"]],
            "inside": row["inside"],
            "inside_or_within": row["known"] - row["serving"],
            "covering_from_elsewhere": row["serving"],
            "known": row["known"],
            "possible": row["possible"],
            "nearest_metres": None if row["nearest_metres"] is None else round(row["nearest_metres"]),
            "state": row["state"],
            "within_metres": coverage.travel.within_metres,
            "minutes": coverage.travel.minutes,
            "travel": "walking network" if coverage.travel.network else "straight line",
        }
        for row in records(coverage)
    ]


def in_reach(found: Sequence[Found], coverage: SiteCoverage) -> list[Found]:
    """What a search in a straight line found, as the walk has it: what is too far is left out."""
    return [
        replace(item, sure=item.sure and item.service.service_id not in coverage.unwalked)
        for item in found
        if item.service.service_id not in coverage.beyond
    ]


def is_fictional() -> bool:
    """Whether any area or any service that was counted is made up."""
    made_up = or_(exists().where(Area.fictional), exists().where(PublishedService.fictional))
    return bool(get_session().scalar(select(made_up)))
