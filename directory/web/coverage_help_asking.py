"""From an address to a question about what would help most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.additions import MOST_ADDED, WORTHS
from directory.coverage.areas import LOAD_AREAS, CoverageError, area_names
from directory.coverage.from_sites import SITE_CODE, SiteGround, read_sites
from directory.coverage.room import KINDS
from directory.languages import N_, gettext, ngettext, own_words
from directory.search.reading import read_number
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.coverage_asking import CoverageAsked, no_such, read_coverage_question
from directory.web.coverage_form import said

EVERYWHERE = N_("all areas")


@dataclass(frozen=True)
class HelpAsked:
    """What is asked: the question about coverage, for which place, and what may be added.

    `place` is empty, "site-" and a short name, or the code of an authority; `scope` says which small areas
    count.
    """

    asked: CoverageAsked
    place: str
    place_name: str
    kinds: str
    worth: str
    number: int
    scope: NDArray[np.bool_]
    problems: tuple[str, ...]
    ground: SiteGround
    names: Mapping[str, str]

    @property
    def slug(self) -> str:
        """The short name of the site, if it is one."""
        return self.place.removeprefix(SITE_CODE) if self.place.startswith(SITE_CODE) else ""

    @property
    def category_codes(self) -> list[str]:
        """Every kind of help."""
        return list(self.asked.names["category"])

    def href(self, endpoint: str, **changes: object) -> str:
        """The address of the same question elsewhere."""
        own = {"place": self.place, "rooms": self.kinds, "worth": self.worth, "number": self.number}
        return self.asked.href(endpoint, **own, **changes)


def read_help_question(session: Session, args: MultiDict[str, str] | None = None) -> HelpAsked:
    """Read the question in the address. What makes no sense is left out, and said."""
    args, problems = clean_arguments() if args is None else args, list[str]()
    asked = read_coverage_question(session, args)
    ground = read_sites(session, today())
    names = place_names(session, ground)
    place = _chosen(args.get("place", ""), names, N_("place"), problems)
    kinds = _chosen(args.get("rooms", "all"), KINDS, N_("kind of place"), problems) or "all"
    worth = _chosen(args.get("worth", "need"), WORTHS, N_("worth"), problems) or "need"
    number = read_number(args, "number", 1, MOST_ADDED, problems) or 1
    scope = _scope(asked, place, ground)
    if not scope.any():
        raise CoverageError(
            gettext(
                "No small area that is loaded lies in %(place)s, so nobody can be counted there. "
                "Choose another place, or load its small areas: %(command)s",
                place=names[place],
                command=own_words(LOAD_AREAS),
            )
        )
    return HelpAsked(asked, place, names[place], kinds, worth, number, scope, tuple(problems), ground, names)


def place_names(session: Session, ground: SiteGround) -> dict[str, str]:
    """The places that can be asked about: everywhere, the sites, the authorities."""
    sites = {SITE_CODE + site.slug: site.name for site in ground.sites}
    return {"": EVERYWHERE, **sites, **area_names(session, "authority")}


def help_choices(wanted: HelpAsked) -> dict[str, Any]:
    """The fields of the form that this page adds."""
    return {
        "place": wanted.place,
        "places": [(code, _place_label(code, name)) for code, name in wanted.names.items()],
        "rooms": wanted.kinds,
        "rooms_choices": said(KINDS),
        "worth": wanted.worth,
        "worths": said(WORTHS),
        "number": wanted.number,
        "numbers": [
            (n, ngettext("%(number)s place", "%(number)s places", n)) for n in range(1, MOST_ADDED + 1)
        ],
    }


def _place_label(code: str, name: str) -> str:
    return own_words(name[:1].upper() + name[1:]) if code else gettext("All areas")


def _chosen(value: str, among: Mapping[str, str], name: str, problems: list[str]) -> str:
    if value in among:
        return value
    problems.append(no_such(name, value))
    return ""


def _scope(asked: CoverageAsked, place: str, ground: SiteGround) -> NDArray[np.bool_]:
    """Of a site, the small areas in it or within reach of a point of it; of an authority, its own."""
    base = asked.base
    if place.startswith(SITE_CODE):
        slug = place.removeprefix(SITE_CODE)
        extent = ground.extents.loc[ground.extents["slug"].eq(slug)].geometry
        points = ground.references.loc[ground.references["slug"].eq(slug)].geometry
        round_it = points.buffer(asked.query.within_metres)
        inside: NDArray[np.bool_] = shapely.contains_xy(shapely.union_all([*extent, *round_it]), *base.xy.T)
        return inside
    if place:
        own: NDArray[np.bool_] = base.table["authority_code"].eq(place).to_numpy(dtype=bool)
        return own
    return np.ones(len(base.table), dtype=bool)
