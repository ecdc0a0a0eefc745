import doctest
import math
from functools import partial

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geodata.reach
from geodata.areas import representative_points
from geodata.crs import BNG, WGS84, CRSError, to_bng
from geodata.decay import gaussian
from geodata.reach import counts_by_category, nearest_in_category, within_reach
from geodata.square_grid import greatest_square
from geodata.supply import bounds, supply_of

# Whole metres close together make many ties and many pairs at exactly the distance asked for.
PLACES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12)
CATEGORIES = ["arts", "sport", "therapy"]
SHORTER = np.float32(0.1), np.float32(500), np.int16(300)


def supply_at(places, **facts):
    """Providers of the three categories in turn."""
    category = [CATEGORIES[row % 3] for row in range(len(places))]
    return supply_of(np.array(places, dtype=float), category, CATEGORIES, **facts)


def brute_force(areas, supply):
    """Every distance, the long way."""
    a = np.array(areas, dtype=float).reshape(-1, 1, 2)
    return np.sqrt(((a - supply.xy[np.newaxis]) ** 2).sum(axis=2))


def random_places(seed, number):
    return np.random.default_rng(seed).uniform([400_000, 280_000], [420_000, 300_000], (number, 2))


def by_geopandas(areas, places, category, within_metres):
    """The counts, by a spatial join."""
    left, right = (gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=BNG) for xy in (areas, places))
    right["category"] = category
    joined = gpd.sjoin(left, right, predicate="dwithin", distance=within_metres)
    counted = joined.groupby([joined.index, "category"]).size().unstack(fill_value=0)
    return counted.reindex(index=range(len(areas)), columns=range(len(CATEGORIES)), fill_value=0).to_numpy()


@settings(max_examples=40)
@given(PLACES, PLACES, st.sampled_from([0, 1, 5, 13, 30]))
def test_counts_and_pairs_are_those_of_brute_force(areas, places, within_metres):
    supply = supply_at(places)
    far = brute_force(areas, supply)
    near, reach = far <= within_metres, within_reach(areas, supply, within_metres)
    expected = [near[:, supply.category == place].sum(axis=1) for place in range(3)]
    assert counts_by_category(areas, supply, within_metres).tolist() == np.transpose(expected).tolist()
    assert sorted(zip(reach.area, reach.provider, strict=True)) == list(zip(*np.nonzero(near), strict=True))
    assert reach.metres.tolist() == pytest.approx(far[reach.area, reach.provider], rel=1e-15)


@pytest.mark.parametrize("within_metres", [500, 2_000, 5_000])
@pytest.mark.parametrize("whole", [False, True])
def test_counts_are_exactly_those_of_geopandas(within_metres, whole, monkeypatch):
    monkeypatch.setattr(geodata.pairs, "_CHUNK", 70)
    areas, places = random_places(1, 300), random_places(2, 900)
    if whole:  # on a lattice of 500 metres many are exactly as far as the limit
        areas, places = (np.round(xy / 500) * 500 for xy in (areas, places))
    supply = supply_at(places)
    expected = by_geopandas(areas, places, supply.category, within_metres)
    assert counts_by_category(areas, supply, within_metres).tolist() == expected.tolist()
    assert expected.sum() > 0


def test_the_limit_is_exact_to_the_last_bit():
    areas, places = random_places(3, 1), random_places(4, 25)
    supply = supply_at(places)
    for limit in brute_force(areas, supply)[0]:
        for within_metres in (np.nextafter(limit, 0), limit, np.nextafter(limit, np.inf)):
            expected = by_geopandas(areas, places, supply.category, within_metres)
            assert counts_by_category(areas, supply, within_metres).tolist() == expected.tolist()


@given(st.floats(0, 1e9) | st.integers(0, 10**9) | st.sampled_from([5e-324, 1e-160, 1e200, *SHORTER]))
def test_a_square_is_too_great_exactly_where_its_root_is(metres):
    greatest = greatest_square(metres)
    assert math.sqrt(greatest) <= float(metres) < math.sqrt(math.nextafter(greatest, math.inf))
    assert isinstance(greatest, float)


@pytest.mark.shared_data
def test_the_real_warm_spaces_agree_with_geopandas_too(shared_data):
    wards = gpd.read_file(shared_data / "boundaries" / "ward_wm7.geojson").to_crs(BNG)
    areas = representative_points(wards)
    spaces = gpd.read_file(shared_data / "organisations" / "warm_spaces_current.geojson")
    spaces = to_bng(spaces[spaces.geometry.notna() & ~spaces.geometry.is_empty])
    counts = counts_by_category(areas, supply_of(spaces, ["warm"] * len(spaces)), 1_000)
    joined = gpd.sjoin(
        areas.reset_index(drop=True), spaces[["geometry"]], predicate="dwithin", distance=1_000
    )
    expected = np.bincount(joined.index, minlength=len(areas))
    assert counts[:, 0].tolist() == expected.tolist()
    assert expected.sum() > 100


