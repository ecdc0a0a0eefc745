"""What must not be listed, and the files that people send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id, owner, utc_now


class DoNotList(Base):
    """Something that must not come back, as a keyed hash: the register names nobody.

    The kind is org_id, name_postcode, email, phone or person.
    """

    __tablename__ = "do_not_list"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

    id: Mapped[Id]
    kind: Mapped[str]
    digest: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime] = mapped_column(default=utc_now)
    added_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class Upload(Base):
    """A logo or a document that an organisation sent, made anew by us from what it showed.

    Kept in the database, so that every web process has it and a backup holds it.
    """

    __tablename__ = "upload"

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    kind: Mapped[str]
    title: Mapped[str]
    content_type: Mapped[str]
    checksum: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    uploaded_at: Mapped[datetime] = mapped_column(default=utc_now)
    approved_at: Mapped[datetime | None]
