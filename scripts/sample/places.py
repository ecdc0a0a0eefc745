"""The four real sites, the seven real authorities, and where the made-up venues and postcodes go."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import geopandas as gpd
import numpy as np
from pyproj import Transformer
from shapely import MultiPoint, Point, Polygon

TO_GRID = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
NEAR_SITE_KM = 1.8  # venues made for a site lie within this
AWAY_FROM_SITES_KM = 2.6  # all others lie beyond this, so that what is near a site is decided by its own list


@dataclass(frozen=True)
class Authority:
    """A real authority with a rough outline drawn by hand (longitude, latitude)."""

    code: str
    name: str
    organizations: int
    outline: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Site:
    """A real priority site. The reference points and the codes are facts; the ward name is made up."""

    slug: str
    name: str
    authority_code: str
    points: tuple[tuple[float, float], ...]
    organizations: int
    ward_name: str
    ward25_code: str
    lsoa21_codes: tuple[str, ...]
    radius_metres: int | None = None
    postcode: str | None = None


# fmt: off
AUTHORITIES = (
    Authority("E08000025", "Birmingham", 38, (
        (-1.87, 52.60), (-1.79, 52.60), (-1.73, 52.525), (-1.76, 52.50), (-1.76, 52.46),
        (-1.80, 52.455), (-1.85, 52.41),
        (-1.87, 52.37), (-1.99, 52.38), (-2.03, 52.405), (-2.02, 52.46), (-1.97, 52.47), (-1.95, 52.50),
        (-1.96, 52.53),
        (-1.92, 52.55))),
    Authority("E08000026", "Coventry", 18, (
        (-1.61, 52.465), (-1.46, 52.46), (-1.425, 52.43), (-1.43, 52.39), (-1.52, 52.37), (-1.60, 52.38))),
    Authority("E08000027", "Dudley", 20, (
        (-2.19, 52.50), (-2.13, 52.555), (-2.08, 52.555), (-2.06, 52.51), (-2.09, 52.47),
        (-2.02, 52.47), (-2.02, 52.435),
        (-2.165, 52.43))),
    Authority("E08000028", "Sandwell", 26, (
        (-2.075, 52.555), (-1.92, 52.55), (-1.96, 52.53), (-1.95, 52.50), (-1.98, 52.467),
        (-2.03, 52.462), (-2.09, 52.47),
        (-2.06, 52.51))),
    Authority("E08000029", "Solihull", 5, (
        (-1.76, 52.50), (-1.72, 52.50), (-1.67, 52.44), (-1.62, 52.46), (-1.61, 52.38), (-1.72, 52.355),
        (-1.86, 52.37),
        (-1.845, 52.41), (-1.80, 52.455), (-1.755, 52.46))),
    Authority("E08000030", "Walsall", 12, (
        (-2.05, 52.62), (-1.95, 52.66), (-1.90, 52.65), (-1.87, 52.59), (-1.92, 52.55),
        (-2.055, 52.557), (-2.07, 52.59))),
    Authority("E08000031", "Wolverhampton", 20, (
        (-2.20, 52.59), (-2.13, 52.64), (-2.05, 52.61), (-2.075, 52.585), (-2.06, 52.555), (-2.17, 52.555))),
)
SITES = (
    Site("lozells", "Lozells", "E08000025", ((-1.9019, 52.5022),), 45, "Lozells", "E05011153",
         ("E01008905", "E01008906", "E01008907", "E01009047", "E01009060", "E01009062", "E01034923",
         "E01034925"),
         postcode="B19 2TH"),
    Site("three-estates", "The Three Estates", "E08000025",
         ((-1.9313, 52.3945), (-1.9245, 52.3997), (-1.9342, 52.3998)), 22, "Three Estates", "E05011149",
         ("E01009107", "E01009109", "E01009110", "E01009113", "E01009114", "E01009115", "E01009120")),
    Site("walsall-college", "Walsall College", "E08000030", ((-1.9826, 52.5895),), 20, "College Quarter",
         "E05001305", ("E01010368",), 800, "WS2 8ES"),
    Site("hillfields", "Hillfields", "E08000026", ((-1.5012, 52.4135),), 24, "Hillfields", "E05001228",
         ("E01009638",), postcode="CV1 5LZ"),
)
# fmt: on


class NearestSite:
    """How far a point is from the nearest reference point of any site, on the plane given."""

    def __init__(self, plane: Callable[[float, float], tuple[float, float]]) -> None:
        self.points = MultiPoint([plane(*point) for site in SITES for point in site.points])

    def km(self, point: Point) -> float:
        """Kilometres to the nearest reference point."""
        return float(self.points.distance(point))


@dataclass(frozen=True)
class Zone:
    """Where a batch of organisations is put: around a site, or elsewhere in an authority."""

    slug: str
    authority: Authority
    site: Site | None
    organizations: int


def zones() -> list[Zone]:
    """The four sites, then the seven authorities beyond them."""
    by_code = {each.code: each for each in AUTHORITIES}
    around = [Zone(site.slug, by_code[site.authority_code], site, site.organizations) for site in SITES]
    return around + [Zone(each.name.lower(), each, None, each.organizations) for each in AUTHORITIES]


def grid(longitude: float, latitude: float) -> tuple[int, int]:
    """Easting and northing in whole metres, EPSG:27700."""
    easting, northing = TO_GRID.transform(longitude, latitude)
    return round(easting), round(northing)


def metres_to(point: tuple[float, float], site: Site) -> float:
    """Metres from a longitude and latitude to the nearest reference point of a site."""
    here = TO_GRID.transform(*point)
    return min(math.dist(here, TO_GRID.transform(*each)) for each in site.points)


def venue_point(rng: Random, zone: Zone, inside: Polygon) -> tuple[float, float]:
    """A point (longitude, latitude) for a venue, inside the authority's made-up outline."""
    west, south, east, north = inside.bounds
    while True:
        if zone.site:
            x, y = rng.choice(zone.site.points)
            distance, angle = NEAR_SITE_KM * 1000 * rng.random() ** 0.8, rng.uniform(0, 2 * math.pi)
            x, y = x + distance * math.cos(angle) / 67_770, y + distance * math.sin(angle) / 111_200
            fits = metres_to((x, y), zone.site) <= NEAR_SITE_KM * 1000
        else:
            x, y = rng.uniform(west, east), rng.uniform(south, north)
            fits = all(metres_to((x, y), site) > AWAY_FROM_SITES_KM * 1000 for site in SITES)
        x, y = round(x, 6), round(y, 6)
        if fits and inside.contains(Point(x, y)):
            return x, y


