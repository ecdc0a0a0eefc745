"""Measure the open data with many services: pages at the beginning, middle and end, and exports.

Run it from the project's folder. It makes a database in the folder given, the first time, and keeps it:

    PYTHONPATH=scripts python -m benchmarks.opendata --services 200000 --folder instance/many
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from benchmarks.measure import extra_megabytes, in_turn
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Settings
from directory.db import make_engine, upgrade
from directory.demonstration import load_demonstration
from directory.exporting.formats import FORMS, export
from directory.models import PublishedService
from directory.taxonomies import ensure_bundled_terms
from directory.web.opendata import COLUMNS
from directory.web.records import export_facts

MANY = UUID("2b0c6c0a-8f0e-4b58-9b6a-50f1c2ad9d11")
MODELS, BATCH = 396, 2_000


def fill(url: str, services: int) -> None:
    """Fill a database with copies of the demonstration's services, each with identifiers of its own."""
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session:
        if not session.scalar(select(func.count()).select_from(PublishedService)):
            ensure_bundled_terms(session)
            load_demonstration(session, datetime.now(UTC).date(), lambda _count: None)
        have = session.scalar(select(func.count()).select_from(PublishedService)) or 0
        models = session.scalars(select(PublishedService).order_by(PublishedService.id).limit(MODELS)).all()
        texts = [json.dumps(model.document, ensure_ascii=False) for model in models]
        key = session.scalar(select(func.max(PublishedService.id))) or 0
        connection = session.connection()
        for start in range(have, services, BATCH):
            for number in range(start, min(start + BATCH, services)):
                key += 1
                _copy(connection, models[number % len(models)], texts[number % len(models)], key)
        session.commit()
    engine.dispose()


def _copy(connection: Connection, model: PublishedService, text: str, key: int) -> None:
    """One more service, of an organisation of its own: as text, because that is quickest."""
    new = {old: str(uuid5(MANY, f"{key}/{old}")) for old in (model.service_id, model.organization_id)}
    for old, own in new.items():
        text = text.replace(old, own)
    inner = json.dumps(json.loads(text)["organization"], ensure_ascii=False)
    service, organization = (one.replace("-", "") for one in new.values())
    connection.exec_driver_sql(
        "INSERT INTO published_organization VALUES (?, ?, 1, 'demonstration', ?)",
        (organization, model.organization_name, inner),
    )
    connection.exec_driver_sql(
        "INSERT INTO published_service SELECT ?, ?, ?, name, organization_name, minimum_age,"
        " maximum_age, cost, hours_known, place_known, status, checked_on, fictional, ?"
        " FROM published_service WHERE id = ?",
        (key, service, organization, text, model.id),
    )
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    for one in (service, organization):
        connection.exec_driver_sql(
            "INSERT INTO published_change VALUES (?, ?, '', ?, ?)", (one, organization, now, now)
        )


def pages(app: Any, path: str, total: int, per_page: int) -> dict[str, Callable[[], Any]]:
    """Ask for the first, the middle and the last page of a list."""
    client = app.test_client()
    last = -(-total // per_page)
    return {
        f"{path} page {page:,}": partial(client.get, f"/api/{path}&per_page={per_page}&page={page}")
        for page in (1, last // 2, last)
    }


def measure(url: str, repeats: int) -> Iterator[str]:
    """Lines of what was measured."""
    app = create_app(Settings(database_url=url))
    with Session(app.extensions["engine"]) as session:
        total = session.scalar(select(func.count()).select_from(PublishedService)) or 0
    yield f"{total:,} services."
    for path in ("services?full=false", "services?full=true"):
        found = in_turn(pages(app, path, total, 100), repeats)
        first = next(iter(found.values())).seconds
        for name, one in found.items():
            ratio, status = one.seconds / first, one.answer.status_code
            yield f"{name}: {one.seconds:.3f} s, {ratio:.2f} of the first ({status})"
    engine = app.extensions["engine"]
    for name in FORMS:
        app.extensions["engine"].dispose()
        grown = extra_megabytes(partial(_exported, url, name))
        yield f"{name}: {grown:.0f} MB of extra memory"
    engine.dispose()


def _exported(url: str, name: str) -> int:
    """Write an export to nowhere, and count its bytes."""
    engine = make_engine(url)
    size = sum(len(part) for part in export(engine, name, export_facts, COLUMNS))
    print(f"{name}: {size:,} bytes")
    return size


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=Path("instance/many"))
    parser.add_argument("--repeats", type=int, default=7)
    given = parser.parse_args()
    url = f"sqlite:///{given.folder.resolve() / 'many.sqlite'}"
    fill(url, given.services)
    for line in measure(url, given.repeats):
        print(line, flush=True)


if __name__ == "__main__":
    main()
