"""A made-up extract of OpenStreetMap: two towpaths along a canal, and one bridge at their eastern end."""

from __future__ import annotations

import osmium

from geodata.crs import bng_to_lonlat

WEST, SOUTH = 406_000, 289_000
# Nodes 1 to 3 lie south of the canal and 4 to 6 north of it; 7 is on a ferry's way, 8 and 9 in the water.
NODES = {
    1: (0, 0), 2: (500, 0), 3: (1000, 0),
    4: (0, 40), 5: (500, 40), 6: (1000, 40),
    7: (500, 20), 8: (0, 20), 9: (0, 21),
}  # fmt: skip
CANAL = (
    ([1, 2, 3], {"highway": "footway"}),
    ([4, 5, 6], {"highway": "residential", "oneway": "yes"}),
    ([3, 6], {"highway": "footway", "bridge": "yes"}),
    ([8, 9], {"waterway": "canal"}),
    ([1, 4], {"highway": "path", "foot": "private"}),
    ([1, 4], {"highway": "service", "access": "no"}),
    ([1, 4], {"highway": "motorway"}),
    ([2, 5], {"highway": "footway", "foot": "no"}),
    ([2, 7, 5], {"route": "ferry", "highway": "path"}),
)


def write_streets(path, ways=CANAL, nodes=NODES, corner=(WEST, SOUTH)):
    """Write nodes, given in metres from a corner, and ways in the form that the file's name says."""
    with osmium.SimpleWriter(path) as writer:
        for number, (x, y) in nodes.items():
            lonlat = bng_to_lonlat(corner[0] + x, corner[1] + y)
            writer.add_node(osmium.osm.mutable.Node(id=number, location=tuple(map(float, lonlat))))
        for number, (members, tags) in enumerate(ways, 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=members, tags=tags))
    return path
