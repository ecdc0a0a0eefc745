"""The terms of the taxonomies, and the values that are said by terms, in the shape of the profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Taxonomy, TaxonomyTerm
from directory.openreferral.values import IN_WORDS, TAXONOMIES, Value, taxonomy_id, value_id

Shape = dict[str, Any]


@dataclass(frozen=True)
class Terms:
    """Every term of the taxonomies by taxonomy and code, in the shape of the profile."""

    terms: dict[tuple[str, str], Shape]
    taxonomies: list[Shape]

    def attribute(self, link_id: str, attribute: Shape) -> Shape | None:
        """A term given to something; None for words that no term fits, which are values."""
        named = attribute["taxonomy_term"]
        term = self.terms.get((attribute["link_type"], named.get("term", "")))
        if term is None:
            return None
        given = {"id": attribute["id"], "link_id": link_id, "taxonomy_term_id": term["id"]}
        return given | {"link_type": attribute["link_type"], "taxonomy_term": term}


def read_terms(session: Session) -> Terms:
    """The terms as they are now."""
    taxonomies = {taxonomy.id: taxonomy for taxonomy in session.scalars(select(Taxonomy))}
    rows = session.scalars(select(TaxonomyTerm).order_by(TaxonomyTerm.position, TaxonomyTerm.code))
    terms = {(taxonomies[row.taxonomy_id].name, row.code): _term(row, taxonomies) for row in rows}
    fixed = [_taxonomy(row.id, row.name, row.description) for row in taxonomies.values()]
    in_words = {
        f"{row.name}{IN_WORDS}": f"Words that no term of {row.name} fits." for row in taxonomies.values()
    }
    ours = [_taxonomy(taxonomy_id(name), name, text) for name, text in {**TAXONOMIES, **in_words}.items()]
    return Terms(terms, sorted([*fixed, *ours], key=lambda one: str(one["id"])))


def value_term(taxonomy: str, name: str) -> Shape:
    """A value as a term."""
    own = {"id": value_id(taxonomy, name), "name": name, "description": f"{taxonomy.capitalize()}: {name}"}
    return own | {"taxonomy": taxonomy, "taxonomy_id": taxonomy_id(taxonomy)}


def value_attribute(value: Value) -> Shape:
    """A value given to something."""
    given = {"id": value_id(value.link_id, f"{value.taxonomy}\n{value.name}"), "link_id": value.link_id}
    term = value_term(value.taxonomy, value.name)
    return given | {"taxonomy_term_id": term["id"], "link_type": value.taxonomy, "taxonomy_term": term}


def _taxonomy(key: str, name: str, description: str) -> Shape:
    return {"id": key, "name": name, "description": description or f"The taxonomy {name}."}


def _term(row: TaxonomyTerm, taxonomies: dict[str, Taxonomy]) -> Shape:
    shape = {
        "id": row.id,
        "name": row.name,
        "description": row.description or row.name,
        "parent_id": row.parent_id,
        "taxonomy": taxonomies[row.taxonomy_id].name,
        "taxonomy_id": row.taxonomy_id,
        "term": row.code,
    }
    return {name: value for name, value in shape.items() if value is not None}
