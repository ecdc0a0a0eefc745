import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from geodata.costs import nearest, require_distance, straight_line
from geodata.crs import BNG, WGS84, CRSError, to_bng

# Whole and half metres make many ties and many pairs at exactly the distance asked for.
PLACES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12)


def at(*places, crs=BNG):
    return gpd.GeoDataFrame(geometry=[place and Point(place) for place in places], crs=crs)


def brute_force(points_a, points_b):
    """Every distance, the long way."""
    a, b = (np.column_stack([points.geometry.x, points.geometry.y]) for points in (points_a, points_b))
    return np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2))


def random_points(seed, number):
    xy = np.random.default_rng(seed).uniform([400_000, 280_000], [420_000, 300_000], (number, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=BNG)


def test_three_four_five_counts_as_within_five():
    pairs = straight_line(at((0, 0)), at((3, 4), (3, 5)), 5)
    assert (pairs.origin.tolist(), pairs.destination.tolist(), pairs.metres.tolist()) == ([0], [0], [5.0])


def test_the_same_place_is_nought_metres_away():
    assert straight_line(at((7, 7)), at((7, 7), (7, 8)), 0).metres.tolist() == [0.0]


@settings(deadline=None, max_examples=40)
@given(PLACES, PLACES, st.sampled_from([0, 1, 5, 13, 30]))
def test_pairs_are_those_of_brute_force(places_a, places_b, within_metres):
    a, b = at(*places_a), at(*places_b)
    pairs = straight_line(a, b, within_metres)
    far = brute_force(a, b).reshape(len(a), len(b))
    assert list(zip(pairs.origin, pairs.destination, strict=True)) == list(
        zip(*np.nonzero(far <= within_metres), strict=False)
    )
    assert (pairs.metres == far[pairs.origin, pairs.destination]).all()


@pytest.mark.parametrize("within_metres", [500, 1_000, 2_000, 5_000])
def test_counts_are_exactly_those_of_geopandas(within_metres):
    a, b = random_points(1, 300), random_points(2, 700)
    pairs = straight_line(a, b, within_metres)
    joined = gpd.sjoin(a, b, predicate="dwithin", distance=within_metres)
    expected = joined.groupby(level=0).size().reindex(range(len(a)), fill_value=0)
    assert np.bincount(pairs.origin, minlength=len(a)).tolist() == expected.tolist()


@pytest.mark.shared_data
def test_the_real_warm_spaces_agree_with_geopandas_too(shared_data):
    spaces = gpd.read_file(shared_data / "organisations" / "warm_spaces_current.geojson")
    spaces = to_bng(spaces[spaces.geometry.notna() & ~spaces.geometry.is_empty])
    pairs = straight_line(spaces, spaces, 1_000)
    assert (
        len(pairs.origin) == len(gpd.sjoin(spaces, spaces, predicate="dwithin", distance=1_000)) > len(spaces)
    )


def test_missing_and_empty_points_are_in_no_pair():
    a = gpd.GeoDataFrame(geometry=[None, Point(), Point(0, 0)], crs=BNG)
    pairs = straight_line(a, at(None, (1, 0)), 10)
    assert (pairs.origin.tolist(), pairs.destination.tolist()) == ([2], [1])
    assert len(straight_line(at(), a, 10).metres) == 0


@pytest.mark.parametrize("within_metres", [-1, np.nan, np.inf])
def test_a_distance_that_nothing_can_be_within_is_refused(within_metres):
    with pytest.raises(ValueError, match="give a distance of nought or more"):
        straight_line(at(), at(), within_metres)
    require_distance(0)


@pytest.mark.parametrize("measure", [lambda a, b: straight_line(a, b, 1), nearest])
def test_degrees_and_polygons_are_refused(measure):
    with pytest.raises(CRSError):
        measure(at((0, 0)), at((0, 0), crs=WGS84))
    with pytest.raises(ValueError, match="not points: use representative_points"):
        measure(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=BNG), at((0, 0)))


@settings(deadline=None, max_examples=40)
@given(PLACES, PLACES, st.integers(1, 4))
def test_the_nearest_are_those_of_brute_force(places_a, places_b, k):
    metres, indices = nearest(at(*places_a), at(*places_b), k)
    far = brute_force(at(*places_a), at(*places_b)).reshape(len(places_a), len(places_b))
    found = min(k, len(places_b))
    assert metres.shape == indices.shape == (len(places_a), k)
    assert (metres[:, :found] == np.sort(far, axis=1)[:, :found]).all()
    assert (metres[:, :found] == np.take_along_axis(far, indices[:, :found], axis=1)).all()
    assert np.isnan(metres[:, found:]).all()
    assert (indices[:, found:] == -1).all()


def test_an_origin_without_a_point_has_no_nearest():
    metres, indices = nearest(at((0, 0), None), at(None, (0, 9)))
    assert (metres[0, 0], indices[0, 0], indices[1, 0]) == (9, 1, -1)
    assert np.isnan(metres[1, 0])


def test_at_least_one_is_asked_for():
    with pytest.raises(ValueError, match="k is 0"):
        nearest(at(), at(), 0)
