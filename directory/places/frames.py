"""Areas and sites from the tables as frames, in EPSG:27700."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import geopandas as gpd
import shapely
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.models import Area, Site
from directory.remembering import reference_state, remember
from geodata.crs import BNG

FEW_AREAS = 10
AREA_COLUMNS = ["code", "name", "level", "authority_code", "geometry"]
# A site of which no area is loaded still has an extent: a circle of this radius around its points.
FALLBACK_RADIUS_METRES = 800


def area_frame(session: Session, level: str, codes: Collection[str] | None = None) -> gpd.GeoDataFrame:
    """The areas of one level, or those with the given codes, in the order of their codes.

    A few are read once for as long as no area changes: one page asks for the same ones often.
    """
    if codes is None or len(codes) > FEW_AREAS:
        return _read_frame(session, level, codes)
    key = ("area frame", tuple(sorted(codes)))
    return remember(session, key, lambda: _read_frame(session, level, codes)).copy()


def _read_frame(session: Session, level: str, codes: Collection[str] | None) -> gpd.GeoDataFrame:
    query = select(Area.code, Area.name, Area.level, Area.authority_code, Area.outline).order_by(Area.code)
    query = query.where(Area.level == level) if codes is None else query.where(Area.code.in_(codes))
    rows = session.execute(query).all()
    return gpd.GeoDataFrame(
        {
            "code": [row.code for row in rows],
            "name": [row.name for row in rows],
            "level": [row.level for row in rows],
            "authority_code": [row.authority_code for row in rows],
        },
        geometry=gpd.GeoSeries(shapely.from_wkb([row.outline for row in rows]), crs=BNG),
        crs=BNG,
    )


def current_sites(session: Session, today: date) -> list[Site]:
    """The sites in force on a day, by name."""
    # Asked first: what is made of these sites must not be kept as of a state that came after them.
    reference_state(session)
    return list(
        session.scalars(
            select(Site)
            .where(or_(Site.valid_from.is_(None), Site.valid_from <= today))
            .where(or_(Site.valid_to.is_(None), Site.valid_to >= today))
            .order_by(Site.name)
        )
    )


def site_frames(session: Session, sites: Collection[Site]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The extents of sites [slug, name, geometry] and their reference points [slug, name, geometry].

    Made once for as long as no site or area changes.
    """
    key = ("site frames", tuple(site.id for site in sites))
    extents, references = remember(session, key, lambda: _site_frames(session, sites))
    return extents.copy(), references.copy()


def _site_frames(session: Session, sites: Collection[Site]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    outlines = _outlines(session, {code for site in sites for code in site.area_codes or []})
    extents = gpd.GeoDataFrame(
        {"slug": [site.slug for site in sites], "name": [site.name for site in sites]},
        geometry=[_extent(site, outlines) for site in sites],
        crs=BNG,
    )
    pairs = [(site, point) for site in sites for point in site.points]
    references = gpd.GeoDataFrame(
        {"slug": [site.slug for site, _ in pairs], "name": [site.name for site, _ in pairs]},
        geometry=gpd.points_from_xy([point[0] for _, point in pairs], [point[1] for _, point in pairs]),
        crs=BNG,
    )
    return extents, references


def site_extent(session: Session, site: Site) -> BaseGeometry:
    """The ground a site covers: its areas where loaded, or else its outline, or else a circle."""
    return _extent(site, _outlines(session, site.area_codes or []))


def _outlines(session: Session, codes: Collection[str]) -> dict[str, tuple[bytes, bool]]:
    """The outlines of some areas, and whether each is made up."""
    query = select(Area.code, Area.outline, Area.fictional).where(Area.code.in_(codes))

    def make() -> dict[str, tuple[bytes, bool]]:
        return {code: (outline, fictional) for code, outline, fictional in session.execute(query)}

    return remember(session, ("outlines of sites", tuple(sorted(codes))), make)


def _extent(site: Site, outlines: Mapping[str, tuple[bytes, bool]]) -> BaseGeometry:
    own = [outlines[code] for code in site.area_codes or [] if code in outlines]
    # Made-up areas stand in for the official ones only until those are loaded.
    shapes = [shape for shape, fictional in own if not fictional] or [shape for shape, _ in own]
    if shapes:
        return shapely.union_all(shapely.from_wkb(shapes))
    if site.outline is not None:
        return shapely.from_wkb(site.outline)
    return MultiPoint(site.points).buffer(site.radius_metres or FALLBACK_RADIUS_METRES)
