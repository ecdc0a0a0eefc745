"""What was once protected stays protected, by whatever name it comes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from directory.models import Organization
from directory.openreferral.joined import Loosened, versions_with_loosenings
from geodata.postcodes import find_postcode, normalise_postcode

STRICTNESS = ("open", "approximate", "hidden")
# About a hundred metres: a point that comes again is seldom given to the same last place.
NEAR_DEGREES = 0.001
Document = Mapping[str, Any]
Point = tuple[float, float]


class Protected:
    """The postcodes, first lines and points that an organisation has ever hidden, in any version.

    A service may be renamed, taken out and put in again, or its row may come back without the word "private".
    None of that may show what was hidden. Only what a person decided to show (`Unprotection`) is forgotten.
    """

    def __init__(self, session: Session, organization: Organization) -> None:
        self._strictest: dict[str, str] = {}
        self._points: list[tuple[Point, str]] = []
        kinds = [a for a in organization.attributes if a.link_type == "kind"]
        # Where one person is to be found is that person's to tell.
        person = any(kind.term is not None and kind.term.code == "individual" for kind in kinds)
        self._usual = "hidden" if person else "open"
        if organization in session.new:
            return
        for versions, loosened in versions_with_loosenings(session, organization.id):
            shown = list(_loosened(versions, loosened))
            for number, document in versions.items():
                for location in locations(document):
                    if not any(number < until and _is_same(location, other) for until, other in shown):
                        self._remember(location, location.get("protection") or "open")

    def strictest(self, location: Document) -> str:
        """The protection that a place must have: its own, or that of the same place before."""
        own = location.get("protection") or self._usual
        return max(own, self.before(location), key=STRICTNESS.index)

    def before(self, location: Document) -> str:
        """The strictest protection that the same place ever had."""
        marks = _postcodes(location) or _first_lines(location)
        found = ["open", *(self._strictest[mark] for mark in marks if mark in self._strictest)]
        point = _point(location)
        if point is not None:
            found += [protection for other, protection in self._points if _is_near(point, other)]
        return max(found, key=STRICTNESS.index)

    def _remember(self, location: Document, protection: str) -> None:
        if protection == "open":
            return
        for mark in _postcodes(location) | _first_lines(location):
            known = self._strictest.get(mark, "open")
            self._strictest[mark] = max(known, protection, key=STRICTNESS.index)
        point = _point(location)
        if point is not None:
            self._points.append((point, protection))


def _loosened(versions: Mapping[int, Document], loosened: Loosened) -> Iterator[tuple[int, Document]]:
    """The versions in which a person decided to show more, each with the place."""
    for number, location_id in loosened:
        for location in locations(versions.get(number) or {}):
            if location.get("id") == location_id:
                yield number, location


def _is_same(location: Document, other: Document) -> bool:
    """Whether two descriptions are of one place, by identifier, postcode, first line or point."""
    if location.get("id") == other.get("id"):
        return True
    marks = _postcodes(location) or _first_lines(location)
    if marks & (_postcodes(other) | _first_lines(other)):
        return True
    point, there = _point(location), _point(other)
    return point is not None and there is not None and _is_near(point, there)


def locations(document: Document) -> Iterator[Document]:
    """The places of a document."""
    for service in document.get("services") or []:
        for link in service.get("service_at_locations") or []:
            yield link.get("location") or {}


def _point(location: Document) -> Point | None:
    """The latitude and longitude of a place, where it has both."""
    latitude, longitude = location.get("latitude"), location.get("longitude")
    return None if latitude is None or longitude is None else (float(latitude), float(longitude))


def _is_near(point: Point, other: Point) -> bool:
    return all(abs(a - b) < NEAR_DEGREES for a, b in zip(point, other, strict=True))


def _postcodes(location: Document) -> set[str]:
    """The postcodes of a place, wherever in its addresses they stand."""
    found: set[str | None] = set()
    for address in location.get("addresses") or []:
        found.add(normalise_postcode(str(address.get("postal_code") or "")))
        lines = (str(address.get(name) or "") for name in ("address_1", "address_2", "city", "region"))
        found.update(map(find_postcode, lines))
    return {code for code in found if code}


def _first_lines(location: Document) -> set[str]:
    """The first lines with a number in them: what tells a place where there is no postcode."""
    lines = (str(address.get("address_1") or "").casefold() for address in location.get("addresses") or [])
    plain = ("".join(filter(str.isalnum, line)) for line in lines)
    return {line for line in plain if any(map(str.isdigit, line))}
