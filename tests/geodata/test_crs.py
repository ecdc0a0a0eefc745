import doctest

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geodata import crs
from geodata.crs import (
    BNG,
    WGS84,
    CRSError,
    bng_to_lonlat,
    lonlat_to_bng,
    require_bng,
    require_columns,
    to_bng,
    to_wgs84,
)

LOZELLS = Point(-1.9019, 52.5022)


def test_lozells_is_where_the_ordnance_survey_puts_its_postcode():
    easting, northing = lonlat_to_bng([-1.9019], [52.5022])
    assert np.hypot(easting - 406759, northing - 289372)[0] < 10


def test_arrays_and_frames_agree():
    moved = to_bng(gpd.GeoDataFrame(geometry=[LOZELLS], crs=WGS84)).geometry[0]
    easting, northing = lonlat_to_bng(LOZELLS.x, LOZELLS.y)
    assert (moved.x, moved.y) == pytest.approx((float(easting), float(northing)), abs=1e-6)


@settings(deadline=None)
@given(st.floats(-7.6, 1.8), st.floats(49.85, 60.87))
def test_there_and_back_is_within_a_centimetre_wherever_there_is_land(longitude, latitude):
    easting, northing = lonlat_to_bng(longitude, latitude)
    there = lonlat_to_bng(*bng_to_lonlat(easting, northing))
    assert np.hypot(there[0] - easting, there[1] - northing) < 0.01


@settings(deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90))
def test_far_from_britain_is_not_known_never_a_wrong_place(longitude, latitude):
    easting, northing = lonlat_to_bng(longitude, latitude)
    if not (-12 < longitude < 5 and 49 < latitude < 62.5):
        assert np.isnan(easting)
        assert np.isnan(northing)


@pytest.mark.parametrize(
    ("longitude", "latitude"), [(52.5, -1.9), (np.nan, 52.5), (-1.9, np.nan), (np.inf, 52.5)]
)
def test_unusable_coordinates_give_nan_in_both(longitude, latitude):
    assert np.isnan(lonlat_to_bng(longitude, latitude)).all()


def test_off_the_grid_gives_nan():
    longitude, latitude = bng_to_lonlat([406759, 9_000_000], [289372, 0])
    assert np.isnan([longitude, latitude]).tolist() == [[False, True], [False, True]]


def test_shapes_must_match():
    with pytest.raises(ValueError, match=r"differ in shape: \(2,\) and \(1,\)"):
        lonlat_to_bng([-1.9, -1.8], [52.5])


@pytest.mark.parametrize("move", [to_bng, to_wgs84])
def test_a_frame_without_a_coordinate_system_is_refused(move):
    with pytest.raises(CRSError, match="no coordinate system"):
        move(gpd.GeoDataFrame(geometry=[LOZELLS]))


def test_swapped_coordinates_in_a_frame_are_named():
    frame = gpd.GeoDataFrame(geometry=[LOZELLS, Point(52.5, -1.9), None], index=["a", "b", "c"], crs=WGS84)
    with pytest.raises(CRSError, match=r"1 of 3 .* \(row b\).*not swapped"):
        to_bng(frame)


def test_missing_geometry_stays_missing_and_the_frame_is_a_new_one():
    frame = gpd.GeoDataFrame({"slug": ["a", "b"]}, geometry=[LOZELLS, None], crs=WGS84)
    moved = to_bng(frame)
    assert moved.geometry.isna().tolist() == [False, True]
    assert (frame.crs, moved.crs) == (WGS84, BNG)


def test_back_to_degrees():
    back = to_wgs84(to_bng(gpd.GeoDataFrame(geometry=[LOZELLS], crs=WGS84)))
    assert back.crs == WGS84
    assert back.geometry[0].distance(LOZELLS) < 1e-7


def test_require_bng_names_the_frame_and_its_system():
    require_bng(gpd.GeoDataFrame(geometry=[], crs=BNG), "sites")
    with pytest.raises(CRSError, match="sites is in EPSG:4326"):
        require_bng(gpd.GeoDataFrame(geometry=[LOZELLS], crs=WGS84), "sites")
    with pytest.raises(CRSError, match="sites has no coordinate system"):
        require_bng(gpd.GeoDataFrame(geometry=[LOZELLS]), "sites")


def test_require_columns_names_what_is_missing():
    require_columns(pd.DataFrame(columns=["a", "b"]), ["a"], "near")
    with pytest.raises(ValueError, match="near has no column c, d; it has a"):
        require_columns(pd.DataFrame(columns=["a"]), ["c", "a", "d"], "near")


def test_the_examples_in_the_docstrings_hold():
    failed, tried = doctest.testmod(crs)
    assert failed == 0 < tried
