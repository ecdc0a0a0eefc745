"""The same answers as pysal's `access`, where that is installed: `pip install access`."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pandas as pd
import pytest

from geodata.catchments import gravity_access, three_step, two_step
from geodata.decay import gaussian, gravity, step
from geodata.reach import within_reach
from tests.geodata.test_catchments import ZONES, made_up

peer = pytest.importorskip("access", reason="pysal's access is not installed")
WITHIN = 2_000


@pytest.fixture(scope="module", params=[1, 2, 3])
def case(request):
    """Areas with people everywhere, providers, and all distances within reach as the peer wants them."""
    areas, people, supply = made_up(request.param, areas=150, providers=200, size=15_000)
    people = people + 1
    reach = within_reach(areas, supply, WITHIN)
    costs = pd.DataFrame({"origin": reach.area, "dest": reach.provider, "cost": reach.metres})
    return areas, people, supply, costs


def theirs(case, ask):
    """The peer's answers, each category by itself. Where nothing is in reach it has NaN."""
    areas, people, supply, costs = case
    demand = pd.DataFrame({"people": people})
    answers = np.zeros((len(areas), 3))
    for place in range(3):
        rows = np.flatnonzero(supply.category == place)
        offered = pd.DataFrame({"units": supply.units[rows]}, index=rows)
        names = {"cost_origin": "origin", "cost_dest": "dest", "cost_name": "cost"}
        own = costs[costs["dest"].isin(rows)].copy()
        demand.index.name = offered.index.name = "geoid"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            asked = ask(peer.Access(demand, "people", offered, "units", cost_df=own, **names))
        answers[:, place] = asked.iloc[:, 0].reindex(range(len(areas))).fillna(0)
    return answers


def ours(case, method, decay):
    areas, people, supply, _ = case
    reach = within_reach(areas, supply, WITHIN, decay)
    return method(reach) if method is gravity_access else method(reach, people)


BELL, THEIR_BELL = partial(gaussian, sigma_metres=700), peer.weights.gaussian(700)
STEPS, THEIR_STEPS = partial(step, zones=ZONES), peer.weights.step_fn(ZONES)
PULL = partial(gravity, power=1.5, least_metres=100)
THEIR_PULL = peer.weights.gravity(1_000, -1.5, 100)


@pytest.mark.parametrize(
    ("method", "decay", "ask"),
    [
        (two_step, None, lambda a: a.two_stage_fca(max_cost=WITHIN)),
        (two_step, STEPS, lambda a: a.enhanced_two_stage_fca(weight_fn=THEIR_STEPS)),
        (two_step, BELL, lambda a: a.enhanced_two_stage_fca(max_cost=WITHIN, weight_fn=THEIR_BELL)),
        (three_step, STEPS, lambda a: a.three_stage_fca(weight_fn=THEIR_STEPS)),
        (three_step, BELL, lambda a: a.three_stage_fca(weight_fn=THEIR_BELL)),
        (gravity_access, PULL, lambda a: a.weighted_catchment(weight_fn=THEIR_PULL)),
        (gravity_access, None, lambda a: a.weighted_catchment(max_cost=WITHIN)),
    ],
    ids=["2sfca", "e2sfca-step", "e2sfca-gaussian", "3sfca-step", "3sfca-gaussian", "gravity", "capacity"],
)
def test_the_answers_are_those_of_the_peer(case, method, decay, ask):
    expected, found = theirs(case, ask), ours(case, method, decay)
    assert expected.max() > 0
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-18)
