"""How categories look, and how much land a map shows."""

from __future__ import annotations

import pytest

from geodata.map_extent import WEST_MIDLANDS, counted, extent
from geodata.map_layers import CategoryStyle, MapLayers, category_styles, contrast, layers_in
from tests.geodata import map_frames


def test_no_two_bundled_categories_look_the_same():
    styles = map_frames.styles()
    assert len(styles) == 20
    assert len({(style.colour, style.shape) for style in styles}) == 20
    assert len({style.symbol for style in styles}) == 20


def test_letters_stand_out_on_every_colour():
    assert all(contrast(style.colour, style.ink) >= 4.5 for style in map_frames.styles())


def test_names_that_start_alike_get_other_letters():
    names = ["Art", "Art", "Arts", "Art and more", "Advice", "!!!", "Art", "Art", "Art"]
    styles = category_styles(dict(enumerate(names)))  # type: ignore[arg-type]
    symbols = [style.symbol for style in styles]
    assert symbols == ["Ar", "At", "As", "AM", "Ad", "1", "A1", "A2", "A3"]


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("colour", "symbol"), [("red", "Me"), ("#12345", "Me"), ("#123456", "$x$"), ("#123456", "")]
)
def test_a_style_that_could_break_a_page_is_refused(colour, symbol):
    with pytest.raises(ValueError, match="category 'mentoring'"):
        CategoryStyle("mentoring", "Mentoring", colour, symbol)


def test_a_map_shows_the_sites_or_the_providers():
    layers = map_frames.layers()
    assert extent(layers, "sites") == pytest.approx(layers.sites.total_bounds)
    assert extent(layers, "providers") == pytest.approx(layers.providers.total_bounds)


def test_a_map_without_sites_shows_the_providers():
    layers = MapLayers(map_frames.providers())
    assert extent(layers, "sites") == pytest.approx(layers.providers.total_bounds)


def test_a_map_without_providers_shows_the_sites():
    layers = MapLayers(map_frames.providers().iloc[:0], map_frames.sites())
    assert extent(layers, "providers") == pytest.approx(layers.sites.total_bounds)


def test_a_map_of_nothing_shows_the_west_midlands():
    assert extent(MapLayers(map_frames.providers().iloc[:0]), "sites") == pytest.approx(WEST_MIDLANDS)


def test_a_distance_widens_what_is_shown():
    grid = layers_in(map_frames.layers(), "EPSG:27700")
    wider = extent(grid, "sites", within_metres=1800) - extent(grid, "sites")
    # The extents reach 800 metres from their reference points, and the distance is from those points.
    assert wider == pytest.approx([-1000, -1000, 1000, 1000], abs=10)


def test_what_counts_is_the_extent_and_what_is_near_a_reference_point():
    grid = layers_in(map_frames.layers(), "EPSG:27700")
    points = grid.references.geometry
    near = counted(grid, 500)
    assert near.area.tolist() == pytest.approx(grid.sites.area.tolist())
    far = counted(grid, 3000)
    assert all(far.distance(points, align=False) == 0)
    assert far.boundary.distance(points, align=False).tolist() == pytest.approx([3000, 3000], rel=0.01)


def test_a_map_without_reference_points_counts_what_is_inside():
    bare = MapLayers(map_frames.providers(), map_frames.sites())
    assert counted(bare, 5000).to_crs(27700).area.tolist() == pytest.approx(
        map_frames.sites().to_crs(27700).area.tolist()
    )


def test_a_map_without_sites_has_no_land_around_them():
    with pytest.raises(ValueError, match="without sites"):
        counted(MapLayers(map_frames.providers()), 500)


def test_symbols_never_run_out():
    symbols = [style.symbol for style in category_styles({str(code): "Zeal" for code in range(150)})]
    assert len(set(symbols)) == 150
