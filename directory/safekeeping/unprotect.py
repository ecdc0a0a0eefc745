"""Show more of a place than before: the only way there is, and a person's to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.languages import gettext
from directory.models import (
    Location,
    Organization,
    Revision,
    Service,
    ServiceAtLocation,
    Unprotection,
    utc_now,
)
from directory.models.turns import take_turn
from directory.openreferral.load import Origin, keep_versions
from directory.openreferral.protect import STRICTNESS
from directory.publishing.approximate import fix_again
from directory.publishing.publish import publish

SHORTEST_REASON = 10


class NotLoosenedError(ValueError):
    """A protection that stays as it is; the message says why and what to do."""


@dataclass(frozen=True)
class Loosening:
    """Who shows more of a place, why, and on which day. Nobody's name belongs in the reason."""

    account_id: str | None
    reason: str
    today: date


def unprotect(session: Session, location_id: str, after: str, loosening: Loosening) -> Location:
    """Loosen the protection of a place, in the record of each organisation that is there; the caller commits.

    What was hidden of it in earlier versions no longer counts, or the next import would hide it again.
    """
    owners = owners_of(session, location_id)
    for organization in owners:
        take_turn(session, f"organization {organization.id}")
    location = session.get_one(Location, location_id, populate_existing=True)
    before = location.protection
    reason = " ".join(loosening.reason.split())
    if after not in STRICTNESS or STRICTNESS.index(after) >= STRICTNESS.index(before):
        raise NotLoosenedError(gettext("Choose something that shows more of the place than now."))
    if len(reason) < SHORTEST_REASON:
        raise NotLoosenedError(
            gettext("Give the reason, in %(shortest)s characters or more.", shortest=SHORTEST_REASON)
        )
    location.protection = after
    for organization in owners:
        organization.last_modified = utc_now()
        _keep(session, organization, location, (before, after), loosening)
    publish(session, [organization.id for organization in owners], loosening.today)
    _log(session, "unprotect", location_id, loosening, f"{before} to {after}")
    return location


def take_new_area(session: Session, location_id: str, loosening: Loosening) -> None:
    """Let the area that a place lies in now stand for it, as after new boundaries; the caller commits."""
    location = session.get_one(Location, location_id)
    if location.protection != "approximate":
        raise NotLoosenedError(gettext("Only a place that is shown by its area has one."))
    if len(loosening.reason.split()) == 0:
        raise NotLoosenedError(gettext("Give the reason."))
    fix_again(session, location)
    publish(session, [one.id for one in owners_of(session, location_id)], loosening.today)
    _log(session, "unprotect", location_id, loosening, "its area was chosen anew")


def owners_of(session: Session, location_id: str) -> list[Organization]:
    """The organisations that give a service at a place."""
    query = (
        select(Organization)
        .where(
            Organization.id.in_(
                select(Service.organization_id)
                .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
                .where(ServiceAtLocation.location_id == location_id)
            )
        )
        .order_by(Organization.id)
    )
    return list(session.scalars(query))


def _keep(
    session: Session,
    organization: Organization,
    location: Location,
    protections: tuple[str, str],
    loosening: Loosening,
) -> None:
    """Keep the version that shows more, and that a person decided so."""
    origin = Origin(organization.source_id, loosening.reason, account_id=loosening.account_id)
    keep_versions(session, [organization], origin)
    session.flush()
    newest = select(Revision.number).where(Revision.organization_id == organization.id)
    number = session.scalars(newest.order_by(Revision.number.desc()).limit(1)).one()
    session.add(
        Unprotection(
            organization_id=organization.id,
            location_id=location.id,
            number=number,
            before=protections[0],
            after=protections[1],
            reason=loosening.reason,
            account_id=loosening.account_id,
        )
    )
    session.flush()


def _log(session: Session, action: str, location_id: str, loosening: Loosening, change: str) -> None:
    # The reason is a person's free words: it stays with the record, where it can be erased.
    audit.record(session, loosening.account_id, action, ("location", location_id), {"change": change})
