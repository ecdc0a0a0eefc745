"""Work out the figures of a whole nation region by region, on the workers of a dask.distributed cluster.

Without --scheduler it starts workers of its own on this machine. The figures go into a CSV file, of which
`flask directory load-values` takes any column into the directory: pages read what is stored, and never
compute this. docs/cluster.md says how to use it on several machines.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from distributed import Client, LocalCluster, as_completed

from geodata.partition import Figures, at_once, figures_of, join, split
from geodata.supply import Supply, supply_of

PER = 1_000


@dataclass(frozen=True)
class Nation:
    """Areas with their codes, people and regions, and what there is to reach."""

    codes: list[str]
    areas: np.ndarray
    people: np.ndarray
    region: np.ndarray
    supply: Supply


def read_nation(areas: Path, providers: Path) -> Nation:
    """Read both tables, and say which column is missing."""
    here = _table(areas, ["code", "easting", "northing", "people", "region"])
    there = _table(providers, ["category", "easting", "northing"])
    places = there[["easting", "northing"]].to_numpy(dtype=float)
    supply = supply_of(places, there["category"].astype(str), capacity=there.get("capacity"))
    xy = here[["easting", "northing"]].to_numpy(dtype=float)
    people = here["people"].to_numpy(dtype=float)
    return Nation(
        here["code"].astype(str).tolist(), xy, people, here["region"].astype(str).to_numpy(), supply
    )


def made_up_nation(areas: int, providers: int, seed: int) -> Nation:
    """Make up a nation with nine regions, each a band of it; the same seed gives the same one."""
    from benchmarks.made_up import made_up_case  # noqa: PLC0415 - a real nation needs nothing of it

    case = made_up_case(areas, providers, seed)
    edges = np.quantile(case.areas[:, 1], np.linspace(0, 1, 10)[1:-1])
    region = np.array([f"region {band}" for band in np.searchsorted(edges, case.areas[:, 1])])
    codes = [f"X{number:08d}" for number in range(areas)]
    return Nation(codes, case.areas, case.people, region, case.supply)


def on_workers(client: Client, nation: Nation, within_metres: float, say: Callable[[str], None]) -> Figures:
    """Let the workers of a cluster work the parts out, and put them together here."""
    parts = split(nation.areas, nation.people, nation.supply, nation.region, within_metres)
    halos = sum(len(part.areas) - len(part.own) for part in parts)
    say(f"{len(parts)} regions, with {halos:,} areas in halos")
    # The largest first, so that no worker begins a long part when the others are done.
    parts = sorted(parts, key=lambda part: -len(part.areas))
    waiting = client.map(figures_of, client.scatter(parts), pure=False)
    found = []
    for done in as_completed(waiting, loop=client.loop):
        found.append(done.result())
        say(f"{len(found)} of {len(parts)} regions done")
    return join(found, nation.areas, nation.supply)


def table_of(nation: Nation, figures: Figures) -> pd.DataFrame:
    """One row an area: its code, and for each category the count, the nearest and access for 1,000 people."""
    columns: dict[str, Any] = {"code": nation.codes}
    for place, name in enumerate(nation.supply.categories):
        columns[f"{name}_in_reach"] = figures.counts[:, place]
        columns[f"{name}_nearest_metres"] = figures.nearest[:, place].round(1)
        columns[f"{name}_for_1000"] = (figures.access[:, place] * PER).round(6)
    return pd.DataFrame(columns)


def largest_difference(one: Figures, other: Figures) -> float:
    """The largest relative difference of access; counts and distances must be equal."""
    if not np.array_equal(one.counts, other.counts):
        raise RuntimeError("the counts differ")
    if not np.array_equal(one.nearest, other.nearest, equal_nan=True):
        raise RuntimeError("the distances differ")
    apart = np.abs(one.access - other.access)
    return float(np.max(np.divide(apart, other.access, out=apart.copy(), where=other.access > 0), initial=0))


def _table(path: Path, columns: list[str]) -> pd.DataFrame:
    table = pd.read_csv(path)
    missing = [name for name in columns if name not in table]
    if missing:
        raise SystemExit(f"{path.name} has no column {missing[0]}. It needs: {', '.join(columns)}.")
    return table


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--areas", type=Path, help="CSV: code, easting, northing, people, region")
    parser.add_argument("--providers", type=Path, help="CSV: category, easting, northing, perhaps capacity")
    parser.add_argument(
        "--made-up", type=int, nargs=2, metavar=("AREAS", "PROVIDERS"), help="a made-up nation"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the made-up nation")
    parser.add_argument("--within-metres", type=float, default=2_000)
    parser.add_argument("--scheduler", help="address of a running scheduler, such as tls://10.0.0.5:8786")
    parser.add_argument("--workers", type=int, default=2, help="own workers, where no scheduler is named")
    parser.add_argument("--to", type=Path, help="write the figures into this CSV file")
    parser.add_argument("--compare", action="store_true", help="also run at once, and compare")
    return parser


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, and work the figures out."""
    parser = _options()
    given = parser.parse_args(arguments)
    if given.made_up:
        nation = made_up_nation(*given.made_up, given.seed)
    elif given.areas and given.providers:
        nation = read_nation(given.areas, given.providers)
    else:
        parser.error("give --areas and --providers, or --made-up")
    start = time.perf_counter()
    with cluster(given.scheduler, given.workers) as client:
        ready = time.perf_counter()
        figures = on_workers(client, nation, given.within_metres, print)
        print(f"{ready - start:.1f} s to start, {time.perf_counter() - ready:.1f} s for the figures")
    if given.compare:
        start = time.perf_counter()
        single = at_once(nation.areas, nation.people, nation.supply, given.within_metres)
        print(f"{time.perf_counter() - start:.1f} s at once; counts and distances equal")
        print(f"Largest relative difference of access: {largest_difference(figures, single):.1e}")
    if given.to:
        table_of(nation, figures).to_csv(given.to, index=False)
        print(f"{len(nation.codes)} areas are in {given.to.name}.")


@contextmanager
def cluster(scheduler: str | None, workers: int) -> Iterator[Client]:
    """A client of the scheduler named, or of workers of our own on loopback, which stop at the end."""
    if scheduler:
        with Client(scheduler, set_as_default=False) as client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
        ) as own,
        Client(own, set_as_default=False) as client,
    ):
        yield client


if __name__ == "__main__":
    main()
