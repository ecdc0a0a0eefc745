"""Bring what a feed says into the shape of an organisation document, and say what was changed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from directory.openreferral.check import BRITAIN
from directory.sources.cells import RowRejectedError
from directory.sources.entry import Flag, NotUnderstood
from directory.sources.identity import stable_id
from directory.sources.terms import load_words
from directory.sources.tidy_schedule import tidy_schedule
from geodata.postcodes import normalise_postcode

# The lists of objects that a document may hold, and the single objects within them.
LISTS = frozenset(
    (
        *("organization_identifiers", "phones", "contacts", "attributes", "schedules", "service_areas"),
        *("service_at_locations", "languages", "cost_options", "funding", "addresses", "accessibility"),
    )
)
OBJECTS = frozenset({"location", "taxonomy_term"})
NUMBERS = frozenset({"latitude", "longitude", "minimum_age", "maximum_age", "amount"})
WHOLE = frozenset({"minimum_age", "maximum_age"})
DATES = frozenset({"assured_date", "consent_date"})
LOCATION_TYPES = ("physical", "postal", "virtual")


class Tidying:
    """The tidying of one item: collects what a person should look at and what no field holds."""

    def __init__(self, number: int, path: str, source: str) -> None:
        self.number, self.path, self.source = number, path, source
        self.flags: list[Flag] = []
        self.not_understood: list[NotUnderstood] = []
        self.notes: list[str] = []
        self.made_identifiers: set[str] = set()

    def flag(self, field: str, message: str) -> None:
        """Ask a person to look at a field."""
        self.flags.append(Flag(self.number, f"{self.path}: {field}", message))

    def tidy(self, thing: Mapping[str, Any], where: str = "") -> dict[str, Any]:
        """An object without nulls, with proper identifiers and values of the right kind, at every depth."""
        found: dict[str, Any] = {}
        for name, value in thing.items():
            place = f"{where}{name}"
            if name == "id" or value is None or value in ("", [], {}):
                continue
            # Within an item of accessibility the standard has a text of the same name.
            if name in LISTS and not (name == "accessibility" and isinstance(value, str)):
                found[name] = self._list(value, place)
            elif name in OBJECTS:
                found[name] = self._object(value, place)
            else:
                found |= self._scalar(name, value, place)
        # An identifier made of what the object holds would let anybody try out a hidden address.
        if where.endswith("taxonomy_term.") or thing.get("id") in (None, ""):
            return found
        return {"id": self.identifier(thing["id"], f"{where}id"), **found}

    def identifier(self, value: Any, place: str) -> str:
        """The UUID of an object: its own, or one made of its own identifier."""
        try:
            return str(UUID(value))
        except (ValueError, AttributeError, TypeError):
            self.flag(place, f"{value!r} is not a UUID; another identifier was made from it.")
            return self.made(stable_id(self.source, str(value)))

    def made(self, identifier: str) -> str:
        """Remember an identifier that was made here: whoever knows what of could make it again."""
        self.made_identifiers.add(identifier)
        return identifier

    def _list(self, value: Any, place: str) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise RowRejectedError(f"{self.path}: {place}", "This should be a list of objects.")
        shape = {
            "schedules": self._schedule,
            "attributes": self._attribute,
            "languages": self._language,
            "addresses": self._address,
        }.get(place.rpartition(".")[2])
        items = []
        for i, item in enumerate(value):
            within = f"{place}[{i}]."
            shaped = shape(item, within) if shape else item
            if shaped:
                items.append(self.tidy(shaped, within))
        return items

    def _object(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise RowRejectedError(f"{self.path}: {place}", "This should be an object.")
        shaped = self._location(value, f"{place}.") if place.endswith("location") else value
        return self.tidy(shaped, f"{place}.")

    def _scalar(self, name: str, value: Any, place: str) -> dict[str, Any]:
        if isinstance(value, dict | list):
            self._keep(place, value)
            return {}
        if name in NUMBERS:
            number = as_number(value)
            if number is None:
                self.flag(place, f"{value!r} is not a number; it was kept as a note.")
                self._keep(place, value)
                return {}
            return {name: int(number) if name in WHOLE and number.is_integer() else number}
        if name in DATES and not _is_date(value):
            self.flag(place, f"{value!r} is not a date such as 2026-11-03; it was kept as a note.")
            self._keep(place, value)
            return {}
        return {name: value if isinstance(value, str | bool) or name == "interval" else str(value)}

    def _keep(self, place: str, value: Any) -> None:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self.notes.append(f"{place}: {text}")

    def _schedule(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        tidied, remarks, reason = tidy_schedule(item)
        for remark in remarks:
            self.flag(place.rstrip("."), remark)
        if reason:
            done = f"{reason}. Kept as text; the hours are marked not known."
            text = str(tidied.get("description", ""))
            rule = {name: value for name, value in item.items() if value and name not in ("id", *tidied)}
            if rule and item.get("description"):
                self._keep(place.rstrip("."), rule)
            self.not_understood.append(
                NotUnderstood(self.number, f"{self.path}: {place.rstrip('.')}", text, done)
            )
        return tidied

    def _attribute(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        term = item.get("taxonomy_term")
        words = term if isinstance(term, dict) else {}
        taxonomy = words.get("taxonomy") or item.get("link_type")
        codes = load_words().get(taxonomy, {}) if isinstance(taxonomy, str) else {}
        if words.get("term") not in codes.values():
            text = str(words.get("name") or words.get("term") or item.get("value") or "")
            done = "Kept as text; it is no word of the directory's own taxonomy."
            self.not_understood.append(
                NotUnderstood(self.number, f"{self.path}: {place.rstrip('.')}", text, done)
            )
        return dict(item)

    def _language(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        name = item.get("name") or item.get("code") or item.get("note")
        if not name:
            self.flag(
                place.rstrip("."), "The language has neither a name nor a code, so there is nothing to keep."
            )
            return {}
        return {**item, "name": str(name)}

    def _address(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        written = item.get("postal_code")
        postcode = normalise_postcode(str(written)) if written else None
        if postcode or not written:
            return {**item, "postal_code": postcode}
        self.flag(f"{place}postal_code", f"{written!r} is not a postcode; it was kept in the address.")
        lines = ", ".join(str(line) for line in (item.get("address_1"), written) if line)
        return {**item, "postal_code": None, "address_1": lines}

    def _location(self, item: Mapping[str, Any], place: str) -> dict[str, Any]:
        kept = dict(item)
        point = {name: as_number(item.get(name)) for name in BRITAIN}
        given = any(item.get(name) is not None for name in BRITAIN)
        if given and not all(
            value is not None and low <= value <= high
            for value, (low, high) in zip(point.values(), BRITAIN.values(), strict=True)
        ):
            self.flag(
                f"{place}latitude", "The point is not in Great Britain; it was left out and kept as a note."
            )
            self.notes.append(f"{place}point: {item.get('latitude')}, {item.get('longitude')}")
            kept |= {"latitude": None, "longitude": None}
        if item.get("location_type") not in (None, *LOCATION_TYPES):
            self.flag(
                f"{place}location_type", f"{item['location_type']!r} is not {', '.join(LOCATION_TYPES)}."
            )
            kept["location_type"] = None
        return kept


def as_number(value: Any) -> float | None:
    """A number, also where it is written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _is_date(value: Any) -> bool:
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return True
