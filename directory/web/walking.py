"""A walk of some minutes in a search: along the network where one is loaded, or an estimate that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.coverage.travel import Travel, metres_from
from directory.coverage.travel_words import away_words, estimate_words, minutes_words, travel_words
from directory.languages import N_, gettext
from directory.models import PublishedPlace, PublishedService
from directory.places.find import Place
from directory.search.query import ServiceQuery, Walk
from directory.web.presenting import distance_text
from directory.web.presenting import metres_from as straight_metres
from directory.web.travelling import MOST_MINUTES, read_travel
from geodata.network import minutes_by_straight_line

# From an area as a whole, no walk is told.
AREAS = ("ward", "authority")


@dataclass(frozen=True)
class OnFoot:
    """How far people go in a search; along a network, with the metres to each published place in reach."""

    travel: Travel | None = None
    metres: Mapping[int, float] = field(default_factory=dict)

    @property
    def minutes(self) -> int | None:
        """The minutes that were asked about."""
        return self.travel.minutes if self.travel else None


def on_foot(
    session: Session, args: MultiDict[str, str], query: ServiceQuery, problems: list[str]
) -> tuple[ServiceQuery, OnFoot]:
    """The question with its minutes on foot, which go before metres; and how far that is."""
    minutes = args.get("minutes", "")
    if not minutes:
        return query, OnFoot(Travel(query.within_metres) if query.place and query.within_metres else None)
    if query.place is None:
        problems.append(gettext("Minutes on foot were left out: say from where."))
        return query, OnFoot()
    place = query.place
    xy = np.array(place.points, dtype=float).reshape(-1, 2)
    travel = read_travel(MultiDict({"minutes": minutes}), xy, N_("points of the place"), problems)
    if travel.minutes is None:
        return query, OnFoot(Travel(query.within_metres) if query.within_metres else None)
    query = replace(query, within_metres=travel.within_metres)
    if travel.network is None:
        return query, OnFoot(travel)
    places = _places_near(session, place, travel.within_metres)
    walked, least = metres_from(places[:, 1:], xy, travel) if len(places) else (np.zeros(0), np.zeros(0))
    reached, perhaps = walked <= travel.within_metres, least <= travel.within_metres
    keys = places[:, 0].astype(int)
    walk = Walk(frozenset(keys[reached].tolist()), frozenset(keys[perhaps & ~reached].tolist()))
    metres = dict(zip(keys[reached].tolist(), walked[reached].tolist(), strict=True))
    return replace(query, walk=walk), OnFoot(travel, metres)


def read_minutes(minutes: str) -> int | None:
    """The minutes of an address as its form shows them."""
    return int(minutes) if minutes.isascii() and minutes.isdigit() and int(minutes) <= MOST_MINUTES else None


def travel_text(service: PublishedService, place: Place | None, foot: OnFoot) -> str | None:
    """How far a service is: along the network if one is walked, or the straight line with its estimate."""
    walked = [foot.metres[spot.id] for spot in service.places if spot.id in foot.metres]
    if walked and foot.travel:
        return away_words(min(walked), foot.travel)
    plain, metres = distance_text(service, place), straight_metres(service, place)
    if plain is None or metres is None or (foot.travel and foot.travel.network):
        return plain
    minutes = float(minutes_by_straight_line(metres))
    if minutes > MOST_MINUTES:
        return plain
    return gettext("%(distance)s, about %(walk)s", distance=plain, walk=minutes_words(minutes))


def travel_note(place: Place | None, foot: OnFoot) -> str | None:
    """What the distances and minutes of a list stand for."""
    if place is None or foot.travel is None or (place.kind in AREAS and foot.travel.minutes is None):
        return None
    estimated = foot.travel.minutes is not None and foot.travel.network is None
    return estimate_words(foot.travel) if estimated else travel_words(foot.travel)


def _places_near(session: Session, place: Place, metres: float) -> NDArray[Any]:
    """The places that are shown exactly in the square about each point: identifier, easting, northing.

    A walk is never shorter than the straight line.
    """
    found: dict[int, tuple[int, int, int]] = {}
    columns = (PublishedPlace.id, PublishedPlace.easting, PublishedPlace.northing)
    for easting, northing in place.points:
        near = select(*columns).where(
            PublishedPlace.precision == "open",
            PublishedPlace.easting.between(easting - metres, easting + metres),
            PublishedPlace.northing.between(northing - metres, northing + metres),
        )
        found |= {row.id: tuple(row) for row in session.execute(near)}
    return np.array(sorted(found.values()), dtype=float).reshape(-1, 3)
