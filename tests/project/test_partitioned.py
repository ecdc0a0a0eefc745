"""The national run on two workers is the single run, and its file is one that the directory can load."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from geodata.partition import at_once

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(scope="module")
def partitioned() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("partitioned", SCRIPTS / "partitioned.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for its names
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def tables(tmp_path):
    """Forty areas in three regions side by side, and sixty providers, as CSV files."""
    dice = np.random.default_rng(7)
    easting, northing = dice.uniform(400_000, 412_000, 40), dice.uniform(300_000, 304_000, 40)
    areas = pd.DataFrame({"code": [f"E{n:08d}" for n in range(40)], "easting": easting, "northing": northing})
    areas = areas.assign(people=dice.integers(500, 2_000, 40), region=(easting // 4_000).astype(int))
    places = dice.uniform([400_000, 300_000], [412_000, 304_000], (60, 2))
    providers = pd.DataFrame(places, columns=["easting", "northing"]).assign(
        category=dice.choice(["arts", "sport"], 60)
    )
    for name, frame in (("areas", areas), ("providers", providers)):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


def test_two_workers_give_the_figures_of_one_run(partitioned, tables):
    nation = partitioned.read_nation(tables / "areas.csv", tables / "providers.csv")
    said = []
    with partitioned.cluster(None, 2) as client:
        addresses = list(client.scheduler_info()["workers"])
        figures = partitioned.on_workers(client, nation, 2_000, said.append)
    assert len(addresses) == 2
    assert all(address.startswith("tcp://127.0.0.1:") for address in addresses)
    assert said[-1] == "3 of 3 regions done"
    single = at_once(nation.areas, nation.people, nation.supply, 2_000)
    assert partitioned.largest_difference(figures, single) < 1e-12
    table = partitioned.table_of(nation, figures)
    assert table["code"].tolist() == nation.codes
    assert table["sport_in_reach"].tolist() == single.counts[:, 1].tolist()
    assert (table["arts_for_1000"] * nation.people).sum() == pytest.approx(
        1_000 * (nation.supply.category[reached(nation)] == 0).sum(), rel=1e-5
    )


def reached(nation):
    """Providers that somebody reaches: what they offer is shared out whole."""
    apart = np.hypot(*(nation.areas[:, None] - nation.supply.xy[None]).transpose(2, 0, 1))
    return (apart < 2_000).any(axis=0)


def test_figures_that_differ_would_show(partitioned, tables):
    nation = partitioned.read_nation(tables / "areas.csv", tables / "providers.csv")
    one, other = (at_once(nation.areas, nation.people, nation.supply, within) for within in (2_000, 1_500))
    with pytest.raises(RuntimeError, match="the counts differ"):
        partitioned.largest_difference(one, other)


def test_a_missing_column_is_named(partitioned, tables):
    with pytest.raises(SystemExit, match=r"providers\.csv has no column code"):
        partitioned.read_nation(tables / "providers.csv", tables / "areas.csv")
