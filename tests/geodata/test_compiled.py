"""What is compiled gives the answers of the arrays."""

import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import compiled
from geodata.catchments import two_step
from geodata.decay import gaussian
from geodata.pairs import pairs_within
from geodata.reach import within_reach
from geodata.square_grid import in_squares, square_grid
from geodata.supply import supply_of

LOOPS = ("_in_squares", "_runs", "_near", "_shared_out")
COORDINATES = st.integers(0, 40) | st.sampled_from([np.nan, np.inf, -np.inf, -1e6, -0.5, 0.1, 1e6])
FAR_TOO = COORDINATES | st.sampled_from([-1e300, -1e19, 1e19, 1e300])
PLACES = st.lists(st.tuples(COORDINATES, COORDINATES), max_size=12)
SOMEWHERE = PLACES.filter(lambda places: any(np.isfinite(place).all() for place in places))


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "not compiled"])
def loops(request):
    """The loops, and once as they are written: compiled ones do not say when they go past the end."""
    with pytest.MonkeyPatch.context() as patch:
        for name in () if request.param else LOOPS:
            patch.setattr(compiled, name, getattr(compiled, name).py_func)
        yield


def the_pairs(found):
    return sorted(zip(found.origin.tolist(), found.destination.tolist(), found.metres.tolist(), strict=True))


@pytest.mark.usefixtures("loops")
@settings(max_examples=60)
@given(st.lists(st.tuples(FAR_TOO, FAR_TOO), max_size=12), PLACES, st.sampled_from([0, 1, 5, 13, 30]))
def test_the_pairs_are_those_of_the_arrays(origins, destinations, within_metres):
    xy, xy_to = (np.array(places, dtype=float).reshape(-1, 2) for places in (origins, destinations))
    found, expected = (pairs_within(xy, xy_to, within_metres, compiled=one) for one in (True, False))
    assert the_pairs(found) == the_pairs(expected)
    assert found.origin.tolist() == sorted(found.origin.tolist())


@pytest.mark.usefixtures("loops")
@settings(max_examples=60)
@given(SOMEWHERE, st.sampled_from([0, 1, 5, 13, 30]))
def test_the_squares_are_those_of_the_arrays(places, within_metres):
    xy = np.array(places, dtype=float)
    found, expected = (square_grid(xy, within_metres, sort) for sort in (compiled.in_squares, in_squares))
    for name, value in vars(expected).items():
        np.testing.assert_array_equal(getattr(found, name), value, err_msg=name, strict=True)


@pytest.mark.parametrize("beyond", [(-1, 5), (5, -1), (20, 5), (5, 20)])
def test_a_point_beyond_the_squares_is_refused(beyond):
    with pytest.raises(ValueError, match="beyond the squares"):
        compiled.in_squares(np.array([(5, 5), beyond]), (0.0, 0.0), (2, 2), 10.0)


@pytest.mark.usefixtures("loops")
def test_the_limit_is_exact_to_the_last_bit():
    rng = np.random.default_rng(4)
    xy, xy_to = (rng.uniform(280_000, 300_000, (number, 2)) for number in (1, 25))
    for limit in np.hypot(*(xy_to - xy).T):
        for within_metres in (np.nextafter(limit, 0), limit, np.nextafter(limit, np.inf), np.float32(limit)):
            expected = pairs_within(xy, xy_to, within_metres)
            assert the_pairs(pairs_within(xy, xy_to, within_metres, compiled=True)) == the_pairs(expected)


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize(("areas", "providers"), [(60, 200), (200, 60)])
def test_access_is_that_of_the_arrays(areas, providers):
    rng = np.random.default_rng(7)
    at, places = (rng.uniform(280_000, 286_000, (number, 2)) for number in (areas, providers))
    at[0], places[0] = (500_000, 500_000), (600_000, 600_000)  # nobody is near
    category = np.array(["arts", "sport", "therapy"])[rng.integers(3, size=providers)]
    supply = supply_of(places, category, capacity=rng.choice([np.nan, 0, 5], providers))
    people = rng.integers(0, 3, areas) * 100
    ask = partial(within_reach, at, supply, 1_500, partial(gaussian, sigma_metres=700))
    expected, found = two_step(ask(), people), two_step(ask(compiled=True), people, compiled=True)
    assert expected.any()
    assert not found[0].any()
    np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize(
    "form", [np.asfortranarray, np.float32, np.intp, lambda xy: np.repeat(xy, 2, 0)[::2]]
)
def test_it_does_not_matter_how_coordinates_are_kept(form):
    xy, xy_to = (np.random.default_rng(seed).integers(0, 900, (30, 2)).astype(float) for seed in (1, 2))
    found, expected = pairs_within(form(xy), form(xy_to), 150, compiled=True), pairs_within(xy, xy_to, 150)
    assert the_pairs(found) == the_pairs(expected)
    assert len(found.origin)


SUPPLY = supply_of([[0, 0]], ["arts"])


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize("supply", [SUPPLY, supply_of([], [], ["arts"])])
def test_where_nothing_is_in_reach_access_is_nought(supply):
    reach = within_reach([[900, 0], [np.nan, 0]], supply, 10, compiled=True)
    assert two_step(reach, [1, 1], compiled=True).tolist() == [[0], [0]]


@pytest.mark.parametrize("bits", [np.int32, np.int64])
def test_positions_may_have_32_bits_or_64(bits):
    reach = within_reach([[0, 0], [5, 0]], SUPPLY, 10)
    given = replace(reach, area=reach.area.astype(bits), provider=reach.provider.astype(bits))
    for asked in (True, False):
        assert two_step(given, [1, 3], compiled=asked).tolist() == [[0.25], [0.25]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"weight": np.ones(1)},
        {"area": np.array([0, 2])},
        {"area": np.array([0.0, 1.0])},
        {"area": np.array([0, -1], dtype=np.int32)},
        {"area": np.array([-1, 0])},
        {"provider": np.array([-1, 0])},
        {"provider": np.array([0, 1])},
        {"supply": replace(SUPPLY, category=np.array([1]))},
        {"supply": replace(SUPPLY, category=np.array([-1]))},
        {"supply": replace(SUPPLY, category=np.array([0, 0]))},
    ],
)
def test_pairs_of_others_are_refused(wrong):
    reach = within_reach([[0, 0], [5, 0]], SUPPLY, 10)
    with pytest.raises(ValueError, match="not of these areas"):
        two_step(replace(reach, **wrong), [1, 1], compiled=True)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("within_metres", [-1, np.inf, np.nan])
def test_a_distance_that_is_none_is_refused(within_metres, compiled):
    with pytest.raises(ValueError, match="give nought or more"):
        pairs_within(np.zeros((1, 2)), np.zeros((1, 2)), within_metres, compiled=compiled)


def test_without_numba_it_is_said_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "geodata.compiled")
    supply = supply_of([[0, 0]], ["arts"])
    assert within_reach([[0, 0]], supply, 10).metres.tolist() == [0]
    with pytest.raises(ImportError, match="needs the Python package numba"):
        within_reach([[0, 0]], supply, 10, compiled=True)
