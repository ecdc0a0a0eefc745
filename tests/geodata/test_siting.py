from dataclasses import FrozenInstanceError
from itertools import combinations, product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import coo_array, csr_array, csr_matrix
from shapely import Point

from geodata import siting, siting_reduction, siting_search
from geodata.areas import representative_points
from geodata.crs import BNG, WGS84, CRSError, to_bng
from geodata.siting import added_by_each, best_additions, covered_within, maximal_cover
from geodata.siting_reduction import Problem, reduce_problem
from geodata.siting_search import Choice, choose_greedily, solve, tighten

# Six areas of weight 1. The middle place covers four of them, the two others three each, and all together.
GREEDY_IS_WRONG = np.array([[0, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], dtype=bool).T
SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 7))
WEIGHTS = st.integers(0, 5)


@st.composite
def cases(draw):
    """A table, weights that are not all nought, and what is covered already."""
    shape = draw(SHAPES)
    covers, already = draw(arrays(bool, shape)), draw(arrays(bool, shape[0]))
    weights = draw(arrays(float, shape[0], elements=WEIGHTS))
    assume(weights.any())
    return covers, weights, already


def at(*places, crs=BNG, **columns):
    return gpd.GeoDataFrame(columns, geometry=[place and Point(place) for place in places], crs=crs)


def worth(covers, weights, already, chosen):
    return weights[already | covers[:, list(chosen)].any(axis=1)].sum()


def brute_force(covers, weights, p, already):
    """The greatest weight of all choices, the long way."""
    number = covers.shape[1]
    choices = combinations(range(number), min(p, number))
    return max(worth(covers, weights, already, chosen) for chosen in choices)


def random_case(seed, areas=120, candidates=90):
    """Areas and candidates in a square, each covering about a twentieth of it."""
    chance = np.random.default_rng(seed)
    apart = chance.random((areas, 1, 2)) - chance.random((1, candidates, 2))
    return (apart**2).sum(axis=2) < 0.016, chance.integers(0, 50, areas).astype(float)


def lattice(size=20, within=2.5):
    """Equal areas on a square: so many choices cover the same that a proof takes long."""
    xy = np.stack(np.meshgrid(range(size), range(size)), axis=-1).reshape(-1, 2)
    return ((xy[:, None] - xy[None]) ** 2).sum(axis=2) <= within**2, np.ones(size * size)


def unknowing(problem):
    """The start of a search that knows nothing."""
    return Choice(np.empty(0, dtype=int), 0.0, np.inf, np.arange(len(problem.candidates)))


def unreduced(covers, weights):
    table = csr_array(covers, dtype=float)
    return Problem(table, table.T.tocsr(), weights, np.arange(covers.shape[1]))


def reduced(covers, weights, already):
    return reduce_problem(csr_array(covers), np.where(already, 0, weights), np.arange(covers.shape[1]))


def test_exact_finds_what_greedy_misses():
    exact, greedy = (maximal_cover(GREEDY_IS_WRONG, np.ones(6), 2, None, how) for how in siting.METHODS)
    assert (exact.chosen.tolist(), exact.covered_weight, exact.share, exact.gap) == ([1, 2], 6, 1, 0)
    assert exact.exact
    assert exact.upper_bound == 6
    assert (greedy.chosen.tolist(), greedy.covered_weight, greedy.upper_bound) == ([0, 1], 5, 6)
    assert (greedy.exact, greedy.method, greedy.gap) == (False, "greedy", pytest.approx(1 / 6))


def test_the_best_single_addition_is_that_of_the_greatest_weight():
    best = maximal_cover(GREEDY_IS_WRONG, [9, 1, 1, 1, 1, 2], 1)
    assert (best.chosen.tolist(), best.added_weight.tolist(), best.total_weight) == ([1], [11], 15)
    assert best.exact
    assert added_by_each(GREEDY_IS_WRONG, [9, 1, 1, 1, 1, 2]).tolist() == [4, 11, 4]


def test_existing_sites_stay_and_change_what_is_best():
    best = maximal_cover(GREEDY_IS_WRONG, [9, 1, 1, 1, 1, 2], 1, [True, False, False, False, False, False])
    assert (best.chosen.tolist(), best.covered_before, best.covered_weight) == ([0], 9, 13)
    before = np.array([True] + [False] * 5)
    assert added_by_each(GREEDY_IS_WRONG, [9, 1, 1, 1, 1, 2], before).tolist() == [4, 2, 4]


