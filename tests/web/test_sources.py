"""Whom to credit: on each page, in each file, and on the page of sources."""

import io
import json
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, select

from directory.db import get_session
from directory.models import GrantAward, Organization, Source, SourceRecord
from directory.publishing.publish import publish

pytestmark = pytest.mark.one_database
ODBL = {
    "licence": "Open Database License 1.0",
    "licence_url": "https://opendatacommons.org/licenses/odbl/1-0/",
    "attribution": "© OpenStreetMap contributors",
}


@pytest.fixture
def credited(own_app):
    """An organisation from OpenStreetMap that is no longer there, and that got a grant."""
    with own_app.app_context():
        session = get_session()
        osm = Source(slug="openstreetmap", title="OpenStreetMap", refresh_days=30, **ODBL)
        funder = Source(slug="grants", title="Grants of Example Trust", licence="CC BY 4.0")
        session.add_all([osm, funder])
        session.flush()
        one = session.scalars(select(Organization).order_by(Organization.name)).first()
        one.source_id = osm.id
        # Only what stands in no source any more is said to be gone.
        session.execute(delete(SourceRecord).where(SourceRecord.organization_id == one.id))
        gone = SourceRecord(source_id=osm.id, key=one.id, organization_id=one.id, checksum="x")
        gone.gone_since = date(2026, 11, 20)
        award = GrantAward(organization_id=one.id, source_id=funder.id, key="1", funder="Example Trust")
        award.title, award.amount, award.currency = "<b>Boxing</b>", 5000.0, "GBP"
        award.awarded_on, award.benefits = date(2025, 5, 3), "Lozells"
        session.add_all([gone, award])
        session.flush()
        publish(session, [one.id], date(2026, 11, 23))
        session.commit()
        return one.id, one.services[0].id


def test_the_pages_of_an_entry_name_its_source_its_licence_and_that_it_has_gone(own_app, credited):
    client = own_app.test_client()
    for address in (f"/organisations/{credited[0]}", f"/services/{credited[1]}"):
        page = client.get(address).get_data(as_text=True)
        assert ODBL["licence_url"] in page
        assert ODBL["attribution"] in page
        assert "No longer in its source</strong> since 20 November 2026" in page
    page = client.get(f"/organisations/{credited[0]}").get_data(as_text=True)
    assert "Example Trust</strong>, £5,000, 3 May 2025: &lt;b&gt;Boxing&lt;/b&gt; (for Lozells)" in page
    assert "CC BY 4.0" in page


def test_the_page_of_sources_has_them_all_and_so_has_its_file(own_app, credited):
    client = own_app.test_client()
    page = client.get("/sources").get_data(as_text=True)
    assert "every 30 days" in page
    rows = client.get("/sources.csv").get_data(as_text=True).splitlines()
    osm = next(row for row in rows if row.startswith("openstreetmap,"))
    assert ODBL["attribution"] in osm
    assert ",1,1," in osm  # one organisation, and it is no longer there


def test_every_file_of_the_whole_record_credits_the_sources_it_uses_and_no_others(own_app, credited):
    client = own_app.test_client()
    packed = zipfile.ZipFile(io.BytesIO(client.get("/data/directory.zip").get_data()))
    package = json.loads(packed.read("datapackage.json"))
    titles = {source["title"] for source in package["sources"]}
    assert "OpenStreetMap" in titles
    assert "Grants of Example Trust" not in titles  # no grant is in the file
    assert {"name": "Open-Database-License-1.0", "title": ODBL["licence"], "path": ODBL["licence_url"]} in (
        package["licenses"]
    )
    collection = json.loads(client.get("/data/directory.geojson").get_data())
    assert {source["title"] for source in collection["sources"]} == titles
    book = load_workbook(io.BytesIO(client.get("/data/directory.xlsx").get_data()), read_only=True)
    assert {row[0] for row in book["Sources"].iter_rows(min_row=2, values_only=True)} == titles
    lines = client.get("/data/directory.csv").get_data(as_text=True)
    assert ODBL["attribution"] in lines
    assert ODBL["attribution"] in client.get("/data/directory.json").get_data(as_text=True)
