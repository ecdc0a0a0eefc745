"""Taxonomies, their terms, and the attributes that give terms to things."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.models.base import Base, Id


class Taxonomy(Base):
    """A list of terms, such as the categories of intervention."""

    __tablename__ = "taxonomy"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")

    terms: Mapped[list[TaxonomyTerm]] = relationship(
        back_populates="taxonomy", order_by="TaxonomyTerm.position", cascade="all, delete-orphan"
    )


class TaxonomyTerm(Base):
    """One term. Its code is short and stable; its name and synonyms are an administrator's to edit."""

    __tablename__ = "taxonomy_term"
    __table_args__ = (UniqueConstraint("taxonomy_id", "code"),)

    id: Mapped[Id]
    taxonomy_id: Mapped[str] = mapped_column(ForeignKey("taxonomy.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("taxonomy_term.id"))
    synonyms: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)

    taxonomy: Mapped[Taxonomy] = relationship(back_populates="terms")


class Attribute(Base):
    """A term given to an organisation, service or location; or words that no term fits, kept as they came."""

    __tablename__ = "attribute"

    id: Mapped[Id]
    link_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), index=True)
    link_entity: Mapped[str]
    link_type: Mapped[str]
    taxonomy_term_id: Mapped[str | None] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    value: Mapped[str | None]

    term: Mapped[TaxonomyTerm | None] = relationship(lazy="joined")
