"""From words in a cell to attributes: terms of the taxonomy, or the words as they came."""

from __future__ import annotations

from typing import Any

from directory.sources.cells import Cells
from directory.sources.identity import stable_id
from directory.sources.terms import read_terms

# The column of the template that holds each taxonomy's words, where the two differ.
_COLUMNS = {"group": "groups", "network": "networks"}


def attributes_of(
    cells: Cells, taxonomy: str, owner_id: str, *, keep_unknown: bool = True
) -> list[dict[str, Any]]:
    """The attributes of one taxonomy that a row gives. Unknown words have a name and no term."""
    key = _COLUMNS.get(taxonomy, taxonomy)
    codes, unknown = read_terms(taxonomy, cells.text(key))
    attributes = [_attribute(owner_id, taxonomy, {"term": code, "taxonomy": taxonomy}) for code in codes]
    if keep_unknown:
        for words in unknown:
            cells.unknown(
                key, words, "Kept as text; it is no word of the taxonomy, so nobody can filter by it."
            )
            attributes.append(_attribute(owner_id, taxonomy, {"name": words, "taxonomy": taxonomy}))
    return attributes


def _attribute(owner_id: str, taxonomy: str, term: dict[str, str]) -> dict[str, Any]:
    word = term.get("term") or term["name"]
    return {
        "id": stable_id(owner_id, "attribute", taxonomy, word),
        "link_type": taxonomy,
        "taxonomy_term": term,
    }
