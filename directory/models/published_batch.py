"""What was published when: a number for each change of the public copy, and whose it was."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.models.base import Base, new_id

# So many lines are kept. Who has read none of these reads the whole copy anew.
KEPT = 2000
# Set on a session that published: what it sees need not be what others see.
PUBLISHING = "this session published"


class PublishedBatch(Base):
    """A change of the public copy, written in the same transaction. The newest number is the state of it."""

    __tablename__ = "published_batch"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str]  # another for each: a number may come again, when a transaction is given up
    organization_ids: Mapped[list[Any]]


def note_batch(session: Session, organization_ids: Collection[str]) -> None:
    """Note that the public copy of some organisations changed. Whoever publishes holds the turn."""
    number = (session.scalar(select(func.max(PublishedBatch.number))) or 0) + 1
    row = {"number": number, "token": new_id(), "organization_ids": sorted(organization_ids)}
    session.execute(insert(PublishedBatch), [row])
    session.execute(delete(PublishedBatch).where(PublishedBatch.number <= number - KEPT))
    session.info[PUBLISHING] = True
