"""Which providers can be reached from where: from points, and from the priority sites.

Three frames go round here, all in EPSG:27700:

``providers``
    One row a service at a place and category: ``provider_id``, ``category``, ``known`` (bool: it is known
    to be at that point) and ``geometry`` (point, missing where the place is not known).
``sites``
    One row a site: ``slug``, ``name`` and ``geometry`` (the extent, a polygon; missing where there is none).
``references``
    One row a reference point, at least one a site: ``slug`` and ``geometry`` (point).

A provider that is not known to be at a point is never near anything here; `geodata.gaps` counts it as
possible.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.costs import require_distance, straight_line
from geodata.crs import require_bng, require_columns
from geodata.network import WalkingNetwork
from geodata.walking import walk_to_nearest

PROVIDER_COLUMNS = ["provider_id", "category", "known", "geometry"]


def counts_within(
    points: gpd.GeoDataFrame, providers: gpd.GeoDataFrame, within_metres: float
) -> NDArray[np.intp]:
    """Count the different providers within a distance of each point.

    Parameters
    ----------
    points : geopandas.GeoDataFrame
        Points in EPSG:27700, such as reference points or representative points of areas.
    providers : geopandas.GeoDataFrame
        Providers, as described at the head of this module. To count one category, give the rows of that
        category.
    within_metres : float
        The greatest straight-line distance, which counts as within.

    Returns
    -------
    numpy.ndarray of int, shape (n points,)
        How many different ``provider_id`` are known to be within the distance.

    Raises
    ------
    CRSError
        If either frame is not in EPSG:27700.
    ValueError
        If a column is missing, the distance is negative or not finite, or a geometry is not a point.
    """
    there = _known(providers)
    pairs = straight_line(points, there, within_metres)
    who = there["provider_id"].to_numpy()[pairs.destination]
    different = pd.DataFrame({"point": pairs.origin, "provider": who}).drop_duplicates()
    return np.bincount(different["point"], minlength=len(points))


def distance_to_sites(
    providers: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    references: gpd.GeoDataFrame,
    network: WalkingNetwork | None = None,
) -> pd.DataFrame:
    """Measure the distance of every provider to every site.

    Parameters
    ----------
    providers : geopandas.GeoDataFrame
        Any points in EPSG:27700; no other column is read.
    sites : geopandas.GeoDataFrame
        Sites, as described at the head of this module.
    references : geopandas.GeoDataFrame
        Reference points of those sites.
    network : WalkingNetwork, optional
        What is walked, in place of the straight line.

    Returns
    -------
    pandas.DataFrame
        One row a site and provider, in the order of the sites and then of the providers: ``slug``,
        ``provider`` (position in the frame, from 0), ``metres`` (to the site's nearest reference point; NaN
        for a missing point, and where the way along a network is not known) and ``inside`` (bool: in the
        extent or on its border).

    Raises
    ------
    CRSError
        If a frame is not in EPSG:27700.
    ValueError
        If a column is missing, a slug is given twice, a site has no reference point, or a reference point
        is missing or belongs to no site.

    Notes
    -----
    ``metres_ps = min over the reference points r of s of sqrt((x_p - x_r)^2 + (y_p - y_r)^2)``. A provider
    inside the extent keeps its distance, which may be great in a large extent: `inside` says the other
    thing.
    """
    require_bng(providers, "providers")
    _require_sites(sites, references)
    slugs = sites["slug"].to_numpy()
    # One column a reference point, those of a site side by side, so that each site is one run of columns.
    site_of = pd.Index(slugs).get_indexer(references["slug"])
    order = np.argsort(site_of, kind="stable")
    runs = np.searchsorted(site_of[order], np.arange(len(slugs)))
    geometry = providers.geometry.to_numpy()
    metres = np.empty((len(providers), 0))
    if len(slugs) and network is not None:
        metres = _walked(network, providers, references, [site_of == place for place in range(len(slugs))])
    elif len(slugs):
        each = shapely.distance(geometry[:, np.newaxis], references.geometry.to_numpy()[order][np.newaxis, :])
        metres = np.minimum.reduceat(each, runs, axis=1)
    inside = np.zeros(metres.shape, dtype=bool)
    site, provider = providers.sindex.query(sites.geometry, predicate="intersects")
    inside[provider, site] = True
    return pd.DataFrame(
        {
            "slug": np.repeat(slugs, len(providers)),
            "provider": np.tile(np.arange(len(providers)), len(slugs)),
            "metres": metres.ravel(order="F"),
            "inside": inside.ravel(order="F"),
        }
    )


def providers_near_site(
    providers: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    references: gpd.GeoDataFrame,
    within_metres: float,
    network: WalkingNetwork | None = None,
) -> pd.DataFrame:
    """List the providers inside each site's extent or within a distance of its nearest reference point.

    Parameters
    ----------
    providers : geopandas.GeoDataFrame
        Providers, as described at the head of this module. Only those known to be at their point are listed.
    sites : geopandas.GeoDataFrame
        Sites.
    references : geopandas.GeoDataFrame
        Reference points of those sites.
    within_metres : float
        The greatest distance, which counts as within: of the straight line, or of the way along the network.
    network : WalkingNetwork, optional
        What is walked.

    Returns
    -------
    pandas.DataFrame
        Columns ``slug``, ``provider_id``, ``category``, ``metres`` and ``inside``: one row a site, provider
        and category, by site in the order given and then by distance. Where a provider has several places,
        ``metres`` is that of the nearest and ``inside`` says whether any of them is in the extent.

    Raises
    ------
    CRSError
        If a frame is not in EPSG:27700.
    ValueError
        If the distance is negative or not finite, or for what `distance_to_sites` refuses.
    """
    require_distance(within_metres)
    reach = _reach(providers, sites, references, network)
    near = reach[reach["inside"] | reach["metres"].le(within_metres)]
    by_provider = near.groupby(["slug", "provider_id", "category"], sort=False)
    listed = by_provider.agg(metres=("metres", "min"), inside=("inside", "any")).reset_index()
    place = pd.Index(sites["slug"]).get_indexer(listed["slug"])
    order = listed.assign(place=place).sort_values(["place", "metres", "provider_id", "category"]).index
    return listed.loc[order].reset_index(drop=True)


def nearest_by_category(
    providers: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    references: gpd.GeoDataFrame,
    network: WalkingNetwork | None = None,
) -> pd.DataFrame:
    """Measure how far each site is from the nearest known provider of each category, at any distance.

    Parameters
    ----------
    providers : geopandas.GeoDataFrame
        Providers, as described at the head of this module.
    sites : geopandas.GeoDataFrame
        Sites.
    references : geopandas.GeoDataFrame
        Reference points of those sites.
    network : WalkingNetwork, optional
        What is walked, in place of the straight line.

    Returns
    -------
    pandas.DataFrame
        Columns ``slug``, ``category`` and ``nearest_metres``: one row a site and category that has a known
        provider anywhere.

    Raises
    ------
    CRSError
        If a frame is not in EPSG:27700.
    ValueError
        For what `distance_to_sites` refuses.
    """
    reach = _reach(providers, sites, references, network).dropna(subset=["metres"])
    return reach.groupby(["slug", "category"])["metres"].min().rename("nearest_metres").reset_index()


def _walked(
    network: WalkingNetwork,
    providers: gpd.GeoDataFrame,
    references: gpd.GeoDataFrame,
    own: list[NDArray[np.bool_]],
) -> NDArray[np.float64]:
    """Walk to each provider from the nearest of the reference points of each site: one search a site."""
    xy = np.array([[point.x, point.y] if point else [np.nan] * 2 for point in providers.geometry])
    points = shapely.get_coordinates(references.geometry.to_numpy())
    columns = [walk_to_nearest(network, xy, points[some])[0] for some in own]
    metres: NDArray[np.float64] = np.column_stack(columns)
    return metres


def _reach(
    providers: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    references: gpd.GeoDataFrame,
    network: WalkingNetwork | None,
) -> pd.DataFrame:
    """Join the distances of the known providers with who they are."""
    there = _known(providers)
    reach = distance_to_sites(there, sites, references, network)
    who = there[["provider_id", "category"]].reset_index(drop=True)
    joined: pd.DataFrame = reach.join(who, on="provider")
    return joined


def _known(providers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the providers known to be at a point."""
    require_bng(providers, "providers")
    require_columns(providers, PROVIDER_COLUMNS, "providers")
    placed = ~(providers.geometry.isna() | providers.geometry.is_empty)
    return providers[providers["known"].astype(bool) & placed]


def _require_sites(sites: gpd.GeoDataFrame, references: gpd.GeoDataFrame) -> None:
    require_bng(sites, "sites")
    require_bng(references, "references")
    require_columns(sites, ["slug"], "sites")
    require_columns(references, ["slug"], "references")
    if sites["slug"].duplicated().any():
        raise ValueError(f"the site {sites.loc[sites['slug'].duplicated(), 'slug'].iloc[0]} is given twice")
    if (references.geometry.isna() | references.geometry.is_empty).any():
        raise ValueError("a reference point is missing: give its longitude and latitude")
    without = sorted(set(sites["slug"]) - set(references["slug"]))
    if without:
        raise ValueError(f"no reference point for {', '.join(without)}: a site needs at least one")
    strange = sorted(set(references["slug"]) - set(sites["slug"]))
    if strange:
        raise ValueError(f"reference points for {', '.join(strange)}, which is not among the sites")
