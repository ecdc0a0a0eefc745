"""Where something could be added: spaces that can be used, schools, and the middles of small areas."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from directory.coverage.areas import AreaBase
from directory.languages import N_
from directory.models import PublishedPlace, PublishedService, PublishedTerm
from directory.search.criteria import SHOWN

KINDS = {
    "all": N_("Spaces, schools and the middles of small areas"),
    "spaces": N_("Spaces to use that are on record"),
    "schools": N_("Schools and colleges that are on record"),
    "areas": N_("The middles of small areas"),
}
ROOM = ["kind", "name", "organisation", "service_id", "area_code", "easting", "northing"]
_SCHOOLS = ("% school%", "% academy%", "% college%")


def rooms(session: Session, base: AreaBase, kinds: str) -> pd.DataFrame:
    """The places that could be chosen, of one kind of `KINDS` or all: columns `ROOM`.

    Of what is on record, only a place whose very point is shown: a protected one is never offered. Existing
    ones come first, so that of two that would add the same the one that is there is taken.
    """
    parts = []
    if kinds in ("all", "spaces"):
        parts.append(_on_record(session, "space"))
    if kinds in ("all", "schools"):
        parts.append(_on_record(session, "school"))
    if kinds in ("all", "areas"):
        parts.append(_middles(base))
    every = pd.concat(parts, ignore_index=True)
    return every.drop_duplicates(["easting", "northing"]).reset_index(drop=True)


def _on_record(session: Session, kind: str) -> pd.DataFrame:
    """Venues of services that lend rooms, or of organisations called a school, an academy or a college."""
    chosen: ColumnElement[bool]
    if kind == "space":
        chosen = exists().where(
            PublishedTerm.published_service_id == PublishedService.id,
            PublishedTerm.facet == "category",
            PublishedTerm.code == "spaces",
        )
    else:
        name = " " + PublishedService.organization_name
        chosen = or_(*(name.ilike(pattern) for pattern in _SCHOOLS))
    rows = session.execute(
        select(
            PublishedPlace.name,
            PublishedService.organization_name,
            PublishedService.service_id,
            PublishedPlace.lsoa_code,
            PublishedPlace.easting,
            PublishedPlace.northing,
        )
        .join(PublishedService, PublishedService.id == PublishedPlace.published_service_id)
        .where(
            chosen,
            PublishedService.status.in_(SHOWN),
            PublishedPlace.precision == "open",
            PublishedPlace.easting.is_not(None),
        )
        .order_by(PublishedService.organization_name, PublishedPlace.id)
    ).all()
    frame = pd.DataFrame(rows, columns=ROOM[1:])
    frame["name"] = frame["name"].where(frame["name"].notna(), frame["organisation"])
    return frame.assign(kind=kind)[ROOM].astype({"easting": float, "northing": float})


def _middles(base: AreaBase) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": "area",
            "name": base.table["name"],
            "organisation": None,
            "service_id": None,
            "area_code": base.table["code"],
            "easting": base.xy[:, 0],
            "northing": base.xy[:, 1],
        }
    )
