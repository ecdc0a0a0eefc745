"""How far the nearest services that fit are, and how near one might be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.coverage.candidates import Candidates
from directory.coverage.reach import unplaced
from directory.coverage.travel import Travel, metres_from, stands
from directory.places.frames import area_frame
from geodata.reach import nearest_in_category
from geodata.supply import supply_of
from geodata.walking import walk_to_two_nearest


def fit_of_services(candidates: Candidates) -> NDArray[np.int8]:
    """Whether each service meets the question, wherever it is: 1 yes, 0 not known, -1 no."""
    facts: NDArray[np.int8] = (
        candidates.services[["time", "who", "access"]].min(axis=1).to_numpy(dtype=np.int8)
    )
    return facts


def nearest_two(
    candidates: Candidates, xy: NDArray[np.float64], least_fit: int, travel: Travel
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Metres to the two nearest different services at a shown point, and which; NaN and -1 without one.

    With `least_fit` 1 those that are known to fit, with 0 also those that may, with -1 any.
    """
    some = _shown(candidates, least_fit)
    if travel.network is None:
        return _two_straight(some, xy)
    to = some[["easting", "northing"]].to_numpy(dtype=float)
    owner = some["service"].to_numpy(dtype=np.intp)
    metres, which = walk_to_two_nearest(travel.network, xy, to, owner)
    services = np.full(which.shape, -1, dtype=np.intp)
    services[which >= 0] = owner[which[which >= 0]]
    return metres, services


def _shown(candidates: Candidates, least_fit: int) -> pd.DataFrame:
    """The places whose very point is shown, of services that fit so well."""
    fit, places = fit_of_services(candidates), candidates.places
    shown = places["precision"].eq("open") & places["easting"].notna()
    some: pd.DataFrame = places[shown & (fit[places["service"].to_numpy(dtype=int)] >= least_fit)]
    return some


def _two_straight(
    some: pd.DataFrame, xy: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    metres, services = np.full((len(xy), 2), np.nan), np.full((len(xy), 2), -1, dtype=np.intp)
    if some.empty:
        return metres, services
    # A service with several places may be the nearest with all of them.
    most = int(some["service"].value_counts().iloc[0])
    supply = supply_of(some[["easting", "northing"]].astype(float), ["any"] * len(some))
    apart, at = nearest_in_category(xy, supply, k=most + 1)
    apart, at = apart[:, 0], at[:, 0]
    who = np.where(at >= 0, some["service"].to_numpy()[at], -1)
    metres[:, 0], services[:, 0] = apart[:, 0], who[:, 0]
    other = (who != who[:, :1]) & (who >= 0)
    first, row = np.argmax(other, axis=1), np.arange(len(xy))
    metres[:, 1] = np.where(other.any(axis=1), apart[row, first], np.nan)
    services[:, 1] = np.where(other.any(axis=1), who[row, first], -1)
    return metres, services


def nearest_possible(
    session: Session,
    candidates: Candidates,
    xy: NDArray[np.float64],
    nowhere: NDArray[np.intp],
    travel: Travel,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least metres that the nearest and the second nearest might be away.

    What is shown by an area alone may be at that area's edge; what no place is on record of (`nowhere`) may
    be next door; and no walk is shorter than the straight line, where the network does not know it.
    """
    fit = fit_of_services(candidates)
    metres, _ = nearest_two(candidates, xy, 0, travel)
    hidden = unplaced(candidates)
    hidden = hidden[fit[hidden["service"].to_numpy(dtype=int)] >= 0]
    codes, number = np.unique(hidden["code"].to_numpy(dtype=str), return_counts=True)
    areas = area_frame(session, "", codes.tolist())
    columns = [metres, *_off_network(_shown(candidates, 0), xy, travel)]
    for outline, code in zip(areas.geometry, areas["code"], strict=True):
        away = shapely.distance(shapely.points(xy), outline)
        columns += [away[:, np.newaxis]] * min(int(number[codes == code][0]), 2)
    free = int((fit[nowhere] >= 0).sum())
    columns += [np.zeros((len(xy), 1))] * min(free, 2)
    both = np.sort(np.column_stack(columns), axis=1)[:, :2]  # NaN comes last
    return both[:, 0], both[:, 1]


def _off_network(some: pd.DataFrame, xy: NDArray[np.float64], travel: Travel) -> list[NDArray[np.float64]]:
    """Straight lines to the two nearest wherever one of the two ends does not stand on the network."""
    if travel.network is None:
        return []
    on = stands(xy, travel)[:, np.newaxis]
    off_places = some[~stands(some[["easting", "northing"]].to_numpy(dtype=float), travel)]
    pairs = ((_two_straight(some, xy)[0], ~on), (_two_straight(off_places, xy)[0], on))
    return [np.where(wanted, metres, np.nan) for metres, wanted in pairs]


def two_from_any(
    session: Session,
    candidates: Candidates,
    xy: NDArray[np.float64],
    nowhere: NDArray[np.intp],
    travel: Travel,
) -> list[float]:
    """The two nearest services from any of some points: nearest known, possible, second known, possible."""
    fit = fit_of_services(candidates)
    points = shapely.multipoints(xy)
    places = candidates.places[candidates.places["precision"].eq("open")].dropna(subset=["easting"])
    apart = metres_from(places[["easting", "northing"]].to_numpy(dtype=float), xy, travel)
    shown, least = (pd.Series(part, places["service"].to_numpy(dtype=int), dtype=float) for part in apart)
    hidden = unplaced(candidates)
    areas = area_frame(session, "", hidden["code"].unique().tolist())
    away = pd.Series(shapely.distance(areas.geometry.to_numpy(), points), index=areas["code"], dtype=float)
    maybe = pd.Series(hidden["code"].map(away).to_numpy(dtype=float), index=hidden["service"])
    anywhere = pd.Series(0.0, index=nowhere)
    known = shown[fit[shown.index] == 1].dropna()
    possible = pd.concat([least, maybe, anywhere]).dropna()
    possible = possible[fit[possible.index.to_numpy(dtype=int)] >= 0]
    pairs = [_two_least(known), _two_least(possible)]
    return [pair[place] for place in (0, 1) for pair in pairs]


def _two_least(metres: pd.Series) -> tuple[float, float]:
    """The two least distances of different services, NaN where there are fewer."""
    least = np.sort(metres.groupby(level=0).min().to_numpy())
    both = [*least[:2], np.nan, np.nan]
    return float(both[0]), float(both[1])


def access_places(candidates: Candidates) -> pd.DataFrame:
    """The places with a point of services that fit or may: service, easting, northing, known (bool)."""
    fit = fit_of_services(candidates)
    places = candidates.places.dropna(subset=["easting"])
    answer = fit[places["service"].to_numpy(dtype=int)]
    known = (answer == 1) & places["precision"].eq("open").to_numpy()
    kept: pd.DataFrame = places.assign(known=known)[answer >= 0]
    return kept
