"""Made-up areas: small areas nested in wards nested in rough outlines of the seven real authorities.

All is drawn on a flat plane in kilometres around the middle of the region, then turned to degrees once. Wards
and authorities are unions of small areas, so that neighbours share every corner exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

import geopandas as gpd
import numpy as np
import shapely
from shapely import MultiPoint, Point, Polygon

from sample.places import AUTHORITIES, SITES, NearestSite

WGS84 = "EPSG:4326"
MIDDLE = (-1.85, 52.5)
KM_PER_DEGREE = (111.32 * math.cos(math.radians(MIDDLE[1])), 111.2)

# Drawn by hand, to a hundredth of a degree or so: only roughly where the region is (longitude, latitude).
REGION = [
    (-2.20, 52.59), (-2.13, 52.64), (-2.05, 52.62), (-1.95, 52.66), (-1.90, 52.65), (-1.87, 52.60),
    (-1.79, 52.60),
    (-1.73, 52.525), (-1.72, 52.50), (-1.67, 52.45), (-1.61, 52.465), (-1.46, 52.46), (-1.425, 52.43),
    (-1.43, 52.39), (-1.52, 52.37), (-1.60, 52.38), (-1.72, 52.355), (-1.87, 52.37), (-1.99, 52.38),
    (-2.03, 52.405), (-2.06, 52.43), (-2.165, 52.43), (-2.19, 52.50), (-2.17, 52.555),
]  # fmt: skip
# Where need is made to be high, besides the sites: longitude, latitude, height.
HOT_SPOTS = [
    (-1.74, 52.482, 24.0),
    (-2.12, 52.585, 22.0),
    (-2.0, 52.52, 16.0),
    (-2.08, 52.51, 12.0),
    (-1.86, 52.48, 14.0),
]


@dataclass(frozen=True)
class Areas:
    """Three levels of one coverage, each a frame with code, name, authority_code, ward_code and geometry."""

    small: gpd.GeoDataFrame
    wards: gpd.GeoDataFrame
    authorities: gpd.GeoDataFrame


def plane(longitude: float, latitude: float) -> tuple[float, float]:
    """Kilometres east and north of the middle."""
    return (longitude - MIDDLE[0]) * KM_PER_DEGREE[0], (latitude - MIDDLE[1]) * KM_PER_DEGREE[1]


def to_degrees(plane_points: np.ndarray) -> np.ndarray:
    """Degrees with 6 decimals (about 10 cm)."""
    degrees: np.ndarray = np.round(plane_points / np.array(KM_PER_DEGREE) + np.array(MIDDLE), 6)
    return degrees


def scatter(rng: Random, region: Polygon, gap: tuple[float, float], start: Iterable[Point]) -> list[Point]:
    """Points no nearer than a gap that grows with distance from the sites, by throwing darts."""
    nearest = NearestSite(plane)
    chosen = list(start)
    west, south, east, north = region.bounds
    for _ in range(30_000):
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if not region.contains(point):
            continue
        room = gap[0] + gap[1] * min(nearest.km(point), 5.0)
        if all(point.distance(other) >= room for other in chosen):
            chosen.append(point)
    return chosen


def make_areas(rng: Random, ward_names: list[str]) -> Areas:
    """Draw the areas, name them and give them codes that cannot be taken for real ones."""
    region = Polygon([plane(*corner) for corner in REGION])
    references = [Point(plane(*site.points[0])) for site in SITES]
    seeds = scatter(rng, region.buffer(-0.2), (0.42, 0.26), references)
    centres = scatter(rng, region.buffer(-0.5), (1.7, 0.4), references)
    authority = nearest_outline(seeds)
    ward = nearest_ward(seeds, centres, authority)
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=region, ordered=True)
    outlines = shapely.intersection(shapely.get_parts(cells), region)
    degrees = shapely.normalize(shapely.remove_repeated_points(shapely.transform(outlines, to_degrees)))
    return name_areas(
        gpd.GeoDataFrame({"authority_code": authority, "ward": ward}, geometry=degrees, crs=WGS84), ward_names
    )


def nearest_outline(points: list[Point]) -> list[str]:
    """The authority whose hand-drawn outline holds each point, or is nearest to it."""
    outlines = [Polygon([plane(*corner) for corner in each.outline]) for each in AUTHORITIES]
    distances = np.array([shapely.distance(outline, points) for outline in outlines])
    return [AUTHORITIES[row].code for row in distances.argmin(axis=0)]


def nearest_ward(points: list[Point], centres: list[Point], authority: list[str]) -> list[int]:
    """The nearest ward centre of the point's own authority."""
    home = np.array(nearest_outline(centres))
    distances = np.array([shapely.distance(centre, points) for centre in centres])
    distances[home[:, None] != np.array(authority)[None, :]] = np.inf
    return [int(row) for row in distances.argmin(axis=0)]


