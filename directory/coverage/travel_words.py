"""How far people go, in words: what was asked, and what it stands for."""

from __future__ import annotations

from directory.coverage.kept_network import LOAD_NETWORK
from directory.coverage.travel import Travel
from directory.languages import ENGLISH, gettext, joined, ngettext, own_words, spoken
from geodata.distances import distance_words
from geodata.network import DETOUR, METRES_PER_MINUTE, WALKING_KM_PER_HOUR

SPEED = f"{WALKING_KM_PER_HOUR:g} km an hour"
TAKEN_AS = f"Walking distance is taken as {DETOUR:g} times the straight line"
CREDIT = "\u00a9 OpenStreetMap contributors, Open Database Licence (ODbL) 1.0"


def reach_words(travel: Travel) -> str:
    """How far, in words that fit after "within"."""
    if travel.minutes is None:
        return distance_text(travel.within_metres)
    return minutes_words(travel.minutes)


def minutes_words(minutes: float) -> str:
    """A walk of so many minutes."""
    number = max(round(minutes), 1)
    return ngettext("%(number)s minute\u2019s walk", "%(number)s minutes\u2019 walk", number)


def within_words(travel: Travel) -> str:
    """How far, and along what it is measured."""
    reach = reach_words(travel)
    if travel.network is not None:
        return gettext("within %(reach)s along the walking network", reach=reach)
    if travel.minutes is None:
        return gettext("within %(reach)s in a straight line", reach=reach)
    return gettext(
        "within %(reach)s, taken as %(distance)s in a straight line",
        reach=reach,
        distance=_metres(travel.within_metres),
    )


def travel_words(travel: Travel) -> str:
    """Which kind of travel was used, and what a distance or a time stands for."""
    long = _metres(travel.within_metres)
    if travel.network is not None:
        return gettext(
            "%(minutes)s minutes at %(speed)s km an hour are %(distance)s along the walking network of "
            "%(source)s, so that what lies across a canal, motorway or railway is as far as the way round. "
            "Circles on maps have the same length in a straight line. Network: %(credit)s.",
            minutes=travel.minutes,
            speed=f"{WALKING_KM_PER_HOUR:g}",
            distance=long,
            source=own_words(travel.network.source),
            credit=own_words(CREDIT),
        )
    if travel.minutes is not None:
        to_load = gettext("To load one, run: %(command)s", command=own_words(LOAD_NETWORK))
        return joined((estimate_words(travel), to_load), " ")
    walked = travel.within_metres * DETOUR
    minutes = walked / METRES_PER_MINUTE
    return gettext(
        "Distances are straight lines. Walking distance is taken as %(times)s times the straight line: "
        "%(distance)s stand for a walk of %(walked)s, %(minutes)s minutes at %(speed)s km an hour.",
        times=f"{DETOUR:g}",
        distance=distance_text(travel.within_metres),
        walked=_metres(walked),
        minutes=f"{minutes:.0f}",
        speed=f"{WALKING_KM_PER_HOUR:g}",
    )


def estimate_words(travel: Travel) -> str:
    """What minutes stand for without a network."""
    return gettext(
        "Walking distance is taken as %(times)s times the straight line: %(minutes)s minutes at %(speed)s km "
        "an hour are %(distance)s in a straight line. No walking network is used, so canals, motorways and "
        "railways do not count.",
        times=f"{DETOUR:g}",
        minutes=travel.minutes,
        speed=f"{WALKING_KM_PER_HOUR:g}",
        distance=_metres(travel.within_metres),
    )


def metres_text(metres: float) -> str:
    """A distance as people say it."""
    if round(metres, -1) < 1000:
        return gettext("%(metres)s m", metres=f"{round(metres, -1):.0f}")
    return gettext("%(kilometres)s km", kilometres=f"{metres / 1000:.1f}")


def away_words(metres: float, travel: Travel) -> str:
    """How far off something is: in metres, and along a network in minutes as well."""
    plain = metres_text(metres)
    if travel.network is None:
        return plain
    walk = minutes_words(metres / METRES_PER_MINUTE)
    return gettext("%(walk)s (%(distance)s)", walk=walk, distance=plain)


def distance_text(metres: float) -> str:
    """A distance that was asked for, as it was chosen."""
    return distance_words(metres) if spoken() is ENGLISH else _metres(metres)


def _metres(metres: float) -> str:
    if metres < 1000:
        return gettext("%(metres)s metres", metres=f"{metres:.0f}")
    return gettext("%(kilometres)s km", kilometres=f"{metres / 1000:.3g}")
