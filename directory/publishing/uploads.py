"""The files of organisations that the public may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from directory.models import Upload
from directory.publishing.withhold import Withholder

File = Row[*tuple[Any, ...]]
Approved = Mapping[str, list[File]]


def approved_uploads(session: Session, organization_ids: Collection[str]) -> Approved:
    """The files of some organisations that a navigator has approved, without their bytes."""
    columns = (
        Upload.id,
        Upload.organization_id,
        Upload.kind,
        Upload.title,
        Upload.content_type,
        Upload.size,
    )
    query = select(*columns, Upload.text).where(
        Upload.organization_id.in_(organization_ids), Upload.approved_at.is_not(None)
    )
    found: dict[str, list[File]] = defaultdict(list)
    for row in session.execute(query.order_by(Upload.kind, Upload.title, Upload.id)):
        found[row.organization_id].append(row)
    return found


def public_uploads(rows: Collection[File], withhold: Withholder) -> dict[str, Any]:
    """What the public may know of files; nothing of one that holds what is withheld, approved or not."""
    files = [
        {name: getattr(row, name) for name in ("id", "kind", "title", "content_type", "size")}
        for row in rows
        if withhold(row.text) == row.text and withhold(row.title) == row.title
    ]
    return {"uploads": files} if files else {}
