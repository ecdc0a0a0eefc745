import json

import pytest

from directory.cli.network import FILE_NAME
from geodata.crs import bng_to_lonlat
from geodata.network import read_network
from tests.street_map import SOUTH, WEST, write_streets

pytestmark = pytest.mark.one_database


@pytest.fixture
def site(run, write):
    """A site 100 metres from the canal."""
    point = [float(degrees) for degrees in bng_to_lonlat(WEST + 500, SOUTH - 100)]
    feature = {
        "type": "Feature",
        "properties": {"slug": "towpath", "name": "Towpath", "authority_code": "E08000025"},
        "geometry": {"type": "Point", "coordinates": point},
    }
    document = json.dumps({"type": "FeatureCollection", "features": [feature]})
    return run("sites", "--load", write("s.geojson", document))


def test_a_network_is_kept_and_says_what_stands_on_it(run, site, tmp_path):
    code, said = run("load-network", write_streets(tmp_path / "canal.osm.pbf"))
    assert (code, said) == (
        0,
        "6 nodes and 2.0 km of ways that can be walked are kept.\n"
        "1 of 1 reference points of sites lie within 500 metres of it.\n"
        "Source: © OpenStreetMap contributors, Open Database Licence (ODbL) 1.0.\n",
    )
    assert read_network(tmp_path / FILE_NAME).source == "canal.osm.pbf"


def test_a_network_of_another_region_changes_nothing(stopped, site, tmp_path):
    said = stopped("load-network", write_streets(tmp_path / "away.osm.pbf", corner=(WEST, SOUTH + 50_000)))
    assert said.startswith("away.osm.pbf is of another region: it covers eastings 406000 to 407000 and ")
    assert not (tmp_path / FILE_NAME).exists()


def test_a_network_may_come_before_the_places(run, tmp_path):
    assert run("load-network", write_streets(tmp_path / "canal.osm"))[0] == 0
    assert (tmp_path / FILE_NAME).exists()


def test_a_file_of_something_else_is_one_sentence(stopped, write):
    assert "cannot be read as OpenStreetMap" in stopped("load-network", write("x.osm.pbf", "no map"))
