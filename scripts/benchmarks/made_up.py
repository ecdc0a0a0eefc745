"""Make up areas with people and providers near them; the same seed gives the same ones."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geodata.crs import BNG
from geodata.supply import Supply, supply_of

CATEGORIES = [f"category {number:02d}" for number in range(20)]


@dataclass(frozen=True)
class Case:
    """Made-up areas with people, and providers."""

    areas: np.ndarray
    people: np.ndarray
    places: np.ndarray
    category: np.ndarray
    supply: Supply


def made_up_case(areas: int, providers: int, seed: int, towns: int = 600, size: float = 500_000) -> Case:
    """Make up towns of unequal size with areas, and providers near people; the same seed gives the same."""
    chance = np.random.default_rng(seed)
    centres = chance.uniform(100_000, 100_000 + size, (towns, 2))
    weights = chance.pareto(1.1, towns) + 0.2
    town = chance.choice(towns, areas, p=weights / weights.sum())
    spread = 2_500 * np.sqrt(weights[town] / np.median(weights)).clip(0.5, 6)
    at = centres[town] + chance.normal(0, 1, (areas, 2)) * spread[:, np.newaxis]
    places = at[chance.integers(0, areas, providers)] + chance.normal(0, 1_500, (providers, 2))
    category = chance.integers(0, len(CATEGORIES), providers)
    people = np.round(chance.uniform(1_000, 3_000, areas))
    supply = supply_of(places, np.array(CATEGORIES)[category], CATEGORIES)
    return Case(at, people, places, category, supply)


def side_by_side(case: Case, times: int, apart: float = 200_000) -> Case:
    """Return a case and copies of it beside it, in rows of three, so far off that none reaches another."""
    shifts = [[apart * (copy % 3), apart * (copy // 3)] for copy in range(times)]
    areas, places = (np.vstack([xy + shift for shift in shifts]) for xy in (case.areas, case.places))
    category, people = np.tile(case.category, times), np.tile(case.people, times)
    supply = supply_of(places, np.array(CATEGORIES)[category], CATEGORIES)
    return Case(areas, people, places, category, supply)


def frame_of(xy: np.ndarray) -> gpd.GeoDataFrame:
    """Put coordinates into a frame of points."""
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=BNG)


def without_index(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame without the index of its places, so that each use makes its own."""
    return gpd.GeoDataFrame(geometry=frame.geometry.to_numpy().copy(), crs=BNG)
