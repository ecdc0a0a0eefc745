"""Frames for the tests of maps: a few places, a real ward's worth of text, and text meant to do harm."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geodata.map_layers import CategoryStyle, MapLayers, category_styles

TAXONOMY = Path(__file__).parents[2] / "directory" / "taxonomy.csv"
LOZELLS, HILLFIELDS = (-1.9019, 52.5022), (-1.5012, 52.4135)

HARMFUL = (
    "<script>window.harmed=1;alert(1)</script>",
    "${window.harmed=2,alert(2)}",
    "`};window.harmed=3;alert(3);`",
    "</script><img src=x onerror=\"window.harmed=4\"><svg onload='alert(4)'>",
    "\"' -- & \u2028 \u2029 <b>bold</b> {{7*7}} {% raw %}",
    "javascript:alert(5)",
)


def styles() -> tuple[CategoryStyle, ...]:
    """Return the styles of the bundled categories."""
    with TAXONOMY.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["taxonomy"] == "category"]
    return category_styles({row["code"]: row["name"] for row in rows})


def providers(count: int = 60, seed: int = 1) -> gpd.GeoDataFrame:
    """Return made-up providers around two of the sites; every tenth is approximate."""
    chance = np.random.default_rng(seed)
    looks = styles()
    category = chance.integers(0, len(looks), count)
    near = np.where(np.arange(count)[:, None] % 2, LOZELLS, HILLFIELDS)
    points = near + chance.normal(0, (0.02, 0.012), (count, 2))
    return gpd.GeoDataFrame(
        {
            "id": [f"00000000-0000-5000-8000-{row:012d}" for row in range(count)],
            "name": [f"Open Door {row}" for row in range(count)],
            "organization_name": [f"Lozells Trust {row}" for row in range(count)],
            "category": [looks[place].code for place in category],
            "categories": [looks[place].name for place in category],
            "next_opening": ["Friday 6pm" if row % 3 else None for row in range(count)],
            "href": [f"/services/{row}" for row in range(count)],
            "precision": ["approximate" if row % 10 == 0 else "open" for row in range(count)],
        },
        geometry=gpd.points_from_xy(points[:, 0], points[:, 1]),
        crs="EPSG:4326",
    )


def sites() -> gpd.GeoDataFrame:
    """Return two sites as circles of 800 metres."""
    centres = gpd.GeoSeries(gpd.points_from_xy(*np.transpose([LOZELLS, HILLFIELDS])), crs="EPSG:4326")
    return gpd.GeoDataFrame(
        {
            "slug": ["lozells", "hillfields"],
            "name": ["Lozells", "Hillfields"],
            "href": ["/sites/lozells", "/sites/hillfields"],
        },
        geometry=centres.to_crs(27700).buffer(800).to_crs(4326),
    )


def references() -> gpd.GeoDataFrame:
    """Return the reference points of the two sites."""
    return gpd.GeoDataFrame(
        {"slug": ["lozells", "hillfields"], "name": ["Lozells", "Hillfields"]},
        geometry=gpd.points_from_xy(*np.transpose([LOZELLS, HILLFIELDS])),
        crs="EPSG:4326",
    )


def outlines() -> dict[str, gpd.GeoDataFrame]:
    """Return two rough authorities that share an edge, and four wards in them."""
    east, west = shapely.box(-1.7, 52.38, -1.42, 52.60), shapely.box(-2.02, 52.38, -1.7, 52.60)
    wards = [shapely.box(-2.02 + step * 0.15, 52.38, -1.87 + step * 0.15, 52.60) for step in range(4)]
    return {
        "authority": gpd.GeoDataFrame(
            {"code": ["E1", "E2"], "name": ["Coventry", "Birmingham"]}, geometry=[east, west], crs="EPSG:4326"
        ),
        "ward": gpd.GeoDataFrame(
            {"code": list("abcd"), "name": ["Aston", "Bordesley", "Castle Vale", "Digbeth"]},
            geometry=wards,
            crs="EPSG:4326",
        ),
    }


def layers(count: int = 60) -> MapLayers:
    """Return everything a map can hold."""
    return MapLayers(providers(count), sites(), references(), outlines())


def harmful_layers() -> MapLayers:
    """Return layers with harmful text in every text field that people can fill in."""
    found = layers(count=len(HARMFUL))
    east = LOZELLS[0] + 0.004 * np.arange(len(HARMFUL))
    bad = found.providers.set_geometry(gpd.points_from_xy(east, [LOZELLS[1]] * len(HARMFUL), crs="EPSG:4326"))
    for column in ("id", "name", "organization_name", "categories", "next_opening", "href"):
        bad[column] = list(HARMFUL)
    for frame in (found.sites, found.references, *found.outlines.values()):
        for column in {"slug", "name", "href", "code"} & set(frame.columns):
            frame[column] = list(HARMFUL[: len(frame)])
    return MapLayers(bad, found.sites, found.references, found.outlines)
