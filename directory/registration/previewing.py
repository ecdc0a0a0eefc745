"""What the public would see of a document: made by the very code that publishes, and then undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accepting import NotAcceptedError, own_source
from directory.accounts.actors import target_of
from directory.models import PublishedOrganization, PublishedService
from directory.openreferral.check import check
from directory.openreferral.fill import Terms
from directory.openreferral.load import Origin, replace
from directory.places.flag import place
from directory.publishing.publish import publish


@dataclass(frozen=True)
class Shown:
    """The public copy that a document would have; no organisation where nothing of it would be shown.

    `authority_codes` are the authorities that it lies in or covers.
    """

    organization: PublishedOrganization | None
    services: list[PublishedService]
    authority_codes: frozenset[str]


@contextmanager
def previewed(
    session: Session, document: Mapping[str, Any], today: date, way: str = "self"
) -> Iterator[Shown]:
    """Load and publish a document within a savepoint, and take all of it back at the end.

    Read what is shown before the end. Raises NotAcceptedError for a document that nobody could accept.
    """
    fatal = [problem for problem in check(document) if problem.fatal]
    if fatal:
        raise NotAcceptedError(fatal)
    session.flush()
    savepoint = session.begin_nested()
    try:
        origin = Origin(source_id=own_source(session, way).id, reason="Preview")
        organization = replace(session, document, Terms(session), origin)
        links = (link for one in organization.services for link in one.service_at_locations)
        place(session, list({link.location.id: link.location for link in links}.values()))
        publish(session, [organization.id], today)
        query = select(PublishedService).where(PublishedService.organization_id == organization.id)
        yield Shown(
            organization=session.get(PublishedOrganization, organization.id),
            services=list(
                session.scalars(query.order_by(PublishedService.name, PublishedService.service_id))
            ),
            authority_codes=target_of(session, organization.id).authority_codes,
        )
    finally:
        savepoint.rollback()
