"""Which service can be reached from which point: surely, perhaps, or only from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.coverage.candidates import Candidates
from directory.coverage.travel import Travel, may_reach, reach_of
from directory.places.frames import area_frame
from directory.search.criteria import WIDER_AREAS
from geodata.gap_reasons import FITS, candidate_class, furthest_class
from geodata.supply import supply_of

PAIR = ["point", "service"]
MAYBE = 5  # the place of "not known" in geodata.gap_reasons.REASONS


@dataclass(frozen=True)
class Points:
    """Points that people start from, EPSG:27700, and the areas that each lies in."""

    xy: NDArray[np.float64]
    codes: pd.DataFrame


@dataclass(frozen=True)
class Reached:
    """Which candidates each point has.

    `pairs` has point, service, metres, place (1 in reach, 0 perhaps, -1 from elsewhere) and class, as
    `geodata.gap_reasons` has it. `everywhere` has service, place and class of those that are a candidate at
    every point, and are in no pair.
    """

    pairs: pd.DataFrame
    everywhere: pd.DataFrame
    points: int

    def counts(self, classes: tuple[int, ...]) -> NDArray[np.intp]:
        """How many services of some classes each point has."""
        some = self.pairs.loc[self.pairs["class"].isin(classes), "point"]
        return np.bincount(some, minlength=self.points) + int(self.everywhere["class"].isin(classes).sum())

    @property
    def known(self) -> NDArray[np.intp]:
        """How many services are known to fit at each point."""
        return self.counts((FITS,))

    @property
    def possible(self) -> NDArray[np.intp]:
        """How many are known to fit or may."""
        return self.counts((FITS, MAYBE))

    @property
    def reasons(self) -> NDArray[np.int8]:
        """The reason at each point, as a place in `geodata.gap_reasons.REASONS`."""
        best = furthest_class(
            self.pairs["point"].to_numpy(), self.pairs["class"].to_numpy(dtype=np.int8), self.points
        )
        anywhere = self.everywhere["class"].max() if len(self.everywhere) else 0
        return np.maximum(best, np.int8(anywhere))


def find_reached(session: Session, candidates: Candidates, points: Points, travel: Travel) -> Reached:
    """Every candidate of every point."""
    sure = _placed(candidates, points, travel)
    maybe = _maybe(session, candidates, points, travel.within_metres)
    served = _served(candidates, points)
    everywhere = _everywhere(candidates)
    pairs = pd.concat([sure, maybe, served[~served["service"].isin(everywhere["service"])]])
    # A service that is in reach by one place is not also a candidate by another.
    pairs = pairs.drop_duplicates(PAIR, keep="first").reset_index(drop=True)
    pairs = pairs.astype({"point": int, "service": int, "place": int, "metres": float})
    pairs["class"] = classes_of(candidates, pairs["service"], pairs["place"])
    return Reached(pairs, everywhere, len(points.xy))


def _placed(candidates: Candidates, points: Points, travel: Travel) -> pd.DataFrame:
    """Services at a shown point in reach, and those of which the network does not say whether they are."""
    open_places = candidates.places[candidates.places["precision"].eq("open")].dropna(subset=["easting"])
    supply = supply_of(
        open_places[["easting", "northing"]].astype(float), ["any"] * len(open_places), ["any"]
    )
    near, maybe = reach_of(points.xy, supply, travel), may_reach(points.xy, supply, travel)
    who = open_places["service"].to_numpy()
    sure = pd.DataFrame({"point": near.area, "service": who[near.provider], "metres": near.metres})
    unsure = pd.DataFrame({"point": maybe.area, "service": who[maybe.provider], "metres": np.nan})
    found = pd.concat([sure.assign(place=1), unsure.assign(place=0)])
    surest_first = [True, True, False, True]
    return found.sort_values([*PAIR, "place", "metres"], ascending=surest_first).drop_duplicates(PAIR)


def _maybe(session: Session, candidates: Candidates, points: Points, within_metres: float) -> pd.DataFrame:
    """Services shown by an area alone, where that area comes within the distance."""
    shown = unplaced(candidates)
    areas = area_frame(session, "", shown["code"].unique().tolist())
    point, area = _close(points.xy, areas, within_metres)
    near = pd.DataFrame({"point": point, "code": areas["code"].to_numpy(dtype=object)[area]})
    found = near.merge(shown, on="code")[PAIR].drop_duplicates()
    return found.assign(metres=np.nan, place=0)


def unplaced(candidates: Candidates) -> pd.DataFrame:
    """Services with a place that is shown by its ward or authority alone: columns service, code."""
    hidden = candidates.places[candidates.places["precision"].ne("open")]
    by_ward = hidden["precision"].eq("approximate") & hidden["ward_code"].notna()
    code = hidden["ward_code"].where(by_ward, hidden["authority_code"])
    named = hidden.assign(code=code.astype(object)).dropna(subset=["code"])
    return named[["service", "code"]].drop_duplicates()


def _close(
    xy: NDArray[np.float64], areas: gpd.GeoDataFrame, within_metres: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    tree = shapely.STRtree(shapely.points(xy))
    area, point = tree.query(areas.geometry.to_numpy(), predicate="dwithin", distance=within_metres)
    return point, area


def _served(candidates: Candidates, points: Points) -> pd.DataFrame:
    """Services that say they cover an area in which a point lies."""
    number = np.arange(len(points.xy))
    codes = [pd.DataFrame({"point": number, "code": points.codes[name]}) for name in points.codes]
    long = pd.concat(codes).dropna()
    wide = candidates.covers["code"].isin(WIDER_AREAS)
    everyone = candidates.covers.loc[wide, ["service"]].drop_duplicates()
    local = long.merge(candidates.covers[~wide], on="code")[PAIR]
    found: pd.DataFrame = pd.concat([local, pd.DataFrame({"point": number}).merge(everyone, how="cross")])
    return found.drop_duplicates().assign(metres=np.nan, place=-1)


def _everywhere(candidates: Candidates) -> pd.DataFrame:
    """Services that are a candidate at every point: nothing says where they are, or they need no place."""
    placeless = candidates.services["placeless"]
    wide = candidates.covers["code"].isin(WIDER_AREAS)
    local = set(candidates.covers["service"]) - set(candidates.covers.loc[wide, "service"])
    unbound = placeless.eq(-1) & ~placeless.index.isin(local)
    nowhere = placeless.eq(0) | placeless.index.isin(_without_area(candidates))
    service = pd.Series(placeless.index[unbound | nowhere], dtype=int)
    place = pd.Series(np.where(nowhere[service], 0, -1), dtype=int)
    return pd.DataFrame({"service": service, "place": place, "class": classes_of(candidates, service, place)})


def _without_area(candidates: Candidates) -> set[int]:
    """Services all of whose places are withheld, and of which not even the authority is known."""
    places = candidates.places
    told = places["precision"].eq("open") & places["easting"].notna() | places["authority_code"].notna()
    return set(places["service"]) - set(places.loc[told, "service"])


def classes_of(candidates: Candidates, service: pd.Series, place: pd.Series) -> NDArray[np.int8]:
    """What holds each of some services back, at a place that is in reach, perhaps in reach, or elsewhere."""
    time, who, access = (
        candidates.services[fact].to_numpy(dtype=np.int8)[service] for fact in ("time", "who", "access")
    )
    return candidate_class(time, who, access, place.to_numpy(dtype=np.int8))
