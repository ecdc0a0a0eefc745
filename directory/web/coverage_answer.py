"""Answer a question about coverage once, for whatever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from directory.coverage.candidates import lacking
from directory.coverage.figures import Coverage, coverage_of
from directory.coverage.from_sites import SiteGround, read_sites
from directory.coverage.levels import level_table
from directory.coverage.need import low_is_need, measure_name
from directory.coverage.sentences import asked_words
from directory.languages import gettext, joined, left_to_right
from directory.remembering import remember_coverage
from directory.web.clock import today
from directory.web.coverage_asking import CoverageAsked, read_coverage_question
from directory.web.coverage_tables import column_notes, method_notes


@dataclass(frozen=True)
class Answered:
    """A question with its answer, for the areas of the level asked about."""

    asked: CoverageAsked
    coverage: Coverage
    table: pd.DataFrame
    ground: SiteGround


def answer(
    session: Session, asked: CoverageAsked | None = None, ground: SiteGround | None = None
) -> Answered:
    """Answer the question in the address."""
    asked = asked or read_coverage_question(session)
    coverage = coverage_of(session, asked.query, asked.base)
    ground = ground or read_sites(session, today())
    if asked.level == "site":  # sites are edited, and few
        return Answered(asked, coverage, level_table(session, coverage, "site", ground), ground)
    key = ("level", asked.level, *coverage.key)
    table = remember_coverage(session, key, lambda: level_table(session, coverage, asked.level))
    return Answered(asked, coverage, table, ground)


def file_notes(found: Answered) -> list[tuple[str, str]]:
    """What a reader of a file must know."""
    address = ("Address", found.asked.href("coverage.index"))
    return [*report_notes(found), address, *column_notes(found.asked.query.travel)]


def report_notes(found: Answered) -> list[tuple[str, str]]:
    """The same for a reader of a report, which has no columns: the question, the weights, the method."""
    query = found.asked.query
    weights = joined(
        joined((measure_name(name), f"{weight:g}"), " ") for name, weight in query.weights.items()
    )
    reverse = joined(map(measure_name, low_is_need(list(query.weights))))
    return [
        (gettext("Question"), asked_words(query, found.asked.names, today())),
        (gettext("People"), measure_name(query.people or "")),
        (gettext("Weights of need"), weights or gettext("none: every area counts alike")),
        *([(gettext("Lower is more need"), reverse)] if reverse else []),
        (gettext("Day of the answer"), left_to_right(today().isoformat())),
        *map(_lacking_note, lacking(found.coverage.candidates, query)),
        *method_notes(query.travel),
    ]


def _lacking_note(row: dict[str, Any]) -> tuple[str, str]:
    fact, number, records = row["fact"], row["lacking"], row["records"]
    said = gettext("%(lacking)s of %(records)s records", lacking=number, records=records)
    return gettext("Lacking: %(fact)s", fact=gettext(fact)), said


def is_fictional(coverage: Coverage) -> bool:
    """Whether any service or area that was counted is made up."""
    made_up = coverage.candidates.services["fictional"].astype(bool).any()
    return bool(made_up or coverage.base.table["code"].str.startswith("X").any())
