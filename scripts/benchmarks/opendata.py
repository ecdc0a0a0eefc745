"""Measure the open data with many services: pages at the beginning, middle and end, and exports.

Run it from the project's folder. It makes a database in the folder given, the first time, and keeps it:

    PYTHONPATH=scripts python -m benchmarks.opendata --services 200000 --folder instance/many
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from benchmarks.measure import extra_megabytes, in_turn
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Settings
from directory.db import make_engine, upgrade
from directory.exporting.formats import FORMS, export
from directory.models import (
    Base,
    PublishedChange,
    PublishedLink,
    PublishedOrganization,
    PublishedPlace,
    PublishedService,
)
from directory.openreferral.values import link_id
from directory.taxonomies import ensure_bundled_terms
from directory.web.opendata import COLUMNS
from directory.web.records import export_facts

MANY = UUID("2b0c6c0a-8f0e-4b58-9b6a-50f1c2ad9d11")
BATCH = 2_000
WORDS = "Somewhere to go, something to do, and somebody to talk to. " * 5
MOMENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
TABLES = (PublishedOrganization, PublishedService, PublishedPlace, PublishedLink, PublishedChange)


def fill(url: str, services: int) -> None:
    """Fill a database with services, each of an organisation of its own, every second with a place."""
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session:
        ensure_bundled_terms(session)
        have = session.scalar(select(func.count()).select_from(PublishedService)) or 0
        for start in range(have, services, BATCH):
            made = [_made_up(number) for number in range(start + 1, min(start + BATCH, services) + 1)]
            for table in TABLES:
                session.execute(insert(table), [row for rows in made for row in rows[table]])
        session.commit()
    engine.dispose()


def _made_up(number: int) -> dict[type[Base], list[dict[str, Any]]]:
    """The rows of a service: its organisation, itself, its place. Short, so that paging counts."""
    service, organization, place = (
        str(uuid5(MANY, f"{number}/{kind}")) for kind in ("service", "organization", "place")
    )
    name = f"Made-up service {number:,}"
    facts = {"fictional": True, "minimum_age": number % 18}
    owner = {"id": organization, "name": f"{name} trust", "fictional": True, "source": {"slug": "made-up"}}
    point = {"latitude": 52.4 + number % 997 / 5_000, "longitude": -2.2 + number % 991 / 2_000}
    where = {"name": f"Made-up hall {number:,}", "precision": "open"} | point
    location = {"id": place, "location_type": "physical", "addresses": [_address(place, number)]} | where
    links = [{"location": location}] if number % 2 else []
    document = {"id": service, "name": name, "description": WORDS, "status": "active", "organization": owner}
    document |= {"service_at_locations": links, "source": owner["source"]} | facts
    whose = {"organization_id": organization}
    row = {"id": number, "service_id": service, "name": name, "organization_name": owner["name"]} | whose
    row |= {"hours_known": False, "place_known": bool(links), "status": "active", "document": document}
    spot = {"id": number, "published_service_id": number, "postcode": "B19 1AA"} | where
    link = {"id": link_id(service, place), "published_service_id": number, "published_place_id": number}
    moments = {"checksum": "", "first_published": MOMENT, "last_modified": MOMENT} | whose
    shown = {"name": owner["name"], "fictional": True, "source_slug": "made-up", "document": owner}
    return {
        PublishedOrganization: [shown | whose],
        PublishedService: [row | facts],
        PublishedPlace: [spot] if links else [],
        PublishedLink: [link | {"location_id": place}] if links else [],
        PublishedChange: [moments | {"id": key} for key in (service, organization)],
    }


def _address(place: str, number: int) -> dict[str, Any]:
    lines = {"address_1": f"{number} Made-up Road", "city": "Birmingham", "postal_code": "B19 1AA"}
    more = {"state_province": "West Midlands", "country": "GB", "address_type": "physical"}
    return {"id": str(uuid5(MANY, f"{number}/address")), "location_id": place} | lines | more


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
        grown = extra_megabytes(partial(_exported, app, name))
        yield f"{name}: {grown:.0f} MB of extra memory"
    engine.dispose()


def _exported(app: Flask, name: str) -> int:
    """Write an export to nowhere, and count its bytes."""
    with app.test_request_context():
        size = sum(len(part) for part in export(app.extensions["engine"], name, export_facts, COLUMNS))
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
