"""Asked for and absent: count searches that found little, and say the counts without those that are small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.models import Area, UnmetSearch
from directory.places.find import Place

FEW = 3  # a search that found fewer services than this found next to nothing
LEAST = 5  # a smaller count is not shown
NOWHERE = ""  # no place was named
IN_WORDS = ""  # no kind of help was chosen
Cell = tuple[date, str, str]  # the first day of a month, the code of an area, the code of a category


@dataclass(frozen=True)
class Demand:
    """How often a kind of help was looked for in an area in vain: the months with enough, and the others.

    `hidden` counts the months of which fewer than LEAST searches are not in `searches`.
    """

    area_code: str
    category: str
    searches: int
    hidden: int


def count_unmet(session: Session, place: Place | None, categories: Collection[str], day: date) -> None:
    """Add one search of a day that found little to its counts. The caller commits."""
    area_code = _area_of(session, place)
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    for category in sorted(set(categories)) or [IN_WORDS]:
        row = {"month": day.replace(day=1), "area_code": area_code, "category": category, "searches": 1}
        session.execute(
            insert(UnmetSearch)
            .values(row)
            .on_conflict_do_update(
                index_elements=["month", "area_code", "category"],
                set_={"searches": UnmetSearch.searches + 1},
            )
        )


def wait_little(session: Session) -> None:
    """Wait a fifth of a second at most for other writers: a count is not worth keeping a reader for."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA busy_timeout = 200"))
    else:
        session.execute(text("SET LOCAL lock_timeout = 200"))


def demand(
    session: Session, level: str, months: tuple[date, date], category: str | None = None
) -> list[Demand]:
    """Counts by ward or authority from one month on and before another; the most asked for first.

    Months are given by their first day. A month that is not over is left out by whoever asks: two looks at
    it would tell one search.
    """
    first, end = months
    query = select(UnmetSearch).where(UnmetSearch.month >= first, UnmetSearch.month < end)
    if category is not None:
        query = query.where(UnmetSearch.category == category)
    counts = {(row.month, row.area_code, row.category): row.searches for row in session.scalars(query)}
    wards = select(Area.code, Area.authority_code).where(Area.level == "ward")
    parents = {code: parent or NOWHERE for code, parent in session.execute(wards)}
    if level == "ward":
        shown, hidden = shown_of_wards(counts, parents)
    else:
        shown, hidden = shown_of_authorities(counts, parents)
    return _over_months(shown, hidden)


def shown_of_wards(
    counts: Mapping[Cell, int], parents: Mapping[str, str]
) -> tuple[dict[Cell, int], set[Cell]]:
    """The counts of wards and of no place that are large enough, and the cells that are not."""
    own = {cell: count for cell, count in counts.items() if cell[1] in parents or cell[1] == NOWHERE}
    shown = {cell: count for cell, count in own.items() if count >= LEAST}
    return shown, own.keys() - shown.keys()


def shown_of_authorities(
    counts: Mapping[Cell, int], parents: Mapping[str, str]
) -> tuple[dict[Cell, int], set[Cell]]:
    """The counts of authorities: their wards and what was asked of the whole authority.

    What the wards show could be taken from the whole. So the whole is shown only if what remains is nothing,
    or leaves open what each of the small counts in it is; else only the sum of what the wards show.
    """
    whole: dict[Cell, int] = defaultdict(int)
    told: dict[Cell, int] = defaultdict(int)
    small: dict[Cell, int] = defaultdict(int)
    unlisted = set[Cell]()
    for (month, area, category), count in counts.items():
        cell, is_listed = (month, parents.get(area, area), category), area in parents or area == NOWHERE
        whole[cell] += count
        told[cell] += count if count >= LEAST and is_listed else 0
        small[cell] += count < LEAST and is_listed
        if not is_listed:
            unlisted.add(cell)
    shown, hidden = {}, set()
    for cell, count in whole.items():
        open_end = cell in unlisted
        enough = count >= LEAST and _leaves_open(count - told[cell], small[cell], open_end=open_end)
        if enough or told[cell]:
            shown[cell] = count if enough else told[cell]
        if not enough:
            hidden.add(cell)
    return shown, hidden


def _leaves_open(rest: int, small: int, *, open_end: bool) -> bool:
    """Whether each of some small counts may still be any number below LEAST when their sum is known.

    That two are below 5 and make 8 tells both, and so does that five make 5. With an open end, something of
    any size may be in the sum as well.
    """
    least = max(LEAST, small + LEAST - 2)
    most = rest if open_end else small * (LEAST - 1) - (LEAST - 2)
    return not rest or least <= rest <= most


def _over_months(shown: Mapping[Cell, int], hidden: Collection[Cell]) -> list[Demand]:
    searches: dict[tuple[str, str], int] = defaultdict(int)
    months: dict[tuple[str, str], int] = defaultdict(int)
    for (_, *place), count in shown.items():
        searches[place[0], place[1]] += count
    for _, *place in hidden:
        months[place[0], place[1]] += 1
    found = [Demand(*key, searches[key], months[key]) for key in searches.keys() | months.keys()]
    return sorted(found, key=lambda item: (-item.searches, item.area_code, item.category))


def _area_of(session: Session, place: Place | None) -> str:
    """The ward that a place is or lies in, or the authority that was asked about as a whole."""
    if place is None:
        return NOWHERE
    codes = place.inside or place.around
    wards = session.scalars(select(Area.code).where(Area.code.in_(codes), Area.level == "ward"))
    ward = min(wards, default=None)
    return place.authority_code or NOWHERE if ward is None or place.kind == "authority" else ward
