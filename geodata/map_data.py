"""Write the frames of a map as JSON for the page, safe inside a script element.

What people wrote goes to the browser by this road only: as data, never as HTML and never as a script.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.crs import BNG, WGS84
from geodata.distances import distance_words
from geodata.map_extent import counted
from geodata.map_layers import OTHER, CategoryStyle, MapLayers, with_points
from geodata.map_packing import packed_degrees, packed_links, packed_texts

DECIMALS = 5  # about one metre
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPE_TABLE = str.maketrans(_ESCAPES)


def to_json(value: Any) -> str:
    r"""Write a value as JSON that cannot end the script element that holds it.

    Parameters
    ----------
    value : object
        Anything that JSON can hold; no NaN.

    Returns
    -------
    str
        JSON without ``<``, ``>``, ``&``, U+2028 and U+2029: these are written as escapes.

    Raises
    ------
    ValueError
        If a number is not finite.

    Examples
    --------
    >>> to_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_ESCAPE_TABLE)


def category_positions(providers: gpd.GeoDataFrame, styles: Sequence[CategoryStyle]) -> np.ndarray[Any, Any]:
    """Return the position of each provider's category among the styles.

    Parameters
    ----------
    providers : GeoDataFrame
        With the column `category`.
    styles : sequence of CategoryStyle
        How each category looks.

    Returns
    -------
    ndarray of int, shape (len(providers),)
        The position of `geodata.map_layers.OTHER`, which comes last, where the category is missing or not
        among the styles.
    """
    codes = pd.Index([style.code for style in styles if style is not OTHER])
    found = codes.get_indexer(providers["category"].astype("object"))
    return np.where(found < 0, len(codes), found)


def styles_used(providers: gpd.GeoDataFrame, styles: Sequence[CategoryStyle]) -> tuple[CategoryStyle, ...]:
    """Return the styles, and the one for another category if a provider needs it.

    Parameters
    ----------
    providers : GeoDataFrame
        With the column `category`.
    styles : sequence of CategoryStyle
        How each category looks.

    Returns
    -------
    tuple of CategoryStyle
        All the styles given, those that no provider has too: a gap is a finding.
    """
    other = bool((category_positions(providers, styles) == len(styles)).any())
    return (*styles, OTHER) if other else tuple(styles)


def providers_data(providers: gpd.GeoDataFrame, styles: Sequence[CategoryStyle]) -> dict[str, Any]:
    """Turn providers into columns, from north to south.

    Parameters
    ----------
    providers : GeoDataFrame
        In EPSG:4326, with the columns of `geodata.map_layers.PROVIDER_COLUMNS`.
    styles : sequence of CategoryStyle
        How each category looks.

    Returns
    -------
    dict
        `lat` and `lon` as in `geodata.map_packing.packed_degrees`; `category` (position among the styles);
        `name`, `organisation`, `categories`, `opening` as in `packed_texts` and `href` as in `packed_links`,
        empty if not known; `approximate` (positions of the rows that are); `without_point` (how many have
        none).

    Notes
    -----
    From north to south the latitudes differ little from one to the next, so their differences are short to
    write.
    """
    drawn = with_points(providers)
    drawn = drawn.iloc[np.argsort(-drawn.geometry.y.to_numpy(), kind="stable")]
    approximate = np.flatnonzero((drawn["precision"] == "approximate").to_numpy())
    return {
        "lat": packed_degrees(drawn.geometry.y),
        "lon": packed_degrees(drawn.geometry.x),
        "category": category_positions(drawn, styles).tolist(),
        "name": packed_texts(drawn["name"]),
        "organisation": packed_texts(drawn["organization_name"]),
        "categories": packed_texts(drawn["categories"]),
        "opening": packed_texts(drawn["next_opening"]),
        "href": packed_links(drawn["href"]),
        "approximate": approximate.tolist(),
        "without_point": len(providers) - len(drawn),
    }


