"""Measure the choice of the best places to add, side by side with spopt and with scipy's own solver.

Every side starts from the same made-up coordinates and weights, and all but greedy must end with the same
weight covered. Where spopt is not installed, it is left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import eye_array, hstack
from scipy.spatial.distance import cdist

from geodata.crs import BNG
from geodata.siting import best_additions, covered_within

try:
    import pulp
    from spopt.locate import MCLP
except ImportError:
    pulp = MCLP = None

WITHIN_METRES = 2_000
# As wide as the seven authorities of the West Midlands are together, if they were a square.
WEST_SOUTH, EAST_NORTH = [[390_000], [275_000]], [[420_000], [305_000]]

Side = Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame, int], float]


def made_up_places(number: int, seed: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Make up as many areas with people as candidates; the same seed gives the same ones."""
    chance = np.random.default_rng(seed)
    points = [gpd.points_from_xy(*chance.uniform(WEST_SOUTH, EAST_NORTH, (2, number))) for _ in range(2)]
    people = chance.integers(1_000, 3_000, number)
    demand = gpd.GeoDataFrame({"weight": people}, geometry=points[0], crs=BNG)
    return demand, gpd.GeoDataFrame(geometry=points[1], crs=BNG)


def ours(demand: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, p: int) -> float:
    """Choose with `geodata.siting`, and refuse an answer without a proof."""
    best = best_additions(demand, candidates, WITHIN_METRES, p)
    if not best.exact:
        raise RuntimeError(f"no proof in time: {best}")
    return best.covered_weight


def ours_greedily(demand: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, p: int) -> float:
    """Choose greedily."""
    return best_additions(demand, candidates, WITHIN_METRES, p, method="greedy").covered_weight


def ours_with_existing(demand: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, p: int) -> float:
    """Choose with the first tenth of the candidates locked in: what they reach is reached already."""
    there = candidates.head(len(candidates) // 10)
    best = best_additions(demand, candidates, WITHIN_METRES, p, there)
    if not best.exact:
        raise RuntimeError(f"no proof in time: {best}")
    return best.covered_weight


def plain_milp(demand: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, p: int) -> float:
    """Give the whole problem, nothing left out, to HiGHS through scipy."""
    covers = covered_within(demand, candidates, WITHIN_METRES).astype(float)
    areas, places = covers.shape
    number = np.repeat([1.0, 0.0], [places, areas])
    rows = hstack([covers, -eye_array(areas)], format="csr")
    found = milp(
        -np.concatenate([np.zeros(places), demand["weight"]]),
        integrality=number,
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(rows, 0, np.inf), LinearConstraint(number[np.newaxis], 0, p)],
        options={"mip_rel_gap": 0},
    )
    return float(-found.fun)


def spopt_with_highs(demand: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, p: int) -> float:
    """Choose with spopt, from a matrix of distances, and HiGHS."""
    metres = cdist(demand.get_coordinates(), candidates.get_coordinates())
    model = MCLP.from_cost_matrix(metres, demand["weight"].to_numpy(), WITHIN_METRES, p)
    model.solve(pulp.HiGHS(msg=False, gapRel=0))
    return float(model.problem.objective.value())


def seconds_of(
    side: Side, places: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame], p: int
) -> tuple[float, float, float]:
    """Return the seconds of a side by the clock and of the processor, and the weight that it covers."""
    start, cpu = time.perf_counter(), time.process_time()
    covered = side(*places, p)
    return time.perf_counter() - start, time.process_time() - cpu, covered


def extra_memory(side: Side, places: int, p: int, seed: int) -> float:
    """Return by how many MB, at most, a process of its own grew while a side worked."""
    context = multiprocessing.get_context("spawn")  # HiGHS waits for ever in a forked process
    queue = context.Queue()
    process = context.Process(target=put_growth, args=(queue, side, places, p, seed))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the process that measured the memory of {side.__name__} failed")
    grown: float = queue.get()
    return grown


def put_growth(queue: multiprocessing.Queue[float], side: Side, places: int, p: int, seed: int) -> None:
    """Put into a queue by how many MB this process grows while a side works."""
    frames = made_up_places(places, seed)
    side(*made_up_places(20, seed), 2)
    before = most_memory()
    side(*frames, p)
    queue.put((most_memory() - before) / 1000)


def most_memory() -> int:
    """Return the most memory in kB that this process has held, as Linux tells it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def compare_siting(places: int, chosen: int, repeats: dict[Side, int], seed: int) -> None:
    """Let each side choose, in turn, and print medians, memory and how they compare with ours."""
    frames = made_up_places(places, seed)
    small = made_up_places(20, seed)
    seconds: dict[Side, list[tuple[float, float]]] = {side: [] for side in repeats}
    covered: dict[Side, float] = {}
    for side in repeats:
        side(*small, 2)  # so that nobody pays for the first use of a library
    for turn in range(max(repeats.values())):
        for side in (side for side, times in repeats.items() if turn < times):
            *taken, covered[side] = seconds_of(side, frames, chosen)
            seconds[side].append((taken[0], taken[1]))
        print(f"round {turn + 1} of {max(repeats.values())} done", file=sys.stderr)
    print(f"\nThe best {chosen} of {places:,} places for {places:,} areas, seed {seed}.\n")
    row = "| {:<18} | {:>7} | {:>11} | {:>10} | {:>6} | {:>4} | {:>8} | {:>12} |"
    print(row.format("", "seconds", "CPU seconds", "times ours", "by CPU", "runs", "extra MB", "covered"))
    print(row.format("---", *["---:"] * 7))
    exact = [covered[side] for side in repeats if side not in (ours_greedily, ours_with_existing)]
    if not np.allclose(exact, exact[0], rtol=1e-9):
        raise RuntimeError(f"the sides do not cover the same weight: {exact}")
    middles = {
        side: [statistics.median(column) for column in zip(*times, strict=True)]
        for side, times in seconds.items()
    }
    for side, (clock, cpu) in middles.items():
        ratios = (f"{clock / middles[ours][0]:.1f}", f"{cpu / middles[ours][1]:.1f}")
        memory = extra_memory(side, places, chosen, seed)
        ends = (len(seconds[side]), f"{memory:.0f}", f"{covered[side]:,.2f}")
        print(row.format(side.__name__, f"{clock:.3f}", f"{cpu:.3f}", *ratios, *ends))


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and measure what it asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=1_680)
    parser.add_argument("--chosen", type=int, nargs="+", default=[5, 20])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--spopt-repeats", type=int, default=5, help="fewer, because it is slow; 0 for none")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    if min(given.places, given.repeats, *given.chosen) < 1:
        parser.error("--places, --chosen and --repeats must be 1 or more")
    repeats: dict[Side, int] = dict.fromkeys(
        (ours, ours_greedily, ours_with_existing, plain_milp), given.repeats
    )
    if given.spopt_repeats and MCLP:
        repeats[spopt_with_highs] = given.spopt_repeats
    else:
        print("Without spopt: it was not asked for, or is not installed (pip install spopt highspy).")
    for chosen in given.chosen:
        compare_siting(given.places, chosen, repeats, given.seed)


if __name__ == "__main__":
    main()
