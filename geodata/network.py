"""Walking along the paths of a network: how far it is, where a canal or a railway lies between.

A network is made of nodes on the National Grid and of edges between them, each as long as the straight line
between its two nodes. A place stands at the node nearest to it, and the straight rest to that node is walked
too. A place too far from every node is not reached by the network: its distance is not known, which is not
the same as far away.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

WALKING_KM_PER_HOUR = 4.8
METRES_PER_MINUTE = WALKING_KM_PER_HOUR * 1000 / 60
# Where no network is used, the way is taken to be so many times as long as the straight line.
DETOUR = 1.3
# A place farther than this from every node does not stand on the network.
MOST_REST_METRES = 500.0
# Pieces with less than this share of the nodes of the largest are courtyards and the ends of cut ways.
_LEAST_PIECE = 1e-4
# Nodes are kept to a decimetre, and edges are measured between the nodes as they are kept.
_PER_METRE = 10


@dataclass(frozen=True, eq=False)
class WalkingNetwork:
    """Nodes and the ways between them.

    Attributes
    ----------
    xy : numpy.ndarray of float, shape (n nodes, 2)
        Eastings and northings, EPSG:27700.
    edges : numpy.ndarray of int, shape (n edges, 2)
        The two nodes of each edge, the lesser first; each pair once. Every edge is walked both ways.
    source : str
        The name of the file that it was made from.
    left_out : int
        How many nodes were left out, in pieces that hang together with nothing.
    """

    xy: NDArray[np.float64]
    edges: NDArray[np.intp]
    source: str
    left_out: int

    @property
    def metres(self) -> NDArray[np.float64]:
        """The length of each edge.

        Returns
        -------
        numpy.ndarray of float, shape (n edges,)
            Straight-line metres between its two nodes.
        """
        return _apart(self.xy[self.edges[:, 0]], self.xy[self.edges[:, 1]])

    @cached_property
    def graph(self) -> sp.csr_array:
        """The ways in both directions.

        Returns
        -------
        scipy.sparse.csr_array, shape (n nodes, n nodes)
            The length of each edge. Worked out once.
        """
        (one, other), metres, count = self.edges.T, self.metres, len(self.xy)
        row, column = np.concatenate([one, other]), np.concatenate([other, one])
        return sp.csr_array((np.concatenate([metres, metres]), (row, column)), shape=(count, count))

    @cached_property
    def tree(self) -> cKDTree:
        """The nodes, to look for those nearby.

        Returns
        -------
        scipy.spatial.cKDTree
            Over `xy`. Worked out once.
        """
        return cKDTree(self.xy)


def make_network(xy: ArrayLike, edges: ArrayLike, source: str = "") -> WalkingNetwork:
    """Make a network of nodes and of the pairs of them that ways join.

    Parameters
    ----------
    xy : array_like of float, shape (n nodes, 2)
        Eastings and northings of the nodes, EPSG:27700. A node with NaN is off the grid: it is left out, and
        so is every edge to it.
    edges : array_like of int, shape (n edges, 2)
        Positions of the two nodes of each edge, in either order and as often as it is walked.
    source : str, default ""
        The name of the file that it is made from.

    Returns
    -------
    WalkingNetwork
        The nodes that hang together with others, rounded to a decimetre, and each edge once.

    Raises
    ------
    ValueError
        If nothing is left.
    """
    nodes = np.round(np.asarray(xy, dtype=float).reshape(-1, 2) * _PER_METRE) / _PER_METRE
    pairs = np.sort(np.asarray(edges, dtype=np.intp).reshape(-1, 2), axis=1)
    on_grid: NDArray[np.bool_] = np.asarray(np.isfinite(nodes).all(axis=1))
    pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & on_grid[pairs].all(axis=1)]
    pairs = np.unique(pairs, axis=0)
    if not len(pairs):
        raise ValueError("it holds no way that can be walked in Great Britain")
    ones = np.ones(len(pairs), dtype=np.int8)
    joined = sp.csr_array((ones, pairs.T), shape=(len(nodes), len(nodes)))
    _, piece = connected_components(joined, directed=False)
    size = np.bincount(piece)
    large = (size > 1) & (size >= _LEAST_PIECE * size.max())
    kept = large[piece]
    number = np.cumsum(kept) - 1
    return WalkingNetwork(nodes[kept], number[pairs[kept[pairs[:, 0]]]], source, int((~kept).sum()))


def snap(network: WalkingNetwork, xy: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Find the node at which each place stands.

    Parameters
    ----------
    network : WalkingNetwork
        The network.
    xy : array_like of float, shape (n, 2)
        Eastings and northings of the places; NaN where a place is not known.

    Returns
    -------
    node : numpy.ndarray of int, shape (n,)
        The nearest node; -1 where the place is not known, or farther than `MOST_REST_METRES` from every node.
    rest : numpy.ndarray of float, shape (n,)
        Straight-line metres to that node; NaN where there is none.
    """
    places = np.asarray(xy, dtype=float).reshape(-1, 2)
    node, rest = np.full(len(places), -1, dtype=np.intp), np.full(len(places), np.nan)
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    if len(known):
        _, nearest = network.tree.query(places[known])
        metres = _apart(places[known], network.xy[nearest])
        near = metres <= MOST_REST_METRES
        node[known[near]], rest[known[near]] = nearest[near], metres[near]
    return node, rest


