"""What if an organisation closes, moves or opens longer, or a site's extent changes? Nothing is saved.

Everything starts from the public copy: a protected place is what the public sees of it, so that a question
about it can tell no more than that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from directory.coverage.candidates import Candidates
from directory.coverage.figures import Coverage, work_out
from directory.coverage.from_sites import SiteGround
from directory.coverage.times import open_then
from directory.languages import N_
from directory.remembering import remember_coverage

CHANGES = {
    "closes": N_("An organisation closes"),
    "moves": N_("An organisation moves"),
    "opens": N_("An organisation opens at more hours"),
    "extent": N_("A site has another extent"),
}
RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Change:
    """One change: of an organisation by its identifier, or of a site by its short name.

    `point` is where it moves, easting and northing; `weekday` (0 Monday), `opens` and `closes` (minutes) are
    the hours that it opens as well; `radius_metres` is the site's new extent round its reference points.
    """

    kind: str
    organization_id: str = ""
    point: tuple[int, int] | None = None
    weekday: int = 5
    opens: int = 600
    closes: int = 960
    slug: str = ""
    radius_metres: int = 0


def changed_coverage(session: Session, coverage: Coverage, change: Change) -> Coverage:
    """The answer to the same question as if the change had been made."""
    if change.kind == "extent":
        return coverage
    key = ("what-if", *coverage.key, repr(change))

    def make() -> Coverage:
        candidates = change_candidates(coverage, change)
        return replace(work_out(session, coverage.query, coverage.base, candidates), key=key)

    return remember_coverage(session, key, make)


def change_candidates(coverage: Coverage, change: Change) -> Candidates:
    """The services as they would be."""
    candidates = coverage.candidates
    own = candidates.services["organization_id"].eq(change.organization_id)
    if change.kind == "closes":
        return candidates.only(np.flatnonzero(~own.to_numpy()))
    if change.kind == "moves":
        return _moved(candidates, own, change)
    extra, when = _schedule(change), coverage.query.when
    services = candidates.services.copy()
    longer = [
        [*schedules, extra] if mine else schedules
        for mine, schedules in zip(own, services["schedules"], strict=True)
    ]
    services["schedules"] = pd.Series(longer, index=services.index, dtype=object)
    now_open = [open_then(schedules, when) for schedules in services.loc[own, "schedules"]]
    services.loc[own, "time"] = np.array(now_open, dtype=np.int8)
    return replace(candidates, services=services)


def changed_ground(ground: SiteGround, change: Change) -> SiteGround:
    """The sites as they would be."""
    if change.kind != "extent":
        return ground
    extents = ground.extents.copy()
    points = ground.references.loc[ground.references["slug"].eq(change.slug)].geometry
    circles = gpd.GeoSeries([points.buffer(change.radius_metres).union_all()], crs=extents.crs)
    at = extents.index[extents["slug"].eq(change.slug)]
    extents.loc[at, "geometry"] = circles.to_numpy()
    return replace(ground, extents=extents)


def _moved(candidates: Candidates, own: pd.Series, change: Change) -> Candidates:
    """Every service that meets somewhere has one place, the new one; what needs no place needs none still."""
    moving = np.flatnonzero((own & candidates.services["placeless"].ne(-1)).to_numpy())
    staying = candidates.places[~candidates.places["service"].isin(moving)]
    easting, northing = change.point or (None, None)
    new = pd.DataFrame(
        {
            "service": moving,
            "precision": "open",
            "easting": easting,
            "northing": northing,
            "ward_code": None,
            "authority_code": None,
        }
    ).astype({"ward_code": object, "authority_code": object})
    services = candidates.services.copy()
    services.loc[moving, "placeless"] = np.int8(1)
    return replace(candidates, services=services, places=pd.concat([staying, new], ignore_index=True))


def _schedule(change: Change) -> dict[str, str]:
    return {
        "freq": "WEEKLY",
        "byday": RRULE_DAYS[change.weekday],
        "opens_at": _clock(change.opens),
        "closes_at": _clock(change.closes),
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
