"""What closes a printed report: method, data, sources and limits."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.coverage.travel import Travel
from directory.languages import N_, gettext, own_words
from directory.models import Source
from directory.schedules.words import say_date
from directory.web.coverage_answer import Answered, report_notes
from directory.web.report_pages import Section, TableBlock

LIMITS = (
    N_("\u201cNone\u201d says that the records hold none. It does not prove that there is none."),
    N_("No record states how many places a week a service has, so each service at each place counts as one."),
    N_(
        "Where a figure is a pair, one counts what is known to fit and the other also what may. The truth of "
        "the records lies between them."
    ),
    N_("A place that is not shown to the public counts by its ward or authority alone."),
)
ON_FOOT = N_(
    "Walks start at one point that stands for each area, and follow ways that are on the map. Steps, hills, "
    "crossings and how safe a way feels do not count."
)
STRAIGHT = N_(
    "Distances are straight lines from one point that stands for each area. Nobody walks in straight lines."
)


def limits(travel: Travel) -> tuple[str, ...]:
    """What the figures cannot say."""
    return (gettext(ON_FOOT if travel.network else STRAIGHT), *map(gettext, LIMITS))


def closing_sections(session: Session, found: Answered) -> list[Section]:
    """Method, data, sources and limits: what a reader must know."""
    sources = session.scalars(select(Source).order_by(Source.title)).all()
    rows = [
        [
            own_words(source.title),
            own_words(source.publisher) or "",
            own_words(source.licence) or "",
            say_date(source.retrieved_on) if source.retrieved_on else "",
            own_words(source.attribution) or "",
        ]
        for source in sources
    ]
    head = [
        *(gettext("Source"), gettext("Publisher"), gettext("Licence")),
        *(gettext("Brought in on"), gettext("Credit")),
    ]
    words = [gettext("What"), gettext("In words")]
    return [
        Section(
            gettext("Method"),
            [TableBlock(words, report_notes(found), (0.28, 0.72), numbers_from=2)],
        ),
        Section(
            gettext("Sources, licences and dates"),
            [TableBlock(head, rows, (0.24, 0.2, 0.16, 0.14, 0.26), numbers_from=5)]
            if rows
            else [gettext("No source.")],
        ),
        Section(gettext("Limits"), limits(found.asked.query.travel)),
    ]
