"""Under which identifiers an organisation is known, once records of it were joined."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.models import MergedId, OrganizationMerge
from directory.places.batches import batches

# Why a version was made by joining and taking apart: nobody wrote anything in it.
JOINED = "Joined with another record of the same organisation"
JOINED_INTO = "Joined into another record of the same organisation"
APART = "Taken apart again: it had been joined with another record"
BY_JOINING = (JOINED, JOINED_INTO, APART)


def final_ids(session: Session, ids: Collection[str]) -> dict[str, str]:
    """By identifier of what was joined into something else, what it is in now; others are left out."""
    found: dict[str, str] = {}
    for some in batches(sorted(set(ids))):
        query = select(MergedId.old_id, MergedId.new_id).where(MergedId.old_id.in_(some))
        found |= dict(session.execute(query).all())
    if found:
        onward = final_ids(session, found.values())
        found = {old: onward.get(new, new) for old, new in found.items()}
    return found


def final_id(session: Session, old_id: str) -> str:
    """What an organisation or service is found by now: itself, unless it was joined into another."""
    return final_ids(session, [old_id]).get(old_id, old_id)


def joined_into(session: Session, organization_ids: Collection[str]) -> list[OrganizationMerge]:
    """The merges that hold now in which some organisations, or what was joined into them, took part."""
    found: dict[str, OrganizationMerge] = {}
    ids = set(organization_ids)
    while ids:
        new: list[OrganizationMerge] = []
        for some in batches(sorted(ids)):
            part = or_(OrganizationMerge.organization_id.in_(some), OrganizationMerge.gone_id.in_(some))
            query = select(OrganizationMerge).where(part, OrganizationMerge.undone_at.is_(None))
            new += [one for one in session.scalars(query) if one.id not in found]
        found |= {one.id: one for one in new}
        ids = {key for one in new for key in (one.organization_id, one.gone_id)}
    return list(found.values())


def other_selves(session: Session, organization_ids: Collection[str]) -> dict[str, list[Mapping[str, Any]]]:
    """By organisation, what else it was called and numbered: the records that were joined, as they were."""
    joined = joined_into(session, organization_ids)
    groups: list[tuple[set[str], list[Mapping[str, Any]]]] = []
    for one in joined:
        ids = {one.organization_id, one.gone_id}
        documents: list[Mapping[str, Any]] = [one.kept_document, one.gone_document]
        for group in [group for group in groups if group[0] & ids]:
            groups.remove(group)
            ids |= group[0]
            documents += group[1]
        groups.append((ids, documents))
    return {key: documents for ids, documents in groups for key in ids & set(organization_ids)}
