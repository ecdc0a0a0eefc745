"""Load geography in bulk: postcodes, areas, figures for areas, and priority sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Table, delete, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.models import Area, AreaLink, AreaValue, Base, Postcode, Site
from geodata.areas import representative_points
from geodata.crs import lonlat_to_bng

BATCH = 5_000


def load_postcodes(session: Session, frame: pd.DataFrame) -> int:
    """Add or replace postcodes: a frame as `geodata.postcodes.read_codepoint` gives it."""
    frame = frame.drop_duplicates("postcode", keep="last")
    return _upsert(session, Postcode, frame.to_dict("records"))


def load_areas(session: Session, frame: gpd.GeoDataFrame, *, fictional: bool = False) -> int:
    """Add or replace areas: a frame in EPSG:27700 as `geodata.areas.read_areas` gives it."""
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
    return _upsert(session, Area, table.to_dict("records"))


def load_area_values(session: Session, frame: pd.DataFrame, source_id: str | None = None) -> int:
    """Add or replace figures for areas: columns code, measure, value."""
    table = frame[["code", "measure", "value"]].assign(source_id=source_id)
    return _upsert(session, AreaValue, table.to_dict("records"))


def load_area_links(session: Session, frame: pd.DataFrame) -> int:
    """Add or replace links between areas: columns from_code, to_code, relation."""
    return _upsert(session, AreaLink, frame[["from_code", "to_code", "relation"]].to_dict("records"))


def load_sites(session: Session, document: Mapping[str, Any]) -> list[str]:
    """Add or replace priority sites from GeoJSON; their slugs.

    Each feature has its reference points as geometry and, as properties, slug, name, authority_code, and an
    extent: area_codes and lsoa21_codes, or radius_metres. valid_from and valid_to are dates.
    """
    slugs = []
    for feature in document["features"]:
        properties = feature["properties"]
        site = session.scalar(select(Site).where(Site.slug == properties["slug"])) or Site()
        site.slug, site.name = properties["slug"], properties["name"]
        site.description = properties.get("description", "")
        site.authority_code = properties["authority_code"]
        site.points = _grid_points(feature["geometry"])
        site.area_codes = [*properties.get("area_codes", []), *properties.get("lsoa21_codes", [])]
        site.radius_metres = properties.get("radius_metres")
        site.valid_from = _day(properties.get("valid_from"))
        site.valid_to = _day(properties.get("valid_to"))
        session.add(site)
        slugs.append(site.slug)
    session.flush()
    return slugs


def remove_fictional_areas(session: Session) -> None:
    """Take the made-up areas of the demonstration out, with their figures."""
    made_up = select(Area.code).where(Area.fictional)
    session.execute(delete(AreaValue).where(AreaValue.code.in_(made_up)))
    session.execute(delete(Area).where(Area.fictional))


def _grid_points(geometry: Mapping[str, Any]) -> list[list[int]]:
    pairs = [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"]
    easting, northing = lonlat_to_bng([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    return [[round(float(e)), round(float(n))] for e, n in zip(easting, northing, strict=True)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _upsert(session: Session, model: type[Base], rows: Sequence[Mapping[Any, Any]]) -> int:
    """Insert rows, or replace those with the same key, a batch at a time."""
    table = inspect(model).local_table
    assert isinstance(table, Table)  # noqa: S101 - tells the type checker what every model here is
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys} if rows else {}
    statement = (
        statement.on_conflict_do_update(index_elements=keys, set_=others)
        if others
        else statement.on_conflict_do_nothing()
    )
    for batch in _batches(rows):
        session.execute(statement, batch)
    return len(rows)


def _batches(rows: Sequence[Mapping[Any, Any]]) -> Iterable[list[dict[str, Any]]]:
    for start in range(0, len(rows), BATCH):
        yield [
            {str(name): None if value is pd.NA or value != value else value for name, value in row.items()}  # noqa: PLR0124 - NaN
            for row in rows[start : start + BATCH]
        ]
