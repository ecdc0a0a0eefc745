"""The row that credits a source."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Source, utc_now
from directory.sources.mapping import SourceMapping


def ensure_source(session: Session, mapping: SourceMapping, *, fictional: bool = False) -> Source:
    """The row that credits a source, made or brought up to date from its mapping."""
    source = session.scalar(select(Source).where(Source.slug == mapping.source))
    if source is None:
        source = Source(slug=mapping.source, title=mapping.title)
        session.add(source)
    source.title = mapping.title
    source.publisher = mapping.publisher or None
    source.licence = mapping.licence or None
    source.licence_url = mapping.licence_url or source.licence_url
    source.trust = mapping.trust
    source.attribution = mapping.attribution or None
    source.address = mapping.url or None
    source.retrieved_on = utc_now().date()
    source.fictional = fictional
    session.flush()
    return source
