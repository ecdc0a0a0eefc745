"""How far people go, in words: what was asked, and what it stands for."""

from __future__ import annotations

from directory.coverage.kept_network import LOAD_NETWORK
from directory.coverage.travel import Travel
from geodata.map_data import distance_words
from geodata.network import DETOUR, METRES_PER_MINUTE, WALKING_KM_PER_HOUR

SPEED = f"{WALKING_KM_PER_HOUR:g} km an hour"
TAKEN_AS = f"Walking distance is taken as {DETOUR:g} times the straight line"
CREDIT = "\u00a9 OpenStreetMap contributors, Open Database Licence (ODbL) 1.0"


def reach_words(travel: Travel) -> str:
    """How far, in words that fit after "within"."""
    if travel.minutes is None:
        return distance_words(travel.within_metres)
    return minutes_words(travel.minutes)


def minutes_words(minutes: float) -> str:
    """A walk of so many minutes."""
    number = max(round(minutes), 1)
    return "1 minute\u2019s walk" if number == 1 else f"{number} minutes\u2019 walk"


def within_words(travel: Travel) -> str:
    """How far, and along what it is measured."""
    within = f"within {reach_words(travel)}"
    if travel.network is not None:
        return f"{within} along the walking network"
    if travel.minutes is None:
        return f"{within} in a straight line"
    return f"{within}, taken as {_metres(travel.within_metres)} in a straight line"


def travel_words(travel: Travel) -> str:
    """Which kind of travel was used, and what a distance or a time stands for."""
    long = _metres(travel.within_metres)
    if travel.network is not None:
        return (
            f"{travel.minutes} minutes at {SPEED} are {long} along the walking network of "
            f"{travel.network.source}, so that what lies across a canal, motorway or railway is as far as "
            "the way round. Circles on maps have the same length in a straight line. "
            f"Network: {CREDIT}."
        )
    if travel.minutes is not None:
        return f"{estimate_words(travel)} To load one, run: {LOAD_NETWORK}"
    walked = travel.within_metres * DETOUR
    minutes = walked / METRES_PER_MINUTE
    return (
        f"Distances are straight lines. {TAKEN_AS}: {distance_words(travel.within_metres)} stand for a walk "
        f"of {_metres(walked)}, {minutes:.0f} minutes at {SPEED}."
    )


def estimate_words(travel: Travel) -> str:
    """What minutes stand for without a network."""
    return (
        f"{TAKEN_AS}: {travel.minutes} minutes at {SPEED} are {_metres(travel.within_metres)} in a straight "
        "line. No walking network is used, so canals, motorways and railways do not count."
    )


def away_words(metres: float, travel: Travel) -> str:
    """How far off something is: in metres, and along a network in minutes as well."""
    plain = f"{round(metres, -1):.0f} m" if round(metres, -1) < 1000 else f"{metres / 1000:.1f} km"
    if travel.network is None:
        return plain
    return f"{minutes_words(metres / METRES_PER_MINUTE)} ({plain})"


def _metres(metres: float) -> str:
    return f"{metres:.0f} metres" if metres < 1000 else f"{metres / 1000:.3g} km"
