"""Printable reports (PDF): of a priority site, and of a local authority."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from flask import Blueprint, Response, abort, current_app
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.additions import LONGEST_SECONDS
from directory.coverage.areas import CoverageError, shown_areas
from directory.coverage.around_sites import SiteCoverage, site_coverage
from directory.coverage.from_sites import SITE_CODE
from directory.coverage.levels import ranked
from directory.coverage.sentences import asked_words, reason_words
from directory.coverage.travel_words import reach_words, travel_words, within_words
from directory.db import get_session
from directory.languages import N_, gettext, joined, left_to_right, own_words, pgettext, plain_words, term
from directory.models import Site
from directory.places.find import site_place
from directory.schedules.words import say_date
from directory.search.query import ServiceQuery
from directory.search.run import search_all
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.coverage import cannot
from directory.web.coverage_answer import is_fictional
from directory.web.coverage_areas import explain_site, gap_rows
from directory.web.coverage_help import Helped, work_out_help
from directory.web.coverage_help_asking import read_help_question
from directory.web.coverage_help_words import best_words, bound_words, kind_rows
from directory.web.coverage_map import coloured
from directory.web.coverage_tables import between, metres_between, rank_text, reason_rows, records_of
from directory.web.exports import FICTIONAL
from directory.web.mapping import map_layers, picture_words, styles
from directory.web.report_closing import closing_sections
from directory.web.report_pages import PictureBlock, Report, Section, TableBlock, build_report
from directory.web.searching import MOST_EXPORTED
from directory.web.site_numbers import WHAT_COUNTS, in_reach, number_row, records
from geodata.area_pictures import NO_FIGURE, draw_areas
from geodata.pictures import PictureOptions, draw_map

blueprint = Blueprint("coverage_report", __name__)
blueprint.register_error_handler(CoverageError, cannot)
# The colours of the classes on the pages: directory/static/styles has the same.
PALETTE = ("#eef3e6", "#cfe3c4", "#93c6b1", "#4f9fa3", "#266f8e", "#1b3d6d")
STATE_WORDS = {"none": N_("None"), "not known": N_("Not known"), "some": N_("Some")}
AREAS_LISTED, KINDS_LISTED = 30, 12


@blueprint.get("/sites/<slug>/report.pdf")
def site_pdf(slug: str) -> Response:
    """The report of one priority site."""
    session = get_session()
    helped = _helped(session, SITE_CODE + slug)
    travel = helped.found.asked.query.travel
    coverage = site_coverage(session, today(), travel, [slug])
    site = next(iter(coverage.sites), None) or abort(404)
    gaps = gap_rows(explain_site(session, coverage))
    reasons = [[term(row["category"]), _state(row), row["sentence"]] for row in gaps]
    sections = [
        Section(
            gettext("Gaps and their reasons"),
            [
                gettext(
                    "Within %(reach)s of %(place)s, for anybody and at any time.",
                    reach=reach_words(travel),
                    place=own_words(site.name),
                ),
                travel_words(travel),
                TableBlock(
                    [gettext("Kind of help"), gettext("State"), gettext("Why")],
                    reasons,
                    (0.24, 0.12, 0.64),
                    numbers_from=3,
                ),
            ],
        ),
        Section(gettext("The map"), [_site_picture(session, helped, site, coverage)]),
        Section(gettext("What is there"), [_numbers_table(coverage), gettext(WHAT_COUNTS)]),
        _help_section(helped, []),
        *closing_sections(session, helped.found),
    ]
    subtitle = gettext("A priority site: what is there, what is lacking, and why")
    words = gettext("Every kind of help, %(within)s.", within=within_words(travel))
    return _pdf(_report(helped, (site.name, subtitle, words), sections), f"report-{slug}")


def _state(row: dict[str, Any]) -> str:
    words = STATE_WORDS[row["state"]]
    return gettext(words)


def _site_picture(session: Session, helped: Helped, site: Site, coverage: SiteCoverage) -> PictureBlock:
    within = helped.found.asked.query.within_metres
    query = ServiceQuery(place=site_place(session, site), within_metres=within, sort="distance")
    found = in_reach(search_all(session, query, MOST_EXPORTED).found, coverage)
    made_up = is_fictional(helped.found.coverage)
    options = PictureOptions(site.name, within_metres=within, fictional=made_up, words=picture_words(session))
    png = draw_map(map_layers(session, found, [site], outlines=True), styles(session), options)
    words = gettext("Services inside %(place)s or near it, by kind of help.", place=own_words(site.name))
    return PictureBlock(png, words)


def _numbers_table(coverage: SiteCoverage) -> TableBlock:
    rows = [number_row(row, coverage) for row in records(coverage)]
    facts = ("inside", "within", "serving", "possible")
    cells = [
        [term(row["category"]), *(row[name] for name in facts), row["nearest"] or gettext("None shown")]
        for row in rows
    ]
    head = [
        *(gettext("Kind of help"), gettext("Inside"), gettext("In reach")),
        *(gettext("From elsewhere"), gettext("May be"), gettext("Nearest")),
    ]
    return TableBlock(head, cells, (0.33, 0.1, 0.11, 0.16, 0.13, 0.17))


@blueprint.get("/coverage/report/<code>.pdf")
def authority_pdf(code: str) -> Response:
    """The report of one local authority, for the question in the address."""
    session = get_session()
    helped = _helped(session, code)
    if helped.wanted.slug or not helped.wanted.place:
        abort(404)
    asked, own = helped.found.asked, helped.found.table[helped.wanted.scope]
    bound = [bound_words(helped.best, LONGEST_SECONDS)] if helped.best else []
    sections = [
        Section(gettext("Covered and not covered"), [_covered_words(own), _picture(session, helped, own)]),
        Section(gettext("Why there are gaps"), [_reasons_table(own)]),
        Section(
            gettext("The small areas with the greatest gaps"),
            [gettext("The place is the one in the list of all areas that are loaded."), _areas_table(own)],
        ),
        _help_section(helped, [best_words(helped, None), *bound]),
        *closing_sections(session, helped.found),
    ]
    subtitle = gettext("%(kind)s: coverage, gaps and their reasons", kind=asked.category_words)
    words = asked_words(asked.query, asked.names, today()) + gettext(". ").rstrip()
    return _pdf(_report(helped, (helped.wanted.place_name, subtitle, words), sections), f"report-{code}")


def _reasons_table(own: pd.DataFrame) -> TableBlock:
    rows = [
        [row["reason"], f"{row['areas']:,}", f"{row['people']:,.0f}", left_to_right(f"{row['share']:.0%}")]
        for row in reason_rows(own)
    ]
    head = [gettext("Reason"), gettext("Small areas"), gettext("People"), gettext("Share of people")]
    return TableBlock(head, rows, (0.46, 0.18, 0.18, 0.18))


def _areas_table(own: pd.DataFrame) -> TableBlock:
    rows = [
        [
            rank_text(row),
            own_words(row["name"]),
            between(row, "gap"),
            between(row, "providers"),
            metres_between(row, "nearest_metres"),
            reason_words(row["reason"]),
        ]
        for row in records_of(ranked(own).head(AREAS_LISTED))
    ]
    head = [
        *(pgettext("rank", "Place"), gettext("Area"), gettext("Need not met")),
        *(gettext("In reach"), gettext("Nearest"), gettext("Why")),
    ]
    return TableBlock(head, rows, (0.13, 0.22, 0.15, 0.12, 0.18, 0.2), numbers_from=6)


def _helped(session: Session, place: str) -> Helped:
    args = clean_arguments()
    kept = [(name, value) for name, value in args.items(multi=True) if name not in ("place", "number")]
    wanted = read_help_question(session, MultiDict([*kept, ("place", place)]))
    if wanted.place != place:
        abort(404)
    return work_out_help(session, wanted)


def _report(helped: Helped, cover: tuple[str, str, str], sections: Sequence[Section]) -> Report:
    """The whole report. The cover has a title, what the report is about, and the question."""
    title, subtitle, words = cover
    site_name, day = own_words(current_app.config["SITE_NAME"]), say_date(today())
    fictional = [gettext(FICTIONAL)] if is_fictional(helped.found.coverage) else []
    made = gettext("Made on %(day)s from the records as they were on that day.", day=day)
    what = fictional[0] if fictional else joined((own_words(title), day))
    footer = joined((site_name, what), gettext(". "))
    return Report(title, subtitle, [words, made, *fictional], sections, footer)


def _covered_words(own: pd.DataFrame) -> str:
    people = own["people"].sum()
    known, possible = (own[f"people_covered_{which}"].sum() for which in ("known", "possible"))
    if not people:
        return gettext("Nobody lives in the areas that are loaded.")
    return gettext(
        "%(known)s of %(people)s people live where this is known to be in reach; with what may be, "
        "%(possible)s. Need not met is people weighted by need: %(low)s to %(high)s.",
        known=left_to_right(f"{known / people:.0%}"),
        people=f"{people:,.0f}",
        possible=left_to_right(f"{possible / people:.0%}"),
        low=f"{own['gap_possible'].sum():,.0f}",
        high=f"{own['gap_known'].sum():,.0f}",
    )


def _picture(session: Session, helped: Helped, own: pd.DataFrame) -> PictureBlock:
    show = helped.found.asked.show if helped.found.asked.show != "clusters" else "gap"
    shades = coloured(own, show)
    every = shown_areas(session, "lsoa").set_index("code")
    areas = every.loc[own["code"]].reset_index()
    legend = [(row["colour"], _colour(row["colour"]), plain_words(row["label"])) for row in shades.legend]
    uncertain = own["uncertain"].to_numpy(dtype=bool)
    sites = helped.wanted.ground.extents
    png = draw_areas(areas, shades.colours, legend, uncertain, sites, picture_words(session))
    words = gettext(
        "Small areas of %(place)s by need not met. %(method)s",
        place=own_words(helped.wanted.place_name),
        method=shades.method,
    )
    return PictureBlock(png, words)


def _colour(place: int) -> str:
    return PALETTE[place] if place >= 0 else NO_FIGURE


def _help_section(helped: Helped, words: Sequence[str]) -> Section:
    """The best single place for each kind of help, after some words about one of them."""
    rows = [
        [
            row["category"],
            row["name"] or gettext("Nowhere reaches anybody new"),
            f"{row['newly_reached_possible']:,}",
            f"{row['newly_reached_known']:,}",
        ]
        for row in kind_rows(helped)[:KINDS_LISTED]
    ]
    return Section(
        gettext("What would help most"),
        [
            *words,
            gettext(
                "For each kind of help the place where one more service would reach most need; those that "
                "are lacked most come first. Nobody has asked these places."
            ),
            TableBlock(
                [
                    *(gettext("Kind of help"), gettext("Best single place")),
                    *(gettext("Newly reached, at least"), gettext("At most")),
                ],
                rows,
                (0.34, 0.34, 0.18, 0.14),
                numbers_from=2,
            ),
        ],
    )


def _pdf(report: Report, name: str) -> Response:
    response = Response(build_report(report), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
