"""How far people go: from an address to metres in a straight line, or to minutes on foot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from werkzeug.datastructures import MultiDict

from directory.coverage.kept_network import LOAD_NETWORK, KeptNetwork, kept_network
from directory.coverage.travel import Travel, stands, walk_of
from directory.coverage.travel_words import minutes_words
from directory.languages import gettext, own_words
from directory.search.reading import read_number
from geodata.network import MOST_REST_METRES

DEFAULT_WITHIN = 2000
MINUTES = (5, 10, 15, 20, 30)
# A longer search along a network would keep a page waiting.
MOST_MINUTES = 60


def walks() -> list[tuple[int | str, str]]:
    """The choices of how many minutes on foot, in words."""
    return [("", gettext("As the distance")), *((minutes, minutes_words(minutes)) for minutes in MINUTES)]


def read_travel(
    args: MultiDict[str, str], xy: NDArray[np.float64], of_what: str, problems: list[str]
) -> Travel:
    """Read how far people go. Minutes go before metres, and along the network if one holds the points."""
    metres = read_number(args, "within_metres", 1, 50_000, problems) or DEFAULT_WITHIN
    minutes = read_number(args, "minutes", 1, MOST_MINUTES, problems)
    if minutes is None:
        return Travel(metres)
    kept = _network(problems)
    on = stands(xy, walk_of(minutes, kept))
    if kept and len(xy) and not on.any():
        problems.append(
            gettext(
                "The walking network of %(source)s is of another region: none of the %(things)s lies on it, "
                "so the straight line was taken. Load one that holds them: %(command)s",
                source=own_words(kept.network.source),
                things=gettext(of_what),
                command=own_words(LOAD_NETWORK),
            )
        )
        kept = None
    elif not on.all():
        problems.append(
            gettext(
                "%(number)s of %(all)s %(things)s lie farther than %(metres)s metres from every way of the "
                "walking network. What can be walked to from there is not known, and counts as possible. "
                "Load a network that holds them: %(command)s",
                number=int((~on).sum()),
                all=len(on),
                things=gettext(of_what),
                metres=f"{MOST_REST_METRES:.0f}",
                command=own_words(LOAD_NETWORK),
            )
        )
    return walk_of(minutes, kept)


def travel_arguments(travel: Travel) -> dict[str, Any]:
    """The arguments that ask for the same again."""
    if travel.minutes is not None:
        return {"minutes": travel.minutes}
    return {"within_metres": travel.within_metres}


def _network(problems: list[str]) -> KeptNetwork | None:
    try:
        return kept_network(Path(current_app.config["INSTANCE_FOLDER"]))
    except ValueError as error:
        problems.append(
            gettext(
                "%(problem)s. Run: %(command)s Until then the straight line is taken.",
                problem=own_words(str(error)),
                command=own_words(LOAD_NETWORK),
            )
        )
        return None
