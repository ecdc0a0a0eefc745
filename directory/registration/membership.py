"""Who looks after an entry: several members, one of whom leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from directory import audit
from directory.accounts.actors import roles_named
from directory.languages import speak, spoken
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter
from directory.models import Account, Membership, Organization
from directory.models.turns import take_turn
from directory.registration.links import members_link


@dataclass(frozen=True)
class _About:
    """What the letters are about: an entry, and the site that has it."""

    organization: Organization
    public_url: str


class StillLeadsError(Exception):
    """Whoever leads an entry hands it over before leaving it to the others."""


def members_of(session: Session, organization_id: str) -> list[Membership]:
    """The members of an organisation, the lead first."""
    query = select(Membership).where(Membership.organization_id == organization_id)
    query = query.options(joinedload(Membership.account)).order_by(
        Membership.is_lead.desc(), Membership.since
    )
    return list(session.scalars(query))


def admit(session: Session, account: Account, organization_id: str, public_url: str) -> Membership:
    """Make an account a member, and the lead where there is none. Those who were there get a letter."""
    before = members_of(session, organization_id)
    known = next((one for one in before if one.account_id == account.id), None)
    if known is not None:
        return known
    if not any(role.name == "member" for role in account.roles):
        account.roles.extend(roles_named(session, ["member"]))
    membership = Membership(
        account_id=account.id,
        organization_id=organization_id,
        is_lead=not any(one.is_lead for one in before),
    )
    account.memberships.append(membership)
    session.flush()
    organization = session.get_one(Organization, organization_id)
    about = _About(organization, public_url)
    for one in before:
        who = {"who": account.name or account.email}
        _write(session, one.account, "member-joined", about, who, f"joined {membership.id} {one.id}")
    _write(session, account, "member-welcome", about, key=f"welcome {membership.id}")
    return membership


def hand_over(session: Session, member: Membership, actor_id: str | None, public_url: str) -> None:
    """Make a member the lead of its organisation in the stead of whoever leads it now."""
    _take(session, member)
    for one in members_of(session, member.organization_id):
        one.is_lead = one.id == member.id
    session.flush()
    about = _About(session.get_one(Organization, member.organization_id), public_url)
    for one in members_of(session, member.organization_id):
        more = {"who": member.account.name or member.account.email, "you": one.id == member.id}
        _write(session, one.account, "member-lead", about, more)
    audit.record(
        session, actor_id, "hand over", ("organization", member.organization_id), {"to": member.account_id}
    )


def remove(session: Session, member: Membership, actor_id: str | None, public_url: str) -> None:
    """End a membership. Raises StillLeadsError for a lead with others: they would be without one."""
    _take(session, member)
    others = [one for one in members_of(session, member.organization_id) if one.id != member.id]
    if member.is_lead and others:
        raise StillLeadsError(member.id)
    account, organization_id = member.account, member.organization_id
    about = _About(session.get_one(Organization, organization_id), public_url)
    account.memberships.remove(member)
    if not account.memberships:
        account.roles = [role for role in account.roles if role.name != "member"]
    session.flush()
    _write(session, account, "member-left", about)
    audit.record(session, actor_id, "end membership", ("organization", organization_id), {"of": account.id})


def _take(session: Session, member: Membership) -> None:
    take_turn(session, f"claims {member.organization_id}")
    session.refresh(member)


def _write(
    session: Session,
    account: Account,
    template: str,
    about: _About,
    more: Mapping[str, object] = MappingProxyType({}),
    key: str | None = None,
) -> None:
    """Write to a member, in the language of that member."""
    organization = about.organization
    with speak(language_of(session, account.email, spoken())):
        values = {"name": organization.name, "link": members_link(about.public_url, organization.id)}
        write_letter(session, Letter(account.email, template, {**values, **more}, key=key))
