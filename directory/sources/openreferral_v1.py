"""Services as version 1 of Open Referral UK has them, in the words of version 3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from directory.sources.cells import RowRejectedError
from directory.sources.identity import normalise
from directory.sources.openreferral_items import key_of
from directory.sources.terms import load_words

# What only version 1 has. Its feeds spell their plurals in two ways.
MARKS = frozenset(
    (
        *("regular_schedules", "holiday_schedules", "eligibilitys", "eligibilities", "service_taxonomys"),
        *("service_taxonomies", "link_eligibilities", "fundings", "deliverable_type", "attending_type"),
        "attending_access",
    )
)
_OF_A_LOCATION = frozenset({"physical_addresses", "accessibility_for_disabilities"})
_SAME_LISTS = ("cost_options", "contacts", "phones")
_FOR_WHOM = ("group", "gender", "faith")
_REMOTE = frozenset({"online", "phone", "telephone", "email", "virtual"})
_AREA_CODE = re.compile(r"[EWSN]\d{8}")
_WRITTEN = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y")


def is_version_1(service: Mapping[str, Any]) -> bool:
    """Whether a service has fields that only version 1 knows."""
    if MARKS & service.keys():
        return True
    links = service.get("service_at_locations")
    places = (
        [link.get("location") for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    )
    return any(isinstance(place, dict) and _OF_A_LOCATION & place.keys() for place in places)


def from_version_1(service: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A service in the words of version 3. What has no field of its own there is kept in its notes.

    Raises RowRejectedError, with the path, where a list is not one.
    """
    v1 = {name: value for name, value in service.items() if value not in (None, "", [], {})}
    notes = [str(v1["notes"])] if v1.get("notes") else []
    found = {name: value for name, value in v1.items() if name not in MARKS}
    places = [_link(link, path) for link in _items(v1, "service_at_locations", path)]
    if not places and normalise(str(v1.get("attending_type", ""))) in _REMOTE:
        places = [{"location": {"location_type": "virtual"}}]
    hours = [
        *_items(v1, "schedules", path),
        *_items(v1, "regular_schedules", path),
        *(
            item
            for link in _items(v1, "service_at_locations", path)
            for item in _items(link, "regular_schedules", path)
        ),
    ]
    found |= {
        **{name: list(_items(v1, name, path)) for name in _SAME_LISTS},
        "service_at_locations": places,
        "schedules": list(
            {key_of(item): _schedule(item, v1.get("attending_type")) for item in hours}.values()
        ),
        "service_areas": [_area(item, notes) for item in _items(v1, "service_areas", path)],
        "languages": [_renamed(item, language="name") for item in _items(v1, "languages", path)],
        "funding": list(_items(v1, "fundings", path)),
        "attributes": list(_attributes(v1, path)),
        **_ages(v1, path, notes),
    }
    if "assured_date" in v1:
        found["assured_date"] = _day(v1["assured_date"])
    notes += _kept(v1, path)
    found["notes"] = "\n".join(dict.fromkeys(notes))
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _items(thing: Mapping[str, Any], name: str, path: str) -> Iterator[dict[str, Any]]:
    """The objects of a list, under either spelling of its plural."""
    for spelling in (name, name.replace("ys", "ies") if name.endswith("ys") else name):
        value = thing.get(spelling)
        if value in (None, "", [], {}):
            continue
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise RowRejectedError(f"{path}: {spelling}", "This should be a list of objects.")
        yield from value
        return


def _renamed(item: Mapping[str, Any], **names: str) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in item.items()}


def _schedule(item: Mapping[str, Any], attending_type: Any) -> dict[str, Any]:
    kept = {name: value for name, value in item.items() if name != "service_at_location"}
    return kept | ({"attending_type": attending_type} if attending_type else {})


