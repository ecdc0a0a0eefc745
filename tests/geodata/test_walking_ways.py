import pytest

from geodata.walking import walk_to_nearest
from geodata.walking_ways import is_walked, read_walking_network
from tests.street_map import SOUTH, WEST, write_streets


def across(network):
    return walk_to_nearest(network, [(WEST, SOUTH)], [(WEST, SOUTH + 40)])[0][0]


@pytest.mark.parametrize("name", ["canal.osm.pbf", "canal.osm"])
def test_only_the_bridge_leads_across(tmp_path, name):
    network = read_walking_network(write_streets(tmp_path / name))
    assert (len(network.xy), len(network.edges), network.source) == (6, 5, name)
    assert across(network) == pytest.approx(2040, abs=1)


def test_a_path_that_is_open_shortens_the_way(tmp_path):
    ways = [([1, 2, 3], {"highway": "footway"}), ([1, 4], {"highway": "path"})]
    network = read_walking_network(write_streets(tmp_path / "open.osm.pbf", ways))
    assert across(network) == pytest.approx(40, abs=0.5)


@pytest.mark.parametrize(
    ("tags", "walked"),
    [
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "trunk", "motorroad": "yes"}, False),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "motorway_link"}, False),
        ({"highway": "construction"}, False),
        ({"railway": "rail"}, False),
        ({"highway": "steps"}, True),
    ],
)
def test_which_ways_are_walked(tags, walked):
    assert is_walked(tags) is walked


def test_a_way_that_the_extract_cuts_ends_where_its_nodes_end(tmp_path):
    ways = [([1, 2, 99, 5, 4], {"highway": "footway"})]
    network = read_walking_network(write_streets(tmp_path / "cut.osm.pbf", ways))
    assert network.edges.tolist() == [[0, 1], [2, 3]]


def test_a_file_without_ways_is_refused(tmp_path):
    path = write_streets(tmp_path / "none.osm.pbf", [([8, 9], {"waterway": "canal"})])
    with pytest.raises(ValueError, match=r"none\.osm\.pbf holds no way that can be walked"):
        read_walking_network(path)


@pytest.mark.parametrize("name", ["bad.osm.pbf", "bad.osm", "bad.txt"])
def test_a_file_of_something_else_is_refused(tmp_path, name):
    (tmp_path / name).write_text("no map", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be read as OpenStreetMap"):
        read_walking_network(tmp_path / name)
