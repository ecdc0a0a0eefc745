"""Records for tests: organisation documents, areas to lie in, and the way of both into the tables."""

from datetime import date
from typing import Any

import shapely
from sqlalchemy.orm import Session

from directory.models import Area, Postcode, Site, Source, new_id
from directory.openreferral.load import Origin, Terms, load
from directory.places.locate import locate
from directory.publishing.publish import publish
from geodata.crs import bng_to_lonlat

TODAY = date(2026, 11, 23)
SOURCE_ID = "00000000-0000-4000-8000-000000000000"
BIRMINGHAM, SANDWELL = "E08000025", "E08000028"
# Squares: code, level, name, authority, west, south, size in metres.
SQUARES = (
    (BIRMINGHAM, "authority", "Birmingham", None, 400_000, 280_000, 10_000),
    (SANDWELL, "authority", "Sandwell", None, 390_000, 280_000, 10_000),
    ("E05000001", "ward", "Lozells", BIRMINGHAM, 404_000, 284_000, 2_000),
    ("E05000002", "ward", "King's Norton South", BIRMINGHAM, 406_000, 284_000, 2_000),
    ("E05000003", "ward", "St Michael's", BIRMINGHAM, 402_000, 284_000, 2_000),
    ("E05000004", "ward", "Smethwick", SANDWELL, 398_000, 284_000, 2_000),
    ("E05000005", "ward", "St Michael's", SANDWELL, 396_000, 284_000, 2_000),
    ("E01000001", "lsoa21", "Lozells 001A", BIRMINGHAM, 404_000, 284_000, 1_000),
)


def organization(name: str = "Oak Trust", *services: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """An organisation document."""
    return {"id": new_id(), "name": name, "services": list(services), **facts}


def service(
    name: str = "Drop-in", *locations: dict[str, Any], terms: Any = (), **facts: Any
) -> dict[str, Any]:
    """A service at some locations, with terms as pairs of taxonomy and code."""
    return {
        "id": new_id(),
        "name": name,
        "status": "active",
        "attributes": [term(*pair) for pair in terms],
        "service_at_locations": [{"id": new_id(), "location": place} for place in locations],
        **facts,
    }


def term(taxonomy: str, code: str) -> dict[str, Any]:
    """A term given to something."""
    return {
        "id": new_id(),
        "link_type": taxonomy,
        "taxonomy_term": {"term": code, "taxonomy": taxonomy, "name": code},
    }


def location(
    point: tuple[int, int] | None = None, *addresses: dict[str, Any], **facts: Any
) -> dict[str, Any]:
    """A place at a point (easting, northing), open unless `protection` says otherwise."""
    degrees = {}
    if point:
        longitude, latitude = bng_to_lonlat([point[0]], [point[1]])
        degrees = {"latitude": round(float(latitude[0]), 5), "longitude": round(float(longitude[0]), 5)}
    return {
        "id": new_id(),
        "location_type": "physical",
        "addresses": list(addresses),
        **degrees,
        **facts,
    }


def address(line: str, postcode: str, kind: str = "physical", **facts: Any) -> dict[str, Any]:
    """An address with one line and a postcode."""
    return {
        "id": new_id(),
        "address_1": line,
        "postal_code": postcode,
        "country": "GB",
        "address_type": kind,
    } | facts


def contact(
    name: str, *, consented: bool, email: str | None = None, number: str | None = None
) -> dict[str, Any]:
    """Somebody, with or without consent to be shown."""
    person: dict[str, Any] = {"id": new_id(), "name": name}
    if email:
        person["email"] = email
    if number:
        person["phones"] = [{"id": new_id(), "number": number}]
    return person | ({"consent_date": "2026-01-05", "consent_scope": "public"} if consented else {})


def weekly(days: str, opens: str, closes: str, **facts: Any) -> dict[str, Any]:
    """A schedule of every week, or of every second with `interval=2`."""
    return {"id": new_id(), "freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes, **facts}


def add_areas(session: Session) -> None:
    """Two authorities side by side, some wards and a small area, a site and a few postcodes."""
    for code, level, name, authority, west, south, size in SQUARES:
        square = shapely.box(west, south, west + size, south + size)
        session.add(
            Area(
                code=code,
                level=level,
                name=name,
                authority_code=authority,
                easting=square.centroid.x,
                northing=square.centroid.y,
                west=west,
                south=south,
                east=west + size,
                north=south + size,
                outline=shapely.to_wkb(square),
            )
        )
    for postcode, easting, northing in (("ZZ1 1AA", 404_500, 284_500), ("ZZ1 2BB", 405_500, 285_500)):
        session.add(Postcode(postcode=postcode, easting=easting, northing=northing, quality=10))
    session.add(Postcode(postcode="ZZ9 9ZZ", easting=None, northing=None, quality=90))
    session.add(
        Site(
            slug="lozells",
            name="The Lozells Estate",
            authority_code=BIRMINGHAM,
            points=[[404_500, 284_500], [405_500, 284_500]],
            area_codes=["E01000001"],
        )
    )
    session.flush()


def add(session: Session, *documents: dict[str, Any]) -> list[str]:
    """Load, place and publish organisations; their identifiers."""
    source = session.get(Source, SOURCE_ID) or Source(id=SOURCE_ID, slug="tests", title="Tests")
    session.add(source)
    session.flush()
    origin = Origin(source_id=source.id, reason="a test")
    terms = Terms(session)
    loaded = [load(session, document, terms, origin).organization for document in documents]
    places = [link.location for row in loaded for item in row.services for link in item.service_at_locations]
    locate(session, list({place.id: place for place in places}.values()))
    ids = [row.id for row in loaded]
    publish(session, ids, TODAY)
    session.flush()
    return ids
