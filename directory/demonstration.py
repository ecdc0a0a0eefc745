"""The bundled demonstration data: in, and out again."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path

import geopandas as gpd
import pandas as pd
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.importing import ImportJob, ImportReport, Progress, run_import
from directory.models import (
    Attribute,
    ImportRun,
    Location,
    Organization,
    Postcode,
    Revision,
    Service,
    ServiceAtLocation,
    Source,
    SourceRecord,
)
from directory.places import load
from directory.places.flag import place_all
from directory.publishing.publish import publish_all
from directory.publishing.vocabulary import withdraw
from directory.sources.entry import Entry, Reading
from directory.sources.mapping import SourceMapping
from geodata.crs import to_bng
from geodata.postcodes import read_codepoint

SAMPLE = Path(str(resources.files("geodata") / "sample"))
MAPPING = SourceMapping(
    source="demonstration",
    title="Demonstration data (fictional)",
    publisher="This project",
    licence="MIT",
    attribution="Fictional: made up to show what the directory does",
)


def is_empty(session: Session) -> bool:
    """Whether the directory holds no record."""
    return session.scalar(select(Organization.id).limit(1)) is None


def load_demonstration(session: Session, today: date, progress: Progress) -> ImportReport:
    """Load made-up areas, postcodes and figures, the real sites, and the fictional organisations.

    Nothing real that is there already is replaced.
    """
    areas = gpd.read_file(SAMPLE / "areas.geojson")
    load.load_areas(session, to_bng(areas), fictional=True)
    frame, _ = read_codepoint(SAMPLE / "postcodes.csv")
    load.load_postcodes(session, frame, replace=False)
    load.load_area_values(session, pd.read_csv(SAMPLE / "area_values.csv"))
    sites = json.loads((SAMPLE / "sites.geojson").read_text(encoding="utf-8"))
    load.load_sites(session, sites, replace=False)
    session.commit()
    path = SAMPLE / "organisations.json"
    documents = json.loads(path.read_text(encoding="utf-8"))
    entries = [Entry(key=item["id"], document=item, rows=(i,)) for i, item in enumerate(documents, start=1)]
    reading = Reading(entries=entries, rejected=[], rows=len(entries))
    job = ImportJob(reading, MAPPING, path, today, fictional=True, made_identifiers=False)
    return run_import(session, job, progress)


def remove_demonstration(session: Session, today: date) -> int:
    """Take out everything fictional, with its versions; the number of organisations."""
    ids = list(session.scalars(select(Organization.id).where(Organization.fictional)))
    services = select(Service.id).where(Service.organization_id.in_(ids))
    locations = list(
        session.scalars(
            select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id.in_(services))
        )
    )
    linked = [*ids, *session.scalars(services), *locations]
    session.execute(delete(Attribute).where(Attribute.link_id.in_(linked)))
    session.execute(delete(Revision).where(Revision.organization_id.in_(ids)))
    withdraw(session, ids)
    session.execute(delete(Organization).where(Organization.id.in_(ids)))
    session.execute(delete(Location).where(Location.id.in_(locations)))
    # The made-up postcodes, and the real ones of the sites as long as they are in made-up wards.
    session.execute(delete(Postcode).where(Postcode.ward_code.like("X%")))
    load.remove_fictional_areas(session)
    _remove_source(session)
    place_all(session)
    publish_all(session, today)
    return len(ids)


def _remove_source(session: Session) -> None:
    """The credit of the demonstration goes with it, and so do the records of its imports."""
    sources = select(Source.id).where(Source.slug == MAPPING.source)
    session.execute(delete(SourceRecord).where(SourceRecord.source_id.in_(sources)))
    session.execute(delete(ImportRun).where(ImportRun.source_id.in_(sources)))
    session.execute(delete(Source).where(Source.slug == MAPPING.source))
