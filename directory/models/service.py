"""Services: what is offered, to whom, when, where and at what cost."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from directory.models.base import Base, Id, owner, utc_now
from directory.models.organization import Contact, Organization, Phone
from directory.models.taxonomy import Attribute

if TYPE_CHECKING:
    from directory.models.location import Location


class Service(Base):
    """Something an organisation offers. A fact that is absent is not known; it is never taken as none."""

    __tablename__ = "service"

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str | None]
    url: Mapped[str | None]
    email: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="active")
    alert: Mapped[str | None]
    application_process: Mapped[str | None]
    fees: Mapped[str | None]
    accreditations: Mapped[str | None]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    assured_date: Mapped[date | None]
    notes: Mapped[str | None]
    fictional: Mapped[bool] = mapped_column(default=False)
    last_modified: Mapped[datetime] = mapped_column(default=utc_now)

    organization: Mapped[Organization] = relationship(back_populates="services")
    schedules: Mapped[list[Schedule]] = relationship(
        cascade="all, delete-orphan", order_by="Schedule.position"
    )
    service_areas: Mapped[list[ServiceArea]] = relationship(cascade="all, delete-orphan")
    service_at_locations: Mapped[list[ServiceAtLocation]] = relationship(cascade="all, delete-orphan")
    cost_options: Mapped[list[CostOption]] = relationship(cascade="all, delete-orphan")
    languages: Mapped[list[Language]] = relationship(cascade="all, delete-orphan", order_by="Language.name")
    contacts: Mapped[list[Contact]] = relationship(cascade="all, delete-orphan")
    phones: Mapped[list[Phone]] = relationship(cascade="all, delete-orphan")
    funding: Mapped[list[Funding]] = relationship(cascade="all, delete-orphan")
    attributes: Mapped[list[Attribute]] = relationship(
        primaryjoin=lambda: and_(
            foreign(Attribute.link_id) == Service.id, Attribute.link_entity == "service"
        ),
        cascade="all, delete-orphan",
        overlaps="attributes",
    )


class ServiceAtLocation(Base):
    """A service given at a place."""

    __tablename__ = "service_at_location"

    id: Mapped[Id]
    service_id: Mapped[str] = owner("service.id")
    location_id: Mapped[str] = owner("location.id")

    location: Mapped[Location] = relationship()


class Schedule(Base):
    """When a service is open, as a recurrence. Without a frequency it is text that nobody could parse."""

    __tablename__ = "schedule"

    id: Mapped[Id]
    service_id: Mapped[str] = owner("service.id")
    position: Mapped[int] = mapped_column(default=0)
    freq: Mapped[str | None]
    interval: Mapped[int | None]
    byday: Mapped[str | None]
    bymonthday: Mapped[str | None]
    dtstart: Mapped[date | None]
    until: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    opens_at: Mapped[str | None]
    closes_at: Mapped[str | None]
    description: Mapped[str | None]
    notes: Mapped[str | None]
    attending_type: Mapped[str | None]
    schedule_link: Mapped[str | None]


class ServiceArea(Base):
    """An area a service covers, by official code where one is known, or by name alone."""

    __tablename__ = "service_area"

    id: Mapped[Id]
    service_id: Mapped[str] = owner("service.id")
    name: Mapped[str | None]
    extent: Mapped[str | None] = mapped_column(index=True)
    extent_type: Mapped[str | None]
    uri: Mapped[str | None]


class CostOption(Base):
    """What a service costs, in pounds. Nought means free; no row means not known."""

    __tablename__ = "cost_option"

    id: Mapped[Id]
    service_id: Mapped[str] = owner("service.id")
    option: Mapped[str | None]
    amount: Mapped[float | None]
    amount_description: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Language(Base):
    """A language in which a service is given."""

    __tablename__ = "language"

    id: Mapped[Id]
    service_id: Mapped[str] = owner("service.id")
    name: Mapped[str]
    code: Mapped[str | None]


class Funding(Base):
    """Who pays for a service."""

    __tablename__ = "funding"

    id: Mapped[Id]
    service_id: Mapped[str] = owner("service.id")
    source: Mapped[str]
