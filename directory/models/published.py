"""The public copy of the record. `publishing` writes it; every output reads it, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base


class PublishedOrganization(Base):
    """What the public may see of an organisation."""

    __tablename__ = "published_organization"

    organization_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    fictional: Mapped[bool]
    source_slug: Mapped[str]
    document: Mapped[dict[str, Any]]


class PublishedService(Base):
    """What the public may see of a service, with the facts that lists are filtered by."""

    __tablename__ = "published_service"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), unique=True)
    organization_id: Mapped[str] = mapped_column(
        ForeignKey("published_organization.organization_id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    organization_name: Mapped[str]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    cost: Mapped[str | None]  # free or paid; null: not known
    hours_known: Mapped[bool]
    place_known: Mapped[bool]  # False: it meets somewhere, but where is not known or not shown
    status: Mapped[str]
    checked_on: Mapped[date | None]
    due_on: Mapped[date | None]
    stale_on: Mapped[date | None] = mapped_column(index=True)
    fictional: Mapped[bool]
    document: Mapped[dict[str, Any]]

    places: Mapped[list[PublishedPlace]] = relationship(cascade="all, delete-orphan")


class PublishedPlace(Base):
    """Where a service is given, as far as the public may see: a point, a ward's middle, or an area's code."""

    __tablename__ = "published_place"
    __table_args__ = (Index("ix_published_place_grid", "easting", "northing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    published_service_id: Mapped[int] = mapped_column(
        ForeignKey("published_service.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str | None]
    postcode: Mapped[str | None]
    precision: Mapped[str]
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    lsoa_code: Mapped[str | None]
    ward_code: Mapped[str | None] = mapped_column(index=True)
    authority_code: Mapped[str | None] = mapped_column(index=True)


class PublishedTerm(Base):
    """A term of a published service or of its organisation. The taxonomy's name is the facet."""

    __tablename__ = "published_term"
    __table_args__ = (Index("ix_published_term_facet_code", "facet", "code"),)

    published_service_id: Mapped[int] = mapped_column(
        ForeignKey("published_service.id", ondelete="CASCADE"), primary_key=True
    )
    facet: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)


class PublishedArea(Base):
    """The code of an area that a published service covers."""

    __tablename__ = "published_area"

    published_service_id: Mapped[int] = mapped_column(
        ForeignKey("published_service.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True, index=True)


class PublishedOpening(Base):
    """A span of an ordinary week, in minutes of the day, when a published service is open."""

    __tablename__ = "published_opening"
    __table_args__ = (Index("ix_published_opening_span", "weekday", "opens_minute", "closes_minute"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    published_service_id: Mapped[int] = mapped_column(
        ForeignKey("published_service.id", ondelete="CASCADE"), index=True
    )
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]
    every_week: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class PublishedText(Base):
    """The words of a published service. Each database keeps its own full-text index of this table."""

    __tablename__ = "published_text"

    published_service_id: Mapped[int] = mapped_column(
        ForeignKey("published_service.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str]
    organization_name: Mapped[str]
    terms: Mapped[str]
    description: Mapped[str]


class PublishedWord(Base):
    """A word of the published texts as it is written, not its stem, and in how many services it stands.

    Words that are spelled wrongly are compared with these. Whoever publishes keeps them in step.
    """

    __tablename__ = "published_word"

    word: Mapped[str] = mapped_column(primary_key=True)
    services: Mapped[int]


class PublishedLink(Base):
    """A published service at one of its places, as the open data has it: a thing with an identifier."""

    __tablename__ = "published_link"

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    published_service_id: Mapped[int] = mapped_column(
        ForeignKey("published_service.id", ondelete="CASCADE"), index=True
    )
    published_place_id: Mapped[int | None] = mapped_column(
        ForeignKey("published_place.id", ondelete="CASCADE"), index=True
    )
    location_id: Mapped[str] = mapped_column(Uuid(as_uuid=False))


class PublishedValue(Base):
    """Something that the open data can say only by a term, such as a telephone number or a language."""

    __tablename__ = "published_value"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        ForeignKey("published_organization.organization_id", ondelete="CASCADE"), index=True
    )
    published_service_id: Mapped[int | None] = mapped_column(
        ForeignKey("published_service.id", ondelete="CASCADE"), index=True
    )
    term_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    taxonomy: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]


class PublishedChange(Base):
    """When what the public may see of an organisation or service was first published, and last changed."""

    __tablename__ = "published_change"

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    organization_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    checksum: Mapped[str]
    first_published: Mapped[datetime]
    last_modified: Mapped[datetime] = mapped_column(index=True)


class Publication(Base):
    """When the public copy last changed. One row: whoever publishes waits here for whoever came first."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime]
