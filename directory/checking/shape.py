"""Is a thing of a feed made as the profile says? Every fault with its JSON path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from directory.checking.findings import Finding
from directory.openreferral import profile

# The lists of the profile: what each has in a page, and what each thing is when it is asked for alone.
LISTS: Mapping[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "services": (profile.ServiceBrief, profile.Service),
    "organizations": (profile.OrganizationBrief, profile.Organization),
    "service_at_locations": (profile.ServiceAtLocationBrief, profile.ServiceAtLocation),
    "taxonomies": (profile.Taxonomy, profile.Taxonomy),
    "taxonomy_terms": (profile.TaxonomyTerm, profile.TaxonomyTerm),
}
_MESSAGES = {"uuid": "UUID", "uri": "address of the web", "email": "e-mail", "moment": "date and time"}
LONGEST = 80


def check_shape(thing: Any, model: type[BaseModel], path: str, where: str = "") -> Iterator[Finding]:
    """Every fault of a thing against its model."""
    try:
        model.model_validate(thing)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            yield Finding(_rule(item), _path(path, item), _message(item), where)


def kind_of(thing: Mapping[str, Any]) -> str:
    """In which list a thing would stand, by its fields."""
    names = set(thing)
    if {"location", "location_id"} & names and "status" not in names:
        return "service_at_locations"
    if "status" in names or "organization" in names or "schedules" in names:
        return "services"
    if {"taxonomy_terms", "version"} & names:
        return "taxonomies"
    if {"taxonomy", "taxonomy_id", "term", "parent_id"} & names:
        return "taxonomy_terms"
    return "organizations"


def _rule(item: ErrorDetails) -> str:
    kind = item["type"]
    if kind == "missing":
        return "required"
    if kind == "extra_forbidden":
        return "extra-field"
    if item["input"] is None:
        return "null"
    if kind == "literal_error":
        return "choice"
    if kind == "value_error":
        return next((rule for rule, word in _MESSAGES.items() if word in item["msg"]), "type")
    return "type"


def _path(path: str, item: ErrorDetails) -> str:
    return path + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"])


def _message(item: ErrorDetails) -> str:
    message = item["msg"].removeprefix("Value error, ").rstrip(".")
    if item["type"] in ("missing", "extra_forbidden") or item["input"] is None:
        return f"{message}."
    return f"{message}: {shown(item['input'])}."


def shown(value: Any) -> str:
    """A value as a report shows it: short."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026"
