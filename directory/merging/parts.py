"""The parts of a document that are taken from one side together, and the lists that both sides share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from directory.matching.normalise import plain_names
from directory.registration.differences import plain
from directory.safekeeping.do_not_list import plain_form
from geodata.postcodes import find_postcode

Document = Mapping[str, Any]
# By the field whose checks speak for them (see `openreferral.fields`): names that belong together.
ORGANIZATION_ONE: Mapping[tuple[str, ...], str] = {
    ("name",): "name",
    ("alternate_name",): "name",
    ("description",): "description",
    ("email",): "contact",
    ("website",): "contact",
    ("uri",): "identifiers",
    ("logo",): "description",
    ("parent_organization_id",): "identifiers",
}
SERVICE_ONE: Mapping[tuple[str, ...], str] = {
    ("name",): "name",
    ("alternate_name",): "name",
    ("description",): "description",
    ("url",): "contact",
    ("email",): "contact",
    ("status",): "hours",
    ("alert",): "hours",
    ("schedules",): "hours",
    ("application_process",): "referral",
    ("cost_options", "fees"): "cost",
    ("minimum_age", "maximum_age"): "ages",
    ("accreditations",): "description",
    ("assured_date",): "name",
    ("notes",): "description",
    ("last_modified",): "name",
}
ORGANIZATION_LISTS = ("organization_identifiers", "phones", "contacts", "attributes")
SERVICE_LISTS = (
    *("phones", "contacts", "attributes", "languages", "funding", "service_areas"),
    "service_at_locations",
)


def key_of(name: str, item: Document) -> str:
    """What an item of a list is known by, on both sides: its number, its person, its place."""
    if name == "organization_identifiers":
        return _compact(f"{item.get('identifier_scheme')}{item.get('identifier')}")
    if name == "phones":
        number = str(item.get("number") or "")
        return plain_form("phone", number) or number
    if name == "contacts":
        person = plain_form("person", str(item.get("name") or ""))
        return person or str(item.get("email") or item.get("id"))
    if name == "service_at_locations":
        return place_key(item.get("location") or {})
    if name == "languages":
        return str(item.get("name") or "").casefold()
    return repr(plain(item))


def place_key(place: Document) -> str:
    """What a place of one service is known by: its postcode, or nothing but itself."""
    codes = (find_postcode(str(one.get("postal_code") or "")) for one in place.get("addresses") or [])
    return next((code for code in codes if code), str(place.get("id")))


def same_service(one: Document, other: Document) -> bool:
    """Whether two services of the two sides are one: the same name at the same place, or at none."""
    if _plain_name(str(one.get("name") or "")) != _plain_name(str(other.get("name") or "")):
        return False
    here, there = (
        {key_of("service_at_locations", link) for link in thing.get("service_at_locations") or []}
        for thing in (one, other)
    )
    return bool(here & there) or not (here or there)


@lru_cache(maxsize=1_000)
def _plain_name(name: str) -> str:
    return str(plain_names(pd.Series([name], dtype=str)).iloc[0]) or name


def says(thing: Document, names: tuple[str, ...]) -> dict[str, Any]:
    """What a thing says under some names, without what is empty."""
    return {name: thing[name] for name in names if thing.get(name) not in (None, "", [])}


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same, whatever their rows are called."""
    return bool(plain(one) == plain(other))


def without_ids(value: Any) -> Any:
    """A copy without identifiers of rows, so that it can stand beside the original."""
    if isinstance(value, Mapping):
        return {name: without_ids(item) for name, item in value.items() if name != "id"}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def by_id(items: list[Document] | None) -> dict[str, Document]:
    """Items by their identifier."""
    return {str(item["id"]): item for item in items or []}


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
