"""What would help most: where one more service, or several, would reach most people who lack it now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sqlalchemy.orm import Session

from directory.coverage.areas import AreaBase, CoverageError
from directory.coverage.candidates import read_candidates
from directory.coverage.figures import AREA_CODES
from directory.coverage.need import need_of, people_of
from directory.coverage.places import of_kind
from directory.coverage.question import CoverageQuery
from directory.coverage.reach import Points, find_reached
from directory.coverage.room import rooms
from directory.coverage.travel import reach_of
from directory.languages import N_, gettext
from directory.remembering import remember_coverage
from geodata.siting import Additions, added_by_each, maximal_cover
from geodata.supply import supply_of

WORTHS = {"need": N_("People weighted by need"), "people": N_("People, each alike")}
MOST_ADDED = 10
Counts = tuple[NDArray[np.intp], NDArray[np.intp]]
# A page cannot wait longer for a proof; without one the bound says how far from the best it can be.
LONGEST_SECONDS = 3.0


@dataclass(frozen=True)
class Ask:
    """What is to be added where: places of a kind of `room.KINDS`, for the areas that `scope` marks."""

    query: CoverageQuery
    kinds: str
    worth: str
    number: int
    scope: NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """What every kind of help has in common: areas, what covering each is worth, and who reaches what.

    `covers` has a row for each area and a column for each room.
    """

    people: NDArray[np.float64]
    worth: NDArray[np.float64]
    rooms: pd.DataFrame
    covers: csr_array


def lay_ground(session: Session, base: AreaBase, ask: Ask) -> Ground:
    """Read the places that could be chosen, and which small areas each would reach."""
    found = rooms(session, base, ask.kinds)
    if found.empty:
        raise CoverageError(
            gettext(
                "No place of that kind is on record with its point shown, so none can be chosen. "
                "Choose the middles of small areas, or import venues that others can use."
            )
        )
    supply = supply_of(found[["easting", "northing"]], ["any"] * len(found), ["any"])
    near = reach_of(base.xy, supply, ask.query.travel)
    pairs = (np.ones(len(near.area), dtype=bool), (near.area, near.provider))
    covers = csr_array(pairs, shape=(len(base.xy), len(found)))
    people = np.where(ask.scope, np.nan_to_num(people_of(base, ask.query)), 0.0)
    need = np.nan_to_num(need_of(base, ask.query)) if ask.worth == "need" else 1.0
    return Ground(people, people * need, found, covers)


def best_places(ground: Ground, counts: NDArray[np.intp], ask: Ask) -> Additions | None:
    """The best places for some additions, given how many services each area has; None if nobody lacks one."""
    already = counts >= ask.query.enough
    if not ground.worth[~already].any():
        return None
    return maximal_cover(ground.covers, ground.worth, ask.number, already, longest_seconds=LONGEST_SECONDS)


def newly_reached(ground: Ground, chosen: NDArray[np.intp], counts: NDArray[np.intp], enough: int) -> float:
    """The people within reach of some rooms who have fewer services than enough now."""
    reached = np.diff(ground.covers[:, chosen].indptr) > 0
    return float(ground.people[reached & (counts < enough)].sum())


def counts_by_kind(session: Session, base: AreaBase, query: CoverageQuery) -> dict[str, Counts]:
    """For each kind of help on record, how many services each area has: known, and with what may be."""

    def read() -> dict[str, Counts]:
        candidates = read_candidates(session, query)
        points = Points(base.xy, base.table[AREA_CODES])
        every = find_reached(session, candidates, points, query.travel)
        kinds = sorted(candidates.terms["category"].unique())
        own = {kind: of_kind(every, candidates, kind) for kind in kinds}
        return {kind: (reached.known, reached.possible) for kind, reached in own.items()}

    return remember_coverage(session, ("kinds", repr(query)), read)


def best_of_each_kind(
    ground: Ground, counts: Mapping[str, Counts], kinds: Collection[str], enough: int
) -> pd.DataFrame:
    """The best single place for each kind of help, and what it adds: the greatest first.

    Columns: category, room, worth, people_known, people_possible. `people_known` counts those with no service
    known to fit; `people_possible` only those for whom none is even possible, so it is the smaller figure.
    """
    rows: list[tuple[object, ...]] = []
    nobody = np.zeros(len(ground.people), dtype=np.intp)
    for kind in kinds:
        known, possible = counts.get(kind, (nobody, nobody))
        if not ground.worth[known < enough].any():
            rows.append((kind, -1, 0.0, 0.0, 0.0))
            continue
        added = added_by_each(ground.covers, ground.worth, known >= enough)
        best = int(np.argmax(added))
        own = np.array([best])
        people = (newly_reached(ground, own, have, enough) for have in (known, possible))
        rows.append((kind, best, float(added[best]), *people))
    columns = ["category", "room", "worth", "people_known", "people_possible"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["worth", "people_known"], ascending=False, kind="stable").reset_index(drop=True)
