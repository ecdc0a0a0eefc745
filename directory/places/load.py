"""Load geography: postcodes, areas, figures, links between areas, and priority sites."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from sqlalchemy import ColumnElement, delete, false, select
from sqlalchemy.orm import Session

from directory.models import Area, AreaLink, AreaValue, Postcode, Site
from directory.places.batches import batches
from directory.places.upsert import upsert
from geodata.areas import representative_points
from geodata.crs import WGS84, to_bng


class SiteError(ValueError):
    """A file of sites cannot be used; the message names the feature and says why."""


def load_postcodes(session: Session, frame: pd.DataFrame, *, replace: bool = True) -> int:
    """Add or replace postcodes: a frame as `geodata.postcodes.read_codepoint` gives it."""
    frame = frame.drop_duplicates("postcode", keep="last")
    return upsert(session, Postcode, frame, None if replace else false())


def load_areas(session: Session, frame: gpd.GeoDataFrame, *, fictional: bool = False) -> int:
    """Add or replace areas: a frame in EPSG:27700 as `geodata.areas.read_areas` gives it.

    Made-up areas never replace official ones.
    """
    inside = representative_points(frame).geometry
    bounds = frame.geometry.bounds
    table = pd.DataFrame(
        {
            "code": frame["code"],
            "level": frame["level"],
            "name": frame["name"],
            "authority_code": frame["authority_code"],
            "easting": inside.x,
            "northing": inside.y,
            "west": bounds["minx"],
            "south": bounds["miny"],
            "east": bounds["maxx"],
            "north": bounds["maxy"],
            "outline": shapely.to_wkb(frame.geometry.to_numpy()),
            "fictional": fictional,
        }
    )
    old_is_made_up: ColumnElement[bool] | None = Area.fictional.is_(True) if fictional else None
    return upsert(session, Area, table, old_is_made_up)


def remove_other_areas(session: Session, level: str, kept: Collection[str]) -> int:
    """Take out the areas of a level that a newer set no longer has; how many. Their figures stay."""
    codes = set(session.scalars(select(Area.code).where(Area.level == level))) - set(kept)
    for some in batches(sorted(codes)):
        session.execute(delete(Area).where(Area.code.in_(some)))
    return len(codes)


def load_area_values(session: Session, frame: pd.DataFrame, source_id: str | None = None) -> int:
    """Add or replace figures for areas: columns code, measure, value; how many are known.

    A value that is missing is not known: then a figure of an earlier file does not stay either.
    """
    table = frame[["code", "measure", "value"]].assign(source_id=source_id)
    unknown = table[table["value"].isna()]
    for measure, codes in unknown.groupby("measure")["code"]:
        for some in batches(codes.tolist()):
            session.execute(delete(AreaValue).where(AreaValue.measure == measure, AreaValue.code.in_(some)))
    return upsert(session, AreaValue, table[table["value"].notna()])


def load_area_links(session: Session, frame: pd.DataFrame) -> int:
    """Add or replace links between areas: columns from_code, to_code, relation."""
    links = frame[["from_code", "to_code", "relation"]]
    blank = links.isna().any(axis=1)
    if blank.any():
        raise ValueError(f"{int(blank.sum())} rows of the lookup have a blank code. Nothing was loaded.")
    return upsert(session, AreaLink, links.drop_duplicates())


def load_sites(session: Session, document: Mapping[str, Any], *, replace: bool = True) -> list[str]:
    """Add or replace priority sites from GeoJSON; their slugs.

    Each feature has its reference points as geometry and, as properties, slug, name, authority_code, and an
    extent: area_codes and lsoa21_codes, or outline (a GeoJSON polygon in degrees), or radius_metres.
    valid_from and valid_to are dates.
    """
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list) or not features:
        raise SiteError("It is not GeoJSON with features.")
    slugs = []
    for number, feature in enumerate(features, start=1):
        try:
            slugs.append(_load_site(session, feature, replace=replace))
        except KeyError as error:
            raise SiteError(f"Feature {number} has no {error.args[0]}.") from error
        except (ValueError, TypeError, AttributeError, IndexError, ShapelyError) as error:
            raise SiteError(f"Feature {number} cannot be read: {error}.") from error
    session.flush()
    return slugs


def _load_site(session: Session, feature: Mapping[str, Any], *, replace: bool) -> str:
    properties = feature["properties"]
    slug = _word(properties, "slug")
    site = session.scalar(select(Site).where(Site.slug == slug))
    if site is not None and not replace:
        return slug
    values = {
        "slug": slug,
        "name": _word(properties, "name"),
        "description": properties.get("description") or "",
        "authority_code": _word(properties, "authority_code"),
        "points": _grid_points(feature["geometry"]),
        "area_codes": [*(properties.get("area_codes") or []), *(properties.get("lsoa21_codes") or [])],
        "outline": _outline(properties.get("outline")),
        "radius_metres": _metres(properties.get("radius_metres")),
        "valid_from": _day(properties.get("valid_from")),
        "valid_to": _day(properties.get("valid_to")),
    }
    site = site or Site()
    for name, value in values.items():
        setattr(site, name, value)
    session.add(site)
    return slug


def remove_fictional_areas(session: Session) -> None:
    """Take the made-up areas of the demonstration out, with their figures."""
    made_up = select(Area.code).where(Area.fictional)
    session.execute(delete(AreaValue).where(AreaValue.code.in_(made_up)))
    session.execute(delete(Area).where(Area.fictional))


def _word(properties: Mapping[str, Any], name: str) -> str:
    word = properties[name]
    if not isinstance(word, str) or not word.strip():
        raise ValueError(f"its {name} is blank, or no text")
    return word.strip()


def _grid_points(geometry: Mapping[str, Any]) -> list[list[int]]:
    if geometry["type"] not in ("Point", "MultiPoint"):
        raise ValueError(f"its geometry is a {geometry['type']}, not the site's reference points")
    degrees = shapely.get_coordinates(shape(geometry))
    if not len(degrees):
        raise ValueError("it has no reference point")
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*degrees.T), crs=WGS84)
    return [[round(point.x), round(point.y)] for point in to_bng(points).geometry]


def _outline(geometry: Mapping[str, Any] | None) -> bytes | None:
    if geometry is None:
        return None
    ground = to_bng(gpd.GeoDataFrame(geometry=[shape(geometry)], crs=WGS84)).geometry.make_valid().iloc[0]
    if ground.area == 0:
        raise ValueError("its outline has no area")
    return bytes(shapely.to_wkb(ground))


def _metres(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100_000:
        raise ValueError(f"its radius_metres, {value!r}, is not a number of metres")
    return round(value)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
