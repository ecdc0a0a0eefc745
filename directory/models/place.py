"""Geography: postcodes, areas with their figures, and the priority sites."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id


class Postcode(Base):
    """A postcode and its point on the National Grid, in metres; no point where none was published."""

    __tablename__ = "postcode"

    postcode: Mapped[str] = mapped_column(primary_key=True)
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    quality: Mapped[int | None]
    authority_code: Mapped[str | None]
    ward_code: Mapped[str | None]


class Area(Base):
    """An area and its outline: well-known binary in EPSG:27700."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(index=True)
    authority_code: Mapped[str | None] = mapped_column(index=True)
    easting: Mapped[float]  # of a point inside it
    northing: Mapped[float]
    west: Mapped[float]  # of its bounds
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    outline: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    fictional: Mapped[bool] = mapped_column(default=False)


class AreaValue(Base):
    """A figure for an area, such as its people aged 10 to 24 or its deprivation score."""

    __tablename__ = "area_value"

    code: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))


class AreaLink(Base):
    """How one set of areas became another: LSOAs of 2011 to those of 2021, or areas to wards."""

    __tablename__ = "area_link"

    from_code: Mapped[str] = mapped_column(primary_key=True)
    to_code: Mapped[str] = mapped_column(primary_key=True)
    relation: Mapped[str] = mapped_column(primary_key=True)


class Site(Base):
    """A priority site. Its extent is a list of areas, an outline, or a radius around its points."""

    __tablename__ = "site"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    authority_code: Mapped[str]
    points: Mapped[list[Any]]  # [[easting, northing], …] in metres, EPSG:27700
    area_codes: Mapped[list[Any]] = mapped_column(default=list)
    outline: Mapped[bytes | None] = mapped_column(LargeBinary)
    radius_metres: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