@settings(max_examples=150)
@given(cases(), st.integers(1, 8))
def test_exact_is_as_good_as_brute_force(case, p):
    covers, weights, already = case
    best = maximal_cover(covers, weights, p, already)
    assert best.exact
    assert best.upper_bound == best.covered_weight == brute_force(covers, weights, p, already)
    assert best.covered_weight == worth(covers, weights, already, best.chosen)
    assert best.added_weight.sum() == best.covered_weight - best.covered_before
    assert (best.added_weight > 0).all()
    assert (np.diff(best.added_weight) <= 0).all()
    assert len(set(best.chosen)) == len(best.chosen) <= p


@settings(max_examples=60)
@given(arrays(bool, (8, 7)), arrays(float, 8, elements=st.integers(1, 5)), st.integers(1, 6))
def test_highs_alone_is_as_good_as_brute_force(covers, weights, p):
    assume(covers.any())
    problem = unreduced(covers, weights)
    found = solve(problem, p, unknowing(problem), 60)
    assert found.proved
    assert found.worth == brute_force(covers, weights, p, np.zeros(8, dtype=bool))


@settings(max_examples=100)
@given(arrays(bool, (8, 7)), arrays(float, 8, elements=WEIGHTS), st.integers(1, 6))
def test_prices_rule_out_nothing_that_is_needed(covers, weights, p):
    problem, nowhere = unreduced(covers, weights), np.zeros(8, dtype=bool)
    found = tighten(problem, p, unknowing(problem))
    best = brute_force(covers, weights, p, nowhere)
    among = brute_force(covers[:, found.possible], weights, p, nowhere) if len(found.possible) else 0
    assert found.worth <= best <= found.upper_bound * (1 + 1e-9)
    assert max(found.worth, among) == best


@settings(max_examples=100)
@given(cases(), st.integers(1, 8))
def test_greedy_keeps_its_promise(case, p):
    covers, weights, already = case
    greedy = maximal_cover(covers, weights, p, already, "greedy")
    best, before = brute_force(covers, weights, p, already), greedy.covered_before
    assert best <= greedy.upper_bound <= weights.sum()
    assert greedy.covered_weight - before >= (1 - (1 - 1 / p) ** p) * (greedy.upper_bound - before) - 1e-9
    assert greedy.exact == (greedy.gap == 0)
    assert not greedy.exact or greedy.covered_weight == best


@settings(max_examples=40)
@given(cases())
def test_what_is_left_out_changes_no_worth(case):
    covers, weights, already = case
    problem = reduced(*case)
    small = problem.by_area.toarray() > 0
    for p in range(1, len(problem.candidates) + 1):
        left = brute_force(small, problem.weights, p, np.zeros(len(small), dtype=bool))
        assert left + weights[already].sum() == brute_force(covers, weights, p, already)


def test_what_cannot_matter_is_left_out():
    covers = np.array(
        [[1, 1, 1, 0, 0], [1, 1, 1, 0, 0], [1, 0, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0] * 5],
        dtype=bool,
    )
    problem = reduce_problem(csr_array(covers), np.array([1, 2, 3, 4, 0, 6.0]), np.arange(5))
    # 1 is part of 0, 2 equals 0, and 4 covers only what weighs nothing; the first two areas are alike.
    assert problem.candidates.tolist() == [0, 3]
    assert problem.weights.tolist() == [3, 3, 4]
    assert problem.by_area.toarray().tolist() == [[1, 0], [1, 1], [0, 1]]


def test_comparing_some_rows_at_a_time_gives_the_same(monkeypatch):
    covers, weights = random_case(4)
    whole = reduce_problem(csr_array(covers), weights, np.arange(90))
    monkeypatch.setattr(siting_reduction, "_AT_ONCE", 7)
    parts = reduce_problem(csr_array(covers), weights, np.arange(90))
    assert (whole.candidates == parts.candidates).all()
    assert (whole.weights == parts.weights).all()
    assert (whole.by_area != parts.by_area).nnz == 0


