"""The terms that a thing has: read, and set without touching those of other taxonomies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from directory.models import new_id
from directory.registration.answers import Document, set_or_drop


def codes_of(thing: Mapping[str, Any], taxonomy: str) -> list[str]:
    """The codes of a thing's terms of one taxonomy."""
    items = (item["taxonomy_term"] for item in _of(thing, taxonomy))
    return [words["term"] for words in items if words.get("term")]


def values_of(thing: Mapping[str, Any], taxonomy: str) -> dict[str, str]:
    """What is said beside the terms of one taxonomy, by code."""
    return {
        item["taxonomy_term"]["term"]: item["value"]
        for item in _of(thing, taxonomy)
        if item["taxonomy_term"].get("term") and item.get("value")
    }


def set_terms(
    thing: Document, taxonomy: str, codes: Collection[str], values: Mapping[str, str] | None = None
) -> None:
    """Give a thing these terms of a taxonomy. Words that no term fits stay: nobody was asked about them."""
    values = values or {}
    if list(codes) == codes_of(thing, taxonomy) and dict(values) == values_of(thing, taxonomy):
        return
    others = [item for item in thing.get("attributes") or [] if item.get("link_type") != taxonomy]
    known = {item["taxonomy_term"].get("term"): item for item in _of(thing, taxonomy)}
    words = [item for item in _of(thing, taxonomy) if not item["taxonomy_term"].get("term")]
    given = []
    for code in codes:
        item = dict(known.get(code) or _new(taxonomy, code))
        set_or_drop(item, value=values.get(code))
        given.append(item)
    set_or_drop(thing, attributes=[*others, *words, *given])


def _new(taxonomy: str, code: str) -> Document:
    return {"id": new_id(), "link_type": taxonomy, "taxonomy_term": {"term": code, "taxonomy": taxonomy}}


def _of(thing: Mapping[str, Any], taxonomy: str) -> list[Document]:
    items = thing.get("attributes") or []
    return [item for item in items if item.get("link_type") == taxonomy and item.get("taxonomy_term")]
