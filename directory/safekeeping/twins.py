"""Two records of one organisation: what one of them hides, the other must not show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Location, Organization, OrganizationIdentifier, Service, ServiceAtLocation
from directory.openreferral.dump import dump_location
from directory.openreferral.protect import STRICTNESS, Protected
from directory.places.batches import batches
from directory.publishing.spellings import fold


def hide_with_twins(session: Session, organizations: Sequence[Organization]) -> set[str]:
    """Make places of records of one organisation as strict as the strictest of them says.

    The identifiers of the places that were changed by it. Records are of one organisation when they share a
    register number, or their names are the same but for case, accents and marks. One record may hold the same
    door twice, hidden and open, as after two were merged.
    """
    changed: set[str] = set()
    for group in _groups(session, organizations):
        records = [session.get_one(Organization, key) for key in sorted(group)]
        memories = [Protected(session, record) for record in records]
        for record in records:
            for location in _places(record):
                if _tighten(location, memories):
                    changed.add(location.id)
    session.flush()
    return changed


def _tighten(location: Location, memories: Sequence[Protected]) -> bool:
    said = dump_location(location)
    strictest = max((memory.before(said) for memory in memories), key=STRICTNESS.index)
    if STRICTNESS.index(strictest) <= STRICTNESS.index(location.protection):
        return False
    location.protection = strictest
    return True


def _places(organization: Organization) -> list[Location]:
    return [link.location for service in organization.services for link in service.service_at_locations]


def _groups(session: Session, organizations: Sequence[Organization]) -> list[set[str]]:
    """The records that belong together with one of some organisations, where one of them hides something."""
    hiding = _hiding(session)
    if not hiding:
        return []
    names: dict[str, set[str]] = defaultdict(set)
    for key, name in session.execute(select(Organization.id, Organization.name)):
        names[_plain(name)].add(key)
    by_number = _by_number(session, [organization.id for organization in organizations])
    groups = []
    for organization in organizations:
        group = names[_plain(organization.name)] | by_number.get(organization.id, set())
        if group & hiding and group not in groups:
            groups.append(group)
    return groups


def _hiding(session: Session) -> set[str]:
    """The organisations that have a protected place."""
    query = (
        select(Service.organization_id)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Location.protection != "open")
        .distinct()
    )
    return set(session.scalars(query))


def _by_number(session: Session, organization_ids: Collection[str]) -> Mapping[str, set[str]]:
    """By organisation, all that share a register number with it."""
    own, other = OrganizationIdentifier, OrganizationIdentifier.__table__.alias("other")
    found: dict[str, set[str]] = defaultdict(set)
    query = select(own.organization_id, other.c.organization_id).join(
        other,
        (other.c.identifier == own.identifier) & (other.c.identifier_scheme == own.identifier_scheme),
    )
    for some in batches(sorted(organization_ids)):
        for key, same in session.execute(query.where(own.organization_id.in_(some))):
            found[key].add(same)
    return found


def _plain(name: str) -> str:
    return "".join(c for c in fold(name) if c.isalnum())
