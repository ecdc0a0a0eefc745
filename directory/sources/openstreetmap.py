"""Extracts of OpenStreetMap (.osm.pbf): places where people meet, as rows of the mapping spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import osmium

from directory.sources.entry import MAX_ROWS, Reading, SourceError, Table, TableRow
from directory.sources.mapping import SourceMapping
from directory.sources.template import read_rows

LARGEST_EXTRACT = 1024**3
NO_NAME = "they have no name"
OUTSIDE = "they lie outside"
REFUGE = "they may be a refuge, whose place is nobody's business"
DISUSED = "they are closed"
# Whom a facility is for, or what it is, that could lead somebody to those who hide.
_REFUGE_FOR = (
    "abused",
    "domestic_violence",
    "domestic violence",
    "victim",
    "woman",
    "women",
    "refugee_women",
)
_REFUGE_KINDS = ("shelter", "group_home", "safe_house")
_CATEGORIES = {
    "amenity=community_centre": "spaces",
    "amenity=place_of_worship": "faith-work",
    "social_facility=outreach": "outreach",
    "club=sport": "sport",
    "club=youth": "youth-facilities",
    "club=scout": "youth-facilities",
    "club=art": "arts",
    "club=music": "arts",
}
_FAITHS = {"christian", "muslim", "sikh", "hindu", "jewish", "buddhist"}
_TAGS = {
    "Organisation name": ("name",),
    "Organisation website": ("website", "contact:website", "url"),
    "Organisation email": ("email", "contact:email"),
    "Organisation telephone": ("phone", "contact:phone"),
    "What it does": ("description",),
    "Opening hours": ("opening_hours",),
    "Postcode": ("addr:postcode",),
    "Town": ("addr:city",),
    "Charity number": ("ref:charity", "charity:number"),
}
HEADINGS = (
    *_TAGS,
    "Kind of organisation",
    "Faith tradition",
    "Category",
    "Address",
    "Accessibility",
    "Latitude",
    "Longitude",
    "osm_id",
)
Found = tuple[str, dict[str, str], float, float]


def read(path: Path, mapping: SourceMapping) -> Reading:
    """Read community centres, places of worship, social facilities and clubs that have a name."""
    if not path.is_file() or path.stat().st_size > LARGEST_EXTRACT:
        raise SourceError(f"{path.name} is no file, or larger than {LARGEST_EXTRACT // 1024**2} MB.")
    box = _box(mapping)
    rows: list[TableRow] = []
    not_wanted: Counter[str] = Counter()
    try:
        for osm_id, tags, latitude, longitude in _things(path):
            reason = _why_not(tags, latitude, longitude, box)
            if reason:
                not_wanted[reason] += 1
                continue
            texts = texts_of(tags) | {
                "Latitude": f"{latitude:.6f}",
                "Longitude": f"{longitude:.6f}",
                "osm_id": osm_id,
            }
            rows.append(TableRow(len(rows) + 1, {"osm_id": osm_id, **tags}, texts))
            if len(rows) > MAX_ROWS:
                raise SourceError(f"{path.name} has more than {MAX_ROWS:,} such places. Narrow it down.")
    except (RuntimeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name} is not an extract of OpenStreetMap: {error}.") from error
    reading = read_rows(Table([*HEADINGS], rows), mapping)
    return replace(reading, rows=reading.rows + sum(not_wanted.values()), not_wanted=dict(not_wanted))


def texts_of(tags: Mapping[str, str]) -> dict[str, str]:
    """The cells of the mapping spreadsheet that the tags of a place fill.

    >>> texts_of({"amenity": "place_of_worship", "religion": "muslim"})["Faith tradition"]
    'muslim'
    """
    found = {
        heading: next((tags[name] for name in names if tags.get(name)), "")
        for heading, names in _TAGS.items()
    }
    words = [_words(tags, name) for name in ("social_facility", "social_facility:for", "club")]
    said = ", ".join(word for word in words if word)
    found["What it does"] = found["What it does"] or (said[:1].upper() + said[1:])
    worship = tags.get("amenity") == "place_of_worship"
    religion = tags.get("religion", "") if worship else ""
    found["Faith tradition"] = religion if religion in _FAITHS else _other_faith(religion)
    found["Kind of organisation"] = "faith" if worship else "community"
    pairs = {f"{name}={value}" for name, value in tags.items()}
    codes = {code for pair, code in _CATEGORIES.items() if pair in pairs}
    found["Category"] = "; ".join(sorted(codes))
    lines = (" ".join(filter(None, (tags.get("addr:housenumber"), tags.get("addr:street")))),)
    found["Address"] = ", ".join(filter(None, (tags.get("addr:housename"), *lines)))
    found["Accessibility"] = "step-free" if tags.get("wheelchair") == "yes" else ""
    return found


def _words(tags: Mapping[str, str], name: str) -> str:
    value = tags.get(name, "").replace("_", " ").replace(";", ", ")
    if not value or value in ("yes", "no"):
        return ""
    return f"for {value}" if name.endswith(":for") else f"{value} club" if name == "club" else value


def _other_faith(religion: str) -> str:
    if religion in ("", "none"):
        return ""
    return "multi-faith" if religion == "multifaith" else "other-faith"


def _why_not(
    tags: Mapping[str, str], latitude: float, longitude: float, box: tuple[float, float, float, float]
) -> str:
    south, west, north, east = box
    if not (south <= latitude <= north and west <= longitude <= east):
        return OUTSIDE
    is_for = tags.get("social_facility:for", "").casefold()
    if tags.get("social_facility") in _REFUGE_KINDS or any(word in is_for for word in _REFUGE_FOR):
        return REFUGE
    if any(tags.get(name) == "yes" for name in ("disused", "abandoned", "demolished")):
        return DISUSED
    return "" if tags.get("name", "").strip() else NO_NAME


def _box(mapping: SourceMapping) -> tuple[float, float, float, float]:
    try:
        south, west, north, east = map(float, mapping.option("within"))
    except ValueError:
        raise SourceError(
            f"The mapping {mapping.source!r}: within must be four numbers: south, west, north, east."
        ) from None
    return south, west, north, east


def _things(path: Path) -> Iterator[Found]:
    """Every node and area that is of use, with the point that stands for it: of an area, its middle."""
    # Thrown out before Python sees them: an extract has millions of things without these keys.
    keys = osmium.filter.KeyFilter("amenity", "club")
    processor = osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys)
    for thing in processor:
        if not _is_wanted(thing.tags):
            continue
        point = _point(thing)
        if point is not None:
            yield point[0], {tag.k: tag.v for tag in thing.tags}, point[1], point[2]


def _is_wanted(tags: Any) -> bool:
    return "club" in tags or tags.get("amenity") in (
        "community_centre",
        "place_of_worship",
        "social_facility",
    )


def _point(thing: Any) -> tuple[str, float, float] | None:
    """The identifier and the point of a node or an area. Ways come again as areas."""
    if thing.is_node():
        if not thing.location.valid():
            return None
        return f"node/{thing.id}", thing.location.lat, thing.location.lon
    if not thing.is_area():
        return None
    places = [(node.lat, node.lon) for ring in thing.outer_rings() for node in ring if node.location.valid()]
    if not places:
        return None
    kind = "way" if thing.from_way() else "relation"
    middle = [(min(values) + max(values)) / 2 for values in zip(*places, strict=True)]
    return f"{kind}/{thing.orig_id()}", middle[0], middle[1]
