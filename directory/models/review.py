"""What waits for a navigator: submissions, claims, reports, flags; and what was done about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Uuid, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, Id, owner, utc_now

# While the status is one of these, whoever sent a submission may still change it.
OPEN_STATUSES = ("draft", "question")


class Submission(Base):
    """A record as somebody wants it to be: an Open Referral UK document that nobody has accepted yet.

    The kind is new, change or import; the status is draft, submitted, question, approved, rejected or
    withdrawn. `base_number` is the revision that the document started from, so that an approval cannot undo
    what was accepted meanwhile. `version` counts every change, so that of two reviewers the second is told.
    """

    __tablename__ = "submission"

    id: Mapped[Id]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(default="draft", index=True)
    organization_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    base_number: Mapped[int | None]
    document: Mapped[dict[str, Any]]
    pages_done: Mapped[list[Any]] = mapped_column(default=list)
    unfinished: Mapped[dict[str, Any]] = mapped_column(default=dict)
    authority_code: Mapped[str | None] = mapped_column(index=True)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    decision_reason: Mapped[str | None]
    bulk_action_id: Mapped[str | None] = mapped_column(ForeignKey("bulk_action.id"))
    version: Mapped[int] = mapped_column(default=1)

    messages: Mapped[list[Message]] = relationship(
        cascade="all, delete-orphan", order_by="Message.written_at, Message.id"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @hybrid_property
    def is_by_link(self) -> bool:
        """Whether it is a change that was begun by the link of a reminder, without an account."""
        return self.kind == "change" and self.account_id is None

    @is_by_link.inplace.expression
    @classmethod
    def _is_by_link(cls) -> ColumnElement[bool]:
        return and_(cls.kind == "change", cls.account_id.is_(None))


class Message(Base):
    """One letter of the correspondence about a submission. `author` is navigator or submitter."""

    __tablename__ = "message"

    id: Mapped[Id]
    submission_id: Mapped[str] = owner("submission.id")
    author: Mapped[str]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=utc_now)


class Report(Base):
    """Something that a reader says is wrong or missing. The status is open, done or refused."""

    __tablename__ = "report"

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    service_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    about: Mapped[str]
    text: Mapped[str]
    email: Mapped[str | None]
    authority_code: Mapped[str | None] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="open", index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class BulkAction(Base):
    """Something done to many at once, with what is needed to undo it."""

    __tablename__ = "bulk_action"

    id: Mapped[Id]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    action: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]
    items: Mapped[list[Any]] = mapped_column(default=list)


class AuditEntry(Base):
    """One line of the audit log. Each holds the hash of the one before, and none can be changed."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    actor_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    action: Mapped[str] = mapped_column(index=True)
    entity: Mapped[str]
    entity_id: Mapped[str | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str]
    hash: Mapped[str]
