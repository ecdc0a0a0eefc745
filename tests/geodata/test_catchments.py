import doctest
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import geodata.catchments
from geodata.catchments import gravity_access, people_covered, three_step, two_step
from geodata.decay import gaussian, gravity, linear, step
from geodata.reach import counts_by_category, within_reach
from geodata.supply import bounds, known_only, supply_of

ZONES = {400: 1, 1_000: 0.68, 2_000: 0.22}
DECAYS = {
    "none": None,
    "step": partial(step, zones=ZONES),
    "gaussian": partial(gaussian, sigma_metres=700),
    "linear": partial(linear, within_metres=2_000),
}
METHODS = [two_step, three_step]


def made_up(seed, areas=40, providers=60, size=6_000):
    """Areas with people, and providers of three categories with capacities, on whole metres."""
    chance = np.random.default_rng(seed)
    points, places = (np.round(chance.uniform(0, size, (number, 2))) for number in (areas, providers))
    people = np.round(chance.uniform(0, 3_000, areas)) * (chance.random(areas) > 0.2)
    category = chance.choice(["arts", "sport", "therapy"], providers)
    supply = supply_of(places, category, ["arts", "sport", "therapy"], chance.integers(0, 40, providers))
    return points, people, supply


def example(decay=None):
    """Two providers and four areas in a line; the third area reaches nothing, in the fourth nobody lives."""
    supply = supply_of([[0, 0], [900, 0], [20_000, 0]], ["sport"] * 3, capacity=[30, 40, 7])
    areas = [[0, 0], [500, 0], [9_000, 0], [20_000, 0]]
    return within_reach(areas, supply, 500, decay), [100, 200, 50, 0]


def test_two_steps_by_hand():
    # 30 among 300 people, and 40 among 200; the second area reaches both.
    assert two_step(*example()).ravel().tolist() == pytest.approx(
        [30 / 300, 30 / 300 + 40 / 200, 0, 0], rel=1e-15
    )


def test_two_steps_with_zones_by_hand():
    reach, people = example(partial(step, zones={450: 1, 500: 0.5}))
    # 30 among 100 + 0.5 * 200; 40 among 1 * 200.
    assert two_step(reach, people).ravel().tolist() == pytest.approx(
        [30 / 200, 0.5 * 30 / 200 + 40 / 200, 0, 0]
    )


def test_two_steps_with_a_bell_by_hand():
    reach, people = example(partial(gaussian, sigma_metres=500))
    far, near = np.exp(-0.5), np.exp(-0.32)
    first, second = 30 / (100 + 200 * far), 40 / (200 * near)
    assert two_step(reach, people).ravel().tolist() == pytest.approx(
        [first, first * far + second * near, 0, 0]
    )


def test_three_steps_by_hand():
    # The second area's people go half to each: 30 among 100 + 100, 40 among 100.
    assert three_step(*example()).ravel().tolist() == pytest.approx(
        [0.15, 0.5 * 0.15 + 0.5 * 0.4, 0, 0], rel=1e-15
    )


def test_three_steps_with_zones_by_hand():
    reach, people = example(partial(step, zones={450: 1, 500: 0.5}))
    # The second area prefers 1/3 and 2/3. 30 among 100 + 200 * 0.5 / 3; 40 among 200 * 2 / 3.
    first, second = 30 / (100 + 100 / 3), 40 / (400 / 3)
    expected = [first, first * 0.5 / 3 + second * 2 / 3, 0, 0]
    assert three_step(reach, people).ravel().tolist() == pytest.approx(expected, rel=1e-15)


def test_gravity_by_hand():
    reach, _ = example(partial(gravity, power=2, least_metres=100, scale_metres=100))
    expected = [30, 30 / 25 + 40 / 16, 0, 7]
    assert gravity_access(reach).ravel().tolist() == pytest.approx(expected, rel=1e-15)


def test_without_decay_gravity_is_the_capacity_in_reach():
    assert gravity_access(example()[0]).ravel().tolist() == [30, 70, 0, 7]


def test_categories_do_not_share():
    supply = supply_of([[0, 0], [0, 0]], ["b", "a"], capacity=[5, np.nan])
    reach = within_reach([[0, 0]], supply, 1)
    assert two_step(reach, [10]).tolist() == three_step(reach, [10]).tolist() == [[0.1, 0.5]]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("decay", DECAYS)
