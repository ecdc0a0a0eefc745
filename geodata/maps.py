"""Draw a coverage map with Folium; `geodata.map_rendering` gives the parts of it that a page needs.

Folium carries the map, its layers and its controls. What people wrote never enters Folium's templates: each
layer reads its own JSON element of the page, and `directory/static/map.js` writes it with ``textContent``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import folium
import folium.plugins
import numpy as np
from folium.map import FitBounds

from geodata.crs import WGS84
from geodata.map_data import (
    background,
    category_positions,
    providers_data,
    references_data,
    sites_data,
    styles_used,
)
from geodata.map_elements import DataLayer, Frame
from geodata.map_extent import extent
from geodata.map_layers import LEVEL_NAMES, CategoryStyle, MapLayers, layers_in, with_points

CENTRE = (52.48, -1.89)  # the West Midlands, for a map without anything on it


@dataclass(frozen=True)
class MapOptions:
    """What may differ from map to map.

    Parameters
    ----------
    label : str
        Name of the map for those who cannot see it.
    one, many : str
        What a marker stands for, in the singular and the plural.
    fit : {"sites", "providers"}
        What the map shows first. Without any, the other; without both, the West Midlands.
    within_metres : float, optional
        Draw the line that holds what counts as inside each site or within this distance in metres of it.
    levels_shown : tuple of str
        Levels of outlines that are switched on at first.
    outline_metres : float
        How far, in metres, a drawn outline may lie from the true one.
    tile_url, tile_attribution : str
        Background tiles; none if empty. The attribution is HTML of the person who runs the site, and nobody
        else's; the page's policy must allow images from the host.
    max_zoom : int
        The nearest zoom. Clusters need one, as there may be no tiles to set it.
    key : bool
        Whether the map has a key; a small map of one place needs none.
    words : mapping of str to str
        What the fixed words of a map are in the language of the page. Those that lack stay English.
    source, notice : str
        A line about where the data come from, and one to show with the map, such as that it is fictional.
    """

    label: str = "Map of organisations"
    one: str = "organisation"
    many: str = "organisations"
    fit: Literal["sites", "providers"] = "sites"
    within_metres: float | None = None
    levels_shown: tuple[str, ...] = ("authority",)
    outline_metres: float = 25
    tile_url: str = ""
    tile_attribution: str = ""
    max_zoom: int = 18
    key: bool = True
    words: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    notice: str = ""

    def say(self, text: str) -> str:
        """Give a fixed word of the map in the language of the page.

        Parameters
        ----------
        text : str
            The word in English.

        Returns
        -------
        str
            As `words` has it, or as it is.
        """
        return self.words.get(text, text)


def coverage_map(
    layers: MapLayers, styles: Sequence[CategoryStyle], options: MapOptions | None = None
) -> folium.Map:
    """Make a map of providers by category, with the sites and the areas behind them.

    Parameters
    ----------
    layers : MapLayers
        Providers, sites, reference points and outlines, each in EPSG:4326 or EPSG:27700.
    styles : sequence of CategoryStyle
        How each category looks.
    options : MapOptions, optional
        What may differ from map to map.

    Returns
    -------
    folium.Map
        To be given to `geodata.map_rendering.render`.

    Raises
    ------
    CRSError
        If a frame is in another coordinate system.
    ValueError
        If a column is missing, a level of outlines is unknown, or a provider must not be drawn.
    """
    options = options or MapOptions()
    layers = layers_in(layers, WGS84)
    styles = styles_used(with_points(layers.providers), styles)
    coverage = empty_map(options)
    Frame(_frame_data(layers, styles, options)).add_to(coverage)
    west, south, east, north = extent(layers, options.fit, options.within_metres).tolist()
    room = {"padding_top_left": (48, 56), "padding_bottom_right": (48, 24)}  # names stand above the sites
    fit_to(coverage, (west, south, east, north), **room)
    for level, data in background(layers, options.outline_metres).items():
        name = options.say(LEVEL_NAMES[level])
        DataLayer("outlines", data, name, level in options.levels_shown).add_to(coverage)
    add_sites(coverage, layers, options)
    DataLayer("providers", providers_data(layers.providers, styles), options.say("Organisations")).add_to(
        coverage
    )
    folium.LayerControl(collapsed=True).add_to(coverage)
    return coverage


def add_sites(coverage: folium.Map, layers: MapLayers, options: MapOptions) -> None:
    """Draw sites and their reference points on a map, where there are any.

    Parameters
    ----------
    coverage : folium.Map
        The map.
    layers : MapLayers
        Sites and reference points, in EPSG:4326.
    options : MapOptions
        What may differ from map to map.
    """
    if layers.sites is not None:
        data = sites_data(layers, options.within_metres)
        if data["within"]:
            data["within"] = options.say(data["within"])
        DataLayer("sites", data, options.say("Priority sites")).add_to(coverage)
    if layers.references is not None:
        name = options.say("Reference points")
        DataLayer("references", references_data(layers.references), name).add_to(coverage)


def fit_to(coverage: folium.Map, bounds: Sequence[float], **room: tuple[int, int]) -> None:
    """Let a map show a box at first.

    Parameters
    ----------
    coverage : folium.Map
        The map.
    bounds : sequence of float
        West, south, east and north, in degrees.
    **room : tuple of int
        Pixels to leave free, as `folium.map.FitBounds` takes them.
    """
    west, south, east, north = bounds
    fit = FitBounds([[south, west], [north, east]], max_zoom=16, **room)
    fit.options["animate"] = False
    fit.add_to(coverage)


def empty_map(options: MapOptions) -> folium.Map:
    """Make a map with its controls and nothing on it.

    Parameters
    ----------
    options : MapOptions
        What may differ from map to map.

    Returns
    -------
    folium.Map
        A map that loads nothing from other hosts, but background tiles if there are any.
    """
    coverage = folium.Map(
        location=CENTRE,
        zoom_start=10,
        tiles=options.tile_url or None,
        attr=options.tile_attribution or " ",
        max_zoom=options.max_zoom,
        control_scale=True,
    )
    coverage.options["max_zoom"] = options.max_zoom
    if (
        not options.tile_url
    ):  # tiles are sharp at whole zooms only; lines are at any, and fit their place better
        coverage.options["zoom_snap"] = 0.5
    coverage.default_js, coverage.default_css = [], []
    full_screen = folium.plugins.Fullscreen(  # type: ignore[no-untyped-call]
        title=options.say("Full screen"), title_cancel=options.say("Leave full screen")
    )
    full_screen.default_js, full_screen.default_css = [], []
    full_screen.add_to(coverage)
    return coverage


def _frame_data(layers: MapLayers, styles: Sequence[CategoryStyle], options: MapOptions) -> dict[str, Any]:
    drawn = with_points(layers.providers)
    counts = np.bincount(category_positions(drawn, styles), minlength=len(styles))
    return {
        "label": options.label,
        "one": options.one,
        "many": options.many,
        "source": options.source,
        "notice": options.notice,
        "key": options.key,
        "categories": [
            {
                "name": options.say(style.name),
                "symbol": style.symbol,
                "shape": style.shape,
                "colour": style.colour,
                "ink": style.ink,
                "count": int(count),
            }
            for style, count in zip(styles, counts, strict=True)
        ],
    }
