"""Small areas, wards and authorities: read them, say which one a point is in, draw round them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataSourceError

from geodata.area_values import convert_values, read_area_values, read_lookup
from geodata.crs import BNG, CRSError, require_bng, require_columns, to_bng

__all__ = [
    "LEVELS",
    "AreaColumns",
    "area_of_points",
    "convert_values",
    "outline",
    "read_area_values",
    "read_areas",
    "read_lookup",
    "representative_points",
]

LEVELS = ("lsoa11", "lsoa21", "msoa21", "ward", "authority")
COLUMNS = ["code", "name", "level", "authority_code", "geometry"]

# How ONS names the code column of each level; the name column is the same with NM for CD.
_CODE_COLUMNS = {
    "lsoa11": "LSOA11CD",
    "lsoa21": "LSOA21CD",
    "msoa21": "MSOA21CD",
    "ward": r"WD\d\dCD",
    "authority": r"LAD(\d\d)?CD",
}
_AUTHORITY_COLUMN = r"LAD(\d\d)?CD(_ACTIVE)?"


@dataclass(frozen=True)
class AreaColumns:
    """Which columns of a boundary file hold what.

    Attributes
    ----------
    code : str
        The column of the area's code, such as E01008905.
    name : str or None
        The column of its name; without one the code is the name.
    authority : str or None
        The column of the code of the local authority it is in; without one that is not known.
    """

    code: str
    name: str | None = None
    authority: str | None = None


def read_areas(
    path: Path, level: str, columns: AreaColumns | None = None
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read a boundary file into a frame of fixed columns.

    Parameters
    ----------
    path : pathlib.Path
        A GeoJSON file, or a GeoPackage with one layer, that states its coordinate system.
    level : str
        One of `LEVELS`.
    columns : AreaColumns, optional
        Which columns hold what. Without it the names that ONS uses for the level are looked for.

    Returns
    -------
    areas : geopandas.GeoDataFrame
        Columns ``code``, ``name``, ``level``, ``authority_code`` (None where not known) and ``geometry``
        (valid polygons in EPSG:27700), in the order of the file.
    repaired : list of str
        The codes of the areas whose geometry was invalid as published and was repaired.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CRSError
        If the coordinates are not where the file's coordinate system says.
    ValueError
        If the level is unknown, the file cannot be read or has several layers, a column is missing or could
        be one of two, a code is missing or given twice, or an area has no polygon.

    Notes
    -----
    Invalid geometry (rings that cross themselves) is repaired in EPSG:27700 by `shapely.make_valid` with the
    method "structure", which keeps the polygonal part and drops lines and points left over.
    """
    if level not in LEVELS:
        raise ValueError(f"there is no level {level!r}: use one of {', '.join(LEVELS)}")
    raw = _read(Path(path))
    columns = columns or _find_columns(raw, level, str(path))
    named = [columns.code, columns.name or columns.code, columns.authority or columns.code]
    require_columns(raw, named, str(path))
    codes = _codes(raw[columns.code], str(path))
    authority = codes if level == "authority" else None
    if columns.authority:
        authority = raw[columns.authority].astype(object).where(raw[columns.authority].notna(), None)
    placed = to_bng(raw)
    geometry, repaired = _repair(placed.geometry, codes, str(path))
    facts = {"code": codes, "name": raw[columns.name or columns.code].astype(str), "level": level}
    areas = gpd.GeoDataFrame({**facts, "authority_code": authority}, geometry=geometry, crs=BNG)
    return areas[COLUMNS].reset_index(drop=True), repaired