def neighbouring_order(small: gpd.GeoDataFrame) -> dict[str, int]:
    """Wards numbered by authority, band of latitude and longitude, so that neighbours go together."""
    bounds = small.geometry.bounds.assign(authority=small["authority_code"], ward=small["ward_code"])
    wards = bounds.groupby("ward").agg({"authority": "first", "miny": "mean", "minx": "mean"})
    wards["band"] = (wards["miny"] / 0.06).round()
    return {
        code: number for number, code in enumerate(wards.sort_values(["authority", "band", "minx"]).index)
    }


class Postcodes:
    """Made-up postcodes of the areas ZZ1 to ZZ30; the district goes with the ward."""

    def __init__(self, small: gpd.GeoDataFrame) -> None:
        self.small = small
        self.wards = neighbouring_order(small)
        self.used = dict.fromkeys(range(1, 31), 0)
        self.rows: list[tuple[str | int, ...]] = []

    def add(self, point: tuple[float, float], postcode: str | None = None) -> str:
        """Record a postcode at a point (a new made-up one unless given) and return it."""
        row = self.small.iloc[int(self.small.sindex.query(Point(point), predicate="intersects")[0])]
        district = 1 + self.wards[row["ward_code"]] * 30 // len(self.wards)
        if postcode is None:
            postcode = self.next_in(district)
        codes = ("E92000001", "", "", "", row["authority_code"], row["ward_code"])
        self.rows.append((f"{postcode[:-3].strip():<4}{postcode[-3:]}", 10, *grid(*point), *codes))
        return postcode

    def next_in(self, district: int) -> str:
        """The next unused postcode of a district, in an order that looks unplanned."""
        number = self.used[district] * 1237 % 4000
        self.used[district] += 1
        sector, letters = divmod(number, 400)
        return f"ZZ{district} {sector}{INWARD_LETTERS[letters // 20]}{INWARD_LETTERS[letters % 20]}"


def site_areas(site: Site, small: gpd.GeoDataFrame) -> list[str]:
    """The made-up areas whose middle is within 800 m of a reference point, or that hold one."""
    middles = small.geometry.representative_point()
    near = [metres_to((point.x, point.y), site) <= 800 for point in middles]
    holds = small.geometry.intersects(MultiPoint(list(site.points)))
    return sorted(small.loc[holds | np.array(near), "code"])
