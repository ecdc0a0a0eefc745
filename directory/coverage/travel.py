"""How far people go, as it was asked, and the distances that this makes: straight lines, or walks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from directory.coverage.kept_network import KeptNetwork
from geodata.network import DETOUR, METRES_PER_MINUTE, WalkingNetwork, snap
from geodata.reach import Reach, within_reach
from geodata.supply import Supply
from geodata.walking import walk_to_nearest, walks_within


@dataclass(frozen=True)
class Travel:
    """How far is in reach: `within_metres` in a straight line, or along `kept` if that is given.

    `minutes` is what was asked about, where it was a walk and no distance.
    """

    within_metres: int = 2000
    minutes: int | None = None
    kept: KeptNetwork | None = None

    @property
    def network(self) -> WalkingNetwork | None:
        """The network that is walked, if one is."""
        return self.kept.network if self.kept else None


def walk_of(minutes: int, kept: KeptNetwork | None) -> Travel:
    """A walk of some minutes: along the network, or by the straight line that stands for it."""
    metres = minutes * METRES_PER_MINUTE / (1 if kept else DETOUR)
    return Travel(round(metres), minutes, kept)


def stands(xy: NDArray[np.float64], travel: Travel) -> NDArray[np.bool_]:
    """Whether the walk from each point is known: without a network every point will do."""
    if travel.network is None:
        return np.ones(len(xy), dtype=bool)
    known: NDArray[np.bool_] = snap(travel.network, xy)[0] >= 0
    return known


def reach_of(xy: NDArray[np.float64], supply: Supply, travel: Travel) -> Reach:
    """Every pair of a point and a provider known to be in its reach."""
    if travel.network is None:
        return within_reach(xy, supply, travel.within_metres)
    near = walks_within(travel.network, xy, supply.xy, travel.within_metres)
    return Reach(near.origin, near.destination, near.metres, np.ones(len(near.metres)), supply, len(xy))


def may_reach(xy: NDArray[np.float64], supply: Supply, travel: Travel) -> Reach:
    """Pairs of which that is not known: near in a straight line, but one does not stand on the network."""
    # Without a network all is known: nothing is looked for.
    near = within_reach(xy if travel.network else xy[:0], supply, travel.within_metres)
    unknown = ~(stands(xy, travel)[near.area] & stands(supply.xy, travel)[near.provider])
    return replace(
        near,
        area=near.area[unknown],
        provider=near.provider[unknown],
        metres=near.metres[unknown],
        weight=near.weight[unknown],
    )


def metres_from(
    places: NDArray[np.float64], xy: NDArray[np.float64], travel: Travel
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far each place is from the nearest of some points: as known, and the least that it may be."""
    straight: NDArray[np.float64] = shapely.distance(shapely.points(places), shapely.multipoints(xy))
    if travel.network is None:
        return straight, straight
    walked, _ = walk_to_nearest(travel.network, places, xy)
    unknown = ~stands(places, travel) | ~stands(xy, travel).all()
    return walked, np.where(unknown, np.fmin(walked, straight), walked)
