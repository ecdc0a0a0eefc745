"""The areas that coverage is worked out for, with their people and figures; kept while the tables stay."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import gettext, own_words
from directory.models import Area, AreaValue
from directory.places.frames import area_frame
from directory.remembering import remember, remember_coverage
from geodata.areas import area_of_points
from geodata.crs import BNG

LOAD_AREAS = "flask directory load-areas FILE --level lsoa21"
LOAD_VALUES = "flask directory load-values FILE --code COLUMN --values COLUMN"
BASE_LEVEL = {"lsoa": "lsoa21", "ward": "ward", "authority": "authority"}
MADE_UP = "X"  # how the codes of made-up areas begin


class CoverageError(ValueError):
    """Coverage cannot be worked out; the message says what is missing and how to load it.

    It is said in the language that is spoken; `args[0]` keeps what is marked up.
    """


@dataclass(frozen=True)
class AreaBase:
    """The small areas, in the order of their codes.

    `table` has a row each: code, name, ward_code, authority_code; `values` a column for each measure, with
    NaN where it is not known; `xy` the point that stands for each, EPSG:27700.
    """

    table: pd.DataFrame
    values: pd.DataFrame
    xy: NDArray[np.float64]

    @property
    def measures(self) -> list[str]:
        """The measures that some area has a figure for."""
        return list(self.values.columns)


def area_base(session: Session) -> AreaBase:
    """The small areas with everything that is on record of them; official ones before made-up ones."""
    return remember_coverage(session, "base", lambda: _read_base(session), published=False)


def shown_areas(session: Session, level: str) -> gpd.GeoDataFrame:
    """The areas of a level with their outlines, by code; never made-up ones beside official ones."""
    areas = area_frame(session, BASE_LEVEL[level])
    if areas.empty or not areas["code"].str.startswith(MADE_UP).any():
        return areas
    codes = _facts(session, (BASE_LEVEL[level],))["code"]
    return areas[areas["code"].isin(codes)].reset_index(drop=True)


def areas_version(session: Session) -> str:
    """The names and outlines of all areas in short: the same areas have the same version everywhere."""

    def make() -> str:
        content = hashlib.sha256()
        areas = select(Area.code, Area.name, Area.outline).order_by(Area.code)
        for code, name, outline in session.execute(areas):
            content.update(f"{code} {name} ".encode() + outline)
        return content.hexdigest()[:16]

    return remember(session, "version of areas", make)


def _facts(session: Session, levels: Collection[str]) -> pd.DataFrame:
    """The areas of some levels without their outlines; of a level, official ones or else made-up ones."""
    columns = [
        Area.code,
        Area.level,
        Area.name,
        Area.authority_code,
        Area.easting,
        Area.northing,
        Area.fictional,
    ]
    query = select(*columns).where(Area.level.in_(levels)).order_by(Area.code)
    frame = pd.DataFrame(session.execute(query).all(), columns=[column.key for column in columns])
    official = frame.groupby("level")["fictional"].transform("min").astype(bool)
    return frame[frame["fictional"].astype(bool) == official].reset_index(drop=True)


def _read_base(session: Session) -> AreaBase:
    facts = _facts(session, ("lsoa21", "ward", "authority"))
    table = facts[facts["level"].eq("lsoa21")].reset_index(drop=True)
    if table.empty:
        raise CoverageError(
            gettext(
                "No small areas are loaded, so nothing can be counted for them. Run: %(command)s",
                command=own_words(LOAD_AREAS),
            )
        )
    xy = table[["easting", "northing"]].to_numpy(dtype=float)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=BNG)
    wider = area_frame(session, "", facts.loc[facts["level"].ne("lsoa21"), "code"].tolist())
    ward, authority = (area_of_points(points, wider[wider["level"].eq(n)]) for n in ("ward", "authority"))
    table["ward_code"] = ward.to_numpy()
    table["authority_code"] = authority.where(authority.notna(), table["authority_code"]).to_numpy()
    kept = table[["code", "name", "authority_code", "ward_code"]]
    return AreaBase(kept, _values(session, table["code"]), xy)


def _values(session: Session, codes: pd.Series) -> pd.DataFrame:
    rows = session.execute(select(AreaValue.code, AreaValue.measure, AreaValue.value)).all()
    every = pd.DataFrame(rows, columns=["code", "measure", "value"])
    wide = every[every["code"].isin(codes)].pivot(index="code", columns="measure", values="value")
    return wide.reindex(codes).reset_index(drop=True).rename_axis(columns=None)


def area_names(session: Session, level: str) -> Mapping[str, str]:
    """The names of the areas of a level by their codes."""
    facts = _facts(session, (BASE_LEVEL[level],))
    return dict(zip(facts["code"], facts["name"], strict=True))
