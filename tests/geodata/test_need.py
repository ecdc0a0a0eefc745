"""Need and gaps: closed forms, what may not change them, and bounds that hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.need import need_index, rank_intervals, standing, unmet_need

figures = st.lists(st.integers(-50, 50), min_size=2, max_size=30)


@given(figures)
def test_standing_counts_the_areas_below(values):
    values = np.array(values, dtype=float)
    others = len(values) - 1
    expected = [((values < v).sum() + ((values == v).sum() - 1) / 2) / others for v in values]
    assert standing(values) == pytest.approx(expected)


@given(figures)
def test_standing_stays_when_the_figure_is_put_on_another_rising_scale(values):
    assert standing(np.exp(np.array(values) / 50) * 7 - 3) == pytest.approx(standing(values))


@given(figures)
def test_standing_has_the_mean_of_one_half(values):
    assert standing(values).mean() == pytest.approx(0.5)


def test_standing_leaves_what_is_not_known_unknown():
    assert standing([3, np.nan, 1]).tolist()[0::2] == [1, 0]
    assert np.isnan(standing([3, np.nan, 1])[1])


def test_index_of_a_rank_turns_it_round():
    table = pd.DataFrame({"rank": [1.0, 2.0, 3.0]})
    assert need_index(table, {"rank": 2}, frozenset({"rank"})).tolist() == [1, 0.5, 0]


def test_only_proportions_of_the_weights_count():
    table = pd.DataFrame({"a": [1.0, 5.0, 3.0], "b": [9.0, 2.0, 4.0]})
    assert need_index(table, {"a": 1, "b": 3}) == pytest.approx(need_index(table, {"a": 20, "b": 60}))


@pytest.mark.parametrize(
    ("weights", "said"),
    [({"a": 0}, "all weights are nought"), ({"a": -1}, "nought or more"), ({"b": 1}, "no figure b")],
)
def test_weights_that_make_no_sense(weights, said):
    with pytest.raises(ValueError, match=said):
        need_index(pd.DataFrame({"a": [1.0, 2.0]}), weights)


def test_gap_is_people_by_need_where_nothing_is_in_reach():
    assert unmet_need([0.5, 0.25], [100, 400], [0, 0]).tolist() == [50, 100]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1), st.integers(1, 5))
def test_more_services_never_make_a_gap_greater(counts, enough):
    known, more = np.array(counts).T
    need, people = np.ones(len(known)), np.full(len(known), 100)
    gap_known, gap_possible = (unmet_need(need, people, n, enough) for n in (known, known + more))
    assert (gap_possible <= gap_known).all()


def test_gap_is_nought_with_enough_in_reach_whatever_else_is_not_known():
    assert unmet_need([np.nan, np.nan], [np.nan, 10], [1, 0]).tolist()[0] == 0
    assert np.isnan(unmet_need([np.nan, np.nan], [np.nan, 10], [1, 0])[1])


def test_enough_of_less_than_one_is_refused():
    with pytest.raises(ValueError, match="one provider or more"):
        unmet_need([1], [1], [0], enough=0)


bounds = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10)), min_size=1, max_size=12)


@given(bounds, st.randoms())
def test_every_place_that_the_bounds_allow_is_in_the_interval(pairs, random):
    low = np.array([low for low, _ in pairs], dtype=float)
    high = low + [width for _, width in pairs]
    first, last = rank_intervals(low, high)
    truth = np.array([random.uniform(a, b) for a, b in zip(low, high, strict=True)])
    place = np.array([(truth > value).sum() + 1 for value in truth])
    assert (first <= place).all()
    assert (place <= last).all()


def test_places_without_doubt_are_one_number():
    first, last = rank_intervals([3, 1, 2], [3, 1, 2])
    assert first.tolist() == last.tolist() == [1, 3, 2]


def test_bounds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="lower bound"):
        rank_intervals([2], [1])
