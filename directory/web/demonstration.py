"""Whether some of what is published is made up: then every page says so."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import PublishedOrganization
from directory.remembering import remember


def is_demonstration(session: Session) -> bool:
    """Whether any organisation that is published is fictional."""
    query = select(PublishedOrganization.organization_id).where(PublishedOrganization.fictional).limit(1)
    return remember(session, "demonstration", lambda: session.scalar(query) is not None, published=True)
