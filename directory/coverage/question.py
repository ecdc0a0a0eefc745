"""What is asked about coverage: which help, for whom, when, how far, and what counts as need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from directory.coverage.travel import Travel

WHENS = ("any", "week", "date", "bank-holiday", "school-holidays")
LEVELS = ("lsoa", "ward", "authority", "site")


@dataclass(frozen=True)
class When:
    """A time that is asked about.

    `kind` is one of `WHENS`; `weekday` 0 is Monday; `opens` and `closes` are minutes of the day, and both are
    None for the whole day. `days` are the days looked at, by weeks: in each group one opening is enough.
    """

    kind: str = "any"
    weekday: int | None = None
    opens: int | None = None
    closes: int | None = None
    days: tuple[tuple[date, ...], ...] = ()


@dataclass(frozen=True)
class CoverageQuery:
    """One question about coverage. `people` and the keys of `weights` are measures of areas."""

    category: str | None = None
    travel: Travel = field(default_factory=Travel)
    age: int | None = None
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_access: bool = False
    when: When = When()
    enough: int = 1
    people: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def within_metres(self) -> int:
        """The longest way that is in reach, along the network if one is walked; else the straight line."""
        return self.travel.within_metres
