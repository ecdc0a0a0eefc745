"""The public record as of one moment, however long it takes to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, selectinload

from directory.models import PublishedChange, PublishedOrganization, PublishedService

BATCH = 500
BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
Dated = tuple[PublishedService, datetime]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that sees what is there when it first reads, and nothing that others write later."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection:
        if not options:
            # Python's driver for SQLite begins nothing before it writes: each query would see its own moment.
            connection.exec_driver_sql("BEGIN")
        with Session(connection) as session:
            yield session


def changes_of(session: Session, ids: Sequence[str]) -> dict[str, datetime]:
    """When each of some services or organisations last changed."""
    rows = session.execute(
        select(PublishedChange.id, PublishedChange.last_modified).where(PublishedChange.id.in_(ids))
    ).all()
    return dict.fromkeys(ids, BEFORE) | {row.id: row.last_modified for row in rows}


def dated(session: Session, services: Sequence[PublishedService]) -> list[Dated]:
    """Services, each with when it last changed."""
    changes = changes_of(session, [service.service_id for service in services])
    return [(service, changes[service.service_id]) for service in services]


def services_by_id(session: Session, ids: Sequence[str]) -> list[Dated]:
    """Services in the order of some identifiers, without those that are published no more."""
    rows = session.scalars(select(PublishedService).where(PublishedService.service_id.in_(ids)))
    by_id = {row.service_id: row for row in rows}
    return dated(session, [by_id[key] for key in ids if key in by_id])


def services_of(session: Session, organization_ids: Sequence[str]) -> dict[str, list[tuple[Any, datetime]]]:
    """The documents of the services of some organisations, by organisation."""
    query = select(PublishedService).where(PublishedService.organization_id.in_(organization_ids))
    found: dict[str, list[tuple[Any, datetime]]] = {key: [] for key in organization_ids}
    for service, changed in dated(
        session, session.scalars(query.order_by(PublishedService.service_id)).all()
    ):
        found[service.organization_id].append((service.document, changed))
    return found


def every_service(session: Session) -> Iterator[list[Dated]]:
    """All services with their places, some hundreds at a time, so that memory does not grow with them."""
    last = 0
    while True:
        query = (
            select(PublishedService)
            .where(PublishedService.id > last)
            .options(selectinload(PublishedService.places))
        )
        rows = session.scalars(query.order_by(PublishedService.id).limit(BATCH)).all()
        if not rows:
            return
        last = rows[-1].id
        yield dated(session, rows)
        session.expunge_all()


def every_organization(session: Session) -> Iterator[list[PublishedOrganization]]:
    """All organisations, some hundreds at a time."""
    last = ""
    while True:
        query = select(PublishedOrganization)
        if last:
            query = query.where(PublishedOrganization.organization_id > last)
        rows = session.scalars(query.order_by(PublishedOrganization.organization_id).limit(BATCH)).all()
        if not rows:
            return
        last = rows[-1].organization_id
        yield list(rows)
        session.expunge_all()
