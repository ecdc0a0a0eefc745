"""Credit whoever published a file: the record that was made when it was fetched goes into the tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.fetching.fetch import manifest_entry
from directory.models import Source


def credit(session: Session, path: Path) -> Source | None:
    """The source of a fetched file, added or brought up to date; None for a file that nobody recorded."""
    record = manifest_entry(path)
    if record is None:
        return None
    source = session.scalar(select(Source).where(Source.slug == record.slug)) or Source(slug=record.slug)
    source.title, source.publisher = record.title, record.publisher
    source.licence, source.licence_url = record.licence, record.licence_url
    source.attribution, source.address = record.attribution, record.address
    source.retrieved_on = record.retrieved_on
    session.add(source)
    session.flush()
    return source
