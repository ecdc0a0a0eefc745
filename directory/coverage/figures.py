"""The figures of a question for every small area, each twice: from what is known, and with what may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.coverage.areas import AreaBase, area_base
from directory.coverage.candidates import Candidates, read_candidates
from directory.coverage.nearest import access_places, nearest_possible, nearest_two
from directory.coverage.need import need_of, people_of
from directory.coverage.question import CoverageQuery
from directory.coverage.reach import Points, Reached, find_reached
from directory.coverage.travel import Travel, may_reach, reach_of, stands
from directory.remembering import remember_coverage
from geodata.catchments import gravity_access, three_step, two_step
from geodata.decay import Decay, gaussian_within, gravity, step
from geodata.need import unmet_need
from geodata.reach import Reach
from geodata.supply import bounds, supply_of

PER = 1_000
METHODS = {
    "two_step": "Two-step (2SFCA)",
    "enhanced_step": "Enhanced two-step, three zones",
    "enhanced_gaussian": "Enhanced two-step, Gaussian",
    "three_step": "Three-step (3SFCA), Gaussian",
    "gravity": "Gravity",
}
Method = Callable[[Reach, NDArray[np.float64]], NDArray[np.float64]]
AREA_CODES = ["code", "ward_code", "authority_code"]


@dataclass(frozen=True)
class Coverage:
    """The answer to a question. `table` has a row for each small area, in the order of `base`."""

    query: CoverageQuery
    base: AreaBase
    candidates: Candidates
    reached: Reached
    table: pd.DataFrame
    key: tuple[object, ...] = ()


def coverage_of(session: Session, query: CoverageQuery, base: AreaBase | None = None) -> Coverage:
    """Work a question out, or take the answer from before if nothing has changed since."""
    base = base or area_base(session)
    key = ("coverage", repr(query))

    def make() -> Coverage:
        return replace(work_out(session, query, base, read_candidates(session, query)), key=key)

    return remember_coverage(session, key, make)


def work_out(session: Session, query: CoverageQuery, base: AreaBase, candidates: Candidates) -> Coverage:
    """The figures of every small area for some services, which may be others than those on record."""
    points = Points(base.xy, base.table[AREA_CODES])
    reached = find_reached(session, candidates, points, query.travel)
    people, need = people_of(base, query), need_of(base, query)
    table = base.table.assign(people=people, need=need)
    table["providers_known"], table["providers_possible"] = reached.known, reached.possible
    metres, _ = nearest_two(candidates, base.xy, 1, query.travel)
    nowhere = reached.everywhere.loc[reached.everywhere["place"].eq(0), "service"].to_numpy(dtype=np.intp)
    nearer = nearest_possible(session, candidates, base.xy, nowhere, query.travel)
    for place, name in enumerate(("nearest", "second")):
        table[f"{name}_metres_known"], table[f"{name}_metres_possible"] = metres[:, place], nearer[place]
    table["reason"] = reached.reasons
    for which in ("known", "possible"):
        counts = table[f"providers_{which}"]
        table[f"people_covered_{which}"] = people * (counts >= query.enough)
        table[f"gap_{which}"] = unmet_need(need, people, counts, query.enough)
    access = access_figures(candidates, base.xy, people, query.travel)
    return Coverage(query, base, candidates, reached, table.join(access))


def access_figures(
    candidates: Candidates, xy: NDArray[np.float64], people: NDArray[np.float64], travel: Travel
) -> pd.DataFrame:
    """The catchment measures, in services for 1,000 people; each place counts as one. NaN without people.

    The zones and the bell end where the distance asked about ends. NaN also where an area does not stand on
    the network; a place that does not counts as possible by its straight line.
    """
    places = access_places(candidates)
    supply = supply_of(
        places[["easting", "northing"]].astype(float), ["any"] * len(places), ["any"], known=places["known"]
    )
    on = stands(xy, travel)
    there = np.where(on[:, np.newaxis], xy, np.nan)
    within_metres = travel.within_metres
    residents = np.nan_to_num(people)
    third = within_metres / 3
    zones = partial(step, zones={third: 1, 2 * third: 0.68, within_metres: 0.22})
    bell = partial(gaussian_within, within_metres=within_metres)
    pull = partial(gravity, power=1, least_metres=100)
    ways: dict[str, tuple[Method, Decay | None]] = {
        "two_step": (two_step, None),
        "enhanced_step": (two_step, zones),
        "enhanced_gaussian": (two_step, bell),
        "three_step": (three_step, bell),
        "gravity": (lambda reach, _people: gravity_access(reach), pull),
    }
    near = bounds(lambda some: reach_of(there, some, travel), supply)
    near = replace(near, possible=_joined(near.possible, may_reach(there, supply, travel)))
    columns = {}
    for name, (method, decay) in ways.items():
        for which, reach in (("known", near.known), ("possible", near.possible)):
            weighed = reach if decay is None else replace(reach, weight=decay(reach.metres))
            access = method(weighed, residents)[:, 0] * (1 if name == "gravity" else PER)
            columns[f"{name}_{which}"] = np.where(np.isnan(people) | ~on, np.nan, access)
    return pd.DataFrame(columns)


def _joined(reach: Reach, more: Reach) -> Reach:
    """The pairs of both."""
    return replace(
        reach,
        area=np.concatenate([reach.area, more.area]),
        provider=np.concatenate([reach.provider, more.provider]),
        metres=np.concatenate([reach.metres, more.metres]),
        weight=np.concatenate([reach.weight, more.weight]),
    )
