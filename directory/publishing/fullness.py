"""Which services are full, by what became of referrals: said on the public copy, with the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Service, ServiceFullness

# The day on which a service last turned somebody away as full, by its identifier.
Full = Mapping[str, date]


def full_of(session: Session, organization_ids: Collection[str]) -> Sequence[ServiceFullness]:
    """The rows of those services of some organisations that are full."""
    query = (
        select(ServiceFullness)
        .join(Service, Service.id == ServiceFullness.service_id)
        .where(Service.organization_id.in_(organization_ids), ServiceFullness.full_on.is_not(None))
    )
    return session.scalars(query).all()


def full_services(session: Session, organization_ids: Collection[str]) -> Full:
    """The services of some organisations that are full."""
    return {row.service_id: row.full_on for row in full_of(session, organization_ids) if row.full_on}


def say_full(document: dict[str, Any], full: Full) -> None:
    """Say on the public document of a service since when it is full."""
    day = full.get(document["id"])
    if day:
        document["full_on"] = day.isoformat()
