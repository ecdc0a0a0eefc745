"""Give the parts of a Folium map that a page needs, under a policy without unsafe-inline and unsafe-eval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import folium
from branca.element import Figure

from geodata.map_data import to_json
from geodata.map_elements import DataLayer, Frame

CSS_FILES = ("vendor/leaflet.css", "vendor/MarkerCluster.css", "vendor/Control.FullScreen.css", "map.css")
JS_FILES = (
    "vendor/leaflet.js",
    "vendor/leaflet.markercluster.js",
    "vendor/Control.FullScreen.js",
    "map-key.js",
    "map.js",
)


class DataBlock(NamedTuple):
    """What goes into one ``<script type="application/json">``.

    Parameters
    ----------
    id : str
        Id of the element.
    drawn : str
        The function of `directoryMap` that draws it.
    json : str
        Its text. No ``<``, ``>`` or ``&`` is in it.
    """

    id: str
    drawn: str
    json: str


@dataclass(frozen=True)
class MapParts:
    """The parts of a map, to be put into a page under a policy without unsafe-inline and unsafe-eval.

    Parameters
    ----------
    html : str
        Where the map stands; it fills the element round it. No style attributes, no event handlers, nothing
        that people wrote.
    key_html : str
        Where the key stands: the symbols, switches for the categories, a filter by words. A page that leaves
        it out has the key on the map itself. Empty if the map has no key.
    css_hrefs, js_hrefs : tuple of str
        Style sheets and scripts to link, in order; the scripts before `script`.
    data : tuple of DataBlock
        What goes into each ``<script type="application/json">``.
    styles, script : str
        To be put into a style and a script element, each with the page's nonce.
    """

    html: str
    key_html: str
    css_hrefs: tuple[str, ...]
    js_hrefs: tuple[str, ...]
    data: tuple[DataBlock, ...]
    styles: str
    script: str


def render(coverage: folium.Map, asset_base: str) -> MapParts:
    """Give the parts of a map that a page needs.

    Parameters
    ----------
    coverage : folium.Map
        Made by `coverage_map`.
    asset_base : str
        Address of the folder with map.js, map.css and vendor/, such as ``/static/``.

    Returns
    -------
    MapParts
        Its addresses all start with `asset_base`: Folium's own links to other hosts, jQuery, Bootstrap and
        the viewport tag that forbids zooming are left out.
    """
    figure = coverage.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("this map is part of no figure, so it cannot be rendered")
    for child in list(figure._children.values()):
        child.render()
    name = coverage.get_name()
    parts = [child for child in coverage._children.values() if isinstance(child, (Frame, DataLayer))]
    frame = parts[0].data
    base = asset_base.rstrip("/") + "/"
    return MapParts(
        html=figure.html.render().strip(),
        key_html=f'<div class="directory-map-key" id="{name}_key"></div>' if frame["key"] else "",
        css_hrefs=tuple(base + file for file in CSS_FILES),
        js_hrefs=tuple(base + file for file in JS_FILES),
        data=tuple(DataBlock(part.data_id, part.verb, to_json(part.data)) for part in parts),
        styles=_styles(name, frame["categories"]),
        script=figure.script.render().strip(),
    )


def _styles(name: str, categories: list[dict[str, Any]]) -> str:
    """Give each category its colours: the page's policy allows no style attributes."""
    return "\n".join(
        f":is(#{name}, #{name}_key) .map-category-{place} "
        f"{{ --map-colour: {category['colour']}; --map-ink: {category['ink']} }}"
        for place, category in enumerate(categories)
    )
