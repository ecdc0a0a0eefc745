"""One place against need: its figures, why there is a gap, whom to ring to settle it, and its week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from flask import Response, abort, render_template, url_for
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.coverage.around_sites import SiteCoverage
from directory.coverage.candidates import Candidates, read_candidates
from directory.coverage.from_sites import SiteGround, reached_from_sites, read_sites
from directory.coverage.places import (
    AskedPlace,
    find_asked_place,
    metres_of_kind,
    metres_to,
    of_kind,
    reached_at,
    site_as_place,
)
from directory.coverage.question import CoverageQuery
from directory.coverage.reach import MAYBE, Reached
from directory.coverage.sentences import asked_words, missing_facts, reason_sentence, reason_words
from directory.coverage.travel_words import metres_text, travel_words
from directory.coverage.week import Week, week_of
from directory.db import get_session
from directory.languages import gettext, joined, own_words
from directory.models import PublishedService
from directory.web.clock import today
from directory.web.coverage import blueprint
from directory.web.coverage_answer import answer, file_notes, is_fictional
from directory.web.coverage_asking import CoverageAsked, read_coverage_question
from directory.web.coverage_files import table_response
from directory.web.coverage_form import form_choices
from directory.web.coverage_tables import between, metres_between, percent_between, rank_text, records_of
from directory.web.coverage_week import week_file_rows, week_table
from directory.web.coverage_words import STATES
from directory.web.site_numbers import gap, records
from geodata.gap_reasons import FITS

MOST_LISTED = 60


@dataclass(frozen=True)
class Explained:
    """Every candidate of a place for a question about any kind of help."""

    place: AskedPlace
    query: CoverageQuery
    names: Mapping[str, Mapping[str, str]]
    candidates: Candidates
    reached: Reached
    metres: NDArray[np.float64]


def explain(session: Session, place: AskedPlace, asked: CoverageAsked) -> Explained:
    """Read all kinds of help at once, so that each can be explained."""
    candidates = read_candidates(session, replace(asked.query, category=None))
    reached = reached_at(session, candidates, asked.base, place, asked.query.travel)
    metres = metres_to(candidates, place, asked.query.travel)
    return Explained(place, asked.query, asked.names, candidates, reached, metres)


def explain_site(session: Session, coverage: SiteCoverage) -> Explained:
    """The same for the one site of its own page, for anybody and any time."""
    query = CoverageQuery(travel=coverage.travel)
    candidates = read_candidates(session, query)
    ground = SiteGround(coverage.sites, coverage.extents, coverage.references)
    reached = reached_from_sites(session, candidates, ground, query.travel)
    place = site_as_place(ground)
    metres = metres_to(candidates, place, query.travel)
    return Explained(place, query, {"category": coverage.categories}, candidates, reached, metres)


def gap_rows(found: Explained) -> list[dict[str, Any]]:
    """Each kind of help: whether it is in reach, and why not, in a sentence."""
    rows = []
    for code, name in found.names["category"].items():
        reached = of_kind(found.reached, found.candidates, code)
        reason = int(reached.reasons[0])
        rows.append(
            {
                "code": code,
                "category": name,
                "state": STATES[reason],
                "reason": reason_words(reason),
                "known": int(reached.known[0]),
                "possible": int(reached.possible[0]),
                "sentence": reason_sentence(reached, 0, found.candidates, _words(found, code, name)),
            }
        )
    return rows


def week_rows(found: Explained, category: str | None) -> Week:
    """The week of what is in reach for the people asked about, of one kind of help or all."""
    reached = of_kind(found.reached, found.candidates, category) if category else found.reached
    near = reached.pairs.loc[reached.pairs["place"].eq(1), "service"]
    who = found.candidates.services["who"].iloc[near] >= 0
    day = found.query.when.days[0][0] if found.query.when.days else today()
    return week_of(found.candidates, sorted(set(near[who.to_numpy()])), day)


def _words(found: Explained, code: str | None, name: str) -> dict[str, Any]:
    return {
        "area": found.place.name,
        "category": name,
        "query": found.query,
        "names": found.names,
        "today": today(),
        "metres": metres_of_kind(found.metres, found.candidates, code),
    }


def _explained(code: str) -> tuple[CoverageAsked, Explained, SiteGround]:
    session = get_session()
    ground = read_sites(session, today())
    asked = read_coverage_question(session)
    place = find_asked_place(session, asked.base, code, ground)
    return asked, explain(session, place or abort(404), asked), ground


@blueprint.get("/coverage/areas/<code>")
def area(code: str) -> str:
    """One area or site: its figures, its gaps with their reasons, whom to ring, and its week."""
    session = get_session()
    asked, found, ground = _explained(code)
    category = asked.query.category
    level = replace(asked, level=found.place.level)
    answered = answer(session, level, ground)
    own = answered.table[answered.table["code"].eq(code)]
    rows = gap_rows(found)
    reached = of_kind(found.reached, found.candidates, category) if category else found.reached
    words = _words(found, category, asked.category_name)
    listed = candidate_rows(session, found, reached)
    week = week_rows(found, category)
    return render_template(
        "coverage/area.html",
        place={
            "name": found.place.name,
            "level": found.place.level,
            "slug": found.place.ground.sites[0].slug if found.place.ground else None,
            "code": code,
        },
        question=asked_words(asked.query, asked.names, today()),
        travel=travel_words(asked.query.travel),
        form=form_choices(asked),
        form_action=url_for("coverage.area", code=code),
        problems=asked.problems,
        sentence=reason_sentence(reached, 0, found.candidates, words),
        reason=reason_words(int(reached.reasons[0])),
        state=STATES[int(reached.reasons[0])],
        facts=_facts(records_of(own)[0]) if len(own) else [],
        candidates=listed[:MOST_LISTED],
        more=max(len(listed) - MOST_LISTED, 0),
        to_ring=[row for row in listed if row["class"] == MAYBE][:MOST_LISTED],
        gaps=rows,
        week=week_table(week),
        coverage_href=asked.href("coverage.index"),
        help_href=asked.href("coverage_help.show", place=code),
        exports=_exports(asked, found.place),
        week_href=asked.href("coverage.week_csv", code=code),
    )


@blueprint.get("/coverage/areas/<code>.csv")
def area_csv(code: str) -> Response:
    """The gaps of one place with their reasons as a table."""
    return _gaps_file(code, "csv")


@blueprint.get("/coverage/areas/<code>.xlsx")
def area_xlsx(code: str) -> Response:
    """The gaps of one place with their reasons as a spreadsheet, with a sheet of notes."""
    return _gaps_file(code, "xlsx")


@blueprint.get("/coverage/areas/<code>/week.csv")
def week_csv(code: str) -> Response:
    """The week of one place: for each half-hour how many services are open, and how many may be."""
    _, found, _ = _explained(code)
    week = week_rows(found, found.query.category)
    fictional = bool(found.candidates.services["fictional"].any())
    return table_response("csv", f"{code}-week", week_file_rows(week), [], fictional=fictional)


def _exports(asked: CoverageAsked, place: AskedPlace) -> dict[str, str]:
    """The files of a place; of a site and an authority there is a report to print as well."""
    exports = {kind: asked.href(f"coverage.area_{kind}", code=place.code) for kind in ("csv", "xlsx")}
    if place.slug:
        exports["pdf"] = asked.href("coverage_report.site_pdf", slug=place.slug)
    elif place.level == "authority":
        exports["pdf"] = asked.href("coverage_report.authority_pdf", code=place.code)
    return exports


def _gaps_file(code: str, kind: str) -> Response:
    asked, found, ground = _explained(code)
    rows = [{"place": found.place.name, **row} for row in gap_rows(found)]
    answered = answer(get_session(), asked, ground)
    return table_response(kind, code, rows, file_notes(answered), fictional=is_fictional(answered.coverage))


def _facts(row: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    return [
        (gettext("People"), None if pd.isna(row["people"]) else f"{row['people']:,.0f}"),
        (gettext("Need, from 0 to 1"), None if pd.isna(row["need"]) else f"{row['need']:.2f}"),
        (gettext("Services in reach"), between(row, "providers")),
        (gettext("People covered"), percent_between(row, "share_covered")),
        (gettext("Nearest"), metres_between(row, "nearest_metres")),
        (gettext("Second nearest"), metres_between(row, "second_metres")),
        (gettext("Services for 1,000 people"), between(row, "two_step")),
        (gettext("Need not met"), between(row, "gap")),
        (gettext("Place in the list of gaps"), rank_text(row)),
    ]


def candidate_rows(session: Session, found: Explained, reached: Reached) -> list[dict[str, Any]]:
    """What might serve the place, the best first, with what holds each back and how to reach it."""
    every = pd.concat([reached.pairs, reached.everywhere.assign(metres=float("nan"))], ignore_index=True)
    order = every.sort_values(["class", "metres", "service"], ascending=[False, True, True]).head(200)
    services = found.candidates.services
    ring = services["service_id"].iloc[order.loc[order["class"].eq(MAYBE), "service"]]
    phones = _telephones(session, ring.head(MOST_LISTED).tolist())
    rows = []
    for pair in records_of(order):
        service = services.iloc[int(pair["service"])]
        unsure = pair["class"] == MAYBE
        rows.append(
            {
                "class": int(pair["class"]),
                "name": own_words(service["name"]),
                "organisation": own_words(service["organization_name"]),
                "href": url_for("services.show", service_id=service["service_id"]),
                "metres": None if pd.isna(pair["metres"]) else metres_text(pair["metres"]),
                "why": gettext("Fits") if pair["class"] == FITS else reason_words(int(pair["class"])),
                "lacking": _lacking(service) if unsure else "",
                "phone": phones.get(service["service_id"]),
            }
        )
    return rows


def _lacking(service: Any) -> str:
    facts = [gettext(words).removesuffix(" are").removesuffix(" is") for words in missing_facts(service)]
    return gettext("Not on record: %(facts)s", facts=joined(facts))


def _telephones(session: Session, service_ids: list[str]) -> dict[str, str]:
    """The published telephone numbers: of the service, or else of its organisation."""
    rows = session.execute(
        select(PublishedService.service_id, PublishedService.document).where(
            PublishedService.service_id.in_(service_ids)
        )
    ).all()
    found = {}
    for service_id, document in rows:
        numbers = [*document.get("phones", []), *document.get("organization", {}).get("phones", [])]
        first = next((phone["number"] for phone in numbers if phone.get("number")), None)
        if first:
            found[service_id] = first
    return found


def gap_table(coverage: SiteCoverage, found: Explained) -> list[dict[str, Any]]:
    """What a site lacks: each kind of help that is not known to be there, with the reason in a sentence."""
    missing = [row for row in records(coverage) if row["state"] != "some"]
    sentences = {row["category"]: row["sentence"] for row in gap_rows(found)}
    plain = [gap(row, coverage, coverage.sites[0]) for row in missing]
    return [row | {"sentence": sentences[row["category"]]} for row in plain]
