"""From the arguments of an address to a question. What makes no sense is left out, and said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.languages import DAYS, N_, gettext, joined, own_words, typed_words
from directory.places.find import Place, find_place, suggest_places
from directory.search.query import DAY_PARTS, FACETS, SOME_DAYS, SORTS, ServiceQuery
from directory.search.resting import note_place
from directory.search.widen import widenings

# How far "near" is when nobody says: a bus ride from a postcode, a walk from a site.
DEFAULT_METRES = {"postcode": 5000, "district": 5000, "site": 2000}
LONGEST = 200
MOST_ARGUMENTS = 100
# The numbers that the pages ask for. Programs ask for others.
NUMBERS = {
    "age": N_("Age"),
    "age_to": N_("Age to"),
    "within_metres": N_("Within metres"),
    "page": N_("Page"),
    "minutes": N_("Minutes"),
    "enough": N_("Enough"),
    "number": N_("Number"),
    "radius": N_("Radius"),
}


@dataclass(frozen=True)
class Read:
    """What an address asks, and what in it could not be used."""

    query: ServiceQuery
    place_problem: str | None
    problems: tuple[str, ...]


def read(session: Session, args: MultiDict[str, str], today: date, per_page: int) -> Read:
    """The question of some clean arguments."""
    problems: list[str] = []
    place, place_problem = _read_place(session, args.get("where", ""), today)
    terms = {facet: codes for facet in FACETS if (codes := chosen_codes(args, facet))}
    text, age = args.get("what", ""), read_number(args, "age", 0, 120, problems)
    weekday, weekdays = _read_day(args.get("day", ""), problems)
    query = ServiceQuery(
        text=text,
        place=place,
        within_metres=_read_distance(args, place, problems),
        age=age,
        age_to=None if age is None else read_number(args, "age_to", age, 120, problems),
        weekday=weekday,
        weekdays=weekdays,
        part=args.get("part") if args.get("part") in DAY_PARTS else None,
        widenings=() if args.get("widen") == "no" else widenings(session, text, today),
        minute=read_time(args.get("time", ""), problems),
        terms=terms,
        sort=args.get("sort", "best") if args.get("sort", "best") in SORTS else "best",
        today=today,
        page=read_number(args, "page", 1, 100_000, problems) or 1,
        per_page=per_page,
    )
    return Read(query, place_problem, tuple(problems))


def clean(pairs: Iterable[tuple[str, str]]) -> MultiDict[str, str]:
    """Arguments without what is empty, too long, too many, or cannot be printed."""
    given = [(name, _clean(value)) for name, value in islice(pairs, MOST_ARGUMENTS)]
    return MultiDict([(name, value) for name, value in given if value])


def _clean(text: str) -> str:
    """The text on one line. No database and no page takes a null byte or half a character."""
    printable = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    return " ".join(printable.split())


def chosen_codes(args: MultiDict[str, str], facet: str) -> tuple[str, ...]:
    """What is chosen in a filter, each once."""
    return tuple(dict.fromkeys(args.getlist(facet)))


def _read_place(session: Session, text: str, today: date) -> tuple[Place | None, str | None]:
    if not text:
        return None, None
    place = find_place(session, text, today)
    note_place(session, text, today, place)
    if place is not None:
        return place, None
    near = suggest_places(session, text, today)
    if near:
        return None, gettext(
            "We could not find \u201c%(text)s\u201d, so these results are from everywhere. "
            "Did you mean %(places)s?",
            text=typed_words(text),
            places=joined((own_words(name) for name in near), " or "),
        )
    return None, gettext(
        "We could not find \u201c%(text)s\u201d, so these results are from everywhere. "
        "Try a postcode, a ward, an authority or a site.",
        text=typed_words(text),
    )


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
        problems.append(
            gettext(
                "%(name)s must be a whole number from %(low)s to %(high)s.",
                name=gettext(NUMBERS.get(name) or name.replace("_", " ").capitalize()),
                low=low,
                high=high,
            )
        )
        return None
    return int(text)


def _read_day(text: str, problems: list[str]) -> tuple[int | None, tuple[int, ...]]:
    day = text.capitalize()
    if not text or day in SOME_DAYS:
        return None, SOME_DAYS.get(day, ())
    if day not in DAYS:
        problems.append(gettext("Day must be a day of the week, such as Friday, or Weekend or Weekdays."))
        return None, ()
    return DAYS.index(day), ()


def read_time(text: str, problems: list[str]) -> int | None:
    """A time of day in minutes, or None; what is none is said."""
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    plain = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hours, minutes))
    if not plain or int(hours) > 23 or int(minutes) > 59:
        problems.append(gettext("Time must be a time of day, such as 18:00."))
        return None
    return int(hours) * 60 + int(minutes)
