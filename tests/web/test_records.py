"""The pages of one organisation and one service: everything on record, with its source and date."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Organization, PublishedOrganization, PublishedService, Source
from directory.publishing.publish import publish
from directory.schedules.evaluate import Opening
from directory.web.records import organization_page, service_page, week_rows
from tests.directory.records import (
    TODAY,
    add,
    add_areas,
    address,
    contact,
    location,
    organization,
    service,
    term,
    weekly,
)

pytestmark = pytest.mark.one_database

MONDAY = datetime(2026, 11, 23, 10, 30)


def page_of(app, document):
    """The values of the page of the first service of an organisation."""
    with app.test_request_context(), Session(app.extensions["engine"]) as session:
        add_areas(session)
        add(session, organization("Oak", document))
        return service_page(session.scalars(select(PublishedService)).one(), MONDAY)


def test_everything_on_record_of_a_service(empty_app):
    hall = location(
        (404_500, 284_500),
        address("1 Known St", "ZZ1 1AA", city="Birmingham"),
        name="Hall",
        attributes=[term("accessibility", "step-free")],
        accessibility=[{"description": "Ramp at the back"}],
    )
    page = page_of(
        empty_app,
        service(
            "Boxing",
            hall,
            terms=[("category", "sport"), ("group", "excluded"), ("gender", "any"), ("referral", "open")],
            description="Boxing.",
            alert="Closed in May",
            url="https://example.org",
            email="a@example.org",
            accreditations="Live here",
            minimum_age=11,
            schedules=[weekly("MO", "09:00", "17:00")],
            languages=[{"name": "Urdu"}],
            cost_options=[{"amount": 2}],
            phones=[{"number": "0121 496 0001"}],
            funding=[{"source": "A trust"}],
            service_areas=[{"name": "Aston"}, {"extent": "E08000025"}],
            contacts=[contact("Ada Lee", consented=True, number="0121 496 0002")],
            assured_date="2026-11-03",
        ),
    )
    assert page["categories"] == ["Sport and activities"]
    assert (page["gender"], page["referral"], page["ages"], page["cost"]) == (
        "Everyone",
        "Anyone can come",
        "11 and over",
        "\u00a32",
    )
    assert page["places"] == [
        {
            "name": "Hall",
            "address_lines": ["1 Known St", "Birmingham"],
            "postcode": "ZZ1 1AA",
            "precision": "open",
            "precision_note": None,
            "accessibility": ["Step-free", "Ramp at the back"],
            "area": "Lozells, Birmingham",
        }
    ]
    assert page["service_areas"] == ["Aston", "E08000025"]
    assert page["contacts"] == [
        {"name": "Ada Lee", "title": None, "email": None, "phones": ["0121 496 0002"]}
    ]
    assert (page["next_opening"], page["hours_known"]) == ("Open now, until 5pm", True)
    assert [fact["value"] for fact in page["facts"]] == [
        "Boxing.",
        "Sport and activities",
        "Excluded from school",
        "Everyone",
        "11 and over",
        "Anyone can come",
        "\u00a32",
        page["hours"][0],
        "Urdu",
        "Hall",
        "Aston, E08000025",
        "A trust",
        "active",
    ]
    assert {(fact["source"], fact["date"]) for fact in page["facts"]} == {
        ("Tests", "checked 3 November 2026")
    }


def test_what_is_not_known_is_listed_too(empty_app):
    page = page_of(empty_app, service("Boxing", last_modified="2026-01-05T10:00:00Z"))
    values = {fact["label"]: fact["value"] for fact in page["facts"]}
    assert {name for name, value in values.items() if value is None} == set(values) - {"Status"}
    assert {fact["date"] for fact in page["facts"]} == {"recorded 5 January 2026"}
    assert (page["hours"], page["hours_known"], page["next_opening"]) == (["Hours not known."], False, None)


@pytest.mark.parametrize(
    ("protection", "where", "note"),
    [
        ("hidden", "The address is withheld. Ring or write to find out where to go.", "Ring or write"),
        (
            "approximate",
            "The address is withheld. The map shows the middle of the ward.",
            "middle of the ward",
        ),
    ],
)
def test_withheld_place_says_so(empty_app, protection, where, note):
    page = page_of(empty_app, service("Refuge", location((404_500, 284_500), protection=protection)))
    assert {fact["label"]: fact["value"] for fact in page["facts"]}["Where"] == where
    assert note in page["places"][0]["precision_note"]
    assert page["places"][0]["address_lines"] == []


def test_places_without_a_name(empty_app):
    call = location(None, location_type="virtual")
    street = location(None, address("1 Known St", "ZZ1 1AA"))
    page = page_of(empty_app, service("Helpline", call, street, location((404_500, 284_500))))
    values = {fact["label"]: fact["value"] for fact in page["facts"]}
    assert set(values["Where"].split("; ")) == {"Online or by telephone.", "1 Known St", "On the map"}
    assert {place["precision"] for place in page["places"]} == {"hidden", "open"}


def test_week_has_every_day_and_says_what_is_not_weekly():
    rows = week_rows([Opening(0, 540, 720, True), Opening(0, 0, 60, True), Opening(4, 1080, 1440, False)])
    assert [row["spans"] for row in rows] == [
        "midnight to 1am, 9am to midday",
        "",
        "",
        "",
        "6pm to midnight (not every week)",
        "",
        "",
    ]


def test_whole_day_is_said(empty_app):
    page = page_of(empty_app, service("Night", schedules=[weekly("SA", "00:00", "00:00")]))
    assert page["week"][5] == {"day": "Saturday", "spans": "24 hours"}


def organization_values(app, **facts):
    with app.test_request_context(), Session(app.extensions["engine"]) as session:
        add(session, organization("Oak", **facts))
        return organization_page(session.scalars(select(PublishedOrganization)).one(), [])


def test_everything_on_record_of_an_organisation(empty_app):
    numbers = [
        {"identifier_scheme": "GB-CHC", "identifier_type": "Charity number", "identifier": "1234567"},
        {"identifier_scheme": "GB-COH", "identifier": "../x"},
        {"identifier_scheme": "XX", "identifier": "9"},
    ]
    page = organization_values(
        empty_app,
        alternate_name="OT",
        website="javascript:alert(1)",
        organization_identifiers=numbers,
        phones=[{"number": "0121 496 0001"}],
        contacts=[contact("Ada Lee", consented=True), contact("Bo Li", consented=False)],
        attributes=[term("kind", "faith"), term("faith", "sikh"), term("network", "faith-alliance")],
    )
    assert (page["kind"], page["faith"], page["networks"]) == (
        "Faith organisation",
        "Sikh",
        ["Faith Alliance"],
    )
    assert page["website"] is None
    assert [person["name"] for person in page["contacts"]] == ["Ada Lee"]
    links = {item["org_id"]: item["href"] for item in page["identifiers"]}
    assert links["GB-CHC-1234567"].endswith("/charity-details/1234567")
    assert (links["GB-COH-../x"], links["XX-9"]) == (None, None)
    assert page["freshness"]["level"] == "unknown"


@pytest.mark.unmeasured
def test_every_page_of_the_demonstration_can_be_read(client, app):
    """A page in ten, on each database: each is checked for its HTML and its queries."""
    with Session(app.extensions["engine"]) as session:
        services = session.scalars(select(PublishedService.service_id).order_by("service_id")).all()[::10]
        owners = session.scalars(
            select(PublishedOrganization.organization_id).order_by("organization_id")
        ).all()[::10]
    for page in [*(f"/services/{key}" for key in services), *(f"/organisations/{key}" for key in owners)]:
        assert client.get(page).status_code == 200, page


def test_source_is_credited(own_app):
    with Session(own_app.extensions["engine"]) as session:
        source = session.scalars(select(Source)).one()
        source.title, source.licence_url = "Mapping 2026", "https://example.org/licence"
        key = session.scalars(select(Organization.id).order_by(Organization.id)).first()
        session.flush()
        publish(session, [key], TODAY)
        session.commit()
    page = own_app.test_client().get(f"/organisations/{key}").get_data(as_text=True)
    assert "Mapping 2026" in page
    assert "https://example.org/licence" in own_app.test_client().get("/about").get_data(as_text=True)
