"""What the tables of terms, phrases and geography hold, as one word each: another word, another content."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class ReferenceState(Base):
    """The state of a table of reference. The database itself gives it a new random token with each change."""

    __tablename__ = "reference_state"

    name: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
