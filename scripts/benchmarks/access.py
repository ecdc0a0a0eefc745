"""Measure reach and access side by side with geopandas, scipy and pysal's access.

Run it from the project's folder, with `access` installed too for the tables about it:

    PYTHONPATH=scripts python -m benchmarks.access
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from benchmarks.made_up import CATEGORIES, Case, frame_of, made_up_case, side_by_side, without_index
from benchmarks.measure import Measured, extra_megabytes, in_turn
from scipy.spatial import cKDTree

from geodata.catchments import two_step
from geodata.crs import BNG
from geodata.decay import gaussian
from geodata.reach import counts_by_category, nearest_in_category, within_reach
from geodata.supply import Supply, supply_of

NATIONAL_AREAS, NATIONAL_PROVIDERS = 34_753, 200_000
REGIONAL_AREAS, REGIONAL_PROVIDERS = 1_680, 5_000
WITHIN = 2_000
SIGMA = 700
BELL = partial(gaussian, sigma_metres=SIGMA)


def count_ways(case: Case) -> dict[str, Callable[[], Any]]:
    """Count the providers of each category within 2 km: ours, and the peers from the same coordinates."""
    number = len(CATEGORIES)
    left, right = frame_of(case.areas), frame_of(case.places)

    def counted(area: np.ndarray, provider: np.ndarray) -> np.ndarray:
        cell = area * number + case.category[provider]
        return np.bincount(cell, minlength=len(case.areas) * number).reshape(-1, number)

    def joined() -> np.ndarray:
        pairs = gpd.sjoin(without_index(left), without_index(right), predicate="dwithin", distance=WITHIN)
        return counted(pairs.index.to_numpy(), pairs["index_right"].to_numpy())

    def indexed() -> np.ndarray:
        found = without_index(right).sindex.query(left.geometry, predicate="dwithin", distance=WITHIN)
        return counted(*found)

    def bare() -> int:
        here, there = cKDTree(case.areas), cKDTree(case.places)
        return len(here.sparse_distance_matrix(there, WITHIN, output_type="ndarray"))

    return {
        "ours": lambda: counts_by_category(case.areas, case.supply, WITHIN),
        "geopandas sjoin dwithin": joined,
        "geopandas sindex.query dwithin": indexed,
        "bare sparse_distance_matrix": bare,
    }


def nearest_ways(case: Case) -> dict[str, Callable[[], Any]]:
    """Find the nearest provider of each category."""
    left = frame_of(case.areas)
    rows = [np.flatnonzero(case.category == place) for place in range(len(CATEGORIES))]
    rights = [frame_of(case.places[those]) for those in rows]

    def joined() -> np.ndarray:
        columns = []
        for frame in rights:
            found = gpd.sjoin_nearest(left, without_index(frame), distance_col="metres")
            columns.append(found["metres"][~found.index.duplicated()].to_numpy())
        return np.column_stack(columns)

    def bare() -> np.ndarray:
        return np.column_stack([cKDTree(case.places[those]).query(case.areas)[0] for those in rows])

    return {
        "ours": lambda: nearest_in_category(case.areas, case.supply, 1)[0][:, :, 0],
        "geopandas sjoin_nearest": joined,
        "bare cKDTree.query": bare,
        "ours, and the second nearest": lambda: nearest_in_category(case.areas, case.supply, 2)[0],
    }


def peer_access(case: Case, places: np.ndarray, costs: pd.DataFrame | None, columns: pd.DataFrame) -> Any:
    """Make the peer's object from providers, distances if there are any, and columns of supply."""
    peer = importlib.import_module("access")
    demand = frame_of(case.areas).assign(people=case.people).rename_axis("geoid")
    offered = gpd.GeoDataFrame(
        columns, index=columns.index, geometry=gpd.points_from_xy(*places.T), crs=BNG
    ).rename_axis("geoid")
    names = {} if costs is None else {"cost_origin": "origin", "cost_dest": "dest", "cost_name": "cost"}
    return peer.Access(demand, "people", offered, list(columns.columns), cost_df=costs, **names)


def peer_bell(asked: Any, categories: int) -> np.ndarray:
    """Ask the peer for the enhanced two-step figure with a Gaussian; nothing in reach is NaN there."""
    bell = importlib.import_module("access").weights.gaussian(SIGMA)
    answer = asked.enhanced_two_stage_fca(weight_fn=bell)
    return answer.sort_index().to_numpy()[:, :categories]


