import numpy as np
import pytest

from geodata.network import (
    MOST_REST_METRES,
    make_network,
    minutes_by_network,
    minutes_by_straight_line,
    read_network,
    save_network,
    snap,
)
from geodata.walking import walk_to_nearest, walk_to_two_nearest, walks_within


def canal():
    """Two banks 40 metres apart, 1,000 metres long, and a bridge at the eastern end."""
    return make_network(
        [(0, 0), (500, 0), (1000, 0), (0, 40), (500, 40), (1000, 40)],
        [(0, 1), (1, 2), (3, 4), (4, 5), (2, 5)],
    )


def random_network(seed, number=60):
    """A connected tree with some chords; the places stand around its nodes."""
    dice = np.random.default_rng(seed)
    xy = dice.uniform([406_000, 289_000], [408_000, 291_000], (number, 2))
    tree = [(dice.integers(0, node), node) for node in range(1, number)]
    network = make_network(xy, tree + dice.integers(0, number, (20, 2)).tolist())
    return network, xy + dice.uniform(-20, 20, xy.shape)


def way(network, here, there, within=np.inf):
    return walk_to_nearest(network, [here], [there], within)[0][0]


def test_the_way_across_a_canal_is_the_way_over_its_bridge():
    assert way(canal(), (0, 0), (0, 40)) == pytest.approx(1000 + 40 + 1000)


def test_the_straight_rest_to_the_network_is_walked_too():
    assert way(canal(), (0, -30), (0, 45)) == pytest.approx(30 + 2040 + 5)


def test_a_longest_way_counts_as_within_and_less_does_not():
    assert way(canal(), (0, -30), (0, 45), 2075) == 2075
    assert np.isnan(way(canal(), (0, -30), (0, 45), 2074.9))


def test_the_nearest_by_foot_may_be_farther_in_a_straight_line():
    metres, which = walk_to_nearest(canal(), [(0, 0)], [(0, 40), (500, 0)])
    assert (metres.tolist(), which.tolist()) == ([500.0], [1])


def test_of_two_at_one_node_the_one_with_the_shorter_rest_is_nearer():
    metres, which = walk_to_nearest(canal(), [(0, 0)], [(500, -9), (500, -4)])
    assert (metres.tolist(), which.tolist()) == ([504.0], [1])


def test_a_place_far_from_every_path_is_not_reached():
    far = (500, 40 + MOST_REST_METRES + 1)
    node, rest = snap(canal(), [far, (np.nan, 0), (500, 40 + MOST_REST_METRES)])
    assert node.tolist() == [-1, -1, 4]
    assert rest.tolist() == pytest.approx([np.nan, np.nan, MOST_REST_METRES], nan_ok=True)
    assert np.isnan(way(canal(), far, (0, 0)))
    assert np.isnan(way(canal(), (0, 0), far))


def test_banks_without_a_bridge_are_apart():
    apart = make_network([(0, 0), (500, 0), (0, 40), (500, 40)], [(0, 1), (2, 3)])
    metres, which = walk_to_nearest(apart, [(0, 0)], [(0, 40)])
    assert (np.isnan(metres).tolist(), which.tolist()) == ([True], [-1])


def test_no_destination_is_no_way():
    metres, which = walk_to_nearest(canal(), [(0, 0)], np.empty((0, 2)))
    assert (np.isnan(metres).tolist(), which.tolist()) == ([True], [-1])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_there_is_as_far_as_back_and_never_shorter_than_the_straight_line(seed):
    network, places = random_network(seed)
    there = np.array([[way(network, here, other) for other in places[:12]] for here in places[:12]])
    straight = np.hypot(*(places[:12, None] - places[None, :12]).transpose(2, 0, 1))
    assert there == pytest.approx(there.T, rel=1e-12)
    assert (there >= straight - 1e-6).all()
    assert np.isfinite(there).all()


@pytest.mark.parametrize("within", [np.inf, 900.0])
def test_one_run_from_many_is_the_least_of_single_runs(within):
    network, places = random_network(4)
    origins, destinations = places[:40], places[40:]
    metres, which = walk_to_nearest(network, origins, destinations, within)
    single = np.array([walk_to_nearest(network, origins, [one], within)[0] for one in destinations])
    least = np.where(np.isnan(single), np.inf, single).min(axis=0)
    assert metres == pytest.approx(np.where(np.isinf(least), np.nan, least), nan_ok=True)
    reached = which >= 0
    assert reached.any()
    assert single[which[reached], np.flatnonzero(reached)] == pytest.approx(metres[reached])


