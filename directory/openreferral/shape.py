"""Is a document made as documents are: lists where lists belong, each thing with an identifier of its own?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

LISTS = frozenset(
    (
        *("services", "organization_identifiers", "phones", "contacts", "attributes", "schedules"),
        *("service_areas", "service_at_locations", "languages", "cost_options", "funding", "addresses"),
        "accessibility",
    )
)
OBJECTS = frozenset({"location", "taxonomy_term"})
# The one text without which a thing says nothing.
NEEDED = {"phones": "number", "languages": "name", "funding": "source", "accessibility": "description"}
MAIN = ("organization", "services")
_IN_ACCESSIBILITY = re.compile(r"\.accessibility\[\d+\]$")


@dataclass(frozen=True)
class Problem:
    """Something wrong with a document. A fatal one keeps it out; another is flagged for review."""

    path: str
    message: str
    fatal: bool = True


def check_shape(thing: Mapping[str, Any], path: str = "$") -> Iterator[Problem]:
    """Whatever stands where another kind of thing belongs, and texts that no database can store."""
    for name, value in thing.items():
        place = f"{path}.{name}"
        if value is None:
            continue
        # Within an item of accessibility the standard has a text of the same name.
        if name in LISTS and not (
            name == "accessibility" and isinstance(value, str) and _IN_ACCESSIBILITY.search(path)
        ):
            if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
                yield Problem(place, "This must be a list of objects.")
                continue
            for i, item in enumerate(value):
                yield from check_shape(item, f"{place}[{i}]")
        elif name in OBJECTS:
            if isinstance(value, Mapping):
                yield from check_shape(value, place)
            else:
                yield Problem(place, "This must be an object.")
        elif isinstance(value, Mapping | list):
            yield Problem(place, "This must be one text or number, not a list or an object.")
        elif isinstance(value, str) and not _is_storable(value):
            yield Problem(place, "It has a character that cannot be stored. Take it out.")


def check_things(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Identifiers that are missing, badly made or used twice, and things that say nothing."""
    seen: dict[tuple[str, str], str] = {}
    for path, kind, thing in _things(document, "$", "organization", set()):
        identifier = thing.get("id")
        if identifier is None:
            if kind in MAIN:
                yield Problem(f"{path}.id", "There is no identifier. Give a UUID.")
        elif not is_uuid(identifier):
            yield Problem(f"{path}.id", f"{identifier!r} is not a UUID in lower case.")
        elif (kind, identifier) in seen:
            yield Problem(
                f"{path}.id", f"The identifier {identifier} is used twice: first at {seen[kind, identifier]}."
            )
        else:
            seen[kind, identifier] = path
        needed = NEEDED.get(kind)
        if needed and not thing.get(needed):
            yield Problem(f"{path}.{needed}", f"There is no {needed}. Give one, or leave the entry out.")


def is_uuid(text: object) -> bool:
    """Whether a text is a UUID as databases write it: one way of writing, so that equal means the same."""
    try:
        return str(UUID(str(text))) == text
    except ValueError:
        return False


Thing = tuple[str, str, Mapping[str, Any]]


def _things(thing: Mapping[str, Any], path: str, kind: str, places: set[str]) -> Iterator[Thing]:
    """Everything that becomes a row. A place that several services share is one thing."""
    if kind == "location" and thing.get("id") is not None:
        if str(thing["id"]) in places:
            return
        places.add(str(thing["id"]))
    yield path, kind, thing
    for name, value in thing.items():
        if name in LISTS and isinstance(value, list):
            for i, item in enumerate(value):
                yield from _things(item, f"{path}.{name}[{i}]", name, places)
        elif name == "location" and value is not None:
            yield from _things(value, f"{path}.location", "location", places)


def _is_storable(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text))