@settings(max_examples=40)
@given(PLACES, PLACES, st.integers(1, 4))
def test_the_nearest_are_those_of_brute_force(areas, places, k):
    supply = supply_at(places)
    metres, providers = nearest_in_category(areas, supply, k)
    assert metres.shape == providers.shape == (len(areas), 3, k)
    far = brute_force(areas, supply)
    for place in range(3):
        expected = np.sort(far[:, supply.category == place], axis=1)[:, :k]
        found = expected.shape[1]
        assert (metres[:, place, :found] == expected).all()
        assert (supply.category[providers[:, place, :found]] == place).all()
        assert (np.take_along_axis(far, providers[:, place, :found], axis=1) == expected).all()
        assert np.isnan(metres[:, place, found:]).all()
        assert (providers[:, place, found:] == -1).all()


def test_the_nearest_of_many_stand_in_the_rows_of_their_areas():
    areas, supply = random_places(5, 300), supply_at(random_places(6, 90))
    areas[[0, 7, 299]] = np.nan
    metres, _ = nearest_in_category(areas, supply, 2)
    far = brute_force(areas, supply)
    for place in range(3):
        expected = np.sort(far[:, supply.category == place], axis=1)[:, :2]
        np.testing.assert_array_equal(metres[:, place], expected)


def test_what_has_no_point_is_near_nothing():
    nowhere = [np.nan, np.nan]
    supply, areas = supply_of([nowhere, [0, 0]], ["arts", "arts"]), [[0, 1], nowhere]
    assert counts_by_category(areas, supply, 10).tolist() == [[1], [0]]
    metres, providers = nearest_in_category(areas, supply, 1)
    assert (metres[0, 0, 0], providers.ravel().tolist()) == (1, [1, -1])
    assert np.isnan(metres[1, 0, 0])


def test_a_decay_weighs_by_distance():
    reach = within_reach([[0, 0]], supply_at([[0, 0], [30, 40]]), 50, partial(gaussian, sigma_metres=25))
    assert dict(zip(reach.metres, reach.weight, strict=True)) == {0: 1, 50: np.exp(-2)}


@settings(max_examples=40)
@given(PLACES, st.lists(st.booleans(), min_size=12, max_size=12))
def test_what_may_fit_adds_to_what_does(places, known):
    areas, supply = [[10, 10], [30, 20]], supply_at(places, known=np.array(known[: len(places)], dtype=bool))
    counts = bounds(lambda some: counts_by_category(areas, some, 15), supply)
    nearest = bounds(lambda some: nearest_in_category(areas, some, 1)[0], supply)
    assert (counts.known <= counts.possible).all()
    assert (np.isnan(nearest.known) | (nearest.known >= nearest.possible)).all()
    sure = supply_at(places).xy[supply.known]
    assert counts.known.sum() == (brute_force(areas, supply)[:, supply.known] <= 15).sum() <= 2 * len(sure)


@pytest.mark.parametrize(
    "decay", [lambda metres: -metres, lambda metres: metres / 0, lambda metres: metres[:1]]
)
def test_weights_without_sense_are_refused(decay):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="one weight a distance"):
        within_reach([[0, 0]], supply_at([[0, 3], [0, 4]]), 9, decay)


@pytest.mark.parametrize("ask", [counts_by_category, within_reach])
@pytest.mark.parametrize("within_metres", [-1, np.nan, np.inf])
def test_a_distance_that_nothing_can_be_within_is_refused(ask, within_metres):
    with pytest.raises(ValueError, match="give a distance of nought or more"):
        ask([[0, 0]], supply_at([[0, 0]]), within_metres)


def test_degrees_and_none_are_refused():
    degrees = gpd.GeoDataFrame(geometry=gpd.points_from_xy([-1.9], [52.5]), crs=WGS84)
    with pytest.raises(CRSError, match="areas is in EPSG:4326"):
        counts_by_category(degrees, supply_at([[0, 0]]), 5)
    with pytest.raises(ValueError, match="k is 0"):
        nearest_in_category([[0, 0]], supply_at([[0, 0]]), 0)


def test_the_examples_are_true():
    failed, tried = doctest.testmod(geodata.reach)
    assert failed == 0 < tried
