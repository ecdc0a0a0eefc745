import doctest

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

import geodata.supply
from geodata.crs import BNG, WGS84, CRSError
from geodata.supply import bounds, completeness, known_only, positions, supply_of

TWO = [[0, 0], [9, 9]]


def test_a_frame_and_its_coordinates_are_the_same_supply():
    frame = gpd.GeoDataFrame(geometry=[Point(1, 2), None, Point()], crs=BNG)
    from_frame, given = supply_of(frame, ["a", "b", "a"]), [[1, 2], [np.nan, np.nan], [np.nan, np.nan]]
    assert np.array_equal(from_frame.xy, supply_of(given, ["a", "b", "a"]).xy, equal_nan=True)


def test_categories_keep_their_order_and_those_without_a_provider():
    supply = supply_of(TWO, ["therapy", "sport"], categories=["therapy", "arts", "sport"])
    assert (supply.categories, supply.category.tolist()) == (("therapy", "arts", "sport"), [0, 2])


def test_an_unknown_capacity_is_one_unit_and_is_told_apart_from_none():
    supply = supply_of([*TWO, [5, 5]], ["a"] * 3, capacity=[np.nan, 0, 25])
    assert (supply.units.tolist(), supply.has_capacity.tolist()) == ([1, 0, 25], [False, True, True])


def test_completeness_counts_what_is_known():
    table = completeness(
        supply_of([*TWO, [5, 5]], ["a", "a", "b"], ["a", "b", "c"], [3, np.nan, np.nan], [True, False, True])
    ).set_index("category")
    assert table.loc["a"].to_dict() == {
        "providers": 2, "known": 1, "with_capacity": 1, "known_share": 0.5, "capacity_share": 0.5
    }  # fmt: skip
    assert table.loc["b", ["known_share", "capacity_share"]].tolist() == [1, 0]
    assert table.loc["c", "providers"] == 0
    assert np.isnan(table.loc["c", "known_share"])


def test_known_only_keeps_the_categories():
    known = known_only(supply_of(TWO, ["a", "b"], capacity=[7, 8], known=[False, True]))
    assert (known.categories, known.category.tolist(), known.units.tolist()) == (("a", "b"), [1], [8])
    assert (known.xy.tolist(), known.known.all()) == ([[9, 9]], True)


def test_bounds_are_of_the_known_and_of_all():
    made = bounds(lambda some: len(some.units), supply_of(TWO, ["a", "b"], known=[False, True]))
    assert (made.known, made.possible) == (1, 2)


def test_bounds_are_worked_out_once_when_all_is_known():
    asked = []
    made = bounds(asked.append, supply_of(TWO, ["a", "b"]))
    assert (len(asked), made.known, made.possible) == (1, None, None)


def test_nothing_is_a_supply_too():
    assert positions([], "areas").shape == (0, 2)
    assert completeness(supply_of([], [])).empty


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"category": ["a"]}, r"category has the shape \(1,\), and there are 2 providers"),
        ({"categories": ["a"]}, "provider 1 has the category b"),
        ({"categories": ["a", "b", "a"]}, "the category a is given twice"),
        ({"capacity": [1]}, "capacity has the shape"),
        ({"capacity": [1, -2]}, "provider 1 has a capacity of -2"),
        ({"capacity": [np.inf, 1]}, "provider 0 has a capacity of inf"),
        ({"known": [True]}, "known has the shape"),
        ({"known": [1, 0]}, "say what a missing value means"),
        ({"points": [[1, 2, 3], [4, 5, 6]]}, "one easting and northing a row"),
        ({"points": gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)] * 2, crs=BNG)}, "not points"),
    ],
)
def test_what_is_wrong_is_said(settings, message):
    with pytest.raises(ValueError, match=message):
        supply_of(**({"points": TWO, "category": ["a", "b"]} | settings))


def test_a_missing_category_is_refused_with_its_row():
    with pytest.raises(ValueError, match="provider 1 has the category None"):
        supply_of(TWO, ["a", None], categories=["a"])


@pytest.mark.parametrize(
    "points", [[[0, 0], [1e7, 5]], gpd.GeoDataFrame(geometry=[Point(-1.9, 52.5)], crs=WGS84)]
)
def test_what_is_not_on_the_national_grid_is_refused(points):
    with pytest.raises(CRSError, match=r"providers (lies outside|is in EPSG:4326)"):
        positions(points, "providers")


def test_the_examples_are_true():
    failed, tried = doctest.testmod(geodata.supply)
    assert failed == 0 < tried
