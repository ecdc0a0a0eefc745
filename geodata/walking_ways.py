"""The ways that can be walked, out of an extract of OpenStreetMap."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import osmium

from geodata.crs import lonlat_to_bng
from geodata.network import WalkingNetwork, make_network

# Kinds of highway that are walked where no tag says otherwise. A motorway is none of them.
WALKED = frozenset(
    {
        *("footway", "path", "pedestrian", "steps", "corridor", "living_street", "residential", "service"),
        *("unclassified", "road", "track", "bridleway", "cycleway"),
        *("primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"),
        *("trunk", "trunk_link"),
    }
)
_CLOSED = ("no", "private")
_OPEN_ON_FOOT = ("yes", "designated", "permissive", "public", "official", "destination", "customers")
_TAGS = ("highway", "foot", "access", "motorroad", "route")


def is_walked(tags: Mapping[str, str]) -> bool:
    """Say whether a way can be walked by anybody.

    Parameters
    ----------
    tags : mapping of str to str
        The tags of the way in OpenStreetMap.

    Returns
    -------
    bool
        Whether it is of a kind that is walked, open to all or to people on foot, and no ferry or motor road.

    Examples
    --------
    >>> is_walked({"highway": "footway"}), is_walked({"highway": "footway", "foot": "private"})
    (True, False)
    """
    if tags.get("highway") not in WALKED or tags.get("motorroad") == "yes" or tags.get("route") == "ferry":
        return False
    foot = tags.get("foot")
    if foot in _CLOSED:
        return False
    return tags.get("access") not in _CLOSED or foot in _OPEN_ON_FOOT


def read_walking_network(path: Path) -> WalkingNetwork:
    """Read the walking network of an extract.

    Parameters
    ----------
    path : pathlib.Path
        A file of OpenStreetMap: ``.osm.pbf``, ``.osm``, ``.osm.bz2`` or ``.osm.gz``.

    Returns
    -------
    WalkingNetwork
        Every node of every way that is walked, so that bends keep their length.

    Raises
    ------
    ValueError
        If the file cannot be read, or holds no way that can be walked in Great Britain.

    Notes
    -----
    Two ways meet where they share a node, as OpenStreetMap has it: a bridge has none in common with what
    passes below. Where an extract was cut through a way, the way ends at the last node that is in the file.
    One-way streets are walked both ways.
    """
    try:
        refs, lonlat, pairs = _ways(path)
    except RuntimeError as error:
        raise ValueError(f"{path.name} cannot be read as OpenStreetMap: {str(error).rstrip('.')}") from error
    if not refs:
        raise ValueError(f"{path.name} holds no way that can be walked")
    ids = np.frombuffer(refs, dtype=np.int64)
    _, first, number = np.unique(ids, return_index=True, return_inverse=True)
    degrees = np.frombuffer(lonlat, dtype=float).reshape(-1, 2)[first]
    edges = number[np.array(pairs, dtype=np.intp)].reshape(-1, 2)
    xy = np.column_stack(lonlat_to_bng(degrees[:, 0], degrees[:, 1]))
    try:
        return make_network(xy, edges, path.name)
    except ValueError as error:
        raise ValueError(f"{path.name} cannot be used: {error}") from error


def _ways(path: Path) -> tuple[array[int], array[float], array[int]]:
    """Return the nodes of the ways as they come, their degrees, and which of them follow each other."""
    refs, lonlat, pairs = array("q"), array("d"), array("q")
    ways = (
        osmium.FileProcessor(path)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter("highway"))
    )
    for way in ways:
        if not isinstance(way, osmium.osm.Way):
            continue
        if not is_walked({tag: way.tags[tag] for tag in _TAGS if tag in way.tags}):
            continue
        before = -1
        for node in way.nodes:
            if not node.location.valid():
                before = -1
                continue
            if before >= 0:
                pairs.extend((before, len(refs)))
            before = len(refs)
            refs.append(node.ref)
            lonlat.extend((node.location.lon, node.location.lat))
    return refs, lonlat, pairs