def minutes_by_network(metres: ArrayLike) -> NDArray[np.float64]:
    """Turn the length of ways along a network into minutes.

    Parameters
    ----------
    metres : array_like of float
        Lengths of ways.

    Returns
    -------
    numpy.ndarray of float
        Minutes at `WALKING_KM_PER_HOUR`.

    Examples
    --------
    >>> minutes_by_network([800.0])
    array([10.])
    """
    return np.asarray(metres, dtype=float) / METRES_PER_MINUTE


def minutes_by_straight_line(metres: ArrayLike, detour: float = DETOUR) -> NDArray[np.float64]:
    """Guess the minutes of a walk of which only the straight line is known.

    Parameters
    ----------
    metres : array_like of float
        Straight-line distances.
    detour : float, default 1.3
        How many times as long as the straight line the way is taken to be.

    Returns
    -------
    numpy.ndarray of float
        Minutes at `WALKING_KM_PER_HOUR`.

    Raises
    ------
    ValueError
        If the factor is less than 1 or not finite.

    Examples
    --------
    >>> minutes_by_straight_line([800.0])
    array([13.])
    """
    if not (np.isfinite(detour) and detour >= 1):
        raise ValueError(f"the detour factor is {detour}: no way is shorter than the straight line")
    return minutes_by_network(np.asarray(metres, dtype=float) * detour)


def save_network(network: WalkingNetwork, path: Path) -> None:
    """Keep a network in a compressed file.

    Parameters
    ----------
    network : WalkingNetwork
        The network.
    path : pathlib.Path
        The file, which ends in ``.npz``. One that is there is replaced at the end, and never half written.
    """
    unfinished = path.with_name(f"unfinished-{path.name}")
    np.savez_compressed(
        unfinished,
        xy=np.round(network.xy * _PER_METRE).astype(np.int32),
        edges=network.edges.astype(np.int32),
        source=np.array(network.source),
        left_out=np.array(network.left_out),
    )
    unfinished.replace(path)


def read_network(path: Path) -> WalkingNetwork:
    """Read a network that `save_network` kept.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    WalkingNetwork
        The same network.

    Raises
    ------
    ValueError
        If the file is not such a file.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            xy, edges = kept["xy"] / _PER_METRE, kept["edges"].astype(np.intp)
            return WalkingNetwork(xy, edges, str(kept["source"]), int(kept["left_out"]))
    except (KeyError, ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path.name} is not a walking network: load it again") from error


def _apart(xy_a: NDArray[np.float64], xy_b: NDArray[np.float64]) -> NDArray[np.float64]:
    metres: NDArray[np.float64] = np.hypot(*(xy_a - xy_b).T)
    return metres
