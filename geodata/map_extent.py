"""How much land a map shows at first."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from shapely import box

from geodata.crs import BNG, WGS84
from geodata.map_layers import MapLayers, with_points

WEST_MIDLANDS = (-2.25, 52.30, -1.40, 52.70)


def extent(
    layers: MapLayers, fit: Literal["sites", "providers"], within_metres: float | None = None
) -> NDArray[np.float64]:
    """Return the box round what a map is about.

    Parameters
    ----------
    layers : MapLayers
        The frames of a map, in one coordinate system.
    fit : {"sites", "providers"}
        What the box holds. Without any, the other; without both, the West Midlands.
    within_metres : float, optional
        The sites reach this far in metres.

    Returns
    -------
    ndarray of float, shape (4,)
        West, south, east and north, in the coordinate system of the providers.
    """
    order = [layers.sites, layers.providers]
    for frame in order if fit == "sites" else reversed(order):
        if frame is None or with_points(frame).empty:
            continue
        shapes = with_points(frame).geometry
        if frame is layers.sites and within_metres is not None:
            shapes = counted(layers, within_metres)
        return np.asarray(shapes.total_bounds, dtype=float)
    region = gpd.GeoSeries([box(*WEST_MIDLANDS)], crs=WGS84).to_crs(layers.providers.crs)
    return np.asarray(region.total_bounds, dtype=float)


def counted(layers: MapLayers, within_metres: float) -> gpd.GeoSeries:
    """Return, for each site, the land on which a provider counts as inside or within a distance.

    Parameters
    ----------
    layers : MapLayers
        The frames of a map, in one stated coordinate system, with sites.
    within_metres : float
        A distance in metres from the site's nearest reference point, on the British National Grid.

    Returns
    -------
    GeoSeries
        Polygons in the coordinate system of the sites, in their order: the extent of the site together with a
        circle round each of its reference points.

    Raises
    ------
    ValueError
        If the map has no sites.

    Notes
    -----
    This is the land of `geodata.access.providers_near_site`, so that what a line holds is what is counted.
    """
    if layers.sites is None:
        raise ValueError("a map without sites has no land around them")
    sites = with_points(layers.sites)
    land = sites.set_index("slug").geometry.to_crs(BNG)
    if layers.references is not None:
        points = with_points(layers.references).set_index("slug").geometry.to_crs(BNG)
        circles = points[points.index.isin(land.index)].buffer(within_metres)
        together = gpd.GeoSeries(np.concatenate([land.to_numpy(), circles.to_numpy()]), crs=BNG)
        names = [*land.index, *circles.index]
        land = together.groupby(names, sort=False).agg(lambda shapes: shapes.union_all()).set_crs(BNG)
    return gpd.GeoSeries(land.to_numpy(), index=sites.index, crs=BNG).to_crs(sites.crs)
