"""The map of coverage: which class each area is in, what the classes mean, and the parts for the page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from flask import current_app, url_for
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.coverage.areas import areas_version, shown_areas
from directory.coverage.figures import Coverage
from directory.coverage.sentences import reason_words
from directory.languages import (
    N_,
    gettext,
    joined,
    own_words,
    pgettext,
    plain_words,
    spoken,
)
from directory.remembering import remember_coverage
from directory.web.coverage_answer import Answered
from directory.web.coverage_asking import SHOWS
from directory.web.coverage_tables import between, both_words, metres_between, number_text, records_of
from directory.web.kept_files import asset
from directory.web.mapping import map_words
from geodata.choropleth import AreaLayer, choropleth_map, render_choropleth
from geodata.classes import Classes, fixed_classes, quantile_classes
from geodata.crs import BNG, to_wgs84
from geodata.local_moran import QUADRANTS, bivariate_local_moran, nearest_neighbours
from geodata.map_layers import PROVIDER_COLUMNS, MapLayers
from geodata.maps import MapOptions

DARKEST = 5
NEIGHBOURS = 8
# The colours of clusters come after those of the classes.
CLUSTER_COLOURS = {"high-low": 11, "low-high": 12, "high-high": 13, "low-low": 14}
CLUSTER_WORDS = {
    "high-low": N_("High need, little access round it"),
    "low-high": N_("Low need, much access round it"),
    "high-high": N_("High need, much access round it"),
    "low-low": N_("Low need, little access round it"),
}
COLUMNS = {
    "gap": "gap_known",
    "providers": "providers_known",
    "nearest": "nearest_metres_known",
    "access": "two_step_known",
    "need": "need",
    "lacking": "lacking",
}
FIXED = {
    "providers": (1, 2, 3, 5, 10),
    "nearest": (500, 1000, 2000, 3000, 5000),
    "need": (0.2, 0.4, 0.6, 0.8),
    "lacking": (0.001, 0.25, 0.5, 0.75),
}
# Fewer is worse, so that the darkest colour is for the least.
LESS_IS_WORSE = frozenset({"providers", "access"})


# How classes are made, as `geodata.classes` says it.
METHODS = (
    N_("Fixed breaks, the same on every map."),
    N_("Nought by itself, and above it up to 5 classes with equally many areas (quantiles)."),
)


@dataclass(frozen=True)
class Beside:
    """What a map shows beside the figures of coverage: its title, and a fact of each area."""

    title: str
    facts: dict[str, pd.Series]


@dataclass(frozen=True)
class Coloured:
    """The areas in classes: the colour of each, the legend, and how the classes were made."""

    colours: NDArray[np.intp]
    legend: list[dict[str, Any]]
    method: str


def coloured(table: pd.DataFrame, show: str) -> Coloured:
    """Put the areas of a table into classes by the figure to be shown."""
    if show == "clusters":
        return _clusters(table)
    values = _values(table, show)
    classes = fixed_classes(FIXED[show]) if show in FIXED else quantile_classes(values, DARKEST)
    place = classes.of(values)
    shades = _shades(len(classes.edges) + 1, darkest_first=show in LESS_IS_WORSE)
    colours = np.where(place < 0, -1, np.array(shades)[np.maximum(place, 0)])
    counts = np.bincount(place[place >= 0], minlength=len(shades))
    labels = _labels(classes, show)
    rows = [
        {"colour": shade, "label": label, "areas": int(count)}
        for shade, label, count in zip(shades, labels, counts, strict=True)
    ]
    if (place < 0).any():
        rows.append({"colour": -1, "label": gettext("No figure"), "areas": int((place < 0).sum())})
    method = classes.method[:1].upper() + classes.method[1:] + "."
    return Coloured(colours, rows, gettext(method))


def _values(table: pd.DataFrame, show: str) -> NDArray[np.float64]:
    if show == "lacking":
        possible = table["providers_possible"].to_numpy(dtype=float)
        unsure = possible - table["providers_known"].to_numpy(dtype=float)
        shares: NDArray[np.float64] = np.divide(
            unsure, possible, out=np.zeros(len(table)), where=possible > 0
        )
        return shares
    values: NDArray[np.float64] = table[COLUMNS[show]].to_numpy(dtype=float)
    return values


def _shades(number: int, *, darkest_first: bool) -> list[int]:
    """Colours for so many classes, spread from the lightest to the darkest."""
    if number == 1:
        return [DARKEST if darkest_first else 0]
    shades = np.linspace(0, DARKEST, number).round().astype(int).tolist()
    return list(reversed(shades)) if darkest_first else list(shades)


def _labels(classes: Classes, show: str) -> list[str]:
    edges, none = [_edge(edge, show) for edge in classes.edges], pgettext("figures", "None")
    if not edges:
        return [none]
    most = gettext("%(number)s or more", number=edges[-1])
    if show == "providers":
        ends = [str(int(edge) - 1) for edge in classes.edges[1:]]
        middle = [both_words(low, high) for low, high in zip(edges, ends, strict=False)]
        return [none, *middle, most]
    under = show in FIXED and show != "lacking"
    first = gettext("Under %(number)s", number=edges[0]) if under else none
    return [first, *(both_words(low, high) for low, high in pairwise(edges)), most]


def _edge(edge: float, show: str) -> str:
    if show == "lacking":
        return pgettext("figures", "some") if edge < 0.01 else f"{edge:.0%}"
    if show == "nearest":
        if edge < 1000:
            return gettext("%(metres)s m", metres=f"{edge:.0f}")
        return gettext("%(kilometres)s km", kilometres=f"{edge / 1000:g}")
    return number_text(edge)


def _clusters(table: pd.DataFrame) -> Coloured:
    method = gettext(
        "Bivariate local Moran: need of the area against access (%(access)s) of its 8 nearest areas, with "
        "99,999 random draws. Shown are those that stand after the correction for many tests (%(test)s, "
        "5%%).",
        access=own_words("2SFCA"),
        test=own_words("Benjamini and Hochberg"),
    )
    own, around = table["need"].to_numpy(dtype=float), table["two_step_known"].to_numpy(dtype=float)
    known = np.isfinite(own) & np.isfinite(around) & table["easting"].notna().to_numpy()
    colours = np.full(len(table), -1)
    varied = known.sum() > NEIGHBOURS and own[known].std() > 0 and around[known].std() > 0
    if varied:
        near = nearest_neighbours(table.loc[known, ["easting", "northing"]], NEIGHBOURS)
        found = bivariate_local_moran(own[known], around[known], near)
        marks = np.array([CLUSTER_COLOURS[quadrant] for quadrant in found.quadrant])
        colours[known] = np.where(found.significant, marks, 0)
    else:
        same = gettext("Need or access is the same everywhere, so nothing can cluster.")
        method = joined((method, same), " ")
    rows = [
        {"colour": colour, "label": gettext(CLUSTER_WORDS[name]), "areas": int((colours == colour).sum())}
        for name, colour in CLUSTER_COLOURS.items()
        if name in QUADRANTS
    ]
    rows.append({"colour": 0, "label": gettext("No cluster"), "areas": int((colours == 0).sum())})
    return Coloured(colours, rows, method)


def coverage_page_map(
    session: Session,
    found: Answered,
    shades: Coloured,
    fit: str = "",
    marked: gpd.GeoDataFrame | None = None,
    beside: Beside | None = None,
) -> dict[str, Any]:
    """The parts of the map, as map_frame takes them. `fit` is the slug of a site to show first.

    `marked` are grounds to draw beside the sites: slug, name, href and outline, EPSG:27700.
    """
    asked = found.asked
    layer = AreaLayer(
        outlines_href=url_for("coverage.outlines", level=asked.level, version=areas_version(session)),
        classes=shades.colours,
        uncertain=found.table["uncertain"].to_numpy(dtype=bool),
        facts=(beside.facts if beside else {}) | _facts(session, found),
        link=asked.area_address(),
    )
    sites, bounds = _sites_and_bounds(session, found, fit, marked)
    figure = gettext(beside.title if beside else SHOWS[asked.show])
    title = joined((figure, asked.category_words), ": ")
    within = asked.query.within_metres if fit else None
    options = MapOptions(
        label=plain_words(title),
        within_metres=within,
        words=map_words(within),
        tile_url=current_app.config["TILES_URL"],
        tile_attribution=current_app.config["TILES_ATTRIBUTION"],
    )
    parts = render_choropleth(choropleth_map(layer, bounds, sites, options), asset(""))
    return {
        "html": parts.html,
        "key": "",
        "css_hrefs": parts.css_hrefs,
        "js_hrefs": parts.js_hrefs,
        "fetched_hrefs": [layer.outlines_href],
        "data": parts.data,
        "styles": parts.styles,
        "script": parts.script,
        "title": title,
        "summary": gettext("Point at an area for its figures; press it for the way to its reasons."),
    }


def _facts(session: Session, found: Answered) -> dict[str, pd.Series]:
    """What the map says of each area."""
    key = ("facts", spoken().code, found.asked.level, *found.coverage.key)
    return remember_coverage(session, key, lambda: _make_facts(found.table))


def _make_facts(table: pd.DataFrame) -> dict[str, pd.Series]:
    rows = records_of(table)
    texts: dict[str, list[str | None]] = {
        gettext("Services in reach"): [between(row, "providers") for row in rows],
        gettext("Nearest"): [metres_between(row, "nearest_metres") for row in rows],
        gettext("Need not met"): [between(row, "gap") for row in rows],
        gettext("Why"): [reason_words(row["reason"]) for row in rows],
    }
    return {label: _plain_column(values) for label, values in texts.items()}


def _plain_column(values: list[str | None]) -> pd.Series[Any]:
    """Texts without marks; many areas say the same, so each is looked at once."""
    plain = {value: value and plain_words(value) for value in set(values)}
    return pd.Series([plain[value] for value in values], dtype=object)


def _sites_and_bounds(
    session: Session, found: Answered, fit: str, marked: gpd.GeoDataFrame | None
) -> tuple[MapLayers, list[float]]:
    level = found.asked.level

    def make() -> list[float]:
        return [float(degree) for degree in to_wgs84(shown_areas(session, level)).total_bounds]

    extents, references = found.ground.extents, found.ground.references
    shown = extents.assign(href=[url_for("sites.show", slug=slug) for slug in extents["slug"]])
    shown = to_wgs84(shown if marked is None else pd.concat([shown, marked], ignore_index=True))
    nothing = gpd.GeoDataFrame({name: [] for name in PROVIDER_COLUMNS}, geometry=[], crs=shown.crs)
    layers = MapLayers(nothing, shown, to_wgs84(references))
    if fit and (extents["slug"] == fit).any():
        around = extents[extents["slug"].eq(fit)].geometry.buffer(2500)
        box = gpd.GeoSeries(around, crs=BNG).to_crs(shown.crs).total_bounds
        return layers, [float(degree) for degree in box]
    return layers, remember_coverage(session, ("bounds", level), make, published=False)


def map_table(coverage: Coverage, table: pd.DataFrame, level: str) -> pd.DataFrame:
    """The table of a level with a point for each area: its own, or the middle of its small areas' points."""
    points = pd.DataFrame(coverage.base.xy, columns=["easting", "northing"])
    if level == "lsoa":
        return table.join(points)
    middles = points.groupby(coverage.base.table[f"{level}_code"].to_numpy()).mean()
    return table.join(middles, on="code")