def peer_costs(case: Case, places: np.ndarray) -> pd.DataFrame:
    """Find the peer's distances by the fastest way that geopandas has."""
    right = frame_of(places)
    area, provider = right.sindex.query(frame_of(case.areas).geometry, predicate="dwithin", distance=WITHIN)
    metres = np.hypot(*(case.areas[area] - places[provider]).T)
    return pd.DataFrame({"origin": area, "dest": provider, "cost": metres})


def one_category_ways(case: Case) -> dict[str, Callable[[], Any]]:
    """Ask for the Gaussian figure of the first category, from distances and from coordinates."""
    places = case.places[case.category == 0]
    supply = supply_of(places, ["one"] * len(places))
    costs, column = peer_costs(case, places), pd.DataFrame({"one": np.ones(len(places))})
    ready = peer_access(case, places, costs, column)
    bare = within_reach(case.areas, supply, WITHIN)

    def ours_from_distances() -> np.ndarray:
        return two_step(replace(bare, weight=BELL(bare.metres)), case.people)

    return {
        "ours, from distances": ours_from_distances,
        "pysal access, from distances": lambda: peer_bell(ready, 1),
        "ours, from coordinates": partial(gaussian_access, case.areas, supply, case.people),
        "pysal access, from coordinates": lambda: peer_bell(
            peer_access(case, places, peer_costs(case, places), column), 1
        ),
    }


def regional_ways(case: Case) -> dict[str, Callable[[], Any]]:
    """Ask for the Gaussian figure of every category, from coordinates to answer.

    The categories stand ready in the form that each of the two reads: a categorical, and a column each.
    """
    categories = pd.Categorical.from_codes(case.category, CATEGORIES)
    columns = pd.DataFrame(np.eye(len(CATEGORIES))[case.category], columns=CATEGORIES)
    rows = [np.flatnonzero(case.category == place) for place in range(len(CATEGORIES))]
    by_category = [pd.DataFrame({"one": np.ones(len(those))}, index=those) for those in rows]

    def ours() -> np.ndarray:
        return gaussian_access(case.areas, supply_of(case.places, categories, CATEGORIES), case.people)

    def as_documented() -> np.ndarray:
        asked = peer_access(case, case.places, None, columns)
        asked.create_euclidean_distance(name="cost", threshold=WITHIN)
        return peer_bell(asked, len(CATEGORIES))

    def fastest() -> np.ndarray:
        costs, answers = peer_costs(case, case.places), []
        of = case.category[costs["dest"].to_numpy()]
        for place, column in enumerate(by_category):
            near = costs[of == place]
            answers.append(peer_bell(peer_access(case, case.places[column.index], near, column), 1))
        return np.column_stack(answers)

    return {
        "ours": ours,
        "pysal access, its own distances": as_documented,
        "pysal access, a category at a time": fastest,
    }


