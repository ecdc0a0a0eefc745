"""A picture of areas in their classes: the colours are there, and what cannot be drawn is refused."""

import io

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image

from geodata.area_pictures import NO_FIGURE, draw_areas
from geodata.crs import CRSError

AREAS = gpd.GeoDataFrame(
    {"name": ["a", "b", "c"]},
    geometry=[shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 2000)],
    crs=27700,
)
LEGEND = ((0, "#aa0000", "None"), (1, "#0000aa", "Some"), (-1, NO_FIGURE, "No figure"))


def colours_of(png):
    return {colour for _, colour in Image.open(io.BytesIO(png)).convert("RGB").getcolors(1_000_000)}


def test_each_class_has_its_colour_and_no_figure_is_grey():
    found = colours_of(draw_areas(AREAS, np.array([0, 1, -1]), LEGEND))
    assert {(170, 0, 0), (0, 0, 170), (222, 224, 226)} <= found


def test_uncertain_areas_are_hatched_and_sites_outlined():
    plain = draw_areas(AREAS, np.array([0, 0, 0]), LEGEND)
    hatched = draw_areas(AREAS, np.array([0, 0, 0]), LEGEND, uncertain=np.array([True, False, False]))
    outlined = draw_areas(AREAS, np.array([0, 0, 0]), LEGEND, sites=AREAS.iloc[:1])
    assert len({plain, hatched, outlined}) == 3
    assert (255, 221, 0) in colours_of(outlined)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(CRSError):
        draw_areas(AREAS.to_crs(4326), np.array([0, 0, 0]), LEGEND)
    with pytest.raises(ValueError, match="3 areas and 1 classes"):
        draw_areas(AREAS, np.array([0]), LEGEND)