def _link(link: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A service at a location; its hours go to the service, as version 3 has them here."""
    kept = {name: link[name] for name in ("id", "location") if name in link}
    place = link.get("location")
    if not isinstance(place, dict):
        return kept
    location = {name: value for name, value in place.items() if name not in _OF_A_LOCATION}
    addresses = list(_items(place, "physical_addresses", path))
    if addresses:
        location["addresses"] = [{"address_type": "physical", **address} for address in addresses]
    means = list(_items(place, "accessibility_for_disabilities", path))
    if means:
        location["accessibility"] = [_renamed(item, accessibility="description") for item in means]
    return kept | {"location": location}


def _area(item: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """An area: by its official code where its address or extent has one. An outline is kept as a note."""
    name = item.get("name") or item.get("service_area")
    extent, uri = str(item.get("extent") or ""), str(item.get("uri") or "")
    code = _AREA_CODE.search(uri) or _AREA_CODE.fullmatch(extent.strip())
    if extent and not code:
        notes.append(f"Outline of the area {name}: {extent[:500]}")
    kept = {"id": item.get("id"), "name": name, "extent": code[0] if code else None, "uri": uri}
    return {key: value for key, value in kept.items() if value}


def _ages(v1: Mapping[str, Any], path: str, notes: list[str]) -> dict[str, Any]:
    """The widest span of ages that the feed gives; open at an end where any of its rows is."""
    rows = list(_items(v1, "eligibilitys", path))
    notes += [
        f"For whom: {row['eligibility']}" for row in rows if isinstance(row.get("eligibility"), str | int)
    ]
    spans = [row for row in rows if {"minimum_age", "maximum_age"} & row.keys()]
    if len(spans) > 1:
        notes += [
            f"Ages: {row.get('minimum_age', 'any')} to {row.get('maximum_age', 'any')}" for row in spans
        ]
    found = {}
    for name, widest in (("minimum_age", min), ("maximum_age", max)):
        ages = [row.get(name) for row in spans]
        numbers = [_number(age) for age in ages]
        if len(ages) == 1 and ages[0] is not None:
            found[name] = ages[0]
        elif ages and all(number is not None for number in numbers):
            found[name] = widest(number for number in numbers if number is not None)
    return found


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _attributes(v1: Mapping[str, Any], path: str) -> Iterator[dict[str, Any]]:
    """Terms: a word of the directory's own taxonomies where it is one, else the feed's own term."""
    yield from _items(v1, "attributes", path)
    for term, taxonomies in _wordings(v1, path):
        if not isinstance(term, dict) or not term.get("name"):
            continue
        if own := _own_term(str(term["name"]), taxonomies):
            yield {"link_type": own[0], "taxonomy_term": {"term": own[1], "taxonomy": own[0]}}
        elif term.get("id"):
            theirs = str(term.get("vocabulary") or "feed")
            words = {"term": str(term["id"]), "name": str(term["name"]), "taxonomy": theirs}
            yield {"link_type": theirs, "taxonomy_term": words}


def _wordings(v1: Mapping[str, Any], path: str) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Each term that the feed gives, with the taxonomies in which it may be a word."""
    for item in _items(v1, "service_taxonomys", path):
        yield item.get("taxonomy"), ("category", *_FOR_WHOM)
    for row in _items(v1, "eligibilitys", path):
        yield {"name": row.get("eligibility")}, _FOR_WHOM
        for item in _items(row, "taxonomys", path):
            yield item.get("taxonomy", item), _FOR_WHOM
    yield {"name": v1.get("attending_access")}, ("referral",)


def _own_term(name: str, taxonomies: tuple[str, ...]) -> tuple[str, str] | None:
    for taxonomy in taxonomies:
        code = load_words().get(taxonomy, {}).get(normalise(name))
        if code:
            return taxonomy, code
    return None


def _day(value: Any) -> str:
    """A date as version 3 writes it; feeds write 24/12/2021 10:30:00 too."""
    for form in _WRITTEN:
        try:
            return datetime.strptime(str(value), form).replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            continue
    return str(value)


def _kept(v1: Mapping[str, Any], path: str) -> Iterator[str]:
    """What version 3 has no field for, in words."""
    words = {"deliverable_type": "What it gives", "attending_type": "How", "attending_access": "Way in"}
    for name, word in words.items():
        if v1.get(name):
            yield f"{word}: {v1[name]}"
    for item in _items(v1, "holiday_schedules", path):
        days = " to ".join(str(item[name]) for name in ("start_date", "end_date") if item.get(name))
        hours = " to ".join(str(item[name]) for name in ("opens_at", "closes_at") if item.get(name))
        state = "closed" if item.get("closed") in (True, "true", "True") else f"open {hours}".strip()
        yield f"Holidays: {days} {state}"