def show(title: str, measured: dict[str, Measured], megabytes: dict[str, float] | None = None) -> None:
    """Print a table of the ways, each with how many times as long as ours it took."""
    print(f"\n{title}\n")
    print("| | seconds | CPU seconds | times ours | by CPU | MB more |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    ours = next(iter(measured.values()))
    for name, way in measured.items():
        ours = way if name.startswith("ours, from") else ours
        ratios = f"{way.seconds / ours.seconds:,.2f} | {way.cpu_seconds / ours.cpu_seconds:,.2f}"
        more = f"{megabytes[name]:,.0f}" if megabytes else ""
        print(f"| {name} | {way.seconds:.4f} | {way.cpu_seconds:.4f} | {ratios} | {more} |")


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the greatest relative difference; NaN of theirs must be 0 of ours."""
    theirs = np.where(np.isnan(theirs), 0.0, theirs)
    apart = np.abs(ours - theirs)
    return float(np.max(np.divide(apart, theirs, out=np.where(apart > 0, np.inf, 0.0), where=theirs > 0)))


def compare_reach(repeats: int, seed: int, part: float = 1.0) -> None:
    """Compare counts and nearest providers at national size with geopandas and a bare tree."""
    case = made_up_case(int(NATIONAL_AREAS * part), int(NATIONAL_PROVIDERS * part), seed)
    size = f"{len(case.areas):,} areas, {len(case.places):,} providers in {len(CATEGORIES)} categories"
    ways = count_ways(case)
    more = {name: extra_megabytes(ask) for name, ask in ways.items()}
    counts = in_turn(ways, repeats)
    show(f"Counts within 2 km: {size}", counts, more)
    mine, join, index, pairs = (way.answer for way in counts.values())
    equal = np.array_equal(mine, join) and np.array_equal(mine, index) and mine.sum() == pairs
    print(f"\n{pairs:,} pairs; counts exactly equal: {equal}")
    ways = nearest_ways(case)
    more = {name: extra_megabytes(ask) for name, ask in ways.items()}
    near = in_turn(ways, repeats)
    show(f"Nearest of each category: {size}", near, more)
    mine, join, tree, _ = (way.answer for way in near.values())
    print(f"\nDistances exactly equal: {np.array_equal(mine, join) and np.array_equal(mine, tree)}")


def compare_access(repeats: int, seed: int, part: float = 1.0) -> None:
    """Compare the Gaussian two-step figure with pysal's access, where that is installed."""
    if importlib.util.find_spec("access") is None:
        print("\naccess is not installed: nothing to compare the two-step figure with")
        return
    case = made_up_case(int(NATIONAL_AREAS * part), int(NATIONAL_PROVIDERS * part), seed)
    region = made_up_case(int(REGIONAL_AREAS * part), int(REGIONAL_PROVIDERS * part), seed, 30, 30_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ways = one_category_ways(case)
        more = {name: extra_megabytes(ask) for name, ask in ways.items()}
        one = in_turn(ways, repeats, 0.2)
        show(f"Gaussian 2SFCA, one category of: {len(case.areas):,} areas", one, more)
        mine, theirs, *_ = (way.answer for way in one.values())
        print(f"\nGreatest relative difference: {difference(mine, theirs):.1e}")
        ways = regional_ways(region)
        more = {name: extra_megabytes(ask) for name, ask in ways.items()}
        many = in_turn(ways, repeats, 0.2)
    size = f"{len(region.areas):,} areas, {len(region.places):,} providers"
    show(f"Gaussian 2SFCA, from coordinates to {len(CATEGORIES)} categories: {size}", many, more)
    mine, documented, fastest = (way.answer for way in many.values())
    print(f"\nGreatest relative difference: {max(difference(mine, t) for t in (documented, fastest)):.1e}")


def show_growth(repeats: int, seed: int, part: float = 1.0) -> dict[str, list[tuple[int, float]]]:
    """Print how time grows from an eighth of the nation to all of it; return pairs and CPU seconds."""
    print("\n| size | pairs | counts, seconds | by CPU | ns a pair | 2SFCA, seconds | by CPU | ns a pair |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    eighth = made_up_case(
        int(NATIONAL_AREAS * part / 8), int(NATIONAL_PROVIDERS * part / 8), seed, 75, 176_000
    )
    grown: dict[str, list[tuple[int, float]]] = {"counts": [], "2SFCA": []}
    for times in (1, 2, 4, 8):
        case = side_by_side(eighth, times)
        ways = {
            "counts": partial(counts_by_category, case.areas, case.supply, WITHIN),
            "2SFCA": partial(gaussian_access, case.areas, case.supply, case.people),
        }
        taken = in_turn(ways, repeats)
        pairs = max(1, int(taken["counts"].answer.sum()))
        cells = [f"{times}x", f"{pairs:,}"]
        for name, way in taken.items():
            grown[name].append((pairs, way.cpu_seconds))
            cells += [f"{way.seconds:.3f}", f"{way.cpu_seconds:.3f}", f"{way.cpu_seconds / pairs * 1e9:.0f}"]
        print(f"| {' | '.join(cells)} |")
    return grown


def draw_growth(grown: dict[str, list[tuple[int, float]]], path: Path) -> None:
    """Draw what `show_growth` returns; a straight line is growth in step with the pairs."""
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for name, rows in grown.items():
        axes.plot(*zip(*rows, strict=True), marker="o", label=name)
    axes.set(xlabel="Pairs within 2 km", ylabel="CPU seconds", xlim=(0, None), ylim=(0, None))
    axes.legend()
    figure.savefig(path)
    plt.close(figure)


def gaussian_access(areas: np.ndarray, supply: Supply, people: np.ndarray) -> np.ndarray:
    """Go from coordinates to the Gaussian two-step figure of every category."""
    return two_step(within_reach(areas, supply, WITHIN, BELL), people)


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=float, default=1.0, help="part of the full size, to try it out")
    parser.add_argument("--only", choices=["reach", "access", "growth"], help="one comparison alone")
    parser.add_argument("--plot", type=Path, help="draw the growth into this file")
    chosen = parser.parse_args(arguments)
    sizes = (chosen.repeats, chosen.seed, chosen.part)
    if chosen.only in (None, "reach"):
        compare_reach(*sizes)
    if chosen.only in (None, "access"):
        compare_access(*sizes)
    if chosen.only in (None, "growth"):
        grown = show_growth(*sizes)
        if chosen.plot:
            draw_growth(grown, chosen.plot)


if __name__ == "__main__":
    main()
