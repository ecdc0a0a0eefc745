"""The language of the field: phrases that people use, and what else to look for."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, Id


class Phrase(Base):
    """A phrase that widens a search. `words` and `terms` are lists, parted by semicolons.

    A term is written as its taxonomy and code, such as group:gang-affected.
    """

    __tablename__ = "phrase"

    id: Mapped[Id]
    phrase: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)  # the phrase in plain words, by which it is known again
    words: Mapped[str] = mapped_column(default="")
    terms: Mapped[str] = mapped_column(default="")
    retired_on: Mapped[date | None]