@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_what_is_offered_in_reach_is_shared_out_in_full(method, decay, seed):
    areas, people, supply = made_up(seed)
    reach = within_reach(areas, supply, 2_000, DECAYS[decay])
    reached = np.unique(reach.provider[(people[reach.area] > 0) & (reach.weight > 0)])
    offered = np.bincount(supply.category[reached], supply.units[reached], minlength=3)
    access = method(reach, people)
    assert people @ access == pytest.approx(offered, rel=1e-12)
    assert np.isfinite(access).all()
    assert (access >= 0).all()


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(-5_000, 500_000), st.integers(-5_000, 900_000))
def test_a_shift_and_another_order_change_nothing(method, seed, east, north):
    areas, people, supply = made_up(seed)
    chance = np.random.default_rng(seed)
    rows, places = chance.permutation(len(areas)), chance.permutation(len(supply.units))
    codes = np.array(supply.categories)[supply.category[places]]
    moved = supply_of(supply.xy[places] + [east, north], codes, supply.categories, supply.units[places])
    before = method(within_reach(areas, supply, 2_000, DECAYS["gaussian"]), people)
    reach = within_reach(areas[rows] + [east, north], moved, 2_000, DECAYS["gaussian"])
    assert method(reach, people[rows]) == pytest.approx(before[rows], rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_scale_of_the_map_of_capacity_and_of_people(method, seed):
    areas, people, supply = made_up(seed)
    codes = np.array(supply.categories)[supply.category]
    larger = supply_of(supply.xy * 2, codes, supply.categories, supply.units * 3)
    reach = within_reach(areas * 2, larger, 4_000, partial(gaussian, sigma_metres=1_400))
    before = method(within_reach(areas, supply, 2_000, DECAYS["gaussian"]), people)
    assert method(reach, people * 5) == pytest.approx(before * 3 / 5, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_an_area_cut_in_two_at_its_point_changes_nothing(method):
    areas, people, supply = made_up(7)
    cut, halves = np.vstack([areas, areas[:1]]), np.append(people, people[0] / 4)
    halves[0] *= 3 / 4
    after = method(within_reach(cut, supply, 2_000, DECAYS["step"]), halves)
    before = method(within_reach(areas, supply, 2_000, DECAYS["step"]), people)
    assert after == pytest.approx(np.vstack([before, before[:1]]), rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_categories_together_are_those_one_by_one(method):
    areas, people, supply = made_up(3)
    together = method(within_reach(areas, supply, 2_000, DECAYS["gaussian"]), people)
    for place in range(3):
        rows = supply.category == place
        alone = supply_of(supply.xy[rows], ["one"] * rows.sum(), capacity=supply.units[rows])
        one = method(within_reach(areas, alone, 2_000, DECAYS["gaussian"]), people)
        assert one[:, 0] == pytest.approx(together[:, place], rel=1e-12)


@settings(max_examples=30)
@given(st.integers(0, 10_000), arrays.arrays(bool, 60))
def test_the_upper_bound_is_never_below_the_lower(seed, known):
    areas, people, supply = made_up(seed)
    codes = np.array(supply.categories)[supply.category]
    supply = supply_of(supply.xy, codes, supply.categories, supply.units, known)
    access = bounds(lambda some: two_step(within_reach(areas, some, 2_000), people), supply)
    assert (access.known <= access.possible * (1 + 1e-12)).all()
    assert (access.known == two_step(within_reach(areas, known_only(supply), 2_000), people)).all()


def test_in_three_steps_another_provider_can_lower_the_access_of_some():
    # The new one stands where only the first area reaches it, and draws its people away from the old one.
    supply = supply_of([[0, 0], [-400, 0]], ["sport"] * 2, capacity=[30, 1], known=[True, False])
    made = bounds(lambda some: three_step(within_reach([[0, 0], [400, 0]], some, 400), [100, 100]), supply)
    assert made.known.ravel().tolist() == pytest.approx([0.15, 0.15])
    assert made.possible.ravel().tolist() == pytest.approx([0.5 * 0.2 + 0.5 * 1 / 50, 0.2])


def test_people_are_covered_where_there_is_enough():
    counts = counts_by_category([[0, 0], [50, 0], [900, 0]], supply_of([[0, 0], [100, 0]], ["a", "a"]), 50)
    once, twice = people_covered(counts, [10, 20, 70]), people_covered(counts, [10, 20, 70], at_least=2)
    assert (once.people.tolist(), once.share.tolist()) == ([30], [0.3])
    assert (twice.people.tolist(), twice.share.tolist()) == ([20], [0.2])


@pytest.mark.parametrize("method", METHODS)
def test_no_providers_and_no_people_give_nought(method):
    nothing = supply_of([], [], ["arts", "sport"])
    assert method(within_reach([[0, 0]], nothing, 500), [10]).tolist() == [[0, 0]]
    assert method(example()[0], [0, 0, 0, 0]).tolist() == [[0]] * 4
    nowhere = within_reach([[np.nan, np.nan]], supply_of([[0, 0]], ["a"]), 500)
    assert method(nowhere, [10]).tolist() == [[0]]


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ([1], "there are 4 areas"),
        ([1, -1, 0, 0], "area 1 has -1"),
        ([1, 1, np.nan, 0], "area 2 has nan people"),
    ],
)
def test_people_without_sense_are_refused(people, message):
    for ask in (two_step, three_step):
        with pytest.raises(ValueError, match=message):
            ask(example()[0], people)
    with pytest.raises(ValueError, match=message):
        people_covered(np.zeros((4, 1)), people)


def test_coverage_of_nobody_is_refused():
    with pytest.raises(ValueError, match="nobody lives in these areas"):
        people_covered([[1]], [0])
    with pytest.raises(ValueError, match="at_least is 0"):
        people_covered([[1]], [1], at_least=0)


def test_the_examples_are_true():
    failed, tried = doctest.testmod(geodata.catchments)
    assert failed == 0 < tried
