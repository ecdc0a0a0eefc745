"""Make the demonstration data in geodata/sample: fictional organisations, areas, need and postcodes.

The same seed gives the same bytes. Only the facts about the four sites and the names and codes of the seven
authorities are real.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import shapely
from sample.areas import Areas, make_areas, make_values
from sample.choose import choose
from sample.organizations import make_organizations
from sample.places import SITES, Postcodes, site_areas
from sample.stock import read_words
from sample.summary import summarize
from sample.venues import Ground
from shapely import MultiPoint

FOLDER = Path(__file__).parent.parent / "geodata" / "sample"
SEED = 20261101
EDGE = 0.004  # degrees: venues keep this far from the edge of the made-up outline
VALID_FROM = "2020-01-01"


def write_json_lines(path: Path, before: str, rows: list[dict[str, Any]], after: str) -> None:
    """A JSON document with one row a line, so that changes can be read."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    path.write_text(f"{before}\n{lines}\n{after}\n", encoding="utf-8", newline="\n")


def write_features(path: Path, rows: list[tuple[dict[str, Any], Any]]) -> None:
    """GeoJSON of properties and shapes."""
    features = [
        {"type": "Feature", "properties": properties, "geometry": shape.__geo_interface__}
        for properties, shape in rows
    ]
    write_json_lines(path, '{"type":"FeatureCollection","features":[', features, "]}")


def write_table(path: Path, rows: Iterable[tuple[Any, ...]]) -> None:
    """A CSV file with text in quotes and numbers bare, as in Code-Point Open."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(rows)


def area_rows(areas: Areas) -> list[tuple[dict[str, Any], Any]]:
    """All levels as rows of properties and shape, authorities first."""
    levels = (("authority", areas.authorities), ("ward", areas.wards), ("lsoa21", areas.small))
    return [
        ({"level": level, **dict(zip(names, row, strict=False)), "fictional": True}, row[-1])
        for level, frame in levels
        for names in [[name for name in frame.columns if name != "geometry"]]
        for row in frame.itertuples(index=False, name=None)
    ]


def site_rows(small: gpd.GeoDataFrame) -> list[tuple[dict[str, Any], Any]]:
    """The four sites with their real points and codes, and the made-up areas that stand for their extent."""
    rows = []
    for site in SITES:
        extent = (
            {"radius_metres": site.radius_metres}
            if site.radius_metres
            else {"area_codes": site_areas(site, small)}
        )
        properties = {
            "slug": site.slug,
            "name": site.name,
            "authority_code": site.authority_code,
            **extent,
            "valid_from": VALID_FROM,
            "ward25_code": site.ward25_code,
            "lsoa21_codes": list(site.lsoa21_codes),
        }
        rows.append((properties, MultiPoint(list(site.points))))
    return rows


def make_postcodes(rng: Random, small: gpd.GeoDataFrame) -> Postcodes:
    """Two postcodes for every small area, and the real ones at the sites."""
    postcodes = Postcodes(small)
    for area in small.geometry:
        west, south, east, north = area.bounds
        middle = area.representative_point()
        for share in (rng.uniform(-0.04, 0), rng.uniform(0, 0.04)):
            x, y = middle.x + share * (east - west), middle.y + share * (north - south)
            postcodes.add((round(x, 6), round(y, 6)))
    for site in SITES:
        if site.postcode:
            postcodes.add(site.points[0], site.postcode)
    return postcodes


def make_sample(folder: Path, seed: int) -> str:
    """Write every file and return the summary."""
    folder.mkdir(parents=True, exist_ok=True)
    words = read_words()
    areas = make_areas(Random(seed), words["wards"])  # noqa: S311 - made-up data, not a secret
    rng = Random(seed + 1)  # noqa: S311 - made-up data, not a secret
    choices = choose(rng)
    outlines = dict(
        zip(
            areas.authorities["code"],
            shapely.buffer(areas.authorities.geometry.to_numpy(), -EDGE),
            strict=True,
        )
    )
    postcodes = make_postcodes(rng, areas.small)
    organizations = make_organizations(rng, choices, Ground(outlines, postcodes))
    values = make_values(rng, areas.small)
    write_json_lines(folder / "organisations.json", "[", organizations, "]")
    write_features(folder / "areas.geojson", area_rows(areas))
    write_features(folder / "sites.geojson", site_rows(areas.small))
    write_table(folder / "area_values.csv", [("code", "measure", "value"), *values])
    write_table(folder / "postcodes.csv", sorted(postcodes.rows))
    names = {
        document["id"]: choice.zone.authority.name
        for document, choice in zip(organizations, choices, strict=True)
    }
    return summarize(organizations, names)


def main() -> None:
    """Read the command line, make the sample and print what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="where to write (default: geodata/sample)"
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, help="another seed makes other data (default: %(default)s)"
    )
    choice = parser.parse_args()
    print(make_sample(choice.folder, choice.seed))
    print(f"Written to {choice.folder}. All of it is fictional except the facts about the four sites.")


if __name__ == "__main__":
    main()
