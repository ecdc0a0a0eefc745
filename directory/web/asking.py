"""From an address to a question, and from a question to addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.places.find import Place, find_place, suggest_places
from directory.search.facets import option_names
from directory.search.query import DAYS, FACETS, SORTS, ServiceQuery
from directory.web.clock import today

DISTANCES = (500, 1000, 2000, 5000, 10000, 20000)
# How far "near" is when nobody says: a bus ride from a postcode, a walk from a site.
DEFAULT_METRES = {"postcode": 5000, "district": 5000, "site": 2000}
LONGEST = 200
MOST_ARGUMENTS = 100
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

    def href(self, endpoint: str, **changes: object) -> str:
        """The address of the question elsewhere, or with something changed; None takes an argument out."""
        values: dict[str, Any] = {name: self.arguments.getlist(name) for name in self.arguments}
        values |= changes
        kept = {name: value for name, value in values.items() if value not in (None, "", [], [""])}
        return url_for(endpoint, **kept)


def read_question(session: Session) -> Asked:
    """Read the question in an address. What makes no sense is left out, and said."""
    args = clean_arguments()
    problems: list[str] = []
    place, place_problem = _read_place(session, args.get("where", ""))
    terms = {facet: codes for facet in FACETS if (codes := chosen_codes(args, facet))}
    query = ServiceQuery(
        text=args.get("what", ""),
        place=place,
        within_metres=_read_distance(args, place, problems),
        age=read_number(args, "age", 0, 120, problems),
        weekday=_read_day(args.get("day", ""), problems),
        minute=read_time(args.get("time", ""), problems),
        terms=terms,
        sort=args.get("sort", "best") if args.get("sort", "best") in SORTS else "best",
        page=read_number(args, "page", 1, 100_000, problems) or 1,
        per_page=current_app.config["RESULTS_PER_PAGE"],
        today=today(),
    )
    form = _form(args, query)
    kept = MultiDict(
        [(name, value) for name, value in args.items(multi=True) if name in {*form["_names"], *FACETS}]
    )
    return Asked(query, form, place_problem, tuple(problems), kept)


def clean_arguments() -> MultiDict[str, str]:
    """The arguments of the request without what is empty, too long, too many, or cannot be printed."""
    given = islice(request.args.items(multi=True), MOST_ARGUMENTS)
    pairs = [(name, _clean(value)) for name, value in given]
    return MultiDict([(name, value) for name, value in pairs if value])


def _clean(text: str) -> str:
    """The text on one line. No database and no page takes a null byte or half a character."""
    printable = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    return " ".join(printable.split())


def chosen_codes(args: MultiDict[str, str], facet: str) -> tuple[str, ...]:
    """What is chosen in a filter, each once."""
    return tuple(dict.fromkeys(args.getlist(facet)))


def removable(session: Session, asked: Asked, endpoint: str) -> list[dict[str, str]]:
    """Each chosen filter with the address of the same question without it."""
    return [{"label": label, "href": href} for label, href in _removable(session, asked, endpoint)]


def _removable(session: Session, asked: Asked, endpoint: str) -> Iterator[tuple[str, str]]:
    query = asked.query
    if query.text:
        yield f"\u201c{query.text}\u201d", asked.href(endpoint, what=None, page=None)
    if query.place is not None:
        yield f"Near {query.place.name}", asked.href(endpoint, where=None, within_metres=None, page=None)
    if query.age is not None:
        yield f"Age {query.age}", asked.href(endpoint, age=None, page=None)
    if query.weekday is not None:
        yield f"Open on {DAYS[query.weekday]}", asked.href(endpoint, day=None, page=None)
    if query.minute is not None:
        yield f"Open at {asked.form['time']}", asked.href(endpoint, time=None, page=None)
    names = option_names(session)
    for facet, codes in query.terms.items():
        for code in codes:
            rest = [other for other in codes if other != code]
            yield names[facet].get(code, code), asked.href(endpoint, **{facet: rest, "page": None})


def _read_place(session: Session, text: str) -> tuple[Place | None, str | None]:
    if not text:
        return None, None
    place = find_place(session, text, today())
    if place is not None:
        return place, None
    near = suggest_places(session, text, today())
    hint = (
        f" Did you mean {' or '.join(near)}?" if near else " Try a postcode, a ward, an authority or a site."
    )
    return None, f"We could not find \u201c{text}\u201d, so these results are from everywhere.{hint}"


def _read_distance(args: MultiDict[str, str], place: Place | None, problems: list[str]) -> int | None:
    metres = read_number(args, "within_metres", 1, 100_000, problems)
    if metres is None and place is not None:
        return DEFAULT_METRES.get(place.kind)
    return metres


def read_number(args: MultiDict[str, str], name: str, low: int, high: int, problems: list[str]) -> int | None:
    """A whole number between two bounds, or None; what is none is said."""
    text = args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        problems.append(f"{name.replace('_', ' ').capitalize()} must be a whole number from {low} to {high}.")
        return None
    return int(text)


def _read_day(text: str, problems: list[str]) -> int | None:
    if not text:
        return None
    day = text.capitalize()
    if day not in DAYS:
        problems.append("Day must be a day of the week, such as Friday.")
        return None
    return DAYS.index(day)


def read_time(text: str, problems: list[str]) -> int | None:
    """A time of day in minutes, or None; what is none is said."""
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    plain = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hours, minutes))
    if not plain or int(hours) > 23 or int(minutes) > 59:
        problems.append("Time must be a time of day, such as 18:00.")
        return None
    return int(hours) * 60 + int(minutes)


def _form(args: MultiDict[str, str], query: ServiceQuery) -> dict[str, Any]:
    hours, minutes = divmod(query.minute or 0, 60)
    single = {
        "what": query.text,
        "where": args.get("where", ""),
        "within_metres": query.within_metres,
        "age": query.age,
        "day": DAYS[query.weekday] if query.weekday is not None else "",
        "time": f"{hours:02}:{minutes:02}" if query.minute is not None else "",
        "sort": query.sort,
        "view": "map" if args.get("view") == "map" else "",
    }
    several = {PLURALS[facet]: list(query.terms.get(facet, ())) for facet in FACETS}
    return {**single, **several, "_names": tuple(single)}