@pytest.mark.parametrize("seed", range(6))
def test_order_changes_nothing(seed):
    covers, weights = random_case(seed)
    chance = np.random.default_rng(seed)
    rows, columns = chance.permutation(120), chance.permutation(90)
    first, second = (
        maximal_cover(covers, weights, 8),
        maximal_cover(covers[rows][:, columns], weights[rows], 8),
    )
    assert first.exact
    assert second.exact
    assert first.covered_weight == second.covered_weight
    assert worth(covers, weights, np.zeros(120, dtype=bool), columns[second.chosen]) == first.covered_weight


def test_more_places_never_cover_less():
    covers, weights = random_case(11)
    covered = [maximal_cover(covers, weights, p).covered_weight for p in range(1, 30, 4)]
    assert covered == sorted(covered)
    assert covered[0] < covered[-1]


def test_each_way_of_settling_it_finds_what_highs_alone_finds():
    methods = set()
    for seed, p in product(range(4), (2, 10)):
        covers, weights = random_case(seed)
        best = maximal_cover(covers, weights, p)
        problem = unreduced(covers, weights)
        assert best.covered_weight == pytest.approx(solve(problem, p, unknowing(problem), 60).worth)
        methods.add(best.method)
    assert methods == {"greedy", "bound", "HiGHS"}


def test_fewer_rounds_leave_more_to_highs_and_the_answer_is_the_same(monkeypatch):
    covers, weights = random_case(3)
    by_bound = maximal_cover(covers, weights, 2)
    monkeypatch.setattr(siting_search, "MOST_ROUNDS", 2)
    by_highs = maximal_cover(covers, weights, 2)
    assert (by_bound.method, by_highs.method) == ("bound", "HiGHS")
    assert by_bound.covered_weight == by_highs.covered_weight


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_small_and_great_weights_are_worth_the_same_choice(scale):
    covers, weights = random_case(2)
    assert (
        maximal_cover(covers, weights * scale, 6).chosen.tolist()
        == maximal_cover(covers, weights, 6).chosen.tolist()
    )


@pytest.mark.parametrize("seconds", [0, 0.5])
def test_without_time_for_a_proof_the_bound_says_so(seconds):
    covers, weights = lattice()
    found, greedy = (
        maximal_cover(covers, weights, 20, None, how, longest_seconds=seconds) for how in siting.METHODS
    )
    assert not found.exact
    assert found.gap > 0
    assert greedy.covered_weight <= found.covered_weight < found.upper_bound <= greedy.upper_bound


def test_more_places_than_candidates_choose_all_that_add_something():
    best = maximal_cover(np.array([[1, 0, 1, 0], [0, 1, 1, 0]], dtype=bool), [1, 1], 50)
    assert (best.chosen.tolist(), best.share, best.exact) == ([2], 1, True)


@pytest.mark.parametrize("already", [[True, True], [False, False]])
def test_nothing_to_add_is_an_answer(already):
    best = maximal_cover(np.zeros((2, 3), dtype=bool), [1, 2], 2, already)
    assert (best.chosen.size, best.added_weight.size, best.gap, best.exact) == (0, 0, 0, True)
    assert best.share == float(already[0])


def test_the_kind_of_table_does_not_matter_and_it_is_left_as_it_was():
    covers, weights = random_case(3)
    expected = maximal_cover(covers, weights, 5)
    rows, columns = np.nonzero(covers)
    twice = np.ones(2 * len(rows), dtype=bool)
    doubled = coo_array((twice, (np.tile(rows, 2), np.tile(columns, 2))), shape=covers.shape)
    with_nothing = csr_array(covers)
    with_nothing.data[:40] = False
    thinned = with_nothing.toarray()
    for table in (csr_matrix(covers), doubled, covers.tolist()):
        assert maximal_cover(table, weights, 5).chosen.tolist() == expected.chosen.tolist()
    assert (
        maximal_cover(with_nothing, weights, 5).covered_weight
        == maximal_cover(thinned, weights, 5).covered_weight
    )
    assert (doubled.nnz, with_nothing.nnz) == (2 * len(rows), len(rows))


def test_points_and_a_distance():
    demand = at((0, 0), (3, 4), (100, 0), None, weight=[1, 2, 4, 8])
    candidates = at(None, (0, 0), (0, 6), (100, 5))
    table = covered_within(demand, candidates, 5)
    assert table.toarray().astype(int).tolist() == [[0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1], [0] * 4]
    one = best_additions(demand, candidates, 5, 1)
    assert (one.chosen.tolist(), one.covered_weight, one.total_weight) == ([3], 4, 15)
    both = best_additions(demand, candidates, 5, 2, existing=at((103, 0), None))
    assert (both.chosen.tolist(), both.covered_before, both.covered_weight) == ([1], 4, 7)


