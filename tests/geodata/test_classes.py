"""Classes of a map: every value in one, edges that are values, and words for the method."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.classes import fixed_classes, quantile_classes


def test_a_value_on_an_edge_belongs_above_it():
    assert fixed_classes([500, 1000]).of([499, 500, 999, 1000, np.nan]).tolist() == [0, 1, 1, 2, -1]


def test_edges_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match="rise"):
        fixed_classes([2, 2])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.integers(1, 6))
def test_nought_is_by_itself_and_every_class_has_an_area(values, number):
    classes = quantile_classes(values, number)
    found = classes.of(values)
    assert ((found == 0) == (np.array(values) == 0)).all()
    used = set(found.tolist()) - {0}
    assert used == set(range(1, len(classes.edges) + 1))
    assert len(classes.edges) <= number


def test_quantiles_share_the_areas_out_equally():
    found = quantile_classes(np.arange(1, 101), 5).of(np.arange(1, 101))
    assert np.bincount(found)[1:].tolist() == pytest.approx([20] * 5, abs=1)


def test_nothing_above_nought_is_one_class():
    assert quantile_classes([0, 0, np.nan], 5).of([0, np.nan]).tolist() == [0, -1]
