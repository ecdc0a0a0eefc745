"""How fresh a public record is: field by field, by one rule, for many records in few queries."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.models import FieldCheck, PublishedOrganization, PublishedService, Reminder
from directory.publishing.freshness import MONTHS, RULE, Rule, read_months
from directory.publishing.publish import publish, publish_all
from directory.search.query import ServiceQuery
from directory.search.run import search_services
from tests.conftest import TODAY
from tests.directory.documents import organization, place, service
from tests.directory.records import add
from tests.directory.records import organization as imported
from tests.directory.records import service as imported_service

BY_SELF = Acceptance(None, "self", "Registered", TODAY)


def fields(document):
    return {one["field"]: one for one in document["freshness"]["fields"]}


def test_each_field_has_its_way_its_day_and_when_it_is_due(draft):
    accept(draft, organization(service("Studio", place(), minimum_age=8)), BY_SELF)
    public = draft.scalars(select(PublishedService)).one()
    found = fields(public.document)
    assert found.keys() == {"name", "hours", "ages", "place"}
    assert found["name"] == {
        "field": "name",
        "way": "self",
        "checked_on": "2026-11-23",
        "due_on": "2029-11-23",
    }
    # The field that is due first speaks for the service.
    assert (public.due_on, public.checked_on) == (date(2027, 5, 23), TODAY)
    assert public.document["assured_date"] == "2026-11-23"


def test_an_organisation_is_as_fresh_as_its_oldest_service_but_the_fields_are_its_own(draft):
    accept(draft, organization(service("Studio")), BY_SELF)
    document = draft.scalars(select(PublishedOrganization)).one().document
    assert document["freshness"]["due_on"] == "2027-05-23"
    assert fields(document).keys() == {"name"}


def test_how_long_a_field_is_good_is_a_setting(draft):
    draft.info[RULE] = Rule(read_months("hours=1 name=2"))
    try:
        accept(draft, organization(service("Studio")), BY_SELF)
    finally:
        del draft.info[RULE]
    assert draft.scalars(select(PublishedService)).one().due_on == date(2026, 12, 23)


def test_months_that_are_not_named_stay():
    assert read_months("hours=1") == {**MONTHS, "hours": 1}
    assert (MONTHS["hours"], MONTHS["name"]) == (6, 36)


def test_without_checks_the_day_of_the_source_counts(draft):
    add(
        draft, imported("Oak", imported_service("Boxing", assured_date="2026-09-01"), imported_service("Art"))
    )
    dated, undated = draft.scalars(select(PublishedService).order_by(PublishedService.name.desc()))
    assert (dated.checked_on, dated.due_on) == (date(2026, 9, 1), date(2027, 3, 1))
    assert (undated.checked_on, undated.document["freshness"]) == (None, None)


def test_what_is_withheld_has_no_freshness(draft):
    person = {"id": "00000000-0000-4000-8000-000000000007", "name": "Ann Example"}
    accept(draft, organization(service("Studio"), contacts=[person]), BY_SELF)
    assert "contact" in draft.scalars(select(FieldCheck.field)).all()
    assert "contact" not in fields(draft.scalars(select(PublishedOrganization)).one().document)


def test_who_did_not_answer_is_out_of_date_from_that_day(draft):
    one = accept(draft, organization(service("Studio")), BY_SELF)
    day = date(2027, 7, 1)
    draft.add(Reminder(organization_id=one.id, due_on=date(2027, 5, 23), stage=3, stale_since=day))
    publish(draft, [one.id], day)
    assert draft.scalars(select(PublishedService)).one().stale_on == day


@pytest.mark.unmeasured
def test_five_hundred_organisations_are_published_without_a_query_each(committed):
    add(
        committed,
        *(imported(f"Group {i}", imported_service(f"S {i}", assured_date="2026-09-01")) for i in range(500)),
    )
    committed.commit()
    statements = []
    engine = committed.get_bind()

    def count(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        with Session(engine) as session:
            publish_all(session, TODAY)
            session.commit()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert sum("field_check" in one for one in statements) == 3  # one a batch of 200
    assert sum(one.startswith("SELECT") for one in statements) < 100


@pytest.mark.parametrize("per_page", [2, 20])
def test_stale_services_come_last_and_are_still_there(draft, per_page):
    names = ["Anvil", "Brook", "Cedar", "Dale", "Elm"]
    old = (TODAY - timedelta(days=900)).isoformat()
    services = [
        imported_service(name, assured_date=old if name in ("Anvil", "Cedar") else "2026-09-01")
        for name in names
    ]
    add(draft, imported("Oak", *services))
    query = ServiceQuery(today=TODAY, per_page=per_page)
    pages = range(1, -(-len(names) // per_page) + 1)
    listed = [
        item.service.name
        for page in pages
        for item in search_services(draft, ServiceQuery(today=TODAY, per_page=per_page, page=page)).found
    ]
    assert listed == ["Brook", "Dale", "Elm", "Anvil", "Cedar"]
    assert search_services(draft, query).total == 5


@pytest.mark.parametrize("sort", ["name", "checked"])
def test_who_asks_for_an_order_gets_that_order(draft, sort):
    old = (TODAY - timedelta(days=900)).isoformat()
    add(draft, imported("Oak", imported_service("Anvil", assured_date=old), imported_service("Brook")))
    found = search_services(draft, ServiceQuery(today=TODAY, sort=sort)).found
    assert [item.service.name for item in found] == ["Anvil", "Brook"]