@pytest.mark.shared_data
def test_real_areas_and_warm_spaces(shared_data):
    areas = gpd.read_file(shared_data / "boundaries" / "lsoa21_wm7.geojson")
    demand = representative_points(to_bng(areas).rename(columns={"LSOA21CD": "code"})).assign(weight=1.0)
    spaces = gpd.read_file(shared_data / "organisations" / "warm_spaces_current.geojson")
    spaces = to_bng(spaces[spaces.geometry.notna() & ~spaces.geometry.is_empty])
    best = best_additions(demand, spaces, 2_000, 5)
    lonely = best_additions(demand, spaces, 2_000, 5, existing=spaces)
    near = demand.geometry.apply(lambda area: spaces.geometry.iloc[best.chosen].distance(area).min() <= 2_000)
    assert best.exact
    assert len(best.chosen) == 5
    assert best.covered_weight == near.sum()
    assert lonely.chosen.size == 0
    assert lonely.covered_before == lonely.covered_weight > best.covered_weight


@pytest.mark.parametrize("p", [0, -1, 1.5, True, "2", None])
def test_a_number_of_places_that_cannot_be_is_refused(p):
    with pytest.raises(ValueError, match="give a whole number of places to add"):
        maximal_cover(GREEDY_IS_WRONG, np.ones(6), p)


@pytest.mark.parametrize("weight", [np.nan, -1, np.inf])
def test_a_weight_that_is_no_weight_is_refused(weight):
    with pytest.raises(ValueError, match=r"2 of 6 weights are missing.*first in row 4"):
        maximal_cover(GREEDY_IS_WRONG, [1, 1, 1, 1, weight, weight], 1)


@pytest.mark.parametrize(
    ("covers", "weights", "already", "message"),
    [
        (GREEDY_IS_WRONG, np.zeros(6), None, "all weights are nought, so no place would help: load people"),
        (GREEDY_IS_WRONG, np.ones(5), None, r"6 areas but weights of shape \(5,\)"),
        (np.empty((0, 3), dtype=bool), [], None, "there are no areas: load them first"),
        (np.empty((3, 0), dtype=bool), np.ones(3), None, "there are no candidate places"),
        (np.ones((2, 2)), np.ones(2), None, "covers must be a table of true and false"),
        (csr_array(np.ones((2, 2))), np.ones(2), None, "covers must be a table of true and false"),
        (np.ones(2, dtype=bool), np.ones(2), None, "covers must be a table of true and false"),
        (GREEDY_IS_WRONG, np.ones(6), [0, 1, 0, 0, 0, 0], "already must say true or false for each of the 6"),
        (GREEDY_IS_WRONG, np.ones(6), [True], "already must say true or false for each of the 6"),
    ],
)
def test_what_cannot_be_worked_out_is_refused(covers, weights, already, message):
    for work_out in (
        lambda: maximal_cover(covers, weights, 1, already),
        lambda: added_by_each(covers, weights, already),
    ):
        with pytest.raises(ValueError, match=message):
            work_out()


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="the method is best: give one of exact, greedy"):
        maximal_cover(GREEDY_IS_WRONG, np.ones(6), 1, None, "best")


def test_frames_that_cannot_be_measured_are_refused():
    demand, candidates = at((0, 0), weight=[1]), at((0, 0))
    with pytest.raises(ValueError, match="demand has no column weight"):
        best_additions(candidates, candidates, 5, 1)
    with pytest.raises(ValueError, match="give people or need"):
        best_additions(at((0, 0), weight=pd.array([None], dtype="Int64")), candidates, 5, 1)
    for frames in ((demand, at((0, 0), crs=WGS84), None), (demand, candidates, at((0, 0), crs=WGS84))):
        with pytest.raises(CRSError, match="use to_bng first"):
            best_additions(frames[0], frames[1], 5, 1, frames[2])


def test_greedy_takes_the_first_of_equals():
    problem = reduced(np.eye(4, dtype=bool), np.ones(4), np.zeros(4, dtype=bool))
    assert choose_greedily(problem, 2).chosen.tolist() == [0, 1]


def test_an_answer_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        maximal_cover(GREEDY_IS_WRONG, np.ones(6), 1).exact = False
