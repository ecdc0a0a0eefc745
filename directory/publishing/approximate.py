"""What stands for a place whose address is withheld: a ward and its point, fixed once and for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import hypot

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import ApproximatePlace, Area, AreaValue, Location
from directory.publishing.withhold import is_venue

# An area with fewer has too few doors to hide one among.
FEWEST = {"households": 500, "people": 1_200}
# A place that comes so far from where it was has moved; until then its address was only put right.
MOVED_METRES = 500


@dataclass(frozen=True)
class FixedArea:
    """The area of a place and the point that stands for it; `current` says that the area still exists."""

    code: str
    name: str
    easting: int
    northing: int
    current: bool = True


def fixed_areas(session: Session, locations: Iterable[Location]) -> dict[str, FixedArea | None]:
    """For each approximate place its fixed area; None where only the authority may be shown.

    What is fixed here for the first time is kept. Boundaries that change later leave it as it is: of two
    wards, one old and one new, their common part would tell where the place is.
    """
    places = {one.id: one for one in locations if one.protection == "approximate" and is_venue(one)}
    if not places:
        return {}
    kept = {
        row.location_id: row
        for row in session.scalars(
            select(ApproximatePlace).where(ApproximatePlace.location_id.in_(sorted(places)))
        )
    }
    for key, location in sorted(places.items()):
        row = kept.get(key)
        if row is not None and _has_moved(location, row):
            session.delete(row)
            session.flush()
            del kept[key]
            row = None
        if row is None and (made := _fix(session, location)):
            kept[key] = made
    codes = {row.area_code for row in kept.values()}
    wards = set(session.scalars(select(Area.code).where(Area.level == "ward", Area.code.in_(codes))))
    small = _too_small(session, codes)
    return {
        key: _fixed_area(kept[key], wards) if key in kept and kept[key].area_code not in small else None
        for key in places
    }


def fix_again(session: Session, location: Location) -> None:
    """Forget what stands for a place: the next public copy takes the area that it lies in now.

    For a person to decide. Whoever has both the old area and the new one knows more than from either.
    """
    row = session.get(ApproximatePlace, location.id)
    if row is not None:
        session.delete(row)
        session.flush()


def _fixed_area(row: ApproximatePlace, wards: Collection[str]) -> FixedArea:
    return FixedArea(row.area_code, row.area_name, row.easting, row.northing, row.area_code in wards)


def _has_moved(location: Location, row: ApproximatePlace) -> bool:
    if location.easting is None or location.northing is None:
        return False
    return hypot(location.easting - row.place_easting, location.northing - row.place_northing) > MOVED_METRES


def _fix(session: Session, location: Location) -> ApproximatePlace | None:
    """Choose the area of a place: that of the same door under another name, or else its ward."""
    if location.easting is None or location.northing is None:
        return None
    here = (
        ApproximatePlace.place_easting == location.easting,
        ApproximatePlace.place_northing == location.northing,
    )
    oldest = (ApproximatePlace.fixed_at, ApproximatePlace.location_id)
    like = session.scalar(select(ApproximatePlace).where(*here).order_by(*oldest).limit(1))
    if like is None:
        ward = session.get(Area, location.ward_code) if location.ward_code else None
        if ward is None or ward.level != "ward":
            return None
        in_ward = select(ApproximatePlace).where(ApproximatePlace.area_code == ward.code)
        # Two places in one ward have one point, also when its boundary changed between them.
        like = session.scalar(in_ward.order_by(*oldest).limit(1)) or ApproximatePlace(
            area_code=ward.code,
            area_name=ward.name,
            easting=round(ward.easting),
            northing=round(ward.northing),
        )
    made = ApproximatePlace(
        location_id=location.id,
        area_code=like.area_code,
        area_name=like.area_name,
        easting=like.easting,
        northing=like.northing,
        place_easting=location.easting,
        place_northing=location.northing,
    )
    session.add(made)
    session.flush()
    return made


def _too_small(session: Session, codes: Collection[str]) -> set[str]:
    """Those wards of which it is known that few live there, or of which nobody knows how many.

    Where no numbers are loaded at all, a ward is taken to be large enough.
    """
    for measure, fewest in FEWEST.items():
        if session.scalar(select(AreaValue.code).where(AreaValue.measure == measure).limit(1)) is None:
            continue
        counts = _counts(session, codes, measure)
        return {code for code in codes if counts.get(code, 0) < fewest}
    return set()


def _counts(session: Session, codes: Collection[str], measure: str) -> Mapping[str, float]:
    """How many there are in each ward: by its own figure, or else by those of the small areas within it."""
    query = select(AreaValue.code, AreaValue.value).where(AreaValue.measure == measure)
    counts = dict(session.execute(query.where(AreaValue.code.in_(codes))).all())
    wards = select(Area.code, Area.outline).where(Area.code.in_(set(codes) - set(counts)))
    for code, outline in session.execute(wards).all():
        ground = shapely.from_wkb(outline)
        west, south, east, north = ground.bounds
        inside = (
            select(Area.easting, Area.northing, AreaValue.value)
            .join(AreaValue, (AreaValue.code == Area.code) & (AreaValue.measure == measure))
            .where(Area.level == "lsoa21")
            .where(Area.easting.between(west, east), Area.northing.between(south, north))
        )
        rows = session.execute(inside).all()
        found = [value for x, y, value in rows if ground.covers(shapely.Point(x, y))]
        if found:
            counts[code] = sum(found)
    return counts
