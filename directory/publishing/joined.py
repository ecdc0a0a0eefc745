"""Whom else to credit for a record that was joined from several sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import OrganizationMerge, Source


def joined_sources(session: Session, organization_ids: Collection[str]) -> dict[str, list[Source]]:
    """By organisation, the sources of the records that went into it."""
    found: dict[str, list[Source]] = defaultdict(list)
    owners = {key: key for key in organization_ids}
    while owners:
        columns = (OrganizationMerge.organization_id, OrganizationMerge.gone_id, OrganizationMerge.rows)
        query = select(*columns).where(
            OrganizationMerge.organization_id.in_(list(owners)), OrganizationMerge.undone_at.is_(None)
        )
        onward: dict[str, str] = {}
        for kept_id, gone_id, rows in session.execute(query):
            onward[gone_id] = owners[kept_id]
            source = session.get(Source, rows["gone_source"]) if rows.get("gone_source") else None
            if source is not None and source not in found[owners[kept_id]]:
                found[owners[kept_id]].append(source)
        owners = onward
    return dict(found)


def credit_too(document: dict[str, Any], sources: Sequence[Source]) -> None:
    """Add to the credit of a public document whom its other sources want thanked, each with its licence."""
    credit = document["source"]
    others = [source for source in sources if source.slug != credit["slug"]]
    if others:
        said = [credit["attribution"]] if credit.get("attribution") else []
        said += [
            f"Also from {source.title}"
            + (f" ({source.licence})" if source.licence else "")
            + (f": {source.attribution}" if source.attribution else "")
            for source in sorted(others, key=lambda source: source.slug)
        ]
        document["source"] = {**credit, "attribution": "; ".join(text.rstrip(".") for text in said)}
