"""Maps of coloured areas: outlines that still fit together, are small enough to send, and safe in a page."""

import gzip
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.areas import read_areas
from geodata.choropleth import AreaLayer, choropleth_map, packed_outlines, render_choropleth
from geodata.crs import BNG, CRSError
from geodata.maps import MapOptions


def squares(number=3):
    shapes = [shapely.box(400_000 + i * 1_000, 280_000, 401_000 + i * 1_000, 281_000) for i in range(number)]
    codes = [f"E0{i}" for i in range(number)]
    return gpd.GeoDataFrame({"code": codes, "name": [f"Area {c}" for c in codes]}, geometry=shapes, crs=BNG)


def unpacked(data):
    """The polygons of each area as map-areas.js reads them."""
    corners = np.column_stack([np.cumsum(data["lon"]), np.cumsum(data["lat"])]) / 100_000
    rings = iter(np.split(corners, np.cumsum(data["corners"])[:-1]))
    polygons = iter([[next(rings) for _ in range(count)] for count in data["rings"]])
    return [
        shapely.multipolygons([shapely.Polygon(p[0], p[1:]) for p in (next(polygons) for _ in range(count))])
        for count in data["polygons"]
    ]


def test_outlines_come_back_as_they_were():
    shapes = unpacked(packed_outlines(squares()))
    back = gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs(BNG)
    assert shapely.hausdorff_distance(back.to_numpy(), squares().geometry.to_numpy()).max() < 2


def test_holes_stay_holes():
    ring = shapely.box(400_000, 280_000, 409_000, 289_000).difference(
        shapely.box(403_000, 283_000, 405_000, 285_000)
    )
    frame = gpd.GeoDataFrame({"code": ["a"], "name": ["A"]}, geometry=[ring], crs=BNG)
    (shape,) = unpacked(packed_outlines(frame))
    assert len(shape.geoms[0].interiors) == 1


def test_another_coordinate_system_is_refused():
    with pytest.raises(CRSError):
        packed_outlines(squares().to_crs("EPSG:4326"))


def parts(name="Area"):
    layer = AreaLayer(
        outlines_href="/outlines.json",
        classes=np.array([0, 5, -1]),
        uncertain=np.array([False, True, False]),
        facts={"Nearest": pd.Series([name, "2 km", None])},
        link=("/coverage/areas/", "?category=sport"),
    )
    return render_choropleth(choropleth_map(layer, [-2, 52, -1, 53], None, MapOptions(label="L")), "/static/")


def test_what_a_page_needs_is_there_and_nothing_of_other_hosts():
    made = parts()
    assert made.js_hrefs[-1] == "/static/map-areas.js"
    assert [block.drawn for block in made.data] == ["frame", "choropleth"]
    files = [href.lower() for href in made.js_hrefs + made.css_hrefs]
    assert not [file for file in files if "markercluster" in file]
    assert "directoryMap.choropleth(" in made.script
    assert "http" not in made.html + made.script + made.styles
    data = json.loads(next(block.json for block in made.data if '"classes"' in block.json))
    assert (data["classes"], data["uncertain"]) == ([0, 5, -1], [1])


def test_no_text_reaches_a_script():
    made = parts("</script><script>alert(1)</script>")
    assert "alert" not in made.script + made.html + made.styles
    assert all("<" not in block.json for block in made.data)


@pytest.mark.shared_data
def test_outlines_of_all_small_areas_are_small_and_still_fit_together(shared_data):
    areas, _ = read_areas(shared_data / "boundaries/lsoa21_wm7.geojson", "lsoa21")
    data = packed_outlines(areas)
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    assert len(data["codes"]) == 1_719
    assert len(gzip.compress(text.encode(), 6)) <= 400_000
    corners = np.column_stack([np.cumsum(data["lon"]), np.cumsum(data["lat"])])
    # In a coverage without holes most corners belong to two areas or more; each is at exactly one point.
    _, times = np.unique(corners, axis=0, return_counts=True)
    assert (times >= 2).mean() > 0.9
    shapes = gpd.GeoSeries(unpacked(data), crs="EPSG:4326").to_crs(BNG)
    lost = abs(shapely.union_all(shapes.to_numpy(), grid_size=1).area - areas.union_all().area)
    assert lost < 60_000
