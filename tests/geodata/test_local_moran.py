"""Clusters of two figures: the same as esda's, and as counting every possible draw."""

import warnings
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from geodata.local_moran import bivariate_local_moran, false_discoveries_held, nearest_neighbours


def scattered(seed, number=120):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 20_000, (number, 2)) + np.array([400_000, 280_000])
    need = points[:, 0] / 1_000 + rng.normal(0, 2, number)
    access = -points[:, 0] / 1_000 + rng.normal(0, 4, number)
    return points, need, access


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_statistic_and_quadrant_are_those_of_esda(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        esda = pytest.importorskip("esda", reason="esda is not installed")
        from libpysal.weights import W

        points, need, access = scattered(seed)
        near = nearest_neighbours(points, 6)
        weights = W({i: row.tolist() for i, row in enumerate(near)})
        theirs = esda.Moran_Local_BV(need, access, weights, permutations=0)
    ours = bivariate_local_moran(need, access, near, draws=999)
    assert ours.statistic == pytest.approx(theirs.Is, rel=1e-9)
    names = np.array(["high-high", "low-high", "low-low", "high-low"])
    assert (ours.quadrant == names[theirs.q - 1]).all()


def test_p_is_that_of_counting_every_draw_there_is():
    points, need, access = scattered(5, number=11)
    near = nearest_neighbours(points, 3)
    found = bivariate_local_moran(need, access, near, draws=200_000)
    spread = (access - access.mean()) / access.std()
    for area in range(11):
        others = [n for n in range(11) if n != area]
        means = np.array([spread[list(some)].mean() for some in combinations(others, 3)])
        lag = spread[near[area]].mean()
        above = (means >= lag - 1e-12).mean()
        assert found.p[area] == pytest.approx(min(1, 2 * min(above, 1 - above)), abs=0.01)


def test_the_same_seed_gives_the_same_answer():
    points, need, access = scattered(1)
    near = nearest_neighbours(points, 5)
    first, second = (bivariate_local_moran(need, access, near, 999, seed=4) for _ in range(2))
    assert (first.p == second.p).all()


def test_a_planted_cluster_is_found_and_noise_is_not():
    points, _, _ = scattered(8, number=300)
    rng = np.random.default_rng(3)
    noise = bivariate_local_moran(rng.normal(size=300), rng.normal(size=300), nearest_neighbours(points, 8))
    west = points[:, 0] < 404_000
    need, access = west * 10.0 + rng.normal(size=300), west * -10.0 + rng.normal(size=300)
    planted = bivariate_local_moran(need, access, nearest_neighbours(points, 8))
    assert planted.significant[west].mean() > 0.5
    assert set(planted.quadrant[west & planted.significant]) == {"high-low"}
    assert noise.significant.mean() < 0.05


def test_neighbours_are_the_nearest_others():
    assert nearest_neighbours([[0, 0], [10, 0], [30, 0]], 1).tolist() == [[1], [0], [1]]


@pytest.mark.parametrize(
    ("points", "number", "said"),
    [([[0, 0], [1, 1]], 2, "cannot have 2"), ([[0, 0], [np.nan, 1], [2, 2]], 1, "missing")],
)
def test_neighbours_that_cannot_be(points, number, said):
    with pytest.raises(ValueError, match=said):
        nearest_neighbours(points, number)


@pytest.mark.parametrize(
    ("own", "said"),
    [([1, 1, 1], "same everywhere"), ([1, np.nan, 2], "missing"), ([1, 2], "neighbours for 3")],
)
def test_figures_that_cannot_cluster(own, said):
    near = nearest_neighbours([[0, 0], [10, 0], [30, 0]], 1)
    with pytest.raises(ValueError, match=said):
        bivariate_local_moran(own, own, near, draws=9)


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=40))
def test_correction_is_that_of_benjamini_and_hochberg(p):
    assert (false_discoveries_held(p) == (false_discovery_control(p) <= 0.05 + 1e-12)).all()


def test_no_tests_hold_nothing():
    assert false_discoveries_held([]).tolist() == []
