"""From an address to a question of the kind "what if": the whole question is in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.candidates import Candidates
from directory.coverage.from_sites import SiteGround, read_sites
from directory.coverage.travel_words import distance_text
from directory.coverage.what_if import CHANGES, Change
from directory.languages import DAYS, N_, gettext, own_words, say_day, typed_words
from directory.models import PublishedOrganization
from directory.places.find import find_place
from directory.schedules.words import say_hours
from directory.search.reading import read_number, read_time
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.coverage_asking import CoverageAsked, no_such, read_coverage_question
from directory.web.coverage_form import said

OWN = ("change", "organisation", "to_place", "new_day", "new_from", "new_to", "site", "radius")
NOTHING_CHOSEN = N_("Choose a change, and Before and After will differ.")
RADII = {
    400: N_("400 metres"),
    800: N_("800 metres"),
    1200: N_("1,200 metres"),
    2000: N_("2 km"),
    3000: N_("3 km"),
}
Args = MultiDict[str, str]


@dataclass(frozen=True)
class WhatIfAsked:
    """The question about coverage, the change if it makes sense, and its words. `fit` is a site to show."""

    asked: CoverageAsked
    change: Change | None
    words: str
    problems: tuple[str, ...]
    own: dict[str, str]
    ground: SiteGround
    fit: str = ""

    def href(self, endpoint: str, **changes: object) -> str:
        """The address of the same question elsewhere."""
        return self.asked.href(endpoint, **self.own, **changes)


def read_what_if(session: Session) -> WhatIfAsked:
    """Read the change in the address. What makes no sense is left out, and said."""
    args, problems = clean_arguments(), list[str]()
    ground = read_sites(session, today())
    own = {name: args[name] for name in OWN if name in args}
    kind = args.get("change", "")
    change, words = None, gettext(NOTHING_CHOSEN)
    if kind and kind not in CHANGES:
        problems.append(no_such(N_("change"), kind))
    elif kind == "extent":
        change, words = _extent(args, ground, problems)
    elif kind:
        change, words = _of_organization(session, args, kind, problems)
    asked = read_coverage_question(session, args)
    if change is not None and change.kind == "opens" and asked.query.when.kind == "any":
        # At any time it would change nothing, so the question is about those hours.
        hours = {"when": "week", "day": DAYS[change.weekday]}
        more = {"from": _clock(change.opens), "to": _clock(change.closes)}
        asked = read_coverage_question(session, MultiDict({**args.to_dict(), **hours, **more}), asked)
    fit = change.slug if change else ""
    return WhatIfAsked(asked, change, words, tuple(problems), own, ground, fit)


def _of_organization(
    session: Session, args: Args, kind: str, problems: list[str]
) -> tuple[Change | None, str]:
    wanted = args.get("organisation", "")
    names = select(PublishedOrganization.name).where(PublishedOrganization.organization_id == wanted)
    name = session.scalar(names) if _is_identifier(wanted) else None
    if name is None:
        problems.append(gettext("Choose an organisation that is on record."))
        return None, gettext(NOTHING_CHOSEN)
    if kind == "closes":
        return Change(kind, wanted), gettext("What if %(name)s closed?", name=own_words(name))
    if kind == "moves":
        return _move(session, args, wanted, name, problems)
    day = args.get("new_day", "Saturday").capitalize()
    opens = read_time(args.get("new_from", "10:00"), problems)
    closes = read_time(args.get("new_to", "16:00"), problems)
    if day not in DAYS or opens is None or closes is None or closes <= opens:
        problems.append(
            gettext("Give a day of the week, and hours that end after they begin, such as 10:00 to 16:00.")
        )
        return None, gettext(NOTHING_CHOSEN)
    change = Change(kind, wanted, weekday=DAYS.index(day), opens=opens, closes=closes)
    words = gettext(
        "What if %(name)s also opened every %(day)s, %(hours)s?",
        name=own_words(name),
        day=say_day(change.weekday),
        hours=say_hours(opens, closes),
    )
    return change, words


def _move(
    session: Session, args: Args, wanted: str, name: str, problems: list[str]
) -> tuple[Change | None, str]:
    text = args.get("to_place", "")
    place = find_place(session, text, today()) if text else None
    if place is None:
        problems.append(
            gettext(
                "We could not find \u201c%(text)s\u201d. Give a postcode, a ward or a site to move to.",
                text=typed_words(text),
            )
            if text
            else gettext("Say where it moves: a postcode, a ward or a site.")
        )
        return None, gettext(NOTHING_CHOSEN)
    words = gettext("What if %(name)s moved to %(place)s?", name=own_words(name), place=own_words(place.name))
    return Change("moves", wanted, place.points[0]), words


def _extent(args: Args, ground: SiteGround, problems: list[str]) -> tuple[Change | None, str]:
    names = {site.slug: site.name for site in ground.sites}
    slug = args.get("site", "")
    radius = read_number(args, "radius", 100, 10_000, problems) or 800
    if slug not in names:
        problems.append(gettext("Choose the site whose extent changes."))
        return None, gettext(NOTHING_CHOSEN)
    words = gettext(
        "What if %(site)s took in all within %(distance)s of its reference points?",
        site=own_words(names[slug]),
        distance=distance_text(radius),
    )
    return Change("extent", slug=slug, radius_metres=radius), words


def what_if_choices(wanted: WhatIfAsked, candidates: Candidates) -> dict[str, Any]:
    """The fields of the form that this page adds; the organisations are those of the kind of help."""
    services = candidates.services
    names = services.drop_duplicates("organization_id").set_index("organization_id")["organization_name"]
    own = wanted.own
    return {
        "change": own.get("change", ""),
        "changes": [("", gettext("Nothing yet")), *said(CHANGES)],
        "organisation": own.get("organisation", "") if own.get("organisation") in names.index else "",
        "organisations": [
            ("", gettext("None chosen")),
            *((key, own_words(name)) for key, name in names.sort_values(key=lambda n: n.str.lower()).items()),
        ],
        "to_place": own.get("to_place", ""),
        "new_day": own.get("new_day", "Saturday"),
        "new_days": [(day, gettext(day)) for day in DAYS],
        "new_from": own.get("new_from", "10:00"),
        "new_to": own.get("new_to", "16:00"),
        "site": own.get("site", ""),
        "sites": [
            ("", gettext("None chosen")),
            *((site.slug, own_words(site.name)) for site in wanted.ground.sites),
        ],
        "radius": own.get("radius", 800),
        "radii": said(RADII),
    }


def _is_identifier(text: str) -> bool:
    return len(text) == 36 and all(c in "0123456789abcdef-" for c in text)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
