"""Supply around the priority sites: from the published record to frames, and from frames to counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.models import PublishedArea, PublishedPlace, PublishedService, PublishedTerm, Site
from directory.places.find import areas_at
from directory.places.frames import current_sites, site_frames
from directory.search.criteria import SHOWN, WIDER_AREAS
from directory.taxonomies import term_names
from geodata.access import nearest_by_category, providers_near_site
from geodata.crs import BNG
from geodata.gaps import site_category_matrix


@dataclass(frozen=True)
class SiteCoverage:
    """Sites by categories. `matrix` is as `geodata.gaps.site_category_matrix` gives it, with two more counts:
    `inside` the site, and `serving` it from no place within the distance.
    """

    sites: list[Site]
    extents: gpd.GeoDataFrame
    references: gpd.GeoDataFrame
    categories: dict[str, str]
    matrix: pd.DataFrame
    near: pd.DataFrame
    within_metres: int


def site_coverage(
    session: Session, today: date, within_metres: int, slugs: Sequence[str] | None = None
) -> SiteCoverage:
    """Count the providers of each category around the sites in force, or around those named."""
    sites = [site for site in current_sites(session, today) if slugs is None or site.slug in slugs]
    extents, references = site_frames(session, sites)
    categories = term_names(session, "category")
    providers = provider_frame(session)
    near = providers_near_site(providers, extents, references, within_metres)
    serving = _serving(session, sites, providers, near)
    possible = pd.concat(
        [_possible(providers, sites), _near_wards(providers, extents, references, within_metres)]
    )
    names = [site.slug for site in sites]
    matrix = site_category_matrix(
        pd.concat([near, serving]),
        possible,
        names,
        list(categories),
        nearest_by_category(providers, extents, references),
    )
    matrix = _with_counts(matrix, near[near["inside"]], "inside")
    matrix = _with_counts(matrix, serving, "serving")
    return SiteCoverage(sites, extents, references, categories, matrix, near, within_metres)


def provider_frame(session: Session) -> gpd.GeoDataFrame:
    """Published services, one row a place and category; `known` where the very point is shown. EPSG:27700."""
    category = (PublishedTerm.published_service_id == PublishedService.id) & (
        PublishedTerm.facet == "category"
    )
    rows = session.execute(
        select(
            PublishedService.service_id,
            PublishedTerm.code,
            PublishedPlace.precision,
            PublishedPlace.authority_code,
            PublishedPlace.easting,
            PublishedPlace.northing,
        )
        .join(PublishedTerm, category)
        .outerjoin(PublishedPlace, PublishedPlace.published_service_id == PublishedService.id)
        .where(PublishedService.status.in_(SHOWN))
        .order_by(PublishedService.service_id, PublishedTerm.code, PublishedPlace.id)
    ).all()
    frame = pd.DataFrame(
        rows, columns=["provider_id", "category", "precision", "authority_code", "easting", "northing"]
    )
    points = gpd.GeoSeries(
        gpd.points_from_xy(frame["easting"].astype(float), frame["northing"].astype(float)), crs=BNG
    )
    points[frame["easting"].isna()] = None
    return gpd.GeoDataFrame(
        frame.assign(known=frame["precision"].eq("open"), placed=frame["precision"].notna())[
            ["provider_id", "category", "known", "placed", "authority_code"]
        ],
        geometry=points,
        crs=BNG,
    )


def _serving(
    session: Session, sites: Sequence[Site], providers: gpd.GeoDataFrame, near: pd.DataFrame
) -> pd.DataFrame:
    """Services that cover a site by their area, and are not already counted near it."""
    frames = []
    for site in sites:
        codes = {area.code for point in site.points for area in areas_at(session, (point[0], point[1]))}
        covering = session.scalars(
            select(PublishedService.service_id).where(
                exists().where(
                    PublishedArea.published_service_id == PublishedService.id,
                    PublishedArea.code.in_({*codes, site.authority_code, *WIDER_AREAS}),
                )
            )
        ).all()
        already = set(near.loc[near["slug"].eq(site.slug), "provider_id"])
        rows = providers[providers["provider_id"].isin(set(covering) - already)]
        frames.append(rows[["provider_id", "category"]].drop_duplicates().assign(slug=site.slug))
    columns = ["slug", "provider_id", "category"]
    joined = pd.concat(frames) if frames else pd.DataFrame(columns=columns)
    return joined[columns].assign(metres=float("nan"), inside=False)


def _possible(providers: gpd.GeoDataFrame, sites: Sequence[Site]) -> pd.DataFrame:
    """Services whose place is withheld or not known, based in a site's authority or nobody knows where."""
    unplaced = providers[providers.geometry.isna()]
    frames = [
        unplaced[unplaced["authority_code"].eq(site.authority_code)].assign(slug=site.slug) for site in sites
    ]
    columns = ["slug", "provider_id", "category"]
    return pd.concat(frames)[columns] if frames else pd.DataFrame(columns=columns)


def _near_wards(
    providers: gpd.GeoDataFrame, extents: gpd.GeoDataFrame, references: gpd.GeoDataFrame, within_metres: int
) -> pd.DataFrame:
    """Services shown by their ward alone, whose ward's middle is near: they may be near themselves."""
    approximate = providers[~providers["known"] & providers.geometry.notna()].assign(known=True)
    return providers_near_site(approximate, extents, references, within_metres)[
        ["slug", "provider_id", "category"]
    ]


def _with_counts(matrix: pd.DataFrame, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    counts = rows.groupby(["slug", "category"])["provider_id"].nunique().rename(name).reset_index()
    joined = matrix.merge(counts, on=["slug", "category"], how="left")
    joined[name] = joined[name].fillna(0).astype(int)
    return joined
