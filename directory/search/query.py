"""What is asked of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from directory.languages import N_
from directory.places.find import Place
from directory.search.wanted import Widening

# The filters, in the order in which the page shows them: taxonomy or fact, and its title.
FACETS: Mapping[str, str] = MappingProxyType(
    {
        "category": N_("Kind of help"),
        "group": N_("Who it is for"),
        "gender": N_("Gender"),
        "cost": N_("Cost"),
        "referral": N_("How to get a place"),
        "language": N_("Language"),
        "accessibility": N_("Accessibility"),
        "kind": N_("Kind of organisation"),
        "faith": N_("Faith tradition"),
        "authority": N_("Local authority"),
        "network": N_("Network"),
    }
)
SORTS = ("best", "distance", "name", "checked")

# More than one day, and the parts of a day, by the words for them in an address: minutes of the day.
SOME_DAYS: Mapping[str, tuple[int, ...]] = MappingProxyType({"Weekdays": (0, 1, 2, 3, 4), "Weekend": (5, 6)})
DAY_PARTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "morning": (6 * 60, 12 * 60),
        "afternoon": (12 * 60, 17 * 60),
        "after-school": (15 * 60, 18 * 60),
        "evening": (18 * 60, 22 * 60),
    }
)


@dataclass(frozen=True)
class Walk:
    """The published places that are reached on foot along a network, and those that may be."""

    reached: frozenset[int]
    perhaps: frozenset[int]


@dataclass(frozen=True)
class ServiceQuery:
    """One question. `terms` holds the chosen codes of each facet; `minute` is a time of day in minutes.

    `today` says which opening hours are in force; without it, those that ended or are to come count too. What
    is out of date on that day comes after what is not, in the order "best". `age_to` and `until_minute` make
    a span of `age` and `minute`. With `every_status` what no longer runs is in the answer too. `with_terms`
    are pairs of taxonomy and code; without a code, any term of the taxonomy will do. `values` are identifiers
    of values. `widenings` say what may stand in the place of words of the text. On one
    of `weekdays` is enough, and so is a time in the `part` of the day. A `walk` stands for the circle of
    `within_metres`, which then says only how far what is shown by its area alone may be.
    """

    text: str = ""
    place: Place | None = None
    within_metres: int | None = None
    age: int | None = None
    weekday: int | None = None
    minute: int | None = None
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "best"
    age_to: int | None = None
    until_minute: int | None = None
    every_status: bool = False
    organization_id: str | None = None
    modified_after: datetime | None = None
    with_terms: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    page: int = 1
    per_page: int = 20
    today: date | None = None
    widenings: tuple[Widening, ...] = ()
    weekdays: tuple[int, ...] = ()
    part: str | None = None
    walk: Walk | None = None

    @property
    def asks_for_hours(self) -> bool:
        """Whether a day or a time is part of the question."""
        return bool(self.weekdays) or (self.weekday, self.minute, self.until_minute, self.part) != (
            None,
            None,
            None,
            None,
        )

    def at_any_time(self) -> ServiceQuery:
        """The same question without its days and times."""
        return replace(self, weekday=None, weekdays=(), minute=None, part=None, until_minute=None)
