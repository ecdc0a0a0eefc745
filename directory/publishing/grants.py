"""The grants that funders say they made, as the public may see them, each with whom to credit."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import GrantAward, Source
from directory.publishing.shape import public_source


def grants_of(session: Session, organization_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The grants of each organisation that got any, the newest first."""
    query = (
        select(GrantAward, Source)
        .join(Source, Source.id == GrantAward.source_id)
        .where(GrantAward.organization_id.in_(organization_ids))
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for award, source in session.execute(query):
        found.setdefault(award.organization_id, []).append(_public(award, source))
    for grants in found.values():
        grants.sort(key=lambda grant: (grant.get("awarded_on", ""), grant["key"]), reverse=True)
    return found


def _public(award: GrantAward, source: Source) -> dict[str, Any]:
    names = ("key", "funder", "title", "amount", "currency", "benefits")
    facts = {name: getattr(award, name) for name in names}
    facts["awarded_on"] = award.awarded_on.isoformat() if award.awarded_on else None
    known = {name: value for name, value in facts.items() if value is not None}
    return known | {"source": public_source(source)}
