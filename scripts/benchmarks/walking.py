"""Measure walks along a network of the size of Birmingham, side by side with a routing per pair.

The network is made up: streets in a grid of 30 metres, of which a quarter is missing, bent a little. The same
seed gives the same one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from benchmarks.measure import Measured, extra_megabytes, in_turn
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geodata.network import METRES_PER_MINUTE, WalkingNetwork, make_network, snap
from geodata.walking import walk_to_nearest, walk_to_two_nearest, walks_within

CORNER, APART = (400_000, 280_000), 30


def made_up_network(across: int, seed: int) -> WalkingNetwork:
    """Make up streets; the same seed gives the same ones."""
    dice = np.random.default_rng(seed)
    number = np.arange(across * across).reshape(across, across)
    east, north = np.meshgrid(np.arange(across), np.arange(across), indexing="ij")
    xy = np.column_stack([east.ravel(), north.ravel()]) * APART + CORNER + dice.uniform(-6, 6, (across**2, 2))
    lengthwise = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    crosswise = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    ways = np.concatenate([lengthwise, crosswise])
    return make_network(xy, ways[dice.random(len(ways)) > 0.25], "made up")


def nearest_ways(
    network: WalkingNetwork, areas: np.ndarray, places: np.ndarray
) -> dict[str, Callable[[], Any]]:
    """Find the nearest place of one category on foot."""

    def one_by_one() -> np.ndarray:
        here, rest = snap(network, areas)
        there, more = snap(network, places)
        least = [
            (dijkstra(network.graph, indices=node)[there] + more).min() if node >= 0 else np.nan
            for node in here
        ]
        return np.array(least) + rest

    return {
        "ours, one search from all": lambda: walk_to_nearest(network, areas, places)[0],
        "ours, the two nearest": lambda: walk_to_two_nearest(network, areas, places, np.arange(len(places)))[
            0
        ],
        "a search from each area": one_by_one,
    }


def within_ways(
    network: WalkingNetwork, areas: np.ndarray, places: np.ndarray, minutes: float
) -> dict[str, Callable[[], Any]]:
    """Count the places of one category within some minutes on foot."""
    limit = minutes * METRES_PER_MINUTE

    def ours() -> np.ndarray:
        return np.bincount(walks_within(network, areas, places, limit).origin, minlength=len(areas))

    def from_places() -> np.ndarray:
        here, rest = snap(network, areas)
        there, more = snap(network, places)
        counts = np.zeros(len(areas), dtype=int)
        for node, last in zip(there, more, strict=True):
            way = dijkstra(network.graph, indices=node, limit=limit)[here] + rest + last
            counts += (way <= limit + 1e-6) & (here >= 0)
        return counts

    def straight() -> np.ndarray:
        found = cKDTree(areas).query_ball_point(places, limit / 1.3)
        return np.bincount(np.concatenate(found).astype(int), minlength=len(areas))

    return {
        "ours": ours,
        "a search from each place": from_places,
        "straight line of 1/1.3 (another answer)": straight,
    }


def show(title: str, measured: dict[str, Measured], megabytes: dict[str, float]) -> None:
    """Print a table of the ways, each with how many times as long as ours it took."""
    print(f"\n{title}\n\n| | seconds | CPU seconds | times ours, by CPU | MB more |")
    print("| --- | ---: | ---: | ---: | ---: |")
    ours = next(iter(measured.values()))
    for name, way in measured.items():
        ratio = way.cpu_seconds / ours.cpu_seconds
        print(
            f"| {name} | {way.seconds:.3f} | {way.cpu_seconds:.3f} | {ratio:.2f} | {megabytes[name]:,.0f} |"
        )


def compare(repeats: int, seed: int, across: int, size: tuple[int, int]) -> None:
    """Compare, and print tables; answers that differ are an error."""
    network = made_up_network(across, seed)
    dice = np.random.default_rng(seed)
    areas, places = (dice.uniform(0, across * APART, (number, 2)) + CORNER for number in size)
    network.graph, network.tree  # noqa: B018 - made once, when the network is read
    words = f"{len(network.xy):,} nodes, {len(network.edges):,} edges; {size[0]:,} areas, {size[1]:,} places"
    ways = nearest_ways(network, areas, places)
    found = in_turn(ways, repeats)
    show(f"Nearest on foot: {words}", found, {name: extra_megabytes(ask) for name, ask in ways.items()})
    one, two, plain = (way.answer for way in found.values())
    if not (np.allclose(one, plain, equal_nan=True) and np.allclose(two[:, 0], plain, equal_nan=True)):
        raise RuntimeError("the ways differ")
    for minutes in (10, 30):
        ways = within_ways(network, areas, places, minutes)
        counts = in_turn(ways, repeats)
        more = {name: extra_megabytes(ask) for name, ask in ways.items()}
        show(f"Counts within {minutes} minutes on foot: {words}", counts, more)
        mine, plain, _ = (way.answer for way in counts.values())
        if not np.array_equal(mine, plain):
            raise RuntimeError("the counts differ")
        print(f"\n{mine.sum():,} pairs; counts equal")


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--across", type=int, default=550, help="streets from west to east, and south to north"
    )
    parser.add_argument("--areas", type=int, default=1_719)
    parser.add_argument("--places", type=int, default=150)
    given = parser.parse_args(arguments)
    compare(given.repeats, given.seed, given.across, (given.areas, given.places))


if __name__ == "__main__":
    main()
