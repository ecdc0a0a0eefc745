"""The ways of asking who reaches what that `access` compares: ours, and those of the peers."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from benchmarks.made_up import CATEGORIES, Case, frame_of, without_index
from scipy.spatial import cKDTree

from geodata.catchments import two_step
from geodata.crs import BNG
from geodata.decay import gaussian
from geodata.reach import counts_by_category, nearest_in_category, within_reach
from geodata.supply import Supply, supply_of

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
    found = {way: within_reach(case.areas, supply, WITHIN, compiled=way) for way in (False, True)}

    def ours_from_distances(*, compiled: bool) -> np.ndarray:
        weighed = replace(found[compiled], weight=BELL(found[compiled].metres))
        return two_step(weighed, case.people, compiled=compiled)

    from_coordinates = partial(gaussian_access, case.areas, supply, case.people)
    return {
        "ours, from distances": partial(ours_from_distances, compiled=False),
        "ours, compiled, from distances": partial(ours_from_distances, compiled=True),
        "pysal access, from distances": lambda: peer_bell(ready, 1),
        "ours, from coordinates": from_coordinates,
        "ours, compiled, from coordinates": partial(from_coordinates, compiled=True),
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

    def ours(*, compiled: bool) -> np.ndarray:
        supply = supply_of(case.places, categories, CATEGORIES)
        return gaussian_access(case.areas, supply, case.people, compiled=compiled)

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
        "ours": partial(ours, compiled=False),
        "ours, compiled": partial(ours, compiled=True),
        "pysal access, its own distances": as_documented,
        "pysal access, a category at a time": fastest,
    }


def gaussian_access(
    areas: np.ndarray, supply: Supply, people: np.ndarray, *, compiled: bool = False
) -> np.ndarray:
    """Go from coordinates to the Gaussian two-step figure of every category."""
    reach = within_reach(areas, supply, WITHIN, BELL, compiled=compiled)
    return two_step(reach, people, compiled=compiled)
