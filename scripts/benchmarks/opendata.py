"""Measure the open data with many services: pages at the beginning, middle and end, and exports.

Run it from the project's folder. It makes a database in the folder given, the first time, and keeps it:

    PYTHONPATH=scripts python -m benchmarks.opendata --services 200000 --folder instance/many
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from benchmarks.measure import extra_megabytes, in_turn
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Settings
from directory.db import make_engine, upgrade
from directory.exporting.formats import FORMS, export
from directory.models import PublishedService
from directory.taxonomies import ensure_bundled_terms
from directory.web.opendata import COLUMNS
from directory.web.records import export_facts

MANY = UUID("2b0c6c0a-8f0e-4b58-9b6a-50f1c2ad9d11")
BATCH = 2_000
WORDS = "Somewhere to go, something to do, and somebody to talk to. " * 5
MOMENT = "2026-11-03 09:30:00.000000"
CHANGE = "INSERT INTO published_change VALUES (?, ?, '', ?, ?)"
STATEMENTS = (
    "INSERT INTO published_organization VALUES (?, ?, 1, 'made-up', ?)",
    "INSERT INTO published_service VALUES (?, ?, ?, ?, ?, ?, null, null, 0, 0, 'active', null, 1, ?)",
    CHANGE,
    CHANGE,
)


def fill(url: str, services: int) -> None:
    """Fill a database with published services, each of an organisation of its own."""
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session:
        ensure_bundled_terms(session)
        have = session.scalar(select(func.count()).select_from(PublishedService)) or 0
        connection = session.connection()
        for start in range(have, services, BATCH):
            made = [_made_up(number) for number in range(start + 1, min(start + BATCH, services) + 1)]
            for statement, rows in zip(STATEMENTS, zip(*made, strict=True), strict=True):
                connection.exec_driver_sql(statement, list(rows))
        session.commit()
    engine.dispose()


def _made_up(number: int) -> tuple[tuple[Any, ...], ...]:
    """The rows of a service: its organisation, itself, when each changed. Short, so that paging counts."""
    service, organization = (str(uuid5(MANY, f"{number}/{kind}")) for kind in ("service", "organization"))
    name = f"Made-up service {number:,}"
    owner = {"id": organization, "name": f"{name} trust", "fictional": True, "source": {"slug": "made-up"}}
    document = {"id": service, "name": name, "description": WORDS, "status": "active", "organization": owner}
    document |= {"service_at_locations": [], "source": owner["source"], "minimum_age": number % 18}
    own, theirs = service.replace("-", ""), organization.replace("-", "")
    return (
        (theirs, owner["name"], json.dumps(owner)),
        (number, own, theirs, name, owner["name"], number % 18, json.dumps(document)),
        (own, theirs, MOMENT, MOMENT),
        (theirs, theirs, MOMENT, MOMENT),
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