def representative_points(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas with one point that is surely inside each.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Polygons in EPSG:27700.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows, columns and index, with points in EPSG:27700 for geometry.

    Raises
    ------
    CRSError
        If the frame is not in EPSG:27700.

    Notes
    -----
    `shapely.point_on_surface`: a point inside the polygon even where it is hollow or curved, unlike its
    centroid. It is not weighted by where people live.
    """
    require_bng(areas, "areas")
    return areas.set_geometry(areas.geometry.representative_point())


def area_of_points(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Say which area each point is in.

    Parameters
    ----------
    points : geopandas.GeoDataFrame
        Points in EPSG:27700; a missing or empty point is in no area.
    areas : geopandas.GeoDataFrame
        Polygons in EPSG:27700 with a column ``code``.

    Returns
    -------
    pandas.Series of object
        The code for each point, with the points' index; None where the point is in no area. A point on a
        border that areas share, or where areas overlap, gets the smallest code.

    Raises
    ------
    CRSError
        If either frame is not in EPSG:27700.
    ValueError
        If the areas have no column ``code``.
    """
    require_bng(points, "points")
    require_bng(areas, "areas")
    require_columns(areas, ["code"], "areas")
    area, point = points.sindex.query(areas.geometry, predicate="intersects")
    pairs = pd.DataFrame({"point": point, "code": areas["code"].to_numpy(dtype=object)[area]})
    first = pairs.groupby("point")["code"].min()
    codes = first.astype(object).reindex(range(len(points)))
    return pd.Series(codes.where(codes.notna(), None).to_numpy(), points.index, dtype=object, name="code")


def outline(areas: gpd.GeoDataFrame) -> Any:
    """Return one geometry round all the areas.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Polygons in EPSG:27700.

    Returns
    -------
    shapely.Geometry
        A polygon, or a multipolygon where the areas do not touch; empty when there are no areas.

    Raises
    ------
    CRSError
        If the frame is not in EPSG:27700.
    """
    require_bng(areas, "areas")
    return shapely.union_all(areas.geometry.to_numpy())


def _read(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        layers = [str(layer) for layer in pyogrio.list_layers(path)[:, 0]]
        if len(layers) != 1:
            raise ValueError(
                f"{path} has {len(layers)} layers ({', '.join(layers)}): save the one wanted by itself"
            )
        frame = pyogrio.read_dataframe(path)
    except DataSourceError as error:
        raise ValueError(f"{path} cannot be read as GeoJSON or GeoPackage: {error}") from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise ValueError(f"{path} holds no areas")
    # Degrees that are said to be metres all lie within 360 metres of the grid's corner, in the sea.
    if frame.crs is not None and frame.crs.is_projected and abs(frame.total_bounds).max() <= 360:
        raise CRSError(f"{path} says {frame.crs.to_string()}, but its coordinates look like degrees")
    return frame


def _find_columns(frame: pd.DataFrame, level: str, name: str) -> AreaColumns:
    code = _match(frame, _CODE_COLUMNS[level], name)
    if code is None:
        found = ", ".join(map(str, frame.columns))
        raise ValueError(
            f"{name} has no column of {level} codes; it has {found}: say which one with AreaColumns"
        )
    named = re.sub("CD$", "NM", code, flags=re.IGNORECASE)
    names = [column for column in frame.columns if str(column).upper() == named.upper()]
    authority = code if level == "authority" else _match(frame, _AUTHORITY_COLUMN, name)
    return AreaColumns(code, names[0] if names else None, authority)


def _match(frame: pd.DataFrame, pattern: str, name: str) -> str | None:
    """Find the one column of that pattern; LAD25CD goes before LADCD_ACTIVE, which repeats it."""
    found = [str(column) for column in frame.columns if re.fullmatch(pattern, str(column), re.IGNORECASE)]
    exact = [column for column in found if not column.upper().endswith("_ACTIVE")] or found
    if len(exact) > 1:
        raise ValueError(
            f"{name} has more than one such column, {' and '.join(exact)}: say which with AreaColumns"
        )
    return exact[0] if exact else None


def _codes(column: pd.Series, name: str) -> pd.Series:
    codes = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    missing = codes.eq("")
    if missing.any():
        rows = ", ".join(str(row + 1) for row in missing.to_numpy().nonzero()[0][:5])
        raise ValueError(f"{name} has {missing.sum()} areas without a code in {column.name} (feature {rows})")
    again = sorted(set(codes[codes.duplicated()]))
    if again:
        raise ValueError(f"{name} has {len(again)} codes twice: {', '.join(again[:5])}")
    return codes


def _repair(geometry: gpd.GeoSeries, codes: pd.Series, name: str) -> tuple[gpd.GeoSeries, list[str]]:
    flat = geometry.force_2d()
    broken = ~flat.is_valid & flat.notna()
    mended = flat.copy()
    mended[broken] = shapely.make_valid(flat[broken].to_numpy(), method="structure", keep_collapsed=False)
    polygonal = mended.geom_type.isin(["Polygon", "MultiPolygon"]) & ~mended.is_empty
    if not polygonal.all():
        bad = codes[~polygonal.to_numpy()]
        raise ValueError(f"{name} has {len(bad)} areas without a polygon: {', '.join(bad[:5])}")
    return mended, codes[broken.to_numpy()].tolist()
