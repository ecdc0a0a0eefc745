"""What coverage was on some days, so that a change can be seen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, utc_now


class CoverageSnapshot(Base):
    """One taking of the figures. There is one a day: a later one of the same day takes its place."""

    __tablename__ = "coverage_snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    taken_on: Mapped[date] = mapped_column(unique=True)
    taken_at: Mapped[datetime] = mapped_column(default=utc_now)
    reason: Mapped[str]
    within_metres: Mapped[int]
    people_measure: Mapped[str]


class CoverageFigure(Base):
    """The figures of a place and a kind of help on that day: for anybody, at any time."""

    __tablename__ = "coverage_figure"

    snapshot_id: Mapped[int] = mapped_column(
        ForeignKey("coverage_snapshot.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[str] = mapped_column(primary_key=True, index=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[float]
    covered_known: Mapped[float]
    covered_possible: Mapped[float]
    gap_known: Mapped[float]
    gap_possible: Mapped[float]
    known: Mapped[int | None]
    possible: Mapped[int | None]
    service_ids: Mapped[list[Any] | None]
