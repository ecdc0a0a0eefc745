"""From the tables to whoever asks and to whose a record is."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Actor, Target
from directory.languages import N_, NP_
from directory.models import Account, Area, Location, Role, Service, ServiceArea, ServiceAtLocation
from directory.models.account import ROLES

ROLE_NAMES: Mapping[str, str] = {
    "member": NP_("role", "member"),
    "navigator": NP_("role", "navigator"),
    "commissioner": NP_("role", "commissioner"),
    "administrator": NP_("role", "administrator"),
}
ROLE_WORDS: Mapping[str, str] = {
    "member": N_("Looks after the record of an organisation"),
    "navigator": N_("Reviews the records of an authority"),
    "commissioner": N_("Looks for gaps"),
    "administrator": N_("Looks after accounts and settings"),
}


def actor_of(account: Account) -> Actor:
    """Who an account is and what it looks after."""
    return Actor(
        account_id=account.id,
        roles=frozenset(role.name for role in account.roles),
        patches=frozenset(patch.authority_code for patch in account.patches),
        memberships={one.organization_id: one.is_lead for one in account.memberships},
    )


def target_of(session: Session, organization_id: str) -> Target:
    """Whose a record is: its organisation, and the authorities that its services are in or cover."""
    places = (
        select(Location.authority_code)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id == organization_id, Location.authority_code.is_not(None))
    )
    areas = (
        select(Area.authority_code)
        .join(ServiceArea, ServiceArea.extent == Area.code)
        .join(Service, Service.id == ServiceArea.service_id)
        .where(Service.organization_id == organization_id, Area.authority_code.is_not(None))
    )
    whole = areas.with_only_columns(Area.code).where(Area.level == "authority")
    codes = {code for query in (places, areas, whole) for code in session.scalars(query) if code}
    return Target(organization_id, frozenset(codes))


def ensure_roles(session: Session) -> None:
    """Put in the roles that are not there yet."""
    known = set(session.scalars(select(Role.name)))
    session.add_all(Role(name=name, description=ROLE_WORDS[name]) for name in ROLES if name not in known)
    session.flush()


def roles_named(session: Session, names: Collection[str]) -> list[Role]:
    """The roles of some names."""
    ensure_roles(session)
    return list(session.scalars(select(Role).where(Role.name.in_(names))))
