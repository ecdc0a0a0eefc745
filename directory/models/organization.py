"""Organisations, and the people and numbers by which they are reached."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Uuid, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from directory.models.base import Base, Id, owner, utc_now
from directory.models.taxonomy import Attribute

if TYPE_CHECKING:
    from directory.models.service import Service


class Organization(Base):
    """A community, faith, voluntary or other organisation, an informal group, or a key individual."""

    __tablename__ = "organization"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(index=True)
    alternate_name: Mapped[str | None]
    description: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    uri: Mapped[str | None]
    logo: Mapped[str | None]
    parent_organization_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    fictional: Mapped[bool] = mapped_column(default=False)
    last_modified: Mapped[datetime] = mapped_column(default=utc_now)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"), index=True)

    identifiers: Mapped[list[OrganizationIdentifier]] = relationship(cascade="all, delete-orphan")
    phones: Mapped[list[Phone]] = relationship(cascade="all, delete-orphan")
    contacts: Mapped[list[Contact]] = relationship(cascade="all, delete-orphan")
    services: Mapped[list[Service]] = relationship(
        back_populates="organization", cascade="all, delete-orphan", order_by="Service.name"
    )
    attributes: Mapped[list[Attribute]] = relationship(
        primaryjoin=lambda: and_(
            foreign(Attribute.link_id) == Organization.id, Attribute.link_entity == "organization"
        ),
        cascade="all, delete-orphan",
        overlaps="attributes",
    )


class OrganizationIdentifier(Base):
    """A public identifier. Scheme and number together make the org-id, such as GB-CHC-1234567."""

    __tablename__ = "organization_identifier"

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    identifier_scheme: Mapped[str]
    identifier_type: Mapped[str] = mapped_column(default="")
    identifier: Mapped[str] = mapped_column(index=True)

    @property
    def org_id(self) -> str:
        """The identifier as org-id.guide writes it."""
        return f"{self.identifier_scheme}-{self.identifier}"


class Contact(Base):
    """A person or a desk. Named to the public only with a recorded consent."""

    __tablename__ = "contact"

    id: Mapped[Id]
    organization_id: Mapped[str | None] = owner("organization.id", nullable=True)
    service_id: Mapped[str | None] = owner("service.id", nullable=True)
    name: Mapped[str | None]
    title: Mapped[str | None]
    email: Mapped[str | None]
    consent_date: Mapped[date | None]
    consent_scope: Mapped[str | None]

    phones: Mapped[list[Phone]] = relationship(cascade="all, delete-orphan")


class Phone(Base):
    """A telephone number of an organisation, a service or a contact."""

    __tablename__ = "phone"

    id: Mapped[Id]
    organization_id: Mapped[str | None] = owner("organization.id", nullable=True)
    service_id: Mapped[str | None] = owner("service.id", nullable=True)
    contact_id: Mapped[str | None] = owner("contact.id", nullable=True)
    number: Mapped[str]
    description: Mapped[str | None]
