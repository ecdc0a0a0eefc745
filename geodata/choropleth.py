"""A map of areas coloured by a figure, with Folium: the outlines apart from the figures.

The outlines are the same for every question, so the page fetches them from an address of their own and keeps
them. What differs from question to question is small, and stands in the page as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.crs import WGS84, require_bng, require_columns
from geodata.map_data import simplified
from geodata.map_elements import DataLayer, Frame
from geodata.map_layers import MapLayers
from geodata.map_packing import packed_degrees, packed_texts
from geodata.map_rendering import MapParts, render
from geodata.maps import MapOptions, add_sites, empty_map, fit_to

JS_FILE = "map-areas.js"


@dataclass(frozen=True)
class AreaLayer:
    """The figures of a map, one for each area of the outlines, in their order.

    Parameters
    ----------
    outlines_href : str
        Where the page fetches what `packed_outlines` gives.
    classes : numpy.ndarray of int, shape (n areas,)
        The class of each area, from 0; -1 where there is no figure.
    uncertain : numpy.ndarray of bool, shape (n areas,)
        Which are hatched.
    facts : mapping of str to pandas.Series
        What is said of an area when it is pointed at: texts by their label.
    link : tuple of str
        What stands before and after the code of an area in the address of its page.
    name : str
        Name of the layer in the control: a fixed word.
    """

    outlines_href: str
    classes: NDArray[np.intp]
    uncertain: NDArray[np.bool_]
    facts: Mapping[str, pd.Series] = field(default_factory=dict)
    link: tuple[str, str] = ("", "")
    name: str = "Areas"


def packed_outlines(areas: gpd.GeoDataFrame, within_metres: float = 25) -> dict[str, Any]:
    """Write areas that fit together as columns of whole numbers, with fewer corners.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Polygons in EPSG:27700, with the columns ``code`` and ``name``.
    within_metres : float, default 25
        How much simpler the lines may be drawn, as `geodata.map_data.simplified` takes it.

    Returns
    -------
    dict
        ``codes`` and ``names``; ``lat`` and ``lon`` of all corners in one run, as in
        `geodata.map_packing.packed_degrees`; ``corners`` of each ring, ``rings`` of each polygon and
        ``polygons`` of each area (how many).

    Raises
    ------
    CRSError
        If the areas are not in EPSG:27700.
    ValueError
        If a column is missing.

    Notes
    -----
    All areas are simplified together by `shapely.coverage_simplify` where they fit together, so that
    neighbours keep one border. Corners are rounded to 1 / 100,000 of a degree, about a metre, and a corner
    that two areas share is rounded alike in both.
    """
    require_bng(areas, "areas")
    require_columns(areas, ["code", "name"], "areas")
    shapes = simplified(areas.geometry, within_metres).to_crs(WGS84).to_numpy()
    polygons, area = shapely.get_parts(shapes, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    return {
        "codes": areas["code"].tolist(),
        "names": areas["name"].tolist(),
        "lat": packed_degrees(corners[:, 1]),
        "lon": packed_degrees(corners[:, 0]),
        "corners": np.bincount(ring, minlength=len(rings)).tolist(),
        "rings": np.bincount(polygon, minlength=len(polygons)).tolist(),
        "polygons": np.bincount(area, minlength=len(shapes)).tolist(),
    }


def choropleth_map(
    layer: AreaLayer, bounds: Sequence[float], sites: MapLayers | None, options: MapOptions
) -> folium.Map:
    """Make a map of areas coloured by their class.

    Parameters
    ----------
    layer : AreaLayer
        The figures.
    bounds : sequence of float
        West, south, east and north of what is shown at first, in degrees.
    sites : MapLayers, optional
        Sites and reference points to draw on top, in EPSG:4326.
    options : MapOptions
        What may differ from map to map. The map has no key of its own: the page says what the classes mean.

    Returns
    -------
    folium.Map
        To be given to `render_choropleth`.
    """
    coverage = empty_map(options)
    if not options.tile_url:
        coverage.options["zoom_snap"] = 0.1  # areas are lines: they are sharp at any zoom
    words = {"label": options.label, "one": "area", "many": "areas"}
    Frame({**words, "source": options.source, "notice": "", "key": False, "categories": []}).add_to(coverage)
    fit_to(coverage, bounds, padding=(12, 12))
    DataLayer("choropleth", _layer_data(layer), options.say(layer.name)).add_to(coverage)
    if sites is not None:
        add_sites(coverage, sites, options)
    folium.LayerControl(collapsed=True).add_to(coverage)
    return coverage


def render_choropleth(coverage: folium.Map, asset_base: str) -> MapParts:
    """Give the parts of a map of areas that a page needs.

    Parameters
    ----------
    coverage : folium.Map
        Made by `choropleth_map`.
    asset_base : str
        Address of the folder with map.js, map.css and vendor/, such as ``/static/``.

    Returns
    -------
    MapParts
        As `geodata.map_rendering.render` gives them, with the script that draws areas and without those
        that draw markers together.
    """
    parts = render(coverage, asset_base)
    styles, scripts = (
        tuple(href for href in hrefs if "markercluster" not in href.lower())
        for hrefs in (parts.css_hrefs, parts.js_hrefs)
    )
    area_script = asset_base.rstrip("/") + "/" + JS_FILE
    return replace(parts, css_hrefs=styles, js_hrefs=(*scripts, area_script))


def _layer_data(layer: AreaLayer) -> dict[str, Any]:
    return {
        "outlines": layer.outlines_href,
        "classes": layer.classes.tolist(),
        "uncertain": np.flatnonzero(layer.uncertain).tolist(),
        "facts": [{"label": label, **packed_texts(column)} for label, column in layer.facts.items()],
        "link": list(layer.link),
    }
