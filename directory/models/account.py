"""Accounts: who may sign in, what they are, and which organisations and authorities they look after.

The mixins are Flask-Security's. They say what it asks of an account and of a role, and hold no request.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint, Uuid
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, Id, new_id, owner, utc_now
from directory.models.organization import Organization

ROLES = ("member", "navigator", "commissioner", "administrator")
# Whoever can see what is withheld must sign in with two things: one password is soon lost.
TWO_FACTOR_ROLES = frozenset({"navigator", "administrator"})

account_role = Table(
    "account_role",
    Base.metadata,
    Column("account_id", Uuid(as_uuid=False), ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Uuid(as_uuid=False), ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """What an account is: one of `ROLES`. What each may do is said in `directory.permissions`."""

    __tablename__ = "role"

    id: Mapped[Id]  # type: ignore[assignment]  # the mixin thinks of numbers, and does not mind texts
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")


class Account(Base, UserMixin):
    """Somebody who can sign in. `user` is a word of PostgreSQL's own, so the table has another name."""

    __tablename__ = "account"

    id: Mapped[Id]  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    # All sessions carry it: a new one signs the account out everywhere.
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=new_id)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_phone_number: Mapped[str | None]
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))

    # Loaded when they are asked for, so that looking an address up takes as long whether or not it is there.
    roles: Mapped[list[Role]] = relationship(secondary=account_role)  # type: ignore[assignment]
    patches: Mapped[list[NavigatorPatch]] = relationship(cascade="all, delete-orphan")
    memberships: Mapped[list[Membership]] = relationship(
        cascade="all, delete-orphan", back_populates="account"
    )

    def check_tf_required_setup(self) -> bool:
        """Whether the account must have a second factor, and cannot switch it off."""
        return any(role.name in TWO_FACTOR_ROLES for role in self.roles)


class NavigatorPatch(Base):
    """An authority that a navigator looks after."""

    __tablename__ = "navigator_patch"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    authority_code: Mapped[str] = mapped_column(primary_key=True)


class Membership(Base):
    """An account that may change an organisation's record. One of an organisation's members is its lead."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organization_id"),)

    id: Mapped[Id]
    account_id: Mapped[str] = owner("account.id")
    organization_id: Mapped[str] = owner("organization.id")
    is_lead: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime] = mapped_column(default=utc_now)

    account: Mapped[Account] = relationship(back_populates="memberships")
    organization: Mapped[Organization] = relationship()


class Claim(Base):
    """Somebody who says that an entry is theirs, and how they prove it.

    The method is email (at the organisation's own domain), post or telephone (a code that a navigator sends
    or reads out) or dispute (somebody holds it already). The status is open, granted, refused or expired.
    """

    __tablename__ = "claim"

    id: Mapped[Id]
    organization_id: Mapped[str] = owner("organization.id")
    account_id: Mapped[str] = owner("account.id")
    method: Mapped[str]
    status: Mapped[str] = mapped_column(default="open", index=True)
    code_hash: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    statement: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    organization: Mapped[Organization] = relationship()

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class AccountSession(Base):
    """One signed-in browser, so that each can be seen and ended by itself."""

    __tablename__ = "account_session"

    id: Mapped[Id]
    account_id: Mapped[str] = owner("account.id")
    token_hash: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None]


class SavedSearch(Base):
    """A question that somebody wants to be told about when its answer changes."""

    __tablename__ = "saved_search"

    id: Mapped[Id]
    account_id: Mapped[str] = owner("account.id")
    name: Mapped[str]
    question: Mapped[str]  # the arguments of the address
    alert: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    looked_at: Mapped[datetime | None]
    seen: Mapped[list[Any]] = mapped_column(default=list)  # [service_id, last_modified] of the last answer
