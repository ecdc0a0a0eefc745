"""The template, filled in as people do, from the file to the public copy."""

from datetime import date, datetime, time

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from directory.importing import ImportJob, run_import
from directory.models import Location, Organization, PublishedPlace, PublishedService, Service
from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for
from directory.sources.write_template import write_template
from tests.conftest import TODAY
from tests.directory.grounds import load_ground

ROWS = [
    {
        "Organisation name*": "St. Jude\u2019s Church ",
        "Kind of organisation": "church",
        "Faith tradition": "church of england",
        "Charity number": 1234567,
        "Organisation website": "www.stjudes.org.uk",
        "Service name": "Lads & Dads",
        "Category*": "boxing; Mentoring",
        "Ages": "11 - 18",
        "Cost": "FREE",
        "Opening hours": "Mon-Fri 9am-5pm; first Sat of month 10-1",
        "Venue name": "Parish Hall",
        "Address": "12 Church Lane",
        "Postcode": "b192th",
        "Last checked": datetime(2026, 10, 3),
        "Contact name": "Rev. A. Person",
        "May we publish the contact?": "no",
    },
    {
        "Organisation name*": "st judes church",
        "Service name": "Soup",
        "Category*": "something else",
        "Youngest age": 16.0,
        "Opening hours": "Tuesdays, ring first",
        "Postcode": "B19  1AA",
        "Last checked": "3rd Oct 2026",
    },
    {
        "Organisation name*": "Haven",
        "Category*": "Advice",
        "Address": "4 Quiet Close",
        "Postcode": "B1 1AA",
        "Address is private": "YES",
        "Opening hours": time(9, 30),
    },
    {"Organisation name*": "Nowhere", "Category*": "Sport", "Postcode": "tbc"},
    {"Organisation name*": None, "Category*": "Sport", "Postcode": "B1 1AA"},
    {"Organisation name*": "Wrong", "Category*": "Sport", "Postcode": "Lozells"},
]


@pytest.fixture
def session(committed):
    """A session that may be committed."""
    return committed


@pytest.fixture
def report(session, tmp_path):
    """Fill the template in, import it, and give the report."""
    load_ground(session)
    path, mapping = tmp_path / "mapping.xlsx", load_mapping()
    write_template(path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(ROWS, start=4):
        for heading, value in row.items():
            sheet.cell(number, columns[heading], value)
    book.save(path)
    job = ImportJob(reader_for(path, mapping)(path, mapping), mapping, path, TODAY)
    return run_import(session, job, lambda _count: None)


def service(session, name):
    return session.scalars(select(Service).where(Service.name == name)).one()


def test_every_row_is_in_or_rejected_and_the_examples_are_passed_over(report):
    assert (report.rows, report.examples, report.created) == (6, 2, 3)
    assert {(item.row, item.reason) for item in report.rejected} == {
        (8, "There is no organisation name. Give one."),
        (9, "'Lozells' is not a postcode. Correct it, or clear the cell."),
    }


def test_what_was_not_understood_is_counted(report):
    assert report.not_understood == 3
    assert report.flags == {"not understood": 3}


def test_what_people_wrote_is_understood(report, session):
    church = session.scalars(select(Organization).where(Organization.name.like("St%"))).one()
    assert church.identifiers[0].org_id == "GB-CHC-1234567"
    assert church.website == "https://www.stjudes.org.uk"
    assert {row.term.code for row in church.attributes} == {"faith", "christian"}
    boxing, soup = service(session, "Lads & Dads"), service(session, "Soup")
    assert boxing.organization is soup.organization is church
    assert {row.term.code for row in boxing.attributes} == {"sport", "mentoring"}
    assert (boxing.minimum_age, boxing.maximum_age, soup.minimum_age) == (11, 18, 16)
    assert boxing.assured_date == soup.assured_date == date(2026, 10, 3)
    assert [row.amount for row in boxing.cost_options] == [0]
    assert {row.freq for row in boxing.schedules} == {"WEEKLY", "MONTHLY"}


def test_hours_that_are_words_are_kept_as_not_known(report, session):
    assert [(row.freq, row.description) for row in service(session, "Soup").schedules] == [
        (None, "Tuesdays, ring first")
    ]


def test_the_public_sees_what_it_may(report, session):
    places = dict(
        session.execute(
            select(PublishedService.name, PublishedPlace.easting).join(
                PublishedPlace, PublishedPlace.published_service_id == PublishedService.id
            )
        ).all()
    )
    assert places == {"Lads & Dads": 403_000, "Soup": 409_000, "Haven": None}
    assert session.scalar(select(Location.protection).where(Location.easting == 415_000)) == "hidden"
    documents = str(session.scalars(select(PublishedService.document)).all())
    assert "Parish Hall" in documents
    assert not [secret for secret in ("A. Person", "Quiet Close", "B1 1AA") if secret in documents]
