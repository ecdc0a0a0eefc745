"""Who can walk to what, along a `WalkingNetwork`: the nearest, the two nearest, and all within a distance.

The way from one place to another is ``rest of the one + edges + rest of the other``. Since every part is a
straight line, the sum is never less than the straight line between them, but for rounding.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geodata.costs import require_distance
from geodata.network import WalkingNetwork, snap
from geodata.pairs import Pairs

# Nodes from which a search starts at once: those that lie together share the part of the network around them.
_STARTS = 32
# The parts of a way are added up in one order or the other, which rounds otherwise.
_HAIR = 1e-6


def walk_to_nearest(
    network: WalkingNetwork, origins: ArrayLike, destinations: ArrayLike, within_metres: float = np.inf
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Walk from every origin to the destination that is nearest along the network.

    Parameters
    ----------
    network : WalkingNetwork
        The network.
    origins : array_like of float, shape (n origins, 2)
        Eastings and northings, EPSG:27700.
    destinations : array_like of float, shape (n destinations, 2)
        Likewise, such as the places of the services of one category.
    within_metres : float, default infinity
        The longest way to look for, which counts as within. A limit makes the search shorter.

    Returns
    -------
    metres : numpy.ndarray of float, shape (n origins,)
        The length of the way; NaN where there is none within the limit, and where the origin does not stand
        on the network.
    which : numpy.ndarray of int, shape (n origins,)
        Position of that destination; -1 where the distance is NaN.

    Raises
    ------
    ValueError
        If the limit is negative or not a number.

    Notes
    -----
    ``rest of the origin + edges + rest of the destination``, the least over all destinations, by one
    Dijkstra search from all destinations at once. Each destination is a node of its own, joined to the node
    at which it stands by its rest, so that the search starts with the rests. Since every part is a straight
    line, the sum is never less than the straight line, but for rounding.
    """
    if np.isnan(within_metres) or within_metres < 0:
        raise ValueError(f"within_metres is {within_metres}: give a distance of nought or more")
    from_node, from_rest = snap(network, origins)
    to_node, to_rest = snap(network, destinations)
    metres, which = np.full(len(from_node), np.nan), np.full(len(from_node), -1, dtype=np.intp)
    stands, there = np.flatnonzero(from_node >= 0), np.flatnonzero(to_node >= 0)
    if not len(stands) or not len(there):
        return metres, which
    found, _, start = _search(network.graph, to_node[there], to_rest[there], within_metres)
    total = found[from_node[stands]] + from_rest[stands]
    near = np.isfinite(total) & (total <= within_metres)
    metres[stands[near]] = total[near]
    which[stands[near]] = there[start[from_node[stands[near]]] - len(network.xy)]
    return metres, which


