"""From an address to a question about coverage, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.areas import AreaBase, area_base
from directory.coverage.candidates import category_counts
from directory.coverage.need import default_weights, people_measures
from directory.coverage.question import LEVELS, WHENS, CoverageQuery, When
from directory.coverage.sentences import ANY_KIND, kind_words
from directory.coverage.times import TimeError, days_of, read_periods
from directory.languages import DAYS, N_, gettext, typed_words
from directory.search.facets import option_names
from directory.search.reading import read_number, read_time
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.exports import file_name
from directory.web.travelling import DEFAULT_WITHIN, read_travel

DISTANCES = {
    500: N_("500 metres"),
    1000: N_("1 km"),
    2000: N_("2 km"),
    3000: N_("3 km"),
    5000: N_("5 km"),
    10000: N_("10 km"),
}
SHOWS = {
    "gap": N_("Need not met"),
    "providers": N_("Services in reach"),
    "nearest": N_("Distance to the nearest"),
    "access": N_("Services for 1,000 people"),
    "need": N_("Need"),
    "lacking": N_("How much is not known"),
    "clusters": N_("Clusters of high need and little access"),
}
# What an argument is called in a sentence.
ARGUMENTS = {
    "category": N_("category"),
    "group": N_("group"),
    "gender": N_("gender"),
    "people": N_("people"),
    "level": N_("level"),
    "show": N_("show"),
    "when": N_("when"),
}
ANY = "any"
WEIGHT = "weight."


@dataclass(frozen=True)
class CoverageAsked:
    """A question about coverage as it came: what it means, what could not be used, and what to show."""

    query: CoverageQuery
    base: AreaBase
    counts: Mapping[str, int]
    level: str
    show: str
    names: Mapping[str, Mapping[str, str]]
    form: Mapping[str, Any]
    problems: tuple[str, ...]
    arguments: MultiDict[str, str]

    def href(self, endpoint: str, **changes: object) -> str:
        """The address of the question elsewhere, or with something changed; None takes an argument out."""
        values: dict[str, Any] = {name: self.arguments.getlist(name) for name in self.arguments}
        values |= changes
        return url_for(endpoint, **{n: v for n, v in values.items() if v not in (None, "", [], [""])})

    def area_address(self) -> tuple[str, str]:
        """What stands before and after the code of an area in the address of its reasons."""
        before, _, after = self.href("coverage.area", code="CODE", level=None, show=None).partition("CODE")
        return before, after

    def file_name(self, name: str) -> str:
        """A name for a file with the answer."""
        return file_name(name, self.query.category, self.query.age)

    @property
    def category_name(self) -> str:
        """The kind of help asked about, in English."""
        return self.names["category"].get(self.query.category or "", ANY_KIND)

    @property
    def category_words(self) -> str:
        """The same as its page names it."""
        return kind_words(self.category_name)


def read_coverage_question(
    session: Session, args: MultiDict[str, str] | None = None, like: CoverageAsked | None = None
) -> CoverageAsked:
    """Read the question in an address. What makes no sense is left out, and said.

    `like` is another question of the same page, whose names and areas are taken over.
    """
    args = clean_arguments() if args is None else args
    problems: list[str] = []
    names = like.names if like else option_names(session)
    base = like.base if like else area_base(session)
    counts = like.counts if like else category_counts(session)
    measures = base.measures
    category = _chosen(args, "category", {ANY: "", **names["category"]}, problems) or _usual(counts, names)
    terms = {
        facet: (code,)
        for facet in ("group", "gender")
        if (code := _chosen(args, facet, names[facet], problems))
    }
    people = _chosen(args, "people", measures, problems) or next(iter(people_measures(measures)), None)
    query = CoverageQuery(
        category=None if category == ANY else category,
        travel=read_travel(args, base.xy, N_("small areas"), problems),
        age=read_number(args, "age", 0, 120, problems),
        terms=terms,
        open_access=bool(args.get("open_access")),
        when=_read_when(args, problems),
        enough=read_number(args, "enough", 1, 20, problems) or 1,
        people=people,
        weights=_read_weights(args, measures, problems),
    )
    level = _chosen(args, "level", LEVELS, problems) or "lsoa"
    show = _chosen(args, "show", SHOWS, problems) or "gap"
    ours = {*SINGLE, *(WEIGHT + measure for measure in measures)}
    kept = MultiDict((name, value) for name, value in args.items(multi=True) if name in ours)
    form = _form(args, query)
    return CoverageAsked(query, base, counts, level, show, names, form, tuple(problems), kept)


def _usual(counts: Mapping[str, int], names: Mapping[str, Mapping[str, str]]) -> str:
    """The kind of help with the most services, so that the first page has something to show."""
    return max(names["category"], key=lambda code: counts.get(code, 0), default=ANY)


def _chosen(args: MultiDict[str, str], name: str, among: Any, problems: list[str]) -> str | None:
    value = args.get(name)
    if value and value not in among:
        problems.append(no_such(ARGUMENTS[name], value))
        return None
    return value


def no_such(name: str, value: str) -> str:
    """What is said of a value that there is not."""
    return gettext(
        "There is no %(name)s \u201c%(value)s\u201d. It was left out.",
        name=gettext(name),
        value=typed_words(value),
    )


def _read_weights(args: MultiDict[str, str], measures: list[str], problems: list[str]) -> dict[str, float]:
    given = {name.removeprefix(WEIGHT): value for name, value in args.items() if name.startswith(WEIGHT)}
    if not given:
        return default_weights(measures)
    weights = {}
    for measure, text in given.items():
        if measure not in measures:
            problems.append(
                gettext(
                    "There is no figure \u201c%(figure)s\u201d for areas. It was left out.",
                    figure=typed_words(measure),
                )
            )
            continue
        try:
            weight = float(text)
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= 100:
            problems.append(
                gettext(
                    "The weight of %(figure)s must be a number from 0 to 100. It was left out.",
                    figure=typed_words(measure),
                )
            )
            continue
        weights[measure] = weight
    if weights and not any(weights.values()):
        problems.append(
            gettext(
                "All weights are nought, so that nothing counts as need. The usual weights were taken "
                "instead: give at least one figure a weight above nought."
            )
        )
    used = {measure: weight for measure, weight in weights.items() if weight > 0}
    return used or default_weights(measures)


def _read_when(args: MultiDict[str, str], problems: list[str]) -> When:
    opens, closes = read_time(args.get("from", ""), problems), read_time(args.get("to", ""), problems)
    if (opens is None) != (closes is None):
        problems.append(gettext("Give both a time from and a time to, or neither. The times were left out."))
        opens = closes = None
    kind = _chosen(args, "when", WHENS, problems)
    day = args.get("day", "").capitalize()
    weekday = DAYS.index(day) if day in DAYS else None
    if args.get("day") and weekday is None:
        problems.append(gettext("Day must be a day of the week, such as Friday."))
    if kind in (None, ANY) and (weekday is not None or opens is not None):
        kind = "week"
    try:
        if kind == "date":
            asked = When("date", days=((_read_date(args.get("date", "")),),))
        else:
            periods = read_periods(current_app.config["SCHOOL_HOLIDAYS"])
            asked = days_of(kind or ANY, weekday, today(), periods)
    except TimeError as error:
        said = error.args[0]  # with its marks
        problems.append(gettext("%(problem)s The answer below is for any time.", problem=said))
        return When()
    return When(asked.kind, weekday, opens, closes, asked.days)


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TimeError(
            gettext("\u201c%(text)s\u201d is no date. Write it as 2026-12-24.", text=typed_words(text))
            if text
            else gettext("No date was given. Write it as 2026-12-24.")
        ) from error


def _form(args: MultiDict[str, str], query: CoverageQuery) -> dict[str, Any]:
    text: Callable[[str], str] = lambda name: args.get(name, "")  # noqa: E731
    return {
        **{name: text(name) for name in SINGLE},
        "category": query.category or ANY,
        "within_metres": DEFAULT_WITHIN if query.travel.minutes else query.within_metres,
        "minutes": query.travel.minutes or "",
        "when": query.when.kind,
        "enough": query.enough,
        "people": query.people,
        "weights": dict(query.weights),
    }


SINGLE = (
    "category",
    "within_metres",
    "minutes",
    "age",
    "group",
    "gender",
    "open_access",
    "when",
    "day",
    "date",
    "from",
    "to",
    "enough",
    "people",
    "level",
    "show",
)
