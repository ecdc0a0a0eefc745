"""From a row to a place: postcode, point and address, and how private they are."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from directory.openreferral.check import BRITAIN
from directory.sources.cells import Cells
from directory.sources.identity import normalise, stable_id
from directory.sources.row_to_terms import attributes_of
from geodata.postcodes import find_postcode, normalise_postcode

PRIVATE = {
    "yes": "hidden",
    "y": "hidden",
    "true": "hidden",
    "hidden": "hidden",
    "private": "hidden",
    "confidential": "hidden",
    "approximate": "approximate",
    "approx": "approximate",
    "district only": "approximate",
    "area only": "approximate",
    "partly": "approximate",
    "no": "open",
    "n": "open",
    "false": "open",
    "open": "open",
    "public": "open",
}
VIRTUAL = {
    "online",
    "virtual",
    "zoom",
    "teams",
    "online only",
    "by phone",
    "telephone",
    "by telephone",
    "remote",
}


@dataclass(frozen=True)
class Place:
    """Where a row says it happens. All of it may be unknown."""

    postcode: str | None
    latitude: float | None
    longitude: float | None
    address: str

    def key(self, cells: Cells) -> str:
        """What tells this place from another: the postcode, else the point, else the words."""
        if self.postcode:
            return self.postcode
        if self.latitude is not None and self.longitude is not None:
            return f"{self.latitude:.5f},{self.longitude:.5f}"
        return normalise(f"{cells.text('venue')} {self.address} {cells.text('town')}")


def read_place(cells: Cells) -> Place:
    """The place of a row; refuses a postcode that is not one and a point that cannot be right."""
    parts = cells.without_fillers(cells.text("address").replace("\n", ",").split(","))
    address = ", ".join(" ".join(part.split()) for part in parts)
    written = cells.text("postcode")
    postcode = normalise_postcode(written)
    if written and not postcode:
        if cells.mapping.address_is == "venue":
            cells.reject("postcode", f"{written!r} is not a postcode. Correct it, or clear the cell.")
        # Nobody is sent to a correspondence address, so the rest of the row is still good.
        cells.flag("postcode", f"{written!r} is not a postcode; it was kept in the address.")
        address = ", ".join([*parts, written])
    if not written:
        postcode = find_postcode(address)
    if postcode:
        address = _without_postcode(address, postcode)
    latitude, longitude = _read_point(cells)
    return Place(postcode, latitude, longitude, address)


def _without_postcode(address: str, postcode: str) -> str:
    """The address without the postcode at its end, which has a field of its own."""
    outward, inward = postcode.split()
    return re.sub(rf"[\s,]*\b{outward}\s*{inward}\W*$", "", address, flags=re.IGNORECASE)


def _read_point(cells: Cells) -> tuple[float | None, float | None]:
    written = {name: cells.text(name) for name in ("latitude", "longitude")}
    if not any(written.values()):
        return None, None
    point = {}
    for name, text in written.items():
        if not text:
            cells.reject(name, f"There is no {name}. Give both latitude and longitude, or neither.")
        point[name] = _number(text)
        if point[name] is None:
            cells.reject(name, f"The {name} {text!r} is not a number such as {sum(BRITAIN[name]) / 2:.4f}.")
    latitude, longitude = point["latitude"] or 0.0, point["longitude"] or 0.0
    if _within("latitude", latitude) and _within("longitude", longitude):
        return latitude, longitude
    if _within("latitude", longitude) and _within("longitude", latitude):
        cells.reject("latitude", "The latitude and the longitude look swapped. Put them the other way round.")
    wrong = "longitude" if _within("latitude", latitude) else "latitude"
    cells.reject(
        wrong, f"The {wrong} {written[wrong]!r} is not in Great Britain. Correct it, or clear both cells."
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _within(name: str, value: float) -> bool:
    low, high = BRITAIN[name]
    return low <= value <= high


def location_from(cells: Cells, place: Place, service_id: str) -> dict[str, Any] | None:
    """The location of a row, or None where the row names no place."""
    venue, town = cells.text("venue"), cells.text("town")
    protection = _read_protection(cells)
    if not any((venue, town, place.postcode, place.address, place.latitude is not None)):
        _keep_accessibility(cells)
        return None
    postal = cells.mapping.address_is == "correspondence"
    location_id = stable_id(service_id, "location")
    virtual = normalise(place.address or venue) in VIRTUAL
    location: dict[str, Any] = {
        "id": location_id,
        "name": venue,
        "location_type": "postal" if postal else "virtual" if virtual else "physical",
        "protection": protection,
        **_point(cells, place, postal),
        "addresses": [] if virtual else _addresses(cells, place, location_id, postal),
        **_accessibility(cells, location_id),
    }
    return {name: value for name, value in location.items() if value not in ("", [], None)}


def _point(cells: Cells, place: Place, postal: bool) -> dict[str, float | None]:
    if postal and place.latitude is not None:
        cells.note("latitude", f"{place.latitude}, {place.longitude} (point of the correspondence address)")
        return {}
    return {"latitude": place.latitude, "longitude": place.longitude}


def _addresses(cells: Cells, place: Place, location_id: str, postal: bool) -> list[dict[str, Any]]:
    # With nothing but a postcode, the name of the building is the first line of the address.
    first_line = place.address or (cells.text("venue") if place.postcode else "")
    words = {"address_1": first_line, "city": cells.text("town"), "postal_code": place.postcode}
    known = {name: text for name, text in words.items() if text}
    if not known:
        return []
    kind = "postal" if postal else "physical"
    return [{"id": stable_id(location_id, "address"), **known, "country": "GB", "address_type": kind}]


def _read_protection(cells: Cells) -> str | None:
    text = cells.text("private")
    if not text:
        return None
    protection = PRIVATE.get(normalise(text))
    if protection is None:
        cells.flag(
            "private", f"{text!r} is not yes, approximate or no; the address is hidden to be safe.", keep=text
        )
    return protection or "hidden"


def _accessibility(cells: Cells, location_id: str) -> dict[str, Any]:
    """Terms to search by, and the words as written: "no lift" must not be read as a lift."""
    text = cells.text("accessibility")
    if not text:
        return {}
    return {
        "accessibility": [{"id": stable_id(location_id, "accessibility"), "description": text}],
        "attributes": attributes_of(cells, "accessibility", location_id, keep_unknown=False),
    }


def _keep_accessibility(cells: Cells) -> None:
    if cells.text("accessibility"):
        cells.flag(
            "accessibility",
            "There is no place to add this to; it was kept as a note.",
            keep=cells.text("accessibility"),
        )
