"""The names of areas, which are no secret, for the public copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Area, Organization
from directory.publishing.shape import AreaNames, is_published
from directory.publishing.spellings import fold
from directory.publishing.withhold import Withholder

# Towns of the region that are not authorities: in an address they give nothing away.
TOWNS = (
    "West Midlands",
    "Sutton Coldfield",
    "Smethwick",
    "West Bromwich",
    "Stourbridge",
    "Halesowen",
    "England",
)


def area_names(session: Session) -> AreaNames:
    """The names of areas for the public copies; what stands for each place is found by `fixed_areas`."""
    rows = session.execute(
        select(Area.code, Area.name, Area.level, Area.easting, Area.northing).where(
            Area.level.in_(("ward", "authority"))
        )
    ).all()
    return AreaNames(
        names={row.code: row.name for row in rows},
        codes=_codes_by_name(rows),
        common=frozenset(fold(name) for name in (*TOWNS, *(row.name for row in rows))),
        ward_points={row.code: (row.easting, row.northing) for row in rows if row.level == "ward"},
    )


def _codes_by_name(rows: Iterable[Any]) -> dict[str, str]:
    """An authority goes before a ward of its name; a name that two wards share says nothing."""
    codes: dict[str, str] = {}
    for level in ("ward", "authority"):
        named = [(fold(row.name), row.code) for row in rows if row.level == level]
        times = Counter(name for name, _ in named)
        codes |= {name: code for name, code in named if times[name] == 1}
    return codes


def withholder_of(session: Session, organization_id: str) -> Withholder | None:
    """What takes the secrets of an organisation out of texts; None for one that is not shown at all."""
    organization = session.get_one(Organization, organization_id)
    if not is_published(organization):
        return None
    return Withholder(organization, places=area_names(session).common)
