"""The whole public record as text that is sent as it is made: Open Referral UK, CSV, GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cells import safe_cell
from directory.exporting.credits import credits_of
from directory.exporting.snapshot import every_organization, every_service, services_of
from directory.exporting.terms import Shape, read_terms
from directory.exporting.to_profile import organization_whole
from directory.models import PublishedOrganization, PublishedPlace, PublishedService
from directory.search.frames import places_or_none

FICTIONAL = "Fictional: demonstration data. These organisations do not exist."
RowOf = Callable[[PublishedService], Mapping[str, Any]]
Place = PublishedPlace | None


def whole_organizations(session: Session) -> Iterator[Shape]:
    """Every organisation with all its services, in the shape of the profile."""
    terms = read_terms(session)
    for batch in every_organization(session):
        documents = [(row.organization_id, row.document) for row in batch]
        services = services_of(session, [key for key, _ in documents])
        for key, document in documents:
            yield organization_whole(document, services[key], terms)


def write_json(session: Session) -> Iterator[str]:
    """A list of organisations with their services, after the profile's package of organisations."""
    yield "["
    for number, organization in enumerate(whole_organizations(session)):
        yield (",\n" if number else "\n") + json.dumps(organization, ensure_ascii=False)
    yield "\n]\n"


def write_csv(session: Session, row_of: RowOf, columns: Sequence[str]) -> Iterator[str]:
    """One row a service, as spreadsheets read it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(columns)
    for batch in every_service(session):
        for service, _ in batch:
            row = row_of(service)
            writer.writerow([safe_cell(row.get(column)) for column in columns])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def write_geojson(session: Session, row_of: RowOf, columns: Sequence[str]) -> Iterator[str]:
    """One feature a service and place (RFC 7946, WGS 84); without a geometry where the place is not shown."""
    note = f'"note":{json.dumps(FICTIONAL)},' if is_fictional(session) else ""
    sources = json.dumps(credits_of(session), ensure_ascii=False)
    yield f'{{"type":"FeatureCollection","name":"directory",{note}"sources":{sources},"features":['
    mark = "\n"
    for batch in place_rows(session, row_of, columns):
        for properties, place in batch:
            point = None
            if place is not None and place.longitude is not None:
                point = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
            feature = {"type": "Feature", "geometry": point, "properties": properties}
            yield mark + json.dumps(feature, ensure_ascii=False)
            mark = ",\n"
    yield "\n]}\n"


def place_rows(
    session: Session, row_of: RowOf, columns: Sequence[str]
) -> Iterator[list[tuple[dict[str, Any], Place]]]:
    """One row a service and place, in batches: its facts with the precision of the place, and the place."""
    kept = [column for column in columns if column not in ("latitude", "longitude")]
    for batch in every_service(session):
        rows: list[tuple[dict[str, Any], Place]] = []
        for service, _ in batch:
            row = row_of(service)
            facts = {column: row.get(column) for column in kept}
            for place in places_or_none(service):
                rows.append((facts | {"precision": place.precision if place else None}, place))
        yield rows


def is_fictional(session: Session) -> bool:
    """Whether any of the record is made up."""
    query = select(PublishedOrganization.organization_id).where(PublishedOrganization.fictional).limit(1)
    return session.scalar(query) is not None
