"""The parts of a map: nothing from elsewhere, nothing that people wrote outside the data, nothing lost."""

from __future__ import annotations

import json
import re

import folium
import geopandas as gpd
import pytest
from branca.element import Figure
from shapely import Point

from geodata.crs import CRSError
from geodata.map_layers import MapLayers
from geodata.map_rendering import MapParts, render
from geodata.maps import MapOptions, coverage_map
from tests.geodata import map_frames


def drawn(layers: MapLayers, options: MapOptions | None = None) -> MapParts:
    return render(coverage_map(layers, map_frames.styles(), options), "/static/")


def block(parts: MapParts, field: str) -> dict:
    return next(data for data in map(json.loads, (part.json for part in parts.data)) if field in data)


def texts(column: dict) -> list[str]:
    return [column["values"][row] for row in column.get("rows", range(len(column["values"])))]


@pytest.fixture(scope="module")
def parts() -> MapParts:
    return drawn(map_frames.layers())


def test_every_asset_comes_from_the_folder_that_was_named(parts):
    assert all(href.startswith("/static/") for href in (*parts.css_hrefs, *parts.js_hrefs))
    assert "://" not in parts.html + parts.script + parts.styles + parts.key_html


def test_every_asset_of_ours_is_in_the_static_folder(parts):
    folder = map_frames.TAXONOMY.parent / "static"
    ours = [href.removeprefix("/static/") for href in (*parts.css_hrefs, *parts.js_hrefs)]
    assert all((folder / file).is_file() for file in ours if not file.startswith("vendor/"))


def test_a_base_without_a_slash_at_the_end_works_too():
    rendered = render(coverage_map(map_frames.layers(), map_frames.styles()), "/here")
    assert "/here/map.js" in rendered.js_hrefs


def test_html_needs_no_exception_from_the_policy(parts):
    assert not re.search(r"\sstyle=|\son\w+=|<script|<style|<meta|<link", parts.html + parts.key_html)


def test_what_people_wrote_is_in_the_data_alone():
    harmful = drawn(map_frames.harmful_layers())
    rest = harmful.html + harmful.key_html + harmful.script + harmful.styles
    assert not any(text in rest for text in (*map_frames.HARMFUL, "alert", "harmed", "bold"))


def test_harmful_text_cannot_end_its_element_and_comes_back_whole():
    harmful = drawn(map_frames.harmful_layers())
    assert not any(char in part.json for part in harmful.data for char in "<>&\u2028\u2029")
    assert sorted(texts(block(harmful, "opening")["name"])) == sorted(map_frames.HARMFUL)


def test_each_data_element_is_named_once_in_the_script(parts):
    assert all(parts.script.count(f'"{data.id}"') == 1 for data in parts.data)


def test_two_maps_share_no_id(parts):
    other = drawn(map_frames.layers())
    ids = re.compile(r'id="([^"]+)"')
    found, others = (
        {*ids.findall(one.html + one.key_html), *(part.id for part in one.data)} for one in (parts, other)
    )
    assert found.isdisjoint(others)


def test_every_category_is_in_the_key_with_its_number(parts):
    counts = map_frames.providers()["category"].value_counts()
    categories = block(parts, "categories")["categories"]
    expected = [(style.name, counts.get(style.code, 0)) for style in map_frames.styles()]
    assert [(category["name"], category["count"]) for category in categories] == expected


def test_an_unknown_category_is_drawn_as_another():
    layers = map_frames.layers(3)
    layers.providers["category"] = ["retired", None, "mentoring"]
    parts = drawn(layers)
    assert block(parts, "label")["categories"][-1]["count"] == 2
    assert sorted(block(parts, "opening")["category"]) == [0, 20, 20]


def test_categories_are_coloured_in_the_styles(parts):
    assert parts.styles.count("--map-colour: #") == len(map_frames.styles())


def test_a_provider_without_a_point_is_counted():
    layers = map_frames.layers(5)
    layers.providers.loc[[1, 2], "geometry"] = [None, Point()]
    data = block(drawn(layers), "opening")
    assert (len(data["lat"]), data["without_point"]) == (3, 2)


