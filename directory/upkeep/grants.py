"""Grants that funders say they made, kept beside the record: its organisation says nothing of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.models import GrantAward, OrganizationIdentifier
from directory.publishing.publish import publish
from directory.sources.entry import Grant


def keep_grants(session: Session, source_id: str, grants: Collection[Grant], today: date) -> int:
    """Keep what a source says now of grants, in the stead of what it said before; how many are of use.

    A grant is of use where the directory holds the organisation, by its number in a register.
    """
    holders = _holders(session)
    mine = GrantAward.source_id == source_id
    touched = set(session.scalars(select(GrantAward.organization_id).where(mine)))
    session.execute(delete(GrantAward).where(mine))
    kept = 0
    for grant in grants:
        found = {key for org_id in grant.org_ids for key in holders.get(org_id.upper(), ())}
        kept += bool(found)
        touched |= found
        session.add_all(_award(grant, source_id, organization_id) for organization_id in sorted(found))
    session.flush()
    publish(session, touched, today)
    return kept


def _holders(session: Session) -> dict[str, set[str]]:
    """The organisations that have each number in a register."""
    columns = (
        OrganizationIdentifier.identifier_scheme,
        OrganizationIdentifier.identifier,
        OrganizationIdentifier.organization_id,
    )
    holders: dict[str, set[str]] = defaultdict(set)
    for scheme, number, organization_id in session.execute(select(*columns)):
        holders[f"{scheme}-{number}".upper()].add(organization_id)
    return holders


def _award(grant: Grant, source_id: str, organization_id: str) -> GrantAward:
    return GrantAward(
        organization_id=organization_id,
        source_id=source_id,
        key=grant.key,
        funder=grant.funder,
        title=grant.title,
        amount=grant.amount,
        currency=grant.currency,
        awarded_on=grant.awarded_on,
        benefits=grant.benefits,
    )
