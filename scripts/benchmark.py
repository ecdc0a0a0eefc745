"""Measure the project, and print what was measured and on what machine."""

from __future__ import annotations

import argparse
import base64
import gzip
import html
import importlib
import json
import os
import platform
import re
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import folium
import folium.plugins
import geopandas as gpd
import numpy as np

from geodata.map_layers import MapLayers, category_styles
from geodata.map_rendering import render
from geodata.maps import coverage_map

STATIC = Path(__file__).resolve().parent.parent / "directory" / "static"
OWN_FILES = ("map-key.js", "map.js", "map.css")
FACTS = ("name", "organization_name", "categories", "next_opening", "href")
FIRST = ("Open", "New", "Bright", "Safe", "Rising", "United", "Green", "Central", "Young", "First")
SECOND = ("Door", "Start", "Futures", "Steps", "Voices", "Bridge", "Roots", "Horizons", "Corner", "Path")
THIRD = ("Trust", "Project", "Club", "Centre", "Network", "Academy", "Mission", "Forum", "Group", "Hub")
CATEGORIES = {
    f"{a}-{b}".lower(): f"{a} {b} work"
    for a, b in [*zip(FIRST, SECOND, strict=True), *zip(SECOND, THIRD, strict=True)]
}
# Other things to measure: each a module of `benchmarks`, with options of its own.
OTHERS = {
    "search-quality": ("search_quality", "our search, FTS5, tsvector, tantivy: judged"),
    "search-speed": ("search_speed", "our search and tantivy with 5,000 to 200,000 services"),
    "search-load": ("search_load", "searches a second by gunicorn, with something published meanwhile"),
    "page-weight": ("page_weight", "what pages weigh, and when they show in Chromium on a slow telephone"),
    "matching": ("matching", "one organisation once: speed, precision, recall"),
    "access": ("access", "counts, nearest, two-step access and growth at national size"),
    "siting": ("siting", "the best places to add, against spopt and scipy"),
    "walking": ("walking", "walks along a network, against a routing per pair"),
    "opendata": ("opendata", "pages and files of 200,000 services"),
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def made_up_providers(organisations: int, seed: int) -> gpd.GeoDataFrame:
    """Make up organisations across the West Midlands; the same seed gives the same ones."""
    chance = np.random.default_rng(seed)
    parts = [chance.choice(words, organisations) for words in (FIRST, SECOND, THIRD)]
    names = [f"{a} {b} {c} {row}" for row, (a, b, c) in enumerate(zip(*parts, strict=True))]
    codes, titles = list(CATEGORIES), list(CATEGORIES.values())
    main, second = chance.integers(0, len(codes), (2, organisations))
    ids = [str(uuid.UUID(bytes=chance.bytes(16), version=4)) for _ in range(organisations)]
    hours = chance.integers(9, 20, organisations)
    return gpd.GeoDataFrame(
        {
            "id": ids,
            "name": names,
            "organization_name": [f"{b} {c} of {a} Street" for a, b, c in zip(*parts, strict=True)],
            "category": [codes[place] for place in main],
            "categories": [f"{titles[a]}, {titles[b]}" for a, b in zip(main, second, strict=True)],
            "next_opening": [f"{DAYS[hour % 7]} {hour}:00 to {hour + 2}:00" for hour in hours],
            "href": [f"/services/{service}" for service in ids],
            "precision": "open",
        },
        geometry=gpd.points_from_xy(
            chance.normal(-1.85, 0.15, organisations), chance.normal(52.5, 0.06, organisations)
        ),
        crs="EPSG:4326",
    )


def our_map(providers: gpd.GeoDataFrame) -> str:
    """Return everything that our map puts into a page."""
    parts = render(coverage_map(MapLayers(providers), category_styles(CATEGORIES)), "/static/")
    links = [f'<link rel="stylesheet" href="{href}">' for href in parts.css_hrefs]
    blocks = [
        f'<script type="application/json" id="{block.id}">{block.json}</script>' for block in parts.data
    ]
    scripts = [f'<script src="{href}"></script>' for href in parts.js_hrefs]
    ends = [f"<style>{parts.styles}</style>", f"<script>{parts.script}</script>"]
    return "\n".join([parts.html, parts.key_html, *links, *blocks, *scripts, *ends])


def folium_markers(providers: gpd.GeoDataFrame) -> str:
    """Return a page of Folium's own markers, with the same facts in the popup of each."""
    whole = folium.Map(location=(52.48, -1.89), tiles=None)
    cluster = folium.plugins.MarkerCluster(name="Organisations").add_to(whole)
    places = zip(providers.geometry.y, providers.geometry.x, strict=True)
    facts = zip(*(providers[column] for column in FACTS), strict=True)
    for place, texts in zip(places, facts, strict=True):
        name, organisation, categories, opening, href = map(html.escape, texts)
        text = (
            f'<p><a href="{href}">{name}</a></p><p>{organisation}</p>'
            f"<dl><dt>Categories</dt><dd>{categories}</dd><dt>Next opening</dt><dd>{opening}</dd></dl>"
        )
        folium.Marker(place, popup=folium.Popup(text)).add_to(cluster)
    folium.LayerControl().add_to(whole)
    return str(whole.get_root().render())


def timed(draw: Callable[[gpd.GeoDataFrame], str], providers: gpd.GeoDataFrame) -> tuple[float, str]:
    """Return how many seconds a drawing took, and the drawing."""
    start = time.perf_counter()
    page = draw(providers)
    return time.perf_counter() - start, page


def facts_of(providers: gpd.GeoDataFrame) -> set[tuple[str, ...]]:
    """Return the facts that both maps must hold."""
    return set(zip(*(providers[column] for column in FACTS), strict=True))


def facts_in_ours(page: str) -> set[tuple[str, ...]]:
    """Read the facts back from our page, as map.js does."""
    blocks = map(json.loads, re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S))
    data = next(block for block in blocks if "opening" in block)
    raw = base64.b64decode(data["href"]["uuids"])
    ids = [uuid.UUID(bytes=raw[start : start + 16]) for start in range(0, len(raw), 16)]
    columns = [texts_of(data[name]) for name in ("name", "organisation", "categories", "opening")]
    return set(zip(*columns, (f"{data['href']['prefix']}{key}" for key in ids), strict=True))