def test_unknown_opening_is_empty_not_nan():
    data = block(drawn(map_frames.layers(3)), "opening")
    assert sorted(texts(data["opening"])) == ["", "Friday 6pm", "Friday 6pm"]


def test_the_national_grid_gives_the_same_places(parts):
    layers = map_frames.layers()
    grid = MapLayers(layers.providers.to_crs(27700), layers.sites.to_crs(27700))
    here, there = block(parts, "opening"), block(drawn(grid), "opening")
    assert max(abs(a - b) for a, b in zip(here["lat"], there["lat"], strict=True)) <= 1


@pytest.mark.parametrize("crs", [None, "EPSG:3857"])
def test_another_coordinate_system_is_refused(crs):
    providers = map_frames.providers(2).set_crs(crs, allow_override=True)
    with pytest.raises(CRSError, match="providers"):
        drawn(MapLayers(providers))


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="sites has no column href"):
        drawn(MapLayers(map_frames.providers(2), map_frames.sites().drop(columns="href")))


def test_a_hidden_place_is_never_drawn():
    layers = map_frames.layers(2)
    layers.providers["precision"] = ["open", "hidden"]
    with pytest.raises(ValueError, match="row 1 has the precision 'hidden'"):
        drawn(layers)


def test_a_hidden_place_without_a_point_is_counted():
    layers = map_frames.layers(2)
    layers.providers["precision"] = ["open", "hidden"]
    layers.providers.loc[1, "geometry"] = None
    assert block(drawn(layers), "opening")["without_point"] == 1


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="'parish'"):
        drawn(MapLayers(map_frames.providers(2), outlines={"parish": map_frames.outlines()["ward"]}))


def test_layers_are_listed_and_only_authorities_are_on_behind(parts):
    for name in ("Local authorities", "Wards", "Priority sites", "Reference points", "Organisations"):
        assert f'"{name}" :' in parts.script
    layers_added = re.findall(r"data_layer_\w+\.addTo", parts.script)
    assert len(layers_added) == 4


def test_a_distance_draws_a_ring_round_each_site():
    data = block(drawn(map_frames.layers(), MapOptions(within_metres=2000)), "rings")
    assert (len(data["rings"]), data["within"]) == (2, "Within 2 km of a site")


def test_tiles_are_off_unless_set(parts):
    tiled = drawn(
        map_frames.layers(), MapOptions(tile_url="/tiles/{z}/{x}/{y}.png", tile_attribution="Tiles")
    )
    assert "L.tileLayer" not in parts.script
    assert "/tiles/{z}/{x}/{y}.png" in tiled.script


def test_there_is_a_nearest_zoom_without_tiles(parts):
    assert '"maxZoom": 18' in parts.script


def test_a_map_without_a_key_has_no_place_for_it():
    assert drawn(map_frames.layers(2), MapOptions(key=False)).key_html == ""


def test_a_map_of_nothing_is_a_map():
    empty = MapLayers(map_frames.providers(2).iloc[:0], map_frames.sites().iloc[:0], outlines={})
    assert block(drawn(empty), "opening")["lat"] == []


def test_rendering_needs_a_figure():
    loose = folium.Map()
    loose._parent = None
    with pytest.raises(TypeError, match="figure"):
        render(loose, "/static/")


def test_the_whole_warm_spaces_file_is_drawn(shared_data):
    spaces = gpd.read_file(shared_data / "organisations" / "warm_spaces_current.geojson")
    known = {"id": spaces.index.astype(str), "category": "spaces", "precision": "open", "href": "/services"}
    spaces = spaces.assign(
        **known, name=spaces.iloc[:, 0], organization_name="", categories="", next_opening=""
    )
    data = block(drawn(MapLayers(spaces)), "opening")
    assert len(data["lat"]) + data["without_point"] == 507


def test_coverage_map_is_folium_s_own():
    assert isinstance(coverage_map(map_frames.layers(2), map_frames.styles()).get_root(), Figure)
