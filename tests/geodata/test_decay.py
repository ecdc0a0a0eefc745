import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata.decay
from geodata.decay import gaussian, gaussian_within, gravity, linear, step

METRES = st.lists(st.floats(0, 50_000), min_size=1, max_size=20)
DECAYS = [
    lambda metres: step(metres, {500: 1, 1_000: 0.68, 2_000: 0.22}),
    lambda metres: gaussian(metres, 700),
    lambda metres: gaussian_within(metres, 2_000),
    lambda metres: gravity(metres, power=1.5, least_metres=100),
    lambda metres: linear(metres, 2_000),
]
ENDING = [DECAYS[0], DECAYS[2], DECAYS[4]]


@pytest.mark.parametrize("decay", DECAYS)
@given(METRES)
def test_further_never_counts_for_more(decay, metres):
    weights = decay(np.sort(metres))
    assert (np.diff(weights) <= 0).all()
    assert (weights >= 0).all()
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("decay", DECAYS)
def test_the_shape_is_kept_and_the_whole_is_its_parts(decay):
    metres = np.array([[0.0, 100.0, 750.0], [1_500.0, 2_000.0, 9_000.0]])
    assert decay(metres).tolist() == [[float(decay(one)) for one in row] for row in metres]
    assert decay(np.empty(0)).shape == (0,)


@pytest.mark.parametrize("decay", ENDING)
def test_nothing_counts_beyond_the_end(decay):
    assert decay([2_000.1, 1e9]).tolist() == [0, 0]


def test_the_edge_of_a_zone_belongs_to_it_in_whatever_order_zones_come():
    assert step([500, 500.1, 1_000], {1_000: 0.4, 500: 0.9}).tolist() == [0.9, 0.4, 0.4]


def test_one_width_away_is_the_root_of_e():
    assert gaussian([0, 300, 600], 300).tolist() == pytest.approx([1, np.e**-0.5, np.e**-2], rel=1e-15)


def test_the_bell_that_ends_begins_at_one_and_ends_at_nought():
    halfway = (np.exp(-1 / 8) - np.exp(-1 / 2)) / (1 - np.exp(-1 / 2))
    assert gaussian_within([0, 400, 800], 800).tolist() == pytest.approx([1, halfway, 0], abs=1e-15)


def test_gravity_is_one_at_its_scale_and_bounded_near_by():
    assert gravity([0, 50, 100, 200, 400], 2, least_metres=50, scale_metres=100).tolist() == [
        4,
        4,
        1,
        0.25,
        0.0625,
    ]


def test_linear_halves_halfway():
    assert linear([0, 250, 500], 500).tolist() == [1, 0.5, 0]


@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("metres", [[-1.0], [np.nan]])
def test_what_is_no_distance_is_refused(decay, metres):
    with pytest.raises(ValueError, match="negative or not a number"):
        decay(metres)


@pytest.mark.parametrize("zones", [{}, {500: -1}, {-500: 1}, {np.inf: 1}, {500: np.nan}])
def test_zones_without_sense_are_refused(zones):
    with pytest.raises(ValueError, match="zones need edges and weights"):
        step([1], zones)


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf])
def test_settings_must_be_above_nought(wrong):
    for decay in (
        lambda: gaussian([1], wrong),
        lambda: gaussian_within([1], wrong),
        lambda: linear([1], wrong),
        lambda: gravity([1], power=wrong, least_metres=1),
        lambda: gravity([1], power=1, least_metres=wrong),
    ):
        with pytest.raises(ValueError, match="give a number above nought"):
            decay()


def test_the_examples_are_true():
    failed, tried = doctest.testmod(geodata.decay)
    assert failed == 0 < tried
