"""What became of referrals, as counts, and which services are full by them: no person, no words."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id, owner


class ReferralCount(Base):
    """How many referrals of a month to a service came to an outcome, by the navigator who counted them.

    `account_id` is empty where that account is there no longer: the counts stay.
    """

    __tablename__ = "referral_count"
    __table_args__ = (UniqueConstraint("service_id", "account_id", "month", "outcome"),)

    id: Mapped[Id]
    service_id: Mapped[str] = owner("service.id")
    account_id: Mapped[str | None] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    month: Mapped[date]
    outcome: Mapped[str]
    referrals: Mapped[int]


class ServiceFullness(Base):
    """Whether a service is full, by the last referrals that it turned away for that, and since when."""

    __tablename__ = "service_fullness"

    service_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    days: Mapped[list[Any]] = mapped_column(default=list)
    full_on: Mapped[date | None]
    free_on: Mapped[date | None]
