"""Places where services are given, with how much of each the public may see."""

from __future__ import annotations

from sqlalchemy import and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from directory.models.base import Base, Id, owner
from directory.models.taxonomy import Attribute


class Location(Base):
    """A place. `protection` is open, approximate (the ward alone) or hidden (the authority alone)."""

    __tablename__ = "location"

    id: Mapped[Id]
    name: Mapped[str | None]
    description: Mapped[str | None]
    location_type: Mapped[str] = mapped_column(default="physical")
    protection: Mapped[str] = mapped_column(default="open")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    point_source: Mapped[str | None]
    lsoa_code: Mapped[str | None]
    ward_code: Mapped[str | None]
    authority_code: Mapped[str | None]

    addresses: Mapped[list[Address]] = relationship(cascade="all, delete-orphan")
    accessibility: Mapped[list[Accessibility]] = relationship(cascade="all, delete-orphan")
    attributes: Mapped[list[Attribute]] = relationship(
        primaryjoin=lambda: and_(
            foreign(Attribute.link_id) == Location.id, Attribute.link_entity == "location"
        ),
        cascade="all, delete-orphan",
        overlaps="attributes",
    )


class Address(Base):
    """A postal address. Of type postal it is for letters only, and is never a venue."""

    __tablename__ = "address"

    id: Mapped[Id]
    location_id: Mapped[str] = owner("location.id")
    address_1: Mapped[str | None]
    address_2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None] = mapped_column(index=True)
    country: Mapped[str] = mapped_column(default="GB")
    address_type: Mapped[str] = mapped_column(default="physical")


class Accessibility(Base):
    """How a place can be reached and used, in words."""

    __tablename__ = "accessibility"

    id: Mapped[Id]
    location_id: Mapped[str] = owner("location.id")
    description: Mapped[str]
    details: Mapped[str | None]
    url: Mapped[str | None]
