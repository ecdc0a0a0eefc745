"""Keep the figures of coverage of a day, for the sites, the authorities and all areas together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory.coverage.areas import AreaBase, area_base
from directory.coverage.candidates import Candidates, read_candidates
from directory.coverage.figures import AREA_CODES
from directory.coverage.from_sites import SITE_CODE, SiteGround, reached_from_sites, read_sites
from directory.coverage.need import default_weights, need_of, people_measures, people_of
from directory.coverage.places import of_kind
from directory.coverage.question import CoverageQuery
from directory.coverage.reach import Points, Reached, find_reached
from directory.coverage.travel import Travel
from directory.models import CoverageFigure, CoverageSnapshot
from directory.taxonomies import term_names
from geodata.gap_reasons import FITS
from geodata.need import unmet_need

EVERYWHERE = "all"
WITHIN_METRES = 2000
Groups = Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class _Ground:
    """What every kind of help has in common on the day."""

    people: NDArray[np.float64]
    need: NDArray[np.float64]
    groups: Groups
    candidates: Candidates
    areas: Reached
    sites: Reached
    slugs: list[str]


def take_snapshot(session: Session, today: date, reason: str) -> CoverageSnapshot:
    """Work out the figures of today and keep them, in the place of those of an earlier hour of today."""
    base = area_base(session)
    measure = next(iter(people_measures(base.measures)), None)
    query = CoverageQuery(
        travel=Travel(WITHIN_METRES), people=measure, weights=default_weights(base.measures)
    )
    ground = _ground(session, base, query, today)
    session.execute(delete(CoverageSnapshot).where(CoverageSnapshot.taken_on == today))
    snapshot = CoverageSnapshot(
        taken_on=today, reason=reason, within_metres=WITHIN_METRES, people_measure=measure or ""
    )
    session.add(snapshot)
    session.flush()
    for category in term_names(session, "category"):
        session.add_all(
            CoverageFigure(snapshot_id=snapshot.id, category=category, **figures)
            for figures in _figures(ground, category)
        )
    session.flush()
    return snapshot


def _ground(session: Session, base: AreaBase, query: CoverageQuery, today: date) -> _Ground:
    people, need = np.nan_to_num(people_of(base, query)), np.nan_to_num(need_of(base, query))
    candidates, sites = read_candidates(session, query), read_sites(session, today)
    points = Points(base.xy, base.table[AREA_CODES])
    return _Ground(
        people,
        need,
        _groups(base, sites),
        candidates,
        find_reached(session, candidates, points, query.travel),
        reached_from_sites(session, candidates, sites, query.travel),
        [site.slug for site in sites.sites],
    )


def _groups(base: AreaBase, sites: SiteGround) -> Groups:
    """Which small areas belong to each place."""
    authorities = base.table["authority_code"]
    found: dict[str, NDArray[np.bool_]] = {EVERYWHERE: np.ones(len(base.table), dtype=bool)}
    for code in sorted(authorities.dropna().unique()):
        found[str(code)] = authorities.eq(code).to_numpy(dtype=bool)
    for slug, outline in zip(sites.extents["slug"], sites.extents.geometry, strict=True):
        found[SITE_CODE + slug] = shapely.contains_xy(outline, *base.xy.T)
    return found


def _figures(ground: _Ground, category: str) -> Iterator[dict[str, Any]]:
    areas = of_kind(ground.areas, ground.candidates, category)
    sites = of_kind(ground.sites, ground.candidates, category)
    counts = {"known": areas.known, "possible": areas.possible}
    covered = {which: ground.people * (count > 0) for which, count in counts.items()}
    gaps = {which: unmet_need(ground.need, ground.people, count, 1) for which, count in counts.items()}
    for place, inside in ground.groups.items():
        figures: dict[str, Any] = {"place": place, "people": float(ground.people[inside].sum())}
        for which in counts:
            figures[f"covered_{which}"] = float(covered[which][inside].sum())
            figures[f"gap_{which}"] = float(gaps[which][inside].sum())
        slug = place.removeprefix(SITE_CODE)
        if place.startswith(SITE_CODE) and slug in ground.slugs:
            point = ground.slugs.index(slug)
            figures["known"], figures["possible"] = int(sites.known[point]), int(sites.possible[point])
            figures["service_ids"] = _services(ground.candidates, sites.pairs, point)
        yield figures


def _services(candidates: Candidates, pairs: pd.DataFrame, point: int) -> list[str]:
    """The services known to be in reach of a site and to fit, by their public identifiers."""
    own = pairs[pairs["point"].eq(point) & pairs["class"].eq(FITS) & pairs["place"].eq(1)]
    return sorted(candidates.services["service_id"].iloc[own["service"]])
