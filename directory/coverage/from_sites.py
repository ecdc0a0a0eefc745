"""The figures of priority sites, measured from their reference points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.coverage.candidates import Candidates
from directory.coverage.figures import Coverage
from directory.coverage.nearest import two_from_any
from directory.coverage.reach import Points, Reached, classes_of, find_reached
from directory.coverage.summing import DISTANCES, collapse, sums, with_services
from directory.coverage.travel import Travel, metres_from
from directory.models import Site
from directory.places.find import areas_near, site_points
from directory.places.frames import current_sites, site_frames
from geodata.crs import BNG

SITE_CODE = "site-"


@dataclass(frozen=True)
class SiteGround:
    """Sites with their extents and reference points, as `directory.places.frames.site_frames` gives them."""

    sites: list[Site]
    extents: gpd.GeoDataFrame
    references: gpd.GeoDataFrame


def read_sites(session: Session, today: date) -> SiteGround:
    """The sites in force on a day."""
    sites = current_sites(session, today)
    return SiteGround(sites, *site_frames(session, sites))


def sites_table(session: Session, coverage: Coverage, ground: SiteGround) -> pd.DataFrame:
    """The figures of sites: people of the small areas in each, services and distances from its points."""
    sites, extents = ground.sites, ground.extents
    xy = coverage.base.xy
    shapely.prepare(extents.geometry.to_numpy())
    groups = [np.where(shapely.contains_xy(outline, *xy.T), 0, -1) for outline in extents.geometry]
    rows = [sums(coverage.table, group, 1) for group in groups]
    table = pd.concat(rows, ignore_index=True) if rows else sums(coverage.table, np.full(len(xy), -1), 0)
    table.insert(0, "name", [site.name for site in sites])
    table.insert(0, "code", [SITE_CODE + site.slug for site in sites])
    table["authority_code"] = [site.authority_code for site in sites]
    everywhere = coverage.reached.everywhere
    nowhere = everywhere.loc[everywhere["place"].eq(0), "service"].to_numpy(dtype=np.intp)
    for place, site in enumerate(sites):
        own = np.array(site_points(site), dtype=float)
        table.loc[place, list(DISTANCES)] = two_from_any(
            session, coverage.candidates, own, nowhere, coverage.query.travel
        )
    reached = reached_from_sites(session, coverage.candidates, ground, coverage.query.travel)
    return with_services(table, reached)


def reached_from_sites(
    session: Session, candidates: Candidates, ground: SiteGround, travel: Travel
) -> Reached:
    """The candidates of each site: inside it, or within the distance of one of its reference points."""
    pairs = [(place, point) for place, site in enumerate(ground.sites) for point in site_points(site)]
    xy = np.array([point for _, point in pairs], dtype=float).reshape(-1, 2)
    site_of = np.array([place for place, _ in pairs], dtype=np.intp)
    around = areas_near(session, [point for _, point in pairs], 0) if pairs else []
    codes = pd.DataFrame(
        [{area.level: area.code for area in areas} for areas in around],
        columns=["lsoa21", "ward", "authority"],
        dtype=object,
    )
    reached = find_reached(session, candidates, Points(xy, codes), travel)
    inside = _inside(candidates, ground, site_of, travel)
    whole = Reached(pd.concat([reached.pairs, inside], ignore_index=True), reached.everywhere, len(xy))
    return collapse(whole, site_of, len(ground.sites))


def _inside(
    candidates: Candidates, ground: SiteGround, site_of: NDArray[np.intp], travel: Travel
) -> pd.DataFrame:
    """Pairs of a site's first point and the services that have a place in the site's extent."""
    extents = ground.extents
    places = candidates.places[candidates.places["precision"].eq("open")].dropna(subset=["easting"])
    points = gpd.GeoSeries(gpd.points_from_xy(places["easting"], places["northing"]), crs=BNG)
    site, at = points.sindex.query(extents.geometry, predicate="intersects")
    xy = places[["easting", "northing"]].to_numpy(dtype=float)[at]
    metres = np.full(len(at), np.nan)
    for number in np.unique(site):
        own = np.array(site_points(ground.sites[number]), dtype=float)
        metres[site == number] = metres_from(xy[site == number], own, travel)[0]
    service = pd.Series(places["service"].to_numpy(dtype=int)[at])
    place = pd.Series(np.ones(len(service), dtype=int))
    return pd.DataFrame(
        {
            "point": np.searchsorted(site_of, site),
            "service": service,
            "metres": metres,
            "place": place,
            "class": classes_of(candidates, service, place),
        }
    )
