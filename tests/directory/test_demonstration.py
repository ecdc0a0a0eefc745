"""The demonstration data goes in marked, comes out whole, and leaves what is real alone."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import make_engine
from directory.demonstration import is_empty, load_demonstration, remove_demonstration
from directory.models import (
    Area,
    AreaValue,
    Base,
    Location,
    Organization,
    Phrase,
    Postcode,
    Publication,
    PublishedBatch,
    PublishedOrganization,
    PublishedService,
    ReferenceState,
    Secret,
    Service,
    Site,
    Source,
    Taxonomy,
    TaxonomyTerm,
)
from directory.openreferral.fill import Terms
from directory.openreferral.load import Origin, load
from directory.places.flag import place as put_on_the_ground
from directory.places.load import load_areas, load_postcodes, load_sites
from directory.publishing.publish import publish
from tests.conftest import TODAY
from tests.directory.documents import organization, place, service
from tests.directory.grounds import AUTHORITY, areas, postcodes


def silent(_count):
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def demonstrated(new_database, empty_template):
    """A database of this module's own with the demonstration data."""
    engine = make_engine(new_database(empty_template))
    with Session(engine) as opened:
        load_demonstration(opened, TODAY, silent)
    yield engine
    engine.dispose()


@pytest.fixture
def demonstration(demonstrated):
    """A session on the demonstration data; what is not committed is rolled back."""
    with Session(demonstrated) as opened:
        yield opened


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def add_real(session):
    """One organisation that is real."""
    source = Source(slug="survey", title="Survey")
    session.add(source)
    session.flush()
    document = organization(service("Studio", place()), name="Real")
    real = load(session, document, Terms(session), Origin(source.id, "accepted")).organization
    put_on_the_ground(session, [real.services[0].service_at_locations[0].location])
    publish(session, [real.id], TODAY)
    session.flush()


@pytest.mark.unmeasured
def test_it_is_some_250_organisations_with_400_services_all_marked(demonstration):
    assert count(demonstration, Organization) >= 250
    assert count(demonstration, Service) >= 400
    for model in (Organization, Service, PublishedService, PublishedOrganization, Area):
        assert set(demonstration.scalars(select(model.fictional))) == {True}
    assert demonstration.scalars(select(Source.fictional)).all() == [True]


def test_the_four_sites_and_seven_authorities_are_there(demonstration):
    assert set(demonstration.scalars(select(Site.slug))) == {
        *("lozells", "three-estates", "walsall-college", "hillfields"),
    }
    authorities = demonstration.scalars(select(Area.code).where(Area.level == "authority")).all()
    assert sorted(authorities) == [f"E080000{number}" for number in range(25, 32)]


def test_loaded_again_all_is_unchanged(demonstration):
    report = load_demonstration(demonstration, TODAY, silent)
    assert (report.created, report.updated, report.rejected) == (0, 0, [])
    assert report.unchanged == report.organizations == count(demonstration, Organization)


def test_a_directory_is_empty_until_it_has_a_record(draft):
    assert is_empty(draft)
    add_real(draft)
    assert not is_empty(draft)


def test_taken_out_nothing_made_up_is_left(demonstration):
    number = count(demonstration, Organization)
    assert remove_demonstration(demonstration, TODAY) == number
    kept = {
        table.name
        for table in Base.metadata.sorted_tables
        if demonstration.scalar(select(func.count()).select_from(table))
    }
    assert kept == {
        *(Taxonomy.__tablename__, TaxonomyTerm.__tablename__, Site.__tablename__, Secret.__tablename__),
        Publication.__tablename__,  # when the public copy last changed
        *(
            PublishedBatch.__tablename__,
            ReferenceState.__tablename__,
        ),  # its state, and that of others
        Phrase.__tablename__,  # those that come with the directory
    }


def test_taken_out_what_is_real_stays_and_is_in_no_made_up_area(demonstration):
    add_real(demonstration)
    load_postcodes(demonstration, postcodes({"B1 1AA": (1, 2)}))
    real = demonstration.scalars(select(Location).where(Location.name == "Canal Hall")).one()
    assert (real.ward_code[:3], real.authority_code) == ("X05", AUTHORITY)
    remove_demonstration(demonstration, TODAY)
    for model in (Organization, PublishedOrganization):
        assert demonstration.scalars(select(model.name)).all() == ["Real"]
    assert demonstration.scalars(select(Postcode.postcode)).all() == ["B1 1AA"]
    assert (real.ward_code, real.authority_code, real.easting) == (None, None, None)


@pytest.mark.usefixtures("small_sample")
def test_what_is_real_is_not_replaced_by_what_is_made_up(committed):
    session = committed
    load_areas(session, areas("authority", AUTHORITY))
    load_postcodes(session, postcodes({"B19 2TH": (403_000, 283_000)}))
    geometry = {"type": "Point", "coordinates": [-1.9, 52.5]}
    facts = {"slug": "lozells", "name": "Ours", "authority_code": AUTHORITY, "valid_to": "2026-01-01"}
    load_sites(session, {"features": [{"geometry": geometry, "properties": facts}]})
    load_demonstration(session, TODAY, silent)
    assert not session.get(Area, AUTHORITY).fictional
    assert session.get(Postcode, "B19 2TH").easting == 403_000
    assert session.scalar(select(Site.name).where(Site.slug == "lozells")) == "Ours"
    remove_demonstration(session, TODAY)
    assert session.scalars(select(Area.code)).all() == [AUTHORITY]
    assert count(session, AreaValue) == 0
    assert load_demonstration(session, TODAY, silent).created == 5
