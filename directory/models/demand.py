"""What people looked for and did not find, as counts: no person, no words, no moment."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class UnmetSearch(Base):
    """How many searches of a month found nothing, or next to nothing, in a place, of a kind of help."""

    __tablename__ = "unmet_search"

    month: Mapped[date] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    searches: Mapped[int]