def texts_of(column: dict[str, Any]) -> list[str]:
    """Unpack a column of texts."""
    values: list[str] = column["values"]
    return [values[row] for row in column.get("rows", range(len(values)))]


def facts_in_markers(page: str) -> set[tuple[str, ...]]:
    """Read the facts back from the popups of Folium's page."""
    popup = r'<p><a href="(.*?)">(.*?)</a></p><p>(.*?)</p><dl>.*?<dd>(.*?)</dd>.*?<dd>(.*?)</dd></dl>'
    return {
        tuple(map(html.unescape, (name, organisation, categories, opening, href)))
        for href, name, organisation, categories, opening in re.findall(popup, page)
    }


def compare_maps(organisations: int, repeats: int, seed: int) -> None:
    """Draw both maps in turn, several times, and print medians, sizes and ratios."""
    providers = made_up_providers(organisations, seed)
    seconds: dict[str, list[float]] = {"ours": [], "markers": []}
    pages: dict[str, str] = {}
    our_map(providers.head(1))  # so that nobody pays for the first use of a library
    folium_markers(providers.head(1))
    for turn in range(repeats):
        for name, draw in (("ours", our_map), ("markers", folium_markers)):
            taken, pages[name] = timed(draw, providers)
            seconds[name].append(taken)
        print(f"round {turn + 1} of {repeats} done", file=sys.stderr)
    print_machine()
    print(f"Map of {organisations:,} made-up organisations, seed {seed}, median of {repeats}, in turn.\n")
    print_comparison(
        {name: statistics.median(times) for name, times in seconds.items()},
        {name: len(gzip.compress(page.encode(), 6)) / 1000 for name, page in pages.items()},
        {name: len(page.encode()) / 1000 for name, page in pages.items()},
        {
            "ours": len(facts_of(providers) & facts_in_ours(pages["ours"])),
            "markers": len(facts_of(providers) & facts_in_markers(pages["markers"])),
        },
    )
    own = sum(len(gzip.compress((STATIC / file).read_bytes(), 6)) for file in OWN_FILES) / 1000
    print(f"\nFiles of ours that the page links to, once and then from the cache: {own:.1f} kB gzipped.")
    print("Leaflet, its plugins and, on Folium's page, jQuery and Bootstrap are counted on neither side.")


def print_comparison(
    seconds: dict[str, float], zipped: dict[str, float], plain: dict[str, float], facts: dict[str, int]
) -> None:
    """Print a table of both maps and how they compare."""
    row = "| {:<38} | {:>10} | {:>14} | {:>8} |"
    print(row.format("", "ours", "folium.Marker", "ratio"))
    print("| " + " | ".join(("-" * 38, "-" * 9 + ":", "-" * 13 + ":", "-" * 7 + ":")) + " |")
    measures = (("seconds on the server", seconds, 3), ("kB gzipped", zipped, 0), ("kB", plain, 0))
    for name, values, digits in measures:
        ratio = values["markers"] / values["ours"]
        cells = [f"{values[side]:,.{digits}f}" for side in ("ours", "markers")]
        print(row.format(name, *cells, f"{ratio:.1f}"))
    print(row.format("organisations with all their facts", facts["ours"], facts["markers"], ""))


def print_machine() -> None:
    """Print what the figures depend on."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    machine = (model, f"{os.cpu_count()} cores", platform.system(), f"Python {platform.python_version()}")
    packages = [f"{name} {version(name)}" for name in ("folium", "geopandas", "shapely")]
    print(", ".join([*machine, *packages]) + f". Load before: {os.getloadavg()[0]:.1f}.")


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and measure what it asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("map", help="our map and one of folium.Markers with the same facts")
    drawing.add_argument("--organisations", type=int, default=10_000)
    drawing.add_argument("--repeats", type=int, default=5)
    drawing.add_argument("--seed", type=int, default=1)
    for name, (_, words) in OTHERS.items():
        commands.add_parser(name, help=words, add_help=False)
    chosen, others = parser.parse_known_args(arguments)
    if chosen.command in OTHERS:
        # The map needs nothing of them, and they need packages that it does not.
        module = importlib.import_module(f"benchmarks.{OTHERS[chosen.command][0]}")
        print_machine()
        module.main(others)
        return
    if others:
        parser.error(f"not understood: {' '.join(others)}")
    if min(chosen.organisations, chosen.repeats) < 1:
        parser.error("--organisations and --repeats must be 1 or more")
    compare_maps(chosen.organisations, chosen.repeats, chosen.seed)


if __name__ == "__main__":
    main()
