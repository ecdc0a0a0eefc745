"""From an address to a question, and from a question to addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.travel_words import minutes_words
from directory.languages import DAYS, N_, gettext, own_words, say_day, term, typed_words
from directory.search.facets import Names, option_names
from directory.search.known import understand_question
from directory.search.plain import fill
from directory.search.query import DAY_PARTS, FACETS, SOME_DAYS, ServiceQuery
from directory.search.reading import clean, read
from directory.web.clock import today
from directory.web.exports import file_name
from directory.web.walking import OnFoot, on_foot, read_minutes

PART_NAMES = {
    "morning": N_("Morning"),
    "afternoon": N_("Afternoon"),
    "after-school": N_("After school"),
    "evening": N_("Evening"),
}
DAYS_IN_WORDS = (N_("Weekdays"), N_("Weekend"))
DISTANCES = (500, 1000, 2000, 5000, 10000, 20000)
# The name of each facet in the templates, where several values may be chosen.
PLURALS = {
    "category": "categories",
    "group": "groups",
    "gender": "genders",
    "cost": "costs",
    "referral": "referrals",
    "language": "languages",
    "accessibility": "accessibility",
    "kind": "kinds",
    "faith": "faiths",
    "authority": "authorities",
    "network": "networks",
}


@dataclass(frozen=True)
class Asked:
    """A question as it came: what was typed, what it means, and what could not be used."""

    query: ServiceQuery
    form: dict[str, Any]
    place_problem: str | None
    problems: tuple[str, ...]
    arguments: MultiDict[str, str]
    foot: OnFoot = field(default_factory=OnFoot)
    typed: str | None = None  # the words as they came, where they were understood as more than words

    def href(self, endpoint: str, **changes: object) -> str:
        """The address of the question elsewhere, or with something changed; None takes an argument out."""
        values: dict[str, Any] = {name: self.arguments.getlist(name) for name in self.arguments}
        values |= changes
        kept = {name: value for name, value in values.items() if value not in (None, "", [], [""])}
        return url_for(endpoint, **kept)

    def file_name(self, name: str) -> str:
        """A name for a file with the answer, without what was typed: that may say who or where one is."""
        place = self.query.place
        named = place.name if place is not None and place.kind != "postcode" else None
        return file_name(name, *self.query.terms.get("category", ()), named, self.query.age)


def read_question(session: Session) -> Asked:
    """Read the question in the address of the request. What makes no sense is left out, and said."""
    args = clean_arguments()
    typed = args.get("what", "")
    if not typed or args.get("plain"):
        return ask(session, args)
    understood = understand_question(session, typed, today())
    if not understood.parts:
        return ask(session, args)
    return replace(ask(session, fill(args, understood)), typed=typed)


def ask(session: Session, args: MultiDict[str, str]) -> Asked:
    """The question of some clean arguments."""
    found = read(session, args, today(), current_app.config["RESULTS_PER_PAGE"])
    form = _form(args, found.query)
    problems = list(found.problems)
    query, foot = on_foot(session, args, found.query, problems)
    kept = MultiDict(
        [(name, value) for name, value in args.items(multi=True) if name in {*form["_names"], *FACETS}]
    )
    return Asked(query, form, found.place_problem, tuple(problems), kept, foot)


def clean_arguments() -> MultiDict[str, str]:
    """The arguments of the request without what is empty, too long, too many, or cannot be printed."""
    return clean(request.args.items(multi=True))


def own_address() -> str:
    """The address that this request came to, with its language and question: to send its form there again."""
    return request.root_path.rstrip("/") + request.full_path.rstrip("?")


def removable(
    session: Session, asked: Asked, endpoint: str, names: Names | None = None
) -> list[dict[str, str]]:
    """Each chosen filter with the address of the same question without it."""
    names = option_names(session) if names is None else names
    return [{"label": label, "href": href} for label, href in _removable(names, asked, endpoint)]


def _removable(names: Names, asked: Asked, endpoint: str) -> Iterator[tuple[str, str]]:
    query = asked.query
    if query.text:
        yield (
            gettext("\u201c%(words)s\u201d", words=typed_words(query.text)),
            asked.href(endpoint, what=None, page=None),
        )
    if query.place is not None:
        without = dict.fromkeys(("where", "within_metres", "minutes", "page"))
        near = gettext("Near %(place)s", place=own_words(query.place.name))
        yield near, asked.href(endpoint, **without)
        if asked.foot.minutes is not None:
            walk = gettext("Within %(walk)s", walk=minutes_words(asked.foot.minutes))
            yield walk, asked.href(endpoint, minutes=None, page=None)
    if query.age is not None:
        yield age_words(query), asked.href(endpoint, age=None, age_to=None, page=None)
    if query.weekday is not None or query.weekdays:
        yield gettext("Open on %(day)s", day=_said_day(query)), asked.href(endpoint, day=None, page=None)
    if query.part is not None:
        yield part_words(query.part), asked.href(endpoint, part=None, page=None)
    if query.minute is not None:
        yield gettext("Open at %(time)s", time=asked.form["time"]), asked.href(endpoint, time=None, page=None)
    for facet, codes in query.terms.items():
        for code in codes:
            rest = [other for other in codes if other != code]
            yield (
                term(names[facet].get(code, code)),
                asked.href(endpoint, **{facet: rest, "page": None}),
            )


def age_words(query: ServiceQuery) -> str:
    """The ages of a question as a filter says them."""
    if query.age_to is None or query.age_to == query.age:
        return gettext("Age %(age)s", age=query.age)
    if not query.age:
        return gettext("Age %(age)s and under", age=query.age_to)
    if query.age_to >= 120:
        return gettext("Age %(age)s and over", age=query.age)
    return gettext("Age %(low)s to %(high)s", low=query.age, high=query.age_to)


def part_words(part: str) -> str:
    """A part of the day as a filter says it."""
    begin, end = DAY_PARTS[part]
    return gettext(
        "%(part)s, %(begin)s to %(end)s",
        part=gettext(PART_NAMES[part]),
        begin=f"{begin // 60}:00",
        end=f"{end // 60}:00",
    )


def _said_day(query: ServiceQuery) -> str:
    return say_day(query.weekday) if query.weekday is not None else gettext(_day(query))


def _day(query: ServiceQuery) -> str:
    if query.weekday is not None:
        return DAYS[query.weekday]
    return next((name for name, days in SOME_DAYS.items() if days == query.weekdays), "")


def _form(args: MultiDict[str, str], query: ServiceQuery) -> dict[str, Any]:
    hours, minutes = divmod(query.minute or 0, 60)
    single = {
        "what": query.text,
        "where": args.get("where", ""),
        "within_metres": query.within_metres,
        "minutes": read_minutes(args.get("minutes", "")),
        "age": query.age,
        "age_to": query.age_to,
        "day": _day(query),
        "part": query.part or "",
        "time": f"{hours:02}:{minutes:02}" if query.minute is not None else "",
        "sort": query.sort,
        "plain": "yes" if args.get("plain") else "",
        "widen": "no" if args.get("widen") == "no" else "",
        "view": "map" if args.get("view") == "map" else "",
    }
    several = {PLURALS[facet]: list(query.terms.get(facet, ())) for facet in FACETS}
    return {**single, **several, "_names": tuple(single)}