def sites_data(layers: MapLayers, within_metres: float | None = None) -> dict[str, Any]:
    """Turn the extents of sites into shapes, names and the place of each name.

    Parameters
    ----------
    layers : MapLayers
        The frames of a map in EPSG:4326, with sites.
    within_metres : float, optional
        Also give the line that holds what counts as inside each site or within this distance of it.

    Returns
    -------
    dict
        `shapes` (GeoJSON geometries), `names`, `hrefs`, `labels` ([latitude, longitude] of the top of each
        extent or ring), `rings` (GeoJSON geometries) and `within` (words), both empty without a distance.

    Raises
    ------
    ValueError
        If the map has no sites.
    """
    if layers.sites is None:
        raise ValueError("the map has no sites")
    drawn = with_points(layers.sites)
    rings, within = drawn.geometry[:0], ""
    if within_metres is not None:
        rings = counted(layers, within_metres)
        within = f"Within {distance_words(within_metres)} of a site"
    outer = drawn.geometry if within_metres is None else rings
    west, _, east, north = outer.bounds.to_numpy().T
    return {
        "shapes": _shapes(drawn.geometry),
        "names": _texts(drawn["name"]),
        "hrefs": _texts(drawn["href"]),
        "labels": _pairs(north, (west + east) / 2),
        "rings": _shapes(rings),
        "within": within,
    }


def references_data(references: gpd.GeoDataFrame) -> dict[str, Any]:
    """Turn reference points into columns.

    Parameters
    ----------
    references : GeoDataFrame
        Points in EPSG:4326, with the columns of `geodata.map_layers.REFERENCE_COLUMNS`.

    Returns
    -------
    dict
        `points` ([latitude, longitude] of each) and `names`.
    """
    drawn = with_points(references)
    return {"points": _pairs(drawn.geometry.y, drawn.geometry.x), "names": _texts(drawn["name"])}


def outlines_data(areas: gpd.GeoDataFrame, level: str, within_metres: float) -> dict[str, Any]:
    """Turn areas into simpler shapes, names and the place of each name.

    Parameters
    ----------
    areas : GeoDataFrame
        In EPSG:4326, with the columns of `geodata.map_layers.OUTLINE_COLUMNS`.
    level : str
        A key of `geodata.map_layers.LEVEL_NAMES`.
    within_metres : float
        How far, in metres, a drawn line may lie from the true one.

    Returns
    -------
    dict
        `level`, `shapes` (GeoJSON geometries), `names`, `labels` ([latitude, longitude] of a point inside).
    """
    drawn = with_points(areas)
    simple = simplified(drawn.geometry.to_crs(BNG), within_metres)
    inside = simple.representative_point().to_crs(WGS84)
    return {
        "level": level,
        "shapes": _shapes(simple.to_crs(WGS84)),
        "names": _texts(drawn["name"]),
        "labels": _pairs(inside.y, inside.x),
    }


def background(layers: MapLayers, within_metres: float) -> dict[str, dict[str, Any]]:
    """Return what the page needs to draw the outlines of each level: themselves, or where to fetch them.

    Parameters
    ----------
    layers : MapLayers
        Frames in EPSG:4326.
    within_metres : float
        How far, in metres, a drawn line may lie from the true one.

    Returns
    -------
    dict of str to dict
        By level, as `outlines_data` gives it, or `level` and `href`.
    """
    drawn = {level: outlines_data(areas, level, within_metres) for level, areas in layers.outlines.items()}
    return drawn | {level: {"level": level, "href": href} for level, href in layers.outline_hrefs.items()}


def simplified(areas: gpd.GeoSeries, within_metres: float) -> gpd.GeoSeries:
    """Draw areas with fewer corners.

    Parameters
    ----------
    areas : GeoSeries
        Polygons in EPSG:27700; those that are not valid are repaired first.
    within_metres : float
        Largest distance, in metres, between a line and the simpler line.

    Returns
    -------
    GeoSeries
        In EPSG:27700, with the same index.

    Notes
    -----
    Areas that fit together (no gap, no overlap) still do: their shared edges are simplified once, by the
    Visvalingam-Whyatt algorithm of GEOS. Others are simplified one by one, by Douglas-Peucker.
    """
    valid = areas.make_valid()
    shapes = valid.to_numpy()
    if shapely.coverage_is_valid(shapes):
        return gpd.GeoSeries(
            shapely.coverage_simplify(shapes, within_metres), index=areas.index, crs=areas.crs
        )
    return valid.simplify(within_metres)


def _texts(column: pd.Series[Any]) -> list[str]:
    """Return a column as text: what is missing is empty."""
    return column.astype("object").where(column.notna(), "").astype(str).tolist()


def _shapes(geometries: gpd.GeoSeries) -> list[dict[str, Any]]:
    rounded = shapely.transform(geometries.to_numpy(), lambda points: points.round(DECIMALS))
    return [json.loads(text) for text in shapely.to_geojson(rounded)]


def _pairs(latitudes: Any, longitudes: Any) -> list[list[float]]:
    pairs: list[list[float]] = np.column_stack([latitudes, longitudes]).round(DECIMALS).tolist()
    return pairs
