"""The reason for a gap: the order of what holds a candidate back, and that all adds up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.gap_reasons import FITS, REASONS, candidate_class, furthest_class

answers = st.sampled_from([1, 0, -1])


def classes(*facts):
    return candidate_class(*(np.array([fact], dtype=np.int8) for fact in facts)).tolist()[0]


@pytest.mark.parametrize(
    ("time", "who", "access", "place", "reason"),
    [
        (1, 1, 1, 1, ""),
        (-1, -1, -1, -1, "time"),
        (0, -1, 1, 1, "who"),
        (1, 1, -1, 0, "closed to most"),
        (1, 0, 1, -1, "elsewhere"),
        (1, 1, 1, 0, "not known"),
        (0, 1, 1, 1, "not known"),
    ],
)
def test_the_first_that_holds_it_back(time, who, access, place, reason):
    assert REASONS[classes(time, who, access, place)] == reason


@given(st.lists(st.tuples(st.integers(0, 4), answers, answers, answers, answers), max_size=40))
def test_areas_add_up_over_the_reasons_and_a_gap_has_no_service_that_fits(rows):
    area = np.array([row[0] for row in rows], dtype=np.intp)
    facts = [np.array([row[n] for row in rows], dtype=np.int8) for n in range(1, 5)]
    found = candidate_class(*facts)
    reasons = furthest_class(area, found, 5)
    assert np.bincount(reasons, minlength=7).sum() == 5
    assert {int(a) for a in area[found == FITS]} == set(np.flatnonzero(reasons == FITS).tolist())
    assert all(reasons[a] == 0 for a in set(range(5)) - set(area.tolist()))