@pytest.mark.parametrize("within", [0.0, 900.0, 3000.0])
@pytest.mark.parametrize("few", ["origins", "destinations"])
def test_pairs_within_are_those_of_single_ways(few, within):
    network, places = random_network(8, 120)
    origins, destinations = (places[:30], places[20:]) if few == "origins" else (places[20:], places[:30])
    destinations = np.vstack([destinations, destinations[:2], [[900_000, 0]]])
    pairs = walks_within(network, origins, destinations, within)
    plain = np.array([walk_to_nearest(network, origins, [one])[0] for one in destinations]).T
    origin, destination = np.nonzero(plain <= within)
    assert (pairs.origin.tolist(), pairs.destination.tolist()) == (origin.tolist(), destination.tolist())
    assert pairs.metres == pytest.approx(plain[origin, destination])
    assert within == 0 or len(origin) > 30


def test_more_starts_than_one_search_takes_give_the_same_pairs(monkeypatch):
    network, places = random_network(9, 120)
    whole = walks_within(network, places[:50], places, 900)
    monkeypatch.setattr("geodata.walking._STARTS", 3)
    few = walks_within(network, places[:50], places, 900)
    assert (few.origin.tolist(), few.destination.tolist()) == (
        whole.origin.tolist(),
        whole.destination.tolist(),
    )
    assert few.metres == pytest.approx(whole.metres)


@pytest.mark.parametrize("seed", range(6))
def test_the_second_nearest_is_the_least_of_the_ways_to_other_owners(seed):
    network, places = random_network(seed, 90)
    destinations = places[np.random.default_rng(seed).integers(0, 90, 25)]
    owner = np.random.default_rng(seed).integers(0, [2, 5, 12][seed % 3], 25)
    metres, which = walk_to_two_nearest(network, places, destinations, owner)
    plain = np.array([walk_to_nearest(network, places, [one])[0] for one in destinations]).T
    assert metres[:, 0] == pytest.approx(plain.min(axis=1))
    others = np.where(owner == owner[which[:, :1]], np.inf, plain)
    assert metres[:, 1] == pytest.approx(others.min(axis=1))
    assert plain[np.arange(90), which[:, 1]] == pytest.approx(metres[:, 1])


def test_without_another_owner_there_is_no_second_nearest():
    metres, which = walk_to_two_nearest(canal(), [(0, 0), (5_000, 0)], [(500, 0), (1_000, 0)], [7, 7])
    assert metres == pytest.approx(np.array([[500, np.nan], [np.nan, np.nan]]), nan_ok=True)
    assert which.tolist() == [[0, -1], [-1, -1]]


def test_nothing_on_the_network_is_in_no_pair():
    assert len(walks_within(canal(), [(5_000, 0)], [(0, 0)], 100).metres) == 0
    assert len(walks_within(canal(), [(0, 0)], np.empty((0, 2)), 100).metres) == 0


def test_another_order_of_the_nodes_changes_no_way():
    network, places = random_network(5)
    order = np.random.default_rng(6).permutation(len(network.xy))
    turned = make_network(network.xy[order], np.argsort(order)[network.edges])
    expected = walk_to_nearest(network, places[:30], places[30:])[0]
    assert walk_to_nearest(turned, places[:30], places[30:])[0] == pytest.approx(expected)


def test_an_edge_given_twice_is_no_longer():
    twice = make_network([(0, 0), (500, 0)], [(0, 1), (1, 0), (0, 1), (1, 1)])
    assert (twice.edges.tolist(), twice.metres.tolist()) == ([[0, 1]], [500.0])


def test_nodes_that_hang_together_with_nothing_are_left_out():
    network = make_network([(0, 0), (9, 9), (500, 0), (np.nan, 0)], [(0, 2), (1, 3)])
    assert (network.xy.tolist(), network.left_out) == ([[0, 0], [500, 0]], 2)


def test_a_network_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no way that can be walked"):
        make_network([(0, 0)], [])


def test_minutes_at_the_stated_speed_and_detour():
    assert minutes_by_network([800, 1600]).tolist() == [10, 20]
    assert minutes_by_straight_line([800]).tolist() == [13]
    with pytest.raises(ValueError, match="no way is shorter"):
        minutes_by_straight_line([800], 0.9)


def test_a_limit_that_is_none_is_refused():
    with pytest.raises(ValueError, match="within_metres is -1"):
        way(canal(), (0, 0), (0, 40), -1)


def test_a_network_is_kept_whole(tmp_path):
    network, _ = random_network(7)
    save_network(network, tmp_path / "n.npz")
    again = read_network(tmp_path / "n.npz")
    assert (again.xy == network.xy).all()
    assert (again.edges == network.edges).all()
    assert [file.name for file in tmp_path.iterdir()] == ["n.npz"]


def test_a_file_of_something_else_is_refused(tmp_path):
    (tmp_path / "n.npz").write_text("no network", encoding="utf-8")
    with pytest.raises(ValueError, match=r"n\.npz is not a walking network"):
        read_network(tmp_path / "n.npz")
