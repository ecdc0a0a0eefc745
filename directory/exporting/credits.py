"""Whom to credit for what an export holds: every source that any of it came from, with its licence."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.models import OrganizationMerge, PublishedOrganization, Source


def credits_of(session: Session) -> list[dict[str, str]]:
    """The sources of what is published, by title: who publishes each, its licence, whom to thank."""
    used = select(PublishedOrganization.source_slug).distinct()
    holds = select(OrganizationMerge.rows).where(OrganizationMerge.undone_at.is_(None))
    joined = {rows.get("gone_source") for rows in session.scalars(holds)} - {None}
    query = select(Source).where(or_(Source.slug.in_(used), Source.id.in_(sorted(joined, key=str))))
    rows = session.scalars(query.order_by(Source.title, Source.slug))
    names = ("title", "publisher", "licence", "licence_url", "attribution")
    found = [{name: getattr(row, name) for name in names} for row in rows]
    return [{name: value for name, value in credit.items() if value} for credit in found]


def described(session: Session) -> dict[str, Any]:
    """The same as a data package says it: its sources and its licences."""
    found = credits_of(session)
    sources = [
        {"title": one["title"]} | ({"attribution": one["attribution"]} if "attribution" in one else {})
        for one in found
    ]
    licences = {
        one["licence"]: {"name": _plain(one["licence"]), "title": one["licence"]}
        | ({"path": one["licence_url"]} if "licence_url" in one else {})
        for one in found
        if "licence" in one
    }
    return {"sources": sources, "licenses": list(licences.values())} if found else {}


def _plain(name: str) -> str:
    """A name of a licence in the characters that a data package allows."""
    return "".join(c if c.isalnum() or c in "-._" else "-" for c in name)
