"""A made-up network with a canal: both banks, and one bridge 850 metres to the east."""

from directory.coverage.kept_network import FILE_NAME, KeptNetwork
from geodata.network import make_network, save_network

# From the western end of the one bank to that of the other: 300 metres, or 2,000 on foot.
ACROSS_METRES, ROUND_METRES = 300, 2_000


def canal_network(west, south, source="canal.osm.pbf"):
    """The network whose southern bank begins at a point."""
    banks = [(west + x, south + y) for y in (0, ACROSS_METRES) for x in (0, 300, 600, 850)]
    ways = [(0, 1), (1, 2), (2, 3), (3, 7), (7, 6), (6, 5), (5, 4)]
    return make_network(banks, ways, source)


def kept_canal(west, south):
    """The same as if it were loaded."""
    return KeptNetwork(("canal", west, south), canal_network(west, south))


def load_canal(app, west, south):
    """Put it into the instance folder of an application."""
    save_network(canal_network(west, south), app.config["INSTANCE_FOLDER"] / FILE_NAME)
