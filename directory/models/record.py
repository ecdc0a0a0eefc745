"""Where records came from, and every version of them that was accepted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, Id, owner, utc_now


class Source(Base):
    """Whoever a record or a data set came from, with the licence that goes with it."""

    __tablename__ = "source"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    publisher: Mapped[str | None]
    licence: Mapped[str | None]
    licence_url: Mapped[str | None]
    attribution: Mapped[str | None]
    address: Mapped[str | None]
    retrieved_on: Mapped[date | None]
    fictional: Mapped[bool] = mapped_column(default=False)
    declaration: Mapped[dict[str, Any] | None]
    refresh_days: Mapped[int | None]
    trust: Mapped[int] = mapped_column(default=50, server_default="50")


class ImportRun(Base):
    """One run of an import, with its counts.

    Its status is running, finished, interrupted or failed; of a refresh also partial, unchanged or waiting.
    """

    __tablename__ = "import_run"

    id: Mapped[Id]
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    file_name: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    finished_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="running")
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    not_understood: Mapped[int] = mapped_column(default=0)
    not_wanted: Mapped[int] = mapped_column(default=0, server_default="0")
    gone: Mapped[int] = mapped_column(default=0, server_default="0")
    detail: Mapped[str | None]

    source: Mapped[Source] = relationship()


class SourceRecord(Base):
    """What a source last said of one organisation: its checksum tells whether anything is new."""

    __tablename__ = "source_record"
    __table_args__ = (UniqueConstraint("source_id", "key"),)

    id: Mapped[Id]
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    key: Mapped[str]
    organization_id: Mapped[str] = owner("organization.id")
    checksum: Mapped[str]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("import_run.id"))
    gone_since: Mapped[date | None]


class ReviewFlag(Base):
    """Something about a record that a person should look at."""

    __tablename__ = "review_flag"

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    run_id: Mapped[str | None] = mapped_column(ForeignKey("import_run.id"))
    reason: Mapped[str] = mapped_column(index=True)
    message: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    outcome: Mapped[str | None]


class Revision(Base):
    """One accepted version of an organisation and its services, whole, as an Open Referral UK document."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("organization_id", "number"),)

    id: Mapped[Id]
    organization_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    number: Mapped[int]
    accepted_at: Mapped[datetime] = mapped_column(default=utc_now)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
    run_id: Mapped[str | None] = mapped_column(ForeignKey("import_run.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[str]
    document: Mapped[dict[str, Any]]


class Secret(Base):
    """A random text that is made once for a database and never leaves it."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
