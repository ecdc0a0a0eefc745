"""Roughly where the land of the United Kingdom is: enough to see a point that is in the sea or abroad."""

from __future__ import annotations

import math

import shapely

# Drawn by hand, a few kilometres off the coast, in longitude and latitude. Some sea close to land is inside:
# a point must be far out before it is called wrong.
GREAT_BRITAIN = (
    (-5.9, 49.95), (-5.1, 49.85), (-3.6, 50.1), (-3.3, 50.5), (-2.4, 50.4), (-1.2, 50.45), (0.3, 50.62),
    (1.1, 50.8), (1.55, 51.1), (1.55, 51.5), (1.1, 51.75), (1.85, 52.3), (1.85, 52.8), (1.2, 53.1),
    (0.5, 53.1), (0.5, 53.3), (0.25, 53.65), (-0.05, 54.2), (-0.6, 54.65), (-1.2, 54.85), (-1.4, 55.3),
    (-1.6, 55.75), (-2.0, 56.0), (-2.5, 56.4), (-2.0, 57.0), (-1.65, 57.5), (-1.9, 57.8), (-3.5, 57.85),
    (-3.7, 58.0), (-2.9, 58.55), (-2.3, 59.0), (-2.3, 59.5), (-3.5, 59.4), (-3.6, 58.85), (-5.1, 58.75),
    (-6.0, 58.65), (-7.2, 58.2), (-7.8, 57.4), (-7.8, 56.7), (-7.1, 56.4), (-6.5, 55.55), (-5.9, 55.2),
    (-5.3, 54.8), (-5.1, 54.55), (-4.2, 54.5), (-3.75, 54.5), (-3.4, 54.0), (-3.2, 53.5), (-4.2, 53.55),
    (-4.85, 53.4), (-4.95, 52.7), (-4.5, 52.4), (-5.5, 52.05), (-5.5, 51.6), (-4.6, 51.45), (-3.6, 51.3),
    (-4.4, 51.3), (-4.8, 50.9), (-5.3, 50.45), (-5.9, 50.2),
)  # fmt: skip
NORTHERN_IRELAND = (
    (-8.25, 54.35), (-7.4, 53.95), (-6.6, 53.95), (-5.8, 53.95), (-5.3, 54.4), (-5.6, 54.9), (-6.0, 55.35),
    (-7.1, 55.3), (-7.6, 54.95), (-8.25, 54.6),
)  # fmt: skip
# Boxes of west, south, east, north: Shetland, Scilly, the Isle of Man, the Channel Islands.
ISLANDS = (
    (-2.3, 59.7, -0.6, 61.0),
    (-6.6, 49.8, -6.1, 50.1),
    (-4.95, 53.95, -4.2, 54.5),
    (-2.8, 49.1, -1.9, 49.8),
)
_LAND = shapely.union_all(
    [
        shapely.Polygon(GREAT_BRITAIN),
        shapely.Polygon(NORTHERN_IRELAND),
        *(shapely.box(*box) for box in ISLANDS),
    ]
)
shapely.prepare(_LAND)


def is_on_land(latitude: float, longitude: float) -> bool:
    """Whether a point in degrees (WGS 84) is on or close to the land of the United Kingdom or its islands."""
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return False
    return bool(_LAND.intersects(shapely.Point(longitude, latitude)))
