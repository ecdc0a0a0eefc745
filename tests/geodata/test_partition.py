"""Regions worked out apart give the figures of one run; what lies across their edges counts."""

import numpy as np
import pytest

from geodata.partition import at_once, figures_of, join, split
from geodata.supply import supply_of

WITHIN = 2_000


def made_up(seed, areas=300, providers=500):
    dice = np.random.default_rng(seed)
    xy = dice.uniform(400_000, 420_000, (areas, 2))
    places = dice.uniform(398_000, 422_000, (providers, 2))
    category = dice.choice(["arts", "sport", "therapy"], providers)
    return (
        xy,
        dice.integers(500, 3_000, areas),
        supply_of(places, category, capacity=dice.uniform(1, 9, providers)),
    )


def apart(xy, people, supply, region, within=WITHIN):
    parts = split(xy, people, supply, region, within)
    return parts, join([figures_of(part) for part in parts[::-1]], xy, supply)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", ["strips", "scattered"])
def test_parts_together_are_the_single_run(seed, kind):
    xy, people, supply = made_up(seed)
    west = (xy[:, 0] // 4_000).astype(int).astype(str)
    region = west if kind == "strips" else np.random.default_rng(seed).choice(list("abcd"), len(xy))
    parts, joined = apart(xy, people, supply, region)
    single = at_once(xy, people, supply, WITHIN)
    assert len(parts) == len(set(region)) > 3
    assert np.array_equal(joined.counts, single.counts)
    assert np.array_equal(joined.nearest, single.nearest)
    assert joined.access == pytest.approx(single.access, rel=1e-12, abs=0)
    assert joined.access.max() > 0


def test_a_part_carries_its_halo_and_no_more():
    xy, people, supply = made_up(4)
    parts, _ = apart(xy, people, supply, (xy[:, 0] // 4_000).astype(int).astype(str), 1_000)
    for part in parts:
        assert len(part.own) < len(part.areas) < len(xy)
        assert len(part.supply.xy) < len(supply.xy) / 2


def test_an_area_whose_only_provider_lies_in_the_next_region_has_it():
    xy, people = [[400_500, 300_000], [402_500, 300_000], [403_500, 300_000]], [100, 300, 50]
    supply = supply_of(
        [[401_500, 300_000]], ["sport"]
    )  # a kilometre from the first two, in the region of the second
    parts, joined = apart(xy, people, supply, ["west", "east", "east"], 1_200)
    west = next(part for part in parts if part.own.tolist() == [0])
    assert (len(west.supply.xy), len(west.areas)) == (1, 2)  # and the second area, which shares it
    assert joined.counts.tolist() == [[1], [1], [0]]
    assert joined.nearest.tolist() == [[1_000], [1_000], [2_000]]
    assert joined.access[0, 0] == joined.access[1, 0] == pytest.approx(1 / 400)


def test_a_nearest_beyond_every_halo_is_found():
    supply = supply_of([[400_000, 300_000], [450_000, 300_000]], ["sport", "arts"])
    _, joined = apart([[400_100, 300_000], [449_000, 300_000]], [1, 1], supply, ["a", "b"])
    assert joined.nearest.tolist() == [[49_900, 100], [1_000, 49_000]]


def test_a_place_exactly_at_the_limit_is_in_the_halo():
    supply = supply_of([[402_000, 300_000]], ["sport"])
    _, joined = apart([[400_000, 300_000], [404_000, 300_000]], [1, 1], supply, ["a", "b"])
    assert joined.counts.tolist() == [[1], [1]]


def test_an_area_without_a_point_reaches_nothing():
    xy, people, supply = (
        [[np.nan, np.nan], [400_000, 300_000]],
        [5, 5],
        supply_of([[400_000, 300_000]], ["a"]),
    )
    _, joined = apart(xy, people, supply, ["x", "y"])
    assert (joined.counts.tolist(), np.isnan(joined.nearest).tolist()) == ([[0], [1]], [[True], [False]])


def test_parts_that_lack_an_area_or_figures_that_do_not_fit_are_refused():
    xy, people, supply = made_up(5, 20)
    parts, _ = apart(xy, people, supply, ["a"] * 10 + ["b"] * 10)
    with pytest.raises(ValueError, match="10 areas, and not each of 20 once"):
        join([figures_of(parts[0])], xy, supply)
    with pytest.raises(ValueError, match="20 areas, 3 figures of people"):
        split(xy, [1, 2, 3], supply, ["a"] * 20, WITHIN)
    with pytest.raises(ValueError, match="there are no areas"):
        at_once(np.empty((0, 2)), [], supply, WITHIN)
