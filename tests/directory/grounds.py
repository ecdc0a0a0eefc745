"""Small ground to stand on: a few postcodes, and areas that are squares."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from directory.places.load import load_areas, load_postcodes
from geodata.crs import BNG

# The square of the authority; its ward is the south-western quarter, and its LSOA a quarter of that.
WEST, SOUTH, SIDE = 400_000, 280_000, 20_000
AUTHORITY, WARD, LSOA = "E08000025", "E05011153", "E01008905"
INSIDE = {"B19 2TH": (403_000, 283_000), "B19 1AA": (409_000, 289_000), "B1 1AA": (415_000, 295_000)}
OUTSIDE = {"SY1 1AA": (349_000, 312_000)}


def postcodes(points):
    """A frame of postcodes as Code-Point Open gives them; a point may be None."""
    table = pd.DataFrame(
        {
            "postcode": list(points),
            "easting": [point and point[0] for point in points.values()],
            "northing": [point and point[1] for point in points.values()],
        }
    ).astype({"easting": "Int64", "northing": "Int64"})
    return table.assign(
        quality=table["easting"].isna().map({True: 90, False: 10}), authority_code=AUTHORITY, ward_code=None
    )


def areas(level, *codes, west=WEST, south=SOUTH, side=SIDE):
    """A frame of squares in a row from west to east, each of the given side in metres."""
    shapes = [box(west + i * side, south, west + (i + 1) * side, south + side) for i in range(len(codes))]
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "name": [f"Area {code}" for code in codes],
            "level": level,
            "authority_code": AUTHORITY,
        },
        geometry=shapes,
        crs=BNG,
    )


def load_ground(session):
    """Load the postcodes, the authority, its ward and its LSOA."""
    load_postcodes(session, postcodes({**INSIDE, **OUTSIDE, "B99 9ZZ": None}))
    load_areas(session, areas("authority", AUTHORITY))
    load_areas(session, areas("ward", WARD, side=SIDE // 2))
    load_areas(session, areas("lsoa21", LSOA, side=SIDE // 4))
