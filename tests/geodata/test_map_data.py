"""Frames as JSON: safe, small, and true to the places."""

from __future__ import annotations

import uuid

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.distances import distance_words
from geodata.map_data import outlines_data, simplified, sites_data, to_json
from geodata.map_packing import packed_degrees, packed_links, packed_texts
from tests.geodata import map_frames


def test_json_cannot_end_a_script_element():
    assert to_json("</script>&\u2028é") == '"\\u003c/script\\u003e\\u0026\\u2028é"'


def test_json_holds_no_nan():
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(float("nan"))


def test_degrees_come_back_within_a_metre():
    latitudes = np.linspace(52.7, 52.3, 1000)
    assert np.cumsum(packed_degrees(latitudes)) / 100_000 == pytest.approx(latitudes, abs=0.000005)


def test_repeated_texts_are_written_once():
    assert packed_texts(pd.Series(["a", "b", "a", "a"])) == {"values": ["a", "b"], "rows": [0, 1, 0, 0]}


def test_different_texts_are_written_as_they_are():
    assert packed_texts(pd.Series(["a", None, "c"])) == {"values": ["a", "", "c"]}


def test_addresses_with_a_uuid_lose_only_what_they_share():
    keys = [uuid.uuid5(uuid.NAMESPACE_URL, str(number)) for number in range(3)]
    packed = packed_links(pd.Series([f"/services/{key}" for key in keys]))
    assert packed["prefix"] == "/services/"
    assert len(packed["uuids"]) == 3 * 16 * 4 / 3


@pytest.mark.parametrize(
    "links", [["/a", "/b"], [], [None], [f"/x/{uuid.UUID(int=1)}", f"/y/{uuid.UUID(int=2)}"]]
)
def test_other_addresses_stay_as_they_are(links):
    assert packed_links(pd.Series(links, dtype="object"))["values"] == [link or "" for link in links]


def test_a_site_is_named_at_its_top():
    (latitude, longitude), _ = sites_data(map_frames.layers())["labels"]
    west, _, east, north = map_frames.sites().geometry.iloc[0].bounds
    assert (longitude, latitude) == pytest.approx(((west + east) / 2, north), abs=0.00001)


def test_wards_are_simpler_and_still_fit_together(shared_data):
    wards = gpd.read_file(shared_data / "boundaries" / "ward_wm7.geojson").to_crs(27700).geometry
    simple = simplified(wards, 25)
    assert shapely.coverage_is_valid(simple.to_numpy())
    assert simple.area.sum() == pytest.approx(wards.area.sum(), rel=0.002)
    assert (
        shapely.get_num_coordinates(simple.to_numpy()).sum()
        < shapely.get_num_coordinates(wards.to_numpy()).sum()
    )


def test_outlines_that_overlap_or_are_broken_are_simplified_one_by_one(shared_data):
    authorities = gpd.read_file(shared_data / "boundaries" / "lad_wm7_DERIVED.geojson").to_crs(27700).geometry
    simple = simplified(authorities, 25)
    assert simple.is_valid.all()
    assert simple.area.sum() == pytest.approx(authorities.area.sum(), rel=0.002)


def test_the_name_of_an_area_stands_inside_it():
    areas = map_frames.outlines()["authority"]
    data = outlines_data(areas, "authority", 25)
    spots = gpd.points_from_xy([lon for _, lon in data["labels"]], [lat for lat, _ in data["labels"]])
    assert areas.geometry.contains(gpd.GeoSeries(spots, crs=4326)).all()


def test_distances_are_written_as_people_say_them():
    assert [distance_words(metres) for metres in (500, 1000, 2500)] == ["500 metres", "1 km", "2.5 km"]
