import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata.inequality
from geodata.inequality import access_poverty, deprived_tenths, gini, lorenz, palma_ratio

AREAS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 500), st.integers(0, 9)), min_size=1, max_size=25
)
FIGURES = {
    "gini": lambda values, people, score: [gini(values, people)],
    "palma": lambda values, people, score: [palma_ratio(values, people)],
    "poverty": lambda values, people, score: [
        access_poverty(values, people, 20, power) for power in (0, 1, 2)
    ],
    "tenths": lambda values, people, score: vars(deprived_tenths(values, people, score)).values(),
}


def columns(areas):
    return [np.array(column, dtype=float) for column in zip(*areas, strict=True)]


def same(first, second):
    return np.allclose(list(first), list(second), rtol=1e-9, atol=1e-12, equal_nan=True)


def test_the_curve_by_hand():
    curve = lorenz([4, 0, 2, 2], [1, 5, 1, 3])
    assert curve.people.tolist() == [0, 0.5, 0.9, 1]
    assert curve.access.tolist() == pytest.approx([0, 0, 8 / 12, 1])


def test_gini_by_hand():
    assert gini([3, 3], [1, 9]) == 0
    assert gini([0, 1], [99, 1]) == pytest.approx(0.99)
    # Of the numbers 1 to n it is (n - 1) / (3 n).
    assert gini(np.arange(1, 101), np.ones(100)) == pytest.approx(99 / 300)


@given(AREAS)
def test_gini_is_half_the_mean_difference_over_the_mean(areas):
    values, people, _ = columns(areas)
    apart = people @ np.abs(values[:, None] - values[None, :]) @ people
    if values.any():
        expected = apart / (2 * people.sum() * (people @ values))
        assert gini(values, people) == pytest.approx(expected, abs=1e-12)
    else:
        assert np.isnan(gini(values, people))


def test_access_poverty_by_hand():
    values, people = [0, 5, 10, 20], [10, 20, 30, 40]
    assert access_poverty(values, people, 10) == pytest.approx(0.3)
    assert access_poverty(values, people, 10, 1) == pytest.approx((10 * 1 + 20 * 0.5) / 100)
    assert access_poverty(values, people, 10, 2) == pytest.approx((10 * 1 + 20 * 0.25) / 100)
    assert (access_poverty([0], [7], 1), access_poverty([1], [7], 1)) == (1, 0)


def test_palma_by_hand():
    assert palma_ratio([2], [50]) == pytest.approx(0.25)
    # The lowest four tenths have 40 of 120 and the highest tenth 30.
    assert palma_ratio([3, 1], [10, 90]) == pytest.approx(30 / 40)
    # The second area straddles both limits: 20 of its people are among the lowest, 10 among the highest.
    assert palma_ratio([0, 1], [20, 80]) == pytest.approx(10 / 20)
    assert np.isnan(palma_ratio([0, 1], [40, 60]))


def test_deprived_tenths_by_hand():
    # The most deprived tenth is 5 people of the first area and 5 of the second.
    tenths = deprived_tenths([2, 4, 9, 8], [5, 45, 30, 20], [40, 30, 20, 10])
    assert (tenths.most, tenths.least) == pytest.approx((3, 8))
    assert (tenths.difference, tenths.ratio) == pytest.approx((-5, 3 / 8))
    assert np.isnan(deprived_tenths([1, 0], [1, 1], [2, 1]).ratio)


def test_equally_deprived_areas_count_as_one():
    tenths = deprived_tenths([1, 3, 5], [30, 10, 60], [9, 9, 1])
    assert (tenths.most, tenths.least) == pytest.approx((1.5, 5))


@pytest.mark.parametrize("figure", FIGURES)
@given(AREAS, st.randoms())
def test_the_order_and_a_cut_through_an_area_change_nothing(figure, areas, chance):
    value, people, score = areas[0]
    cut = [*areas[1:], (value, people / 4, score), (value, people * 3 / 4, score)]
    chance.shuffle(cut)
    assert same(FIGURES[figure](*columns(areas)), FIGURES[figure](*columns(cut)))


@pytest.mark.parametrize("figure", FIGURES)
@given(AREAS)
def test_twice_the_people_change_nothing(figure, areas):
    values, people, score = columns(areas)
    assert same(FIGURES[figure](values, people, score), FIGURES[figure](values, 2 * people, score))


@given(AREAS)
def test_the_unit_of_access_changes_nothing(areas):
    values, people, score = columns(areas)
    assert same([gini(values, people)], [gini(values / 1_000, people)])
    assert same([palma_ratio(values, people)], [palma_ratio(values / 1_000, people)])
    assert same([access_poverty(values, people, 20, 1)], [access_poverty(values / 1_000, people, 0.02, 1)])
    tenths, smaller = (deprived_tenths(some, people, score) for some in (values, values / 1_000))
    assert same([tenths.most, tenths.ratio], [smaller.most * 1_000, smaller.ratio])


@given(AREAS)
def test_figures_stay_in_their_bounds(areas):
    values, people, _ = columns(areas)
    share, gap, severe = FIGURES["poverty"](values, people, None)
    assert 0 <= severe <= gap <= share <= 1
    assert not gini(values, people) < -1e-12
    assert not gini(values, people) >= 1


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(
    ("values", "people", "message"),
    [
        ([1, np.nan], [1, 1], "area 1 has an access of nan"),
        ([-1, 1], [1, 1], "area 0 has an access of -1"),
        ([1, 1], [1, np.inf], "area 1 has a number of people of inf"),
        ([1, 1], [1], "differ in shape"),
        ([1, 1], [0, 0], "nobody lives in these areas"),
        ([], [], "nobody lives in these areas"),
    ],
)
def test_what_makes_no_sense_is_refused(figure, values, people, message):
    with pytest.raises(ValueError, match=message):
        list(FIGURES[figure](values, people, np.arange(len(values))))


def test_lines_powers_and_scores_without_sense_are_refused():
    with pytest.raises(ValueError, match="line is 0"):
        access_poverty([1], [1], 0)
    with pytest.raises(ValueError, match="power is -1"):
        access_poverty([1], [1], 1, -1)
    for score in ([1], [1, np.nan]):
        with pytest.raises(ValueError, match="a score for each of the 2 areas"):
            deprived_tenths([1, 1], [1, 1], score)


def test_the_examples_are_true():
    failed, tried = doctest.testmod(geodata.inequality)
    assert failed == 0 < tried
