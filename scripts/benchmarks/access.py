"""Measure reach and access side by side with geopandas, scipy and pysal's access.

Run it from the project's folder, with `access` and `numba` installed too for the tables about it:

    PYTHONPATH=scripts python -m benchmarks.access
"""

from __future__ import annotations

import argparse
import importlib.util
import warnings
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from benchmarks.access_ways import (
    WITHIN,
    count_ways,
    gaussian_access,
    nearest_ways,
    one_category_ways,
    regional_ways,
)
from benchmarks.made_up import CATEGORIES, made_up_case, side_by_side
from benchmarks.measure import Measured, extra_megabytes, in_turn

from geodata.reach import counts_by_category

NATIONAL_AREAS, NATIONAL_PROVIDERS = 34_753, 200_000
REGIONAL_AREAS, REGIONAL_PROVIDERS = 1_680, 5_000


def show(title: str, measured: dict[str, Measured], megabytes: dict[str, float] | None = None) -> None:
    """Print a table of the ways, and how many times as long each took as the way of ours last above it."""
    print(f"\n{title}\n")
    print("| | seconds | CPU seconds | times ours last above | by CPU | MB more |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    ours = next(iter(measured.values()))
    for name, way in measured.items():
        ours = way if name.startswith(("ours, from", "ours, compiled")) else ours
        ratios = f"{way.seconds / ours.seconds:,.2f} | {way.cpu_seconds / ours.cpu_seconds:,.2f}"
        more = f"{megabytes[name]:,.0f}" if megabytes else ""
        print(f"| {name} | {way.seconds:.4f} | {way.cpu_seconds:.4f} | {ratios} | {more} |")


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the greatest relative difference; NaN of theirs must be 0 of ours."""
    theirs = np.where(np.isnan(theirs), 0.0, theirs)
    apart = np.abs(ours - theirs)
    return float(np.max(np.divide(apart, theirs, out=np.where(apart > 0, np.inf, 0.0), where=theirs > 0)))


def differences(measured: dict[str, Measured], theirs: np.ndarray) -> float:
    """Return the greatest relative difference of any way of ours."""
    ours = (way.answer for name, way in measured.items() if name.startswith("ours"))
    return max(difference(answer, theirs) for answer in ours)


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
    for package in ("access", "numba"):
        if importlib.util.find_spec(package) is None:
            print(f"\n{package} is not installed: the two-step figure is not compared")
            return
    case = made_up_case(int(NATIONAL_AREAS * part), int(NATIONAL_PROVIDERS * part), seed)
    region = made_up_case(int(REGIONAL_AREAS * part), int(REGIONAL_PROVIDERS * part), seed, 30, 30_000)
    gaussian_access(region.areas, region.supply, region.people, compiled=True)  # what is compiled is read
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ways = one_category_ways(case)
        more = {name: extra_megabytes(ask) for name, ask in ways.items()}
        one = in_turn(ways, repeats, 0.2)
        show(f"Gaussian 2SFCA, one category of: {len(case.areas):,} areas", one, more)
        theirs = one["pysal access, from distances"].answer
        print(f"\nGreatest relative difference: {differences(one, theirs):.1e}")
        ways = regional_ways(region)
        more = {name: extra_megabytes(ask) for name, ask in ways.items()}
        many = in_turn(ways, repeats, 0.2)
    size = f"{len(region.areas):,} areas, {len(region.places):,} providers"
    show(f"Gaussian 2SFCA, from coordinates to {len(CATEGORIES)} categories: {size}", many, more)
    theirs = (way.answer for name, way in many.items() if not name.startswith("ours"))
    print(f"\nGreatest relative difference: {max(differences(many, answer) for answer in theirs):.1e}")


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
