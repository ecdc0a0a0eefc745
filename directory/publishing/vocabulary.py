"""The words of the published texts, counted, and kept in step with them in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.models import (
    Publication,
    PublishedOrganization,
    PublishedService,
    PublishedText,
    PublishedWord,
    note_batch,
)
from directory.words import TERM_MARK

FIELDS = ("name", "organization_name", "terms", "description")
# A name of a person that was withheld is not in the texts; numbers help nobody to spell.
SHORTEST = 3


def withdraw(session: Session, organization_ids: Collection[str]) -> None:
    """Take the public copy of organisations out, and their words with it: each change begins so."""
    # Whoever publishes takes this row first, so that no two count the same words at once.
    session.execute(update(Publication).values(id=Publication.id))
    rows = session.execute(
        select(*(getattr(PublishedText, field) for field in FIELDS))
        .join(PublishedService, PublishedService.id == PublishedText.published_service_id)
        .where(PublishedService.organization_id.in_(organization_ids))
    ).mappings()
    _count(session, rows, -1)
    session.execute(
        delete(PublishedOrganization).where(PublishedOrganization.organization_id.in_(organization_ids))
    )
    note_batch(session, organization_ids)


def count_in(session: Session, texts: Iterable[Mapping[str, Any]]) -> None:
    """Count the words of new texts."""
    _count(session, texts, 1)


def _count(session: Session, texts: Iterable[Mapping[Any, Any]], sign: int) -> None:
    counts = Counter(word for text in texts for word in _words(text))
    if not counts:
        return
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(PublishedWord)
    more = PublishedWord.services + statement.excluded.services
    statement = statement.on_conflict_do_update(index_elements=["word"], set_={"services": more})
    # In one order, so that two who meet here do not wait for each other.
    rows = [{"word": word, "services": sign * count} for word, count in sorted(counts.items())]
    session.execute(statement, rows)
    if sign < 0:
        session.execute(delete(PublishedWord).where(PublishedWord.services <= 0))


def _words(text: Mapping[Any, Any]) -> set[str]:
    found = {word for field in FIELDS for word in text[field].split()}
    return {
        word
        for word in found
        if len(word) >= SHORTEST and not word.isdigit() and not word.startswith(TERM_MARK)
    }