def name_areas(small: gpd.GeoDataFrame, ward_names: list[str]) -> Areas:
    """Number areas within wards and wards within authorities; the first wards are those of the sites."""
    first = [site.ward_name for site in SITES]
    small = small.assign(x=small.geometry.bounds["minx"]).sort_values(["authority_code", "ward", "x"])
    order = {ward: number for number, ward in enumerate(small["ward"].unique())}
    spare = iter(ward_names)
    names = {ward: f"Made-up {first[ward] if ward < len(first) else next(spare)}" for ward in order}
    small["ward_code"] = [f"X05{order[ward] + 1:06d}" for ward in small["ward"]]
    small["ward_name"] = small["ward"].map(names)
    small["name"] = small["ward_name"] + " " + (small.groupby("ward").cumcount() + 1).astype(str)
    small["code"] = [f"X01{number + 1:06d}" for number in range(len(small))]
    small = small.reset_index(drop=True)
    wards = dissolve(small, "ward_code", ["ward_name", "authority_code"]).rename(
        columns={"ward_name": "name"}
    )
    authorities = dissolve(small, "authority_code", [])
    authorities["name"] = authorities["authority_code"].map({each.code: each.name for each in AUTHORITIES})
    return Areas(
        small[["code", "name", "authority_code", "ward_code", "geometry"]],
        wards.assign(code=wards["ward_code"])[["code", "name", "authority_code", "ward_code", "geometry"]],
        authorities.assign(code=authorities["authority_code"])[
            ["code", "name", "authority_code", "geometry"]
        ],
    )


def dissolve(small: gpd.GeoDataFrame, by: str, keep: list[str]) -> gpd.GeoDataFrame:
    """Unions that keep every shared corner."""
    groups = small.groupby(by, sort=True)
    frame = groups[keep].first().reset_index() if keep else groups.size().reset_index()[[by]]
    shapes = [
        shapely.normalize(shapely.coverage_union_all(group.to_numpy())) for _, group in groups["geometry"]
    ]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84)


def make_values(rng: Random, small: gpd.GeoDataFrame) -> list[tuple[str, str, float]]:
    """Made-up people and need: (code, measure, value), higher around the sites and a few other places."""
    nearest = NearestSite(plane)
    middles = [Point(plane(point.x, point.y)) for point in small.geometry.representative_point()]
    scores, rows = [], []
    for middle in middles:
        site = 42 * math.exp(-((nearest.km(middle) / 2.6) ** 2))
        other = sum(
            h * math.exp(-((middle.distance(Point(plane(x, y))) / 2.4) ** 2)) for x, y, h in HOT_SPOTS
        )
        scores.append(round(min(88.0, max(2.0, 14 + site + other + rng.gauss(0, 6))), 1))
    rank = {
        row: place
        for place, row in enumerate(sorted(range(len(scores)), key=lambda row: (-scores[row], row)))
    }
    for row, code in enumerate(small["code"]):
        people = rng.randint(1150, 2900)
        young = round(people * (0.16 + scores[row] / 900 + rng.uniform(-0.02, 0.03)))
        violence = round(people * (0.008 + scores[row] / 1500) * rng.uniform(0.7, 1.4))
        decile = 1 + rank[row] * 10 // len(scores)
        values = (people, young, scores[row], decile, violence)
        rows += [(code, measure, value) for measure, value in zip(MEASURES, values, strict=True)]
    return rows


MEASURES = ("people", "people_10_24", "deprivation_score", "deprivation_decile", "violence_12_months")
