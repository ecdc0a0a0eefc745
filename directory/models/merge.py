"""Records that may be of one organisation, and records that were joined, with all that brings them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id, owner, utc_now


class MatchedPair(Base):
    """Two records that may be of one organisation, and what was decided about them.

    The state is waiting, later, same, not_same or undone. The keys are by what each is known when it comes
    again under another identifier; reasons are pairs of words and whether they rest on what is withheld.
    """

    __tablename__ = "matched_pair"
    __table_args__ = (UniqueConstraint("left_id", "right_id"),)

    id: Mapped[Id]
    left_id: Mapped[str] = mapped_column(Uuid(as_uuid=False))
    right_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    probability: Mapped[float]
    sure: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    found_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    left_keys: Mapped[list[Any]] = mapped_column(default=list)
    right_keys: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class OrganizationMerge(Base):
    """One record (`gone_id`) joined into another (`organization_id`), with both as they were before.

    The way is automatic or person. `number` is the version of the kept record that it made, `undone_number`
    the one that its undoing made. `choices` say by field which of both was taken, `rows` which rows moved.
    """

    __tablename__ = "organization_merge"

    id: Mapped[Id]
    organization_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    gone_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    pair_id: Mapped[str | None] = mapped_column(ForeignKey("matched_pair.id", ondelete="SET NULL"))
    way: Mapped[str]
    merged_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    number: Mapped[int]
    kept_document: Mapped[dict[str, Any]]
    gone_document: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rows: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    undone_number: Mapped[int | None]


class MergedId(Base):
    """By which identifier an organisation or service is found that was joined into another."""

    __tablename__ = "merged_id"

    old_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    new_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    merge_id: Mapped[str] = owner("organization_merge.id")
