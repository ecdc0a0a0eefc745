"""What an import says of when its facts were checked."""

from datetime import date

import pytest
from sqlalchemy import event, select

from directory.importing import ImportJob, run_import
from directory.models import FieldCheck, PublishedService
from directory.sources.entry import Entry, Reading
from directory.sources.mapping import SourceMapping, load_mapping
from directory.upkeep.checks import Said, confirm_all
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, service


def run(session, *documents, mapping=SourceMapping("tests", "Tests")):  # noqa: B008 - it is frozen
    entries = [Entry(key=item["id"], document=item, rows=(i,)) for i, item in enumerate(documents, 1)]
    reading = Reading(entries=entries, rejected=[], rows=len(entries))
    from pathlib import Path

    job = ImportJob(reading, mapping, Path("records.csv"), TODAY, made_identifiers=False)
    return run_import(session, job, lambda _count: None)


def checks(session, entity="service Studio"):
    session.expire_all()
    query = select(FieldCheck).where(FieldCheck.entity_id == made_id(entity))
    return {row.field: (row.way, row.checked_on) for row in session.scalars(query)}


def test_an_import_dates_fields_by_the_day_that_its_source_gives(committed):
    run(committed, organization(service("Studio", minimum_age=8, assured_date="2026-05-01")))
    expected = ("import", date(2026, 5, 1))
    assert checks(committed) == {"name": expected, "hours": expected, "ages": expected}
    assert checks(committed, "Lantern Youth Project") == {"name": expected}
    assert committed.scalars(select(PublishedService.checked_on)).all() == [date(2026, 5, 1)]


def test_a_register_says_that_it_is_one(committed):
    assert load_mapping("clubs").is_register
    register = SourceMapping("register", "A register", is_register=True)
    run(committed, organization(service("Studio", assured_date="2026-05-01")), mapping=register)
    assert {way for way, _ in checks(committed).values()} == {"register"}


def test_without_a_day_nobody_knows_when_it_was_checked(committed):
    run(committed, organization(service("Studio", minimum_age=8)))
    assert checks(committed) == {}


def test_a_day_to_come_counts_as_today(committed):
    run(committed, organization(service("Studio", assured_date="2030-01-01")))
    assert {day for _, day in checks(committed).values()} == {TODAY}


def test_what_a_person_checked_keeps_its_day_unless_the_import_says_something_else(committed):
    document = organization(service("Studio", minimum_age=8))
    run(committed, document)
    # Said by the link of a reminder: no new version, which an import would wait for.
    confirm_all(committed, document, Said("self", date(2026, 11, 1)))
    committed.commit()
    run(committed, organization(service("Studio", minimum_age=9)))
    found = checks(committed)
    assert "ages" not in found  # it says something new, and nobody knows since when
    assert found["name"] == ("self", date(2026, 11, 1))
    run(committed, organization(service("Studio", minimum_age=10, assured_date="2026-10-01")))
    found = checks(committed)
    assert found["ages"] == ("import", date(2026, 10, 1))
    assert found["name"] == ("self", date(2026, 11, 1))  # looked at later than by the source
    run(committed, organization(service("Studio", minimum_age=10, assured_date="2026-11-20")))
    assert checks(committed)["name"] == ("import", date(2026, 11, 20))


@pytest.mark.unmeasured
def test_five_hundred_organisations_are_imported_without_a_query_each(committed):
    documents = [
        organization(service(f"S {i}", assured_date="2026-05-01"), name=f"Group {i}") for i in range(500)
    ]
    statements = []

    def count(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(committed.get_bind(), "before_cursor_execute", count)
    try:
        run(committed, *documents)
    finally:
        event.remove(committed.get_bind(), "before_cursor_execute", count)
    asked = [one for one in statements if "field_check" in one and one.lstrip().startswith("SELECT")]
    assert len(asked) == 2 * 10  # for keeping and for publishing, in ten batches
