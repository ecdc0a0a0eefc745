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
            shapes = around(shapes, within_metres)
        return np.asarray(shapes.total_bounds, dtype=float)
    region = gpd.GeoSeries([box(*WEST_MIDLANDS)], crs=WGS84).to_crs(layers.providers.crs)
    return np.asarray(region.total_bounds, dtype=float)


def around(shapes: gpd.GeoSeries, within_metres: float) -> gpd.GeoSeries:
    """Return the land within a distance of each shape.

    Parameters
    ----------
    shapes : GeoSeries
        In any stated coordinate system.
    within_metres : float
        A distance in metres, measured on the British National Grid.

    Returns
    -------
    GeoSeries
        Polygons in the coordinate system of `shapes`.
    """
    return shapes.to_crs(BNG).buffer(within_metres).to_crs(shapes.crs)
