"""Grants that a funder says it made to an organisation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id, owner


class GrantAward(Base):
    """One grant, as its funder publishes it. It is no part of the record, which its organisation keeps."""

    __tablename__ = "grant_award"
    __table_args__ = (UniqueConstraint("source_id", "key", "organization_id"),)

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    key: Mapped[str]
    funder: Mapped[str]
    title: Mapped[str]
    amount: Mapped[float | None]
    currency: Mapped[str | None]
    awarded_on: Mapped[date | None]
    benefits: Mapped[str | None]
