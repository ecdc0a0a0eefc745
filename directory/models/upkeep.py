"""What keeps records fresh: checks of fields, reminders, links, letters to send."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id, owner, utc_now


class FieldCheck(Base):
    """Who last said that a field is right, and when.

    `entity_id` is the organisation or one of its services. The way is self, navigator, register or import.
    """

    __tablename__ = "field_check"

    organization_id: Mapped[str] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    entity_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str]
    checked_on: Mapped[date]
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))


class Reminder(Base):
    """How far the asking of an organisation has come. `stage` counts the letters since the last answer."""

    __tablename__ = "reminder"

    organization_id: Mapped[str] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    due_on: Mapped[date] = mapped_column(index=True)
    stage: Mapped[int] = mapped_column(default=0)
    sent_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]
    stale_since: Mapped[date | None]
    links_void: Mapped[int] = mapped_column(default=0)


class LinkCheck(Base):
    """What became of a web address when it was last tried: ok, dead, unclear, or not tried and why."""

    __tablename__ = "link_check"

    url: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    tried_at: Mapped[datetime] = mapped_column(default=utc_now)
    failures: Mapped[int] = mapped_column(default=0)


class OutboxMessage(Base):
    """A letter to be sent, sent, or given up. The status is queued, sending, sent or failed.

    `key` says what the letter is about: the same one cannot be queued twice.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_due", "status", "next_attempt_at"),)

    id: Mapped[Id]
    key: Mapped[str | None] = mapped_column(unique=True)
    recipient: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    organization_id: Mapped[str | None] = owner("organization.id", nullable=True)
    status: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    next_attempt_at: Mapped[datetime] = mapped_column(default=utc_now)
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