def walk_to_two_nearest(
    network: WalkingNetwork, origins: ArrayLike, destinations: ArrayLike, owner: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Walk from every origin to the nearest destination, and to the nearest that is of another owner.

    Parameters
    ----------
    network : WalkingNetwork
        The network.
    origins : array_like of float, shape (n origins, 2)
        Eastings and northings, EPSG:27700.
    destinations : array_like of float, shape (n destinations, 2)
        Likewise, such as the places of the services of one category.
    owner : array_like of int, shape (n destinations,)
        Whose each is, such as the number of its service, which may have several places.

    Returns
    -------
    metres : numpy.ndarray of float, shape (n origins, 2)
        The length of both ways; NaN where there is none.
    which : numpy.ndarray of int, shape (n origins, 2)
        Positions of both destinations; -1 where the distance is NaN.

    Notes
    -----
    Two searches, each from everywhere at once. The first gives every node its nearest destination, and so
    its owner. The best way from a node to any other owner leaves the nodes of its own owner by some edge for
    the first time, and from the far end of that edge goes on to the nearest destination of all. So the
    second search stays among nodes of one owner, and starts at the ends of those edges with what is left of
    the way from there.
    """
    from_node, from_rest = snap(network, origins)
    to_node, to_rest = snap(network, destinations)
    own = np.asarray(owner, dtype=np.intp)
    metres, which = np.full((len(from_node), 2), np.nan), np.full((len(from_node), 2), -1, dtype=np.intp)
    stands, there = np.flatnonzero(from_node >= 0), np.flatnonzero(to_node >= 0)
    if not len(stands) or not len(there):
        return metres, which
    number = len(network.xy)
    first, _, start = _search(network.graph, to_node[there], to_rest[there])
    reached = np.isfinite(first)
    nearest = np.full(number, -1, dtype=np.intp)
    nearest[reached] = there[start[reached] - number]
    label = np.where(reached, own[nearest], -1)
    node, left, place = _borders(network, label, first, nearest, (to_node[there], to_rest[there], there, own))
    inner = label[network.edges[:, 0]] == label[network.edges[:, 1]]
    within = WalkingNetwork(network.xy, network.edges[inner], network.source, network.left_out)
    second, _, begin = _search(within.graph, node, left)
    at = from_node[stands]
    again = np.full(number, -1, dtype=np.intp)
    some = np.isfinite(second)
    again[some] = place[begin[some] - number]
    for column, (length, destination) in enumerate(((first, nearest), (second, again))):
        total = length[at] + from_rest[stands]
        metres[stands, column] = np.where(np.isfinite(total), total, np.nan)
        which[stands, column] = destination[at]
    return metres, which


def walks_within(
    network: WalkingNetwork, origins: ArrayLike, destinations: ArrayLike, within_metres: float
) -> Pairs:
    """Find every pair of places between which the way is no longer than a distance.

    Parameters
    ----------
    network : WalkingNetwork
        The network.
    origins : array_like of float, shape (n origins, 2)
        Eastings and northings, EPSG:27700. What does not stand on the network is in no pair.
    destinations : array_like of float, shape (n destinations, 2)
        Likewise.
    within_metres : float
        The longest way, which counts as within.

    Returns
    -------
    Pairs
        The pairs by origin and then destination, with the length of the way.

    Raises
    ------
    ValueError
        If the limit is negative or not finite.

    Notes
    -----
    A search from each node at which an origin stands, or from each at which a destination does: whichever
    are fewer, for ways are as long back as there. No way within the limit leads farther off than the limit in
    a straight line, so each search sees only that part of the network. The sums are compared to a thousandth
    of a millimetre.
    """
    require_distance(within_metres)
    ends = [snap(network, places) for places in (origins, destinations)]
    turned = len(np.unique(ends[0][0])) > len(np.unique(ends[1][0]))
    (near_node, near_rest), (far_node, far_rest) = ends[::-1] if turned else ends
    near_order, near_known = _by_node(near_node)
    far_order, far_known = _by_node(far_node)
    parts: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]] = []
    for start, end, metres in _searches(network, np.unique(near_known), np.unique(far_known), within_metres):
        pair, near = _each(near_known, start)
        again, far = _each(far_known, end[pair])
        here, there = near_order[near[again]], far_order[far]
        total = near_rest[here] + metres[pair[again]] + far_rest[there]
        kept = total <= within_metres + _HAIR
        parts.append((here[kept], there[kept], total[kept]))
    nothing = (np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp), np.empty(0))
    here, there, total = map(np.concatenate, zip(*(parts or [nothing]), strict=True))
    origin, destination = (there, here) if turned else (here, there)
    order = np.lexsort((destination, origin))
    return Pairs(origin[order], destination[order], total[order])


def _search(
    graph: sp.csr_array, node: NDArray[np.intp], rest: NDArray[np.float64], limit: float = np.inf
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Search from many starts at once, each joined to a node by a rest; answers for the nodes alone.

    The third part is the start of each node, counted from the number of nodes.
    """
    number, starts = graph.shape[0], len(node)
    if not starts:
        nowhere = np.full(number, -1, dtype=np.intp)
        return np.full(number, np.inf), nowhere, nowhere
    # One row for each start, after the nodes, which leads out and is led to by nothing.
    rows = np.concatenate([graph.indptr, graph.indptr[-1] + np.arange(1, starts + 1)])
    columns, metres = np.concatenate([graph.indices, node]), np.concatenate([graph.data, rest])
    whole = sp.csr_array((metres, columns, rows), shape=(number + starts, number + starts))
    found, before, start = dijkstra(
        whole,
        indices=number + np.arange(starts),
        min_only=True,
        return_predecessors=True,
        limit=limit,
    )
    return found[:number], before[:number], start[:number]


def _borders(
    network: WalkingNetwork,
    label: NDArray[np.intp],
    metres: NDArray[np.float64],
    nearest: NDArray[np.intp],
    standing: tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]],
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Give the nodes from which a step leads to another owner: node, metres from there, and destination.

    `standing` has the node, the rest and the position of each destination, and the owners of all.
    """
    (one, other), length = network.edges.T, network.metres
    here, over, step = np.concatenate([one, other]), np.concatenate([other, one]), np.tile(length, 2)
    across = (label[here] != label[over]) & (label[over] >= 0)
    at, rest, position, owner = standing
    stranger = owner[position] != label[at]
    node = np.concatenate([here[across], at[stranger]])
    left = np.concatenate([(step + metres[over])[across], rest[stranger]])
    return node, left, np.concatenate([nearest[over[across]], position[stranger]])


def _searches(
    network: WalkingNetwork, starts: NDArray[np.intp], ends: NDArray[np.intp], within_metres: float
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """Give the pairs of a start and an end within a distance, and the metres between, some at a time."""
    if not len(starts) or not len(ends):
        return
    order = starts[cKDTree(network.xy[starts]).indices]
    is_end = np.zeros(len(network.xy), dtype=bool)
    is_end[ends] = True
    limit = within_metres + 2 * _HAIR
    for begin in range(0, len(order), _STARTS):
        some = order[begin : begin + _STARTS]
        low, high = network.xy[some].min(axis=0) - limit, network.xy[some].max(axis=0) + limit
        part = np.flatnonzero(((network.xy >= low) & (network.xy <= high)).all(axis=1))
        targets = np.flatnonzero(is_end[part])
        if not len(targets):
            continue
        graph = network.graph[part][:, part]
        metres = dijkstra(graph, indices=np.searchsorted(part, some), limit=limit)[:, targets]
        start, end = np.nonzero(np.isfinite(metres))
        yield some[start], part[targets[end]], metres[start, end]


def _by_node(node: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the places that stand on the network in the order of their nodes, and those nodes."""
    order = np.argsort(node, kind="stable")
    order = order[node[order] >= 0]
    return order, node[order]


def _each(known: NDArray[np.intp], wanted: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give for each wanted value every position at which it stands in a sorted array, and its row."""
    first, last = np.searchsorted(known, wanted), np.searchsorted(known, wanted, side="right")
    number = last - first
    row = np.repeat(np.arange(len(wanted)), number)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number) + first[row]
