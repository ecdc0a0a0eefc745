"""One place - a small area, a ward, an authority or a site - and every candidate that it has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.coverage.areas import AreaBase, area_names
from directory.coverage.candidates import Candidates
from directory.coverage.figures import AREA_CODES
from directory.coverage.from_sites import SITE_CODE, SiteGround, reached_from_sites
from directory.coverage.reach import Points, Reached, find_reached
from directory.coverage.summing import collapse
from directory.coverage.travel import Travel, metres_from
from directory.places.find import site_points


@dataclass(frozen=True)
class AskedPlace:
    """A place with the points that stand for it, EPSG:27700, and their rows in the table of small areas."""

    code: str
    name: str
    level: str
    xy: NDArray[np.float64]
    rows: NDArray[np.intp]
    ground: SiteGround | None = None

    @property
    def slug(self) -> str | None:
        """The short name, if the place is a site."""
        return self.ground.sites[0].slug if self.ground else None


def find_asked_place(session: Session, base: AreaBase, code: str, ground: SiteGround) -> AskedPlace | None:
    """The place of a code: of a small area, a ward or an authority, or "site-" and a site's short name."""
    if code.startswith(SITE_CODE):
        slug = code.removeprefix(SITE_CODE)
        sites = [site for site in ground.sites if site.slug == slug]
        own = (frame[frame["slug"].eq(slug)] for frame in (ground.extents, ground.references))
        return site_as_place(SiteGround(sites, *own)) if sites else None
    for level, column in (("lsoa", "code"), ("ward", "ward_code"), ("authority", "authority_code")):
        rows = np.flatnonzero(base.table[column].eq(code).to_numpy())
        if len(rows):
            name = base.table["name"].iloc[rows[0]] if level == "lsoa" else area_names(session, level)[code]
            return AskedPlace(code, str(name), level, base.xy[rows], rows)
    return None


def site_as_place(ground: SiteGround) -> AskedPlace:
    """The one site of some ground as a place."""
    site = ground.sites[0]
    xy = np.array(site_points(site), dtype=float)
    return AskedPlace(SITE_CODE + site.slug, site.name, "site", xy, np.empty(0, dtype=np.intp), ground)


def reached_at(
    session: Session, candidates: Candidates, base: AreaBase, place: AskedPlace, travel: Travel
) -> Reached:
    """The candidates of a place, each once; the place is point 0."""
    if place.ground is not None:
        return reached_from_sites(session, candidates, place.ground, travel)
    codes = base.table[AREA_CODES].iloc[place.rows].reset_index(drop=True)
    reached = find_reached(session, candidates, Points(place.xy, codes), travel)
    return collapse(reached, np.zeros(len(place.xy), dtype=np.intp), 1)


def of_kind(reached: Reached, candidates: Candidates, category: str) -> Reached:
    """The candidates of one kind of help."""
    own = candidates.terms.loc[candidates.terms["category"].eq(category), "service"]
    pairs, everywhere = (frame[frame["service"].isin(own)] for frame in (reached.pairs, reached.everywhere))
    return Reached(pairs, everywhere, reached.points)


def metres_to(candidates: Candidates, place: AskedPlace, travel: Travel) -> NDArray[np.float64]:
    """Metres from each service's nearest shown point; NaN without one, or where the walk is not known."""
    places = candidates.places[candidates.places["precision"].eq("open")].dropna(subset=["easting"])
    apart, _ = metres_from(places[["easting", "northing"]].to_numpy(dtype=float), place.xy, travel)
    least = pd.Series(apart, index=places["service"]).groupby(level=0).min()
    return np.asarray(least.reindex(range(len(candidates.services))), dtype=np.float64)


def metres_of_kind(
    metres: NDArray[np.float64], candidates: Candidates, category: str | None
) -> NDArray[np.float64]:
    """The same for the services of one kind of help alone; NaN for others."""
    if category is None:
        return metres
    own = candidates.terms.loc[candidates.terms["category"].eq(category), "service"]
    some = np.full(len(metres), np.nan)
    some[own] = metres[own]
    return some
