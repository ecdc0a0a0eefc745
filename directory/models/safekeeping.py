"""What must not be listed, and the files that people send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id, owner, utc_now


class DoNotList(Base):
    """Something that must not come back, as a keyed hash: the register names nobody.

    The kind is org_id, name_postcode, email, phone, person, or consent: a person who took consent back, to
    be shown again only with a consent of a later day than `added_at`.
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
    text: Mapped[str] = mapped_column(default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    uploaded_at: Mapped[datetime] = mapped_column(default=utc_now)
    approved_at: Mapped[datetime | None]


class ApproximatePlace(Base):
    """The area that stands for a place whose address is withheld, fixed when it was first published.

    New boundaries do not change it: two areas that share the place would say more than one.
    """

    __tablename__ = "approximate_place"

    location_id: Mapped[str] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), primary_key=True)
    area_code: Mapped[str] = mapped_column(index=True)
    area_name: Mapped[str]
    easting: Mapped[int]  # of the point that stands for the area
    northing: Mapped[int]
    place_easting: Mapped[int]  # of the place itself, when this was fixed
    place_northing: Mapped[int]
    fixed_at: Mapped[datetime] = mapped_column(default=utc_now)


class Unprotection(Base):
    """A person's decision to show more of a place than before. What was hidden until then is no longer held.

    `number` is the version of the record that it made.
    """

    __tablename__ = "unprotection"

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    location_id: Mapped[str] = mapped_column(Uuid(as_uuid=False))
    number: Mapped[int]
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    done_at: Mapped[datetime] = mapped_column(default=utc_now)
