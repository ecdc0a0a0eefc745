"""Supply around the priority sites: from the published record to frames, and from frames to counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from directory.coverage.travel import Travel, stands
from directory.models import PublishedArea, PublishedPlace, PublishedService, PublishedTerm, Site
from directory.places.find import areas_near, site_points
from directory.places.frames import current_sites, site_frames
from directory.search.criteria import SHOWN, WIDER_AREAS
from directory.taxonomies import term_names
from geodata.access import nearest_by_category, providers_near_site
from geodata.crs import BNG
from geodata.gaps import site_category_matrix

KEYS = ["slug", "category"]
PROVIDER_FACTS = [
    "provider_id",
    "category",
    "precision",
    "ward_code",
    "authority_code",
    "meets_somewhere",
    "easting",
    "northing",
]


@dataclass(frozen=True)
class SiteCoverage:
    """Sites by categories. `matrix` is as `geodata.gaps.site_category_matrix` gives it, with two more counts:
    `inside` the site, and `serving` it from no place within the distance. `possible` may be near. `beyond`
    are services that are near in a straight line alone; of `unwalked` the length of the walk is not known.
    """

    sites: list[Site]
    extents: gpd.GeoDataFrame
    references: gpd.GeoDataFrame
    categories: dict[str, str]
    matrix: pd.DataFrame
    near: pd.DataFrame
    travel: Travel
    possible: pd.DataFrame
    beyond: frozenset[str] = frozenset()
    unwalked: frozenset[str] = frozenset()


def site_coverage(
    session: Session, today: date, travel: Travel, slugs: Sequence[str] | None = None
) -> SiteCoverage:
    """Count the providers of each category around the sites in force, or around those named."""
    sites = [site for site in current_sites(session, today) if slugs is None or site.slug in slugs]
    extents, references = site_frames(session, sites)
    categories = term_names(session, "category")
    providers = provider_frame(session)
    frames, within_metres = (providers, extents, references), travel.within_metres
    near = providers_near_site(*frames, within_metres, travel.network)
    serving = _serving(session, sites, providers, near)
    straight = near if travel.network is None else providers_near_site(*frames, within_metres)
    unwalked = _unwalked(providers, straight, near, sites, travel)
    possible = pd.concat([_possible(session, sites, providers, within_metres), unwalked])
    names = [site.slug for site in sites]
    matrix = site_category_matrix(
        pd.concat([near, serving]),
        possible,
        names,
        list(categories),
        nearest_by_category(*frames, travel.network),
    )
    matrix = _with_counts(matrix, near[near["inside"]], "inside")
    matrix = _with_counts(matrix, serving, "serving")
    sure = {*near["provider_id"], *serving["provider_id"]}
    beyond = frozenset({*straight["provider_id"]} - sure - {*possible["provider_id"]})
    lost = frozenset({*unwalked["provider_id"]} - sure)
    return SiteCoverage(sites, extents, references, categories, matrix, near, travel, possible, beyond, lost)


def _unwalked(
    providers: gpd.GeoDataFrame,
    straight: pd.DataFrame,
    near: pd.DataFrame,
    sites: Sequence[Site],
    travel: Travel,
) -> pd.DataFrame:
    """Services near in a straight line, of which the network does not say how far the walk is."""
    if travel.network is None:
        return near.loc[[], [*KEYS, "provider_id"]]
    there = providers[providers["known"] & providers.geometry.notna()]
    off = there.loc[~stands(there.get_coordinates().to_numpy(), travel), "provider_id"]
    points = {site.slug: np.array(site_points(site), dtype=float) for site in sites}
    lost = [slug for slug, xy in points.items() if not stands(xy, travel).all()]
    known = pd.MultiIndex.from_frame(near[[*KEYS, "provider_id"]])
    rest = straight[~pd.MultiIndex.from_frame(straight[[*KEYS, "provider_id"]]).isin(known)]
    unsure: pd.DataFrame = rest[rest["provider_id"].isin(off) | rest["slug"].isin(lost)]
    return unsure[[*KEYS, "provider_id"]]


def provider_frame(session: Session) -> gpd.GeoDataFrame:
    """Published services, one row a place and category; `known` where the very point is shown. EPSG:27700.

    A service that has no place has a row without a point: `meets_somewhere` says that it must have one.
    """
    category = (PublishedTerm.published_service_id == PublishedService.id) & (
        PublishedTerm.facet == "category"
    )
    covers = exists().where(PublishedArea.published_service_id == PublishedService.id)
    rows = session.execute(
        select(
            PublishedService.service_id,
            PublishedTerm.code,
            PublishedPlace.precision,
            PublishedPlace.ward_code,
            PublishedPlace.authority_code,
            or_(PublishedPlace.id.is_not(None), ~or_(PublishedService.place_known, covers)),
            PublishedPlace.easting,
            PublishedPlace.northing,
        )
        .join(PublishedTerm, category)
        .outerjoin(PublishedPlace, PublishedPlace.published_service_id == PublishedService.id)
        .where(PublishedService.status.in_(SHOWN))
        .order_by(PublishedService.service_id, PublishedTerm.code, PublishedPlace.id)
    ).all()
    frame = pd.DataFrame(rows, columns=PROVIDER_FACTS)
    points = gpd.GeoSeries(
        gpd.points_from_xy(frame["easting"].astype(float), frame["northing"].astype(float)), crs=BNG
    )
    points[frame["easting"].isna()] = None
    facts = frame.assign(known=frame["precision"].eq("open")).drop(columns=["easting", "northing"])
    return gpd.GeoDataFrame(facts, geometry=points, crs=BNG)


def _serving(
    session: Session, sites: Sequence[Site], providers: gpd.GeoDataFrame, near: pd.DataFrame
) -> pd.DataFrame:
    """Services that cover a site by their area, and are not already counted near it."""
    codes = _area_codes(session, sites, 0)
    wider = [(site.slug, code) for site in sites for code in (site.authority_code, *WIDER_AREAS)]
    areas = pd.concat([codes, pd.DataFrame(wider, columns=codes.columns)]).drop_duplicates()
    covering = pd.DataFrame(
        session.execute(
            select(PublishedService.service_id, PublishedArea.code)
            .join(PublishedArea, PublishedArea.published_service_id == PublishedService.id)
            .where(PublishedArea.code.in_(areas["code"].unique().tolist()))
        ).all(),
        columns=["provider_id", "code"],
    )
    pairs = covering.merge(areas, on="code")[["slug", "provider_id"]].drop_duplicates()
    rows = pairs.merge(providers[["provider_id", "category"]].drop_duplicates(), on="provider_id")
    already = pd.MultiIndex.from_frame(near[["slug", "provider_id"]])
    elsewhere = rows[~pd.MultiIndex.from_frame(rows[["slug", "provider_id"]]).isin(already)]
    return elsewhere[[*KEYS, "provider_id"]].assign(metres=float("nan"), inside=False)


def _possible(
    session: Session, sites: Sequence[Site], providers: gpd.GeoDataFrame, within_metres: int
) -> pd.DataFrame:
    """Services of which no more is shown than a ward or authority that comes near a site, or nothing."""
    near = _area_codes(session, sites, within_metres, ("ward", "authority"))
    own = pd.DataFrame([(site.slug, site.authority_code) for site in sites], columns=near.columns)
    reach = pd.concat([near, own]).drop_duplicates()
    unplaced = providers.geometry.isna()
    approximate = providers[~providers["known"] & ~unplaced]
    nowhere = providers[unplaced & providers["authority_code"].isna() & providers["meets_somewhere"]]
    found = [
        approximate.merge(near, left_on="ward_code", right_on="code"),
        approximate[approximate["ward_code"].isna()].merge(reach, left_on="authority_code", right_on="code"),
        providers[unplaced].merge(reach, left_on="authority_code", right_on="code"),
        nowhere.merge(pd.DataFrame({"slug": [site.slug for site in sites]}), how="cross"),
    ]
    possible: pd.DataFrame = pd.concat([rows[[*KEYS, "provider_id"]] for rows in found])
    return possible


def _area_codes(
    session: Session, sites: Sequence[Site], within_metres: int, levels: Sequence[str] | None = None
) -> pd.DataFrame:
    """The areas that come within a distance of each site's points: columns slug, code."""
    pairs = [(site.slug, point) for site in sites for point in site_points(site)]
    found = areas_near(session, [point for _, point in pairs], within_metres, levels) if pairs else []
    rows = [(slug, area.code) for (slug, _), areas in zip(pairs, found, strict=True) for area in areas]
    return pd.DataFrame(rows, columns=["slug", "code"]).drop_duplicates()


def _with_counts(matrix: pd.DataFrame, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    counts = rows.groupby(KEYS)["provider_id"].nunique()
    wanted = pd.MultiIndex.from_frame(matrix[KEYS])
    return matrix.assign(**{name: counts.reindex(wanted, fill_value=0).astype(int).to_numpy()})
