"""The public copy: what is written, and that nothing withheld is in it."""

import pytest
from sqlalchemy import func, select

from directory.models import (
    Contact,
    Organization,
    PublishedArea,
    PublishedOpening,
    PublishedOrganization,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    PublishedText,
)
from directory.publishing.publish import publish, publish_all
from directory.search.query import ServiceQuery
from directory.search.run import count_services
from tests.directory.planted import SECRETS, dump_published, hidden_location, leaks, planted
from tests.directory.records import (
    BIRMINGHAM,
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


def one(session, *places, **facts):
    add(session, organization("Oak", service("Drop-in", *places, **facts)))
    return session.scalars(select(PublishedService)).one()


def test_no_table_and_no_index_holds_a_secret(session):
    add_areas(session)
    add(session, planted())
    assert session.scalar(select(func.count()).select_from(PublishedService)) == 4
    assert leaks(dump_published(session)) == []


def test_point_that_leaks_is_seen():
    latitude, longitude = (hidden_location()[name] for name in ("latitude", "longitude"))
    assert leaks(f"[{longitude}, {latitude}]") == leaks(f"{latitude} {longitude}") != []


def test_dump_would_show_a_leak(session):
    add(session, organization("Quillfeather", service("Drop-in", description="Wilhelmina")))
    assert leaks(dump_published(session)) == ["quillfeather", "wilhelmina"]


def test_search_for_a_secret_finds_nothing(session):
    add_areas(session)
    add(session, planted())
    questions = [*SECRETS, "ZZ98 7QX", "ZZ98", "Quillfeather Row", "Wilhelmina Quackenbush"]
    assert {question: count_services(session, ServiceQuery(text=question)) for question in questions} == (
        dict.fromkeys(questions, (0, 0))
    )


def test_facts_that_lists_are_filtered_by(session):
    row = one(
        session,
        minimum_age=11,
        maximum_age=18,
        assured_date="2026-01-05",
        cost_options=[{"amount": 3}, {"amount": 0}],
    )
    facts = (row.minimum_age, row.maximum_age, row.cost, str(row.checked_on), row.status, row.fictional)
    assert facts == (11, 18, None, "2026-01-05", "active", False)  # free for some: not known for this one


@pytest.mark.parametrize(
    ("options", "cost"),
    [([], None), ([{"amount": 2}], "paid"), ([{"amount": 0}], "free"), ([{"option": "ask"}], None)],
)
def test_cost_is_known_from_an_amount_alone(session, options, cost):
    assert one(session, cost_options=options).cost == cost


def test_place_has_its_point_postcode_and_areas(session):
    add_areas(session)
    place = one(session, location((404_500, 284_500), address("1 Known St", "zz1 1aa"), name="Hall")).places[
        0
    ]
    assert (place.name, place.ward_code, place.authority_code) == ("Hall", "E05000001", BIRMINGHAM)
    assert (place.easting, place.northing, place.lsoa_code) == (404_500, 284_500, "E01000001")
    assert place.latitude == pytest.approx(52.458, abs=0.01)
    assert place.postcode.replace(" ", "").upper() == "ZZ11AA"


@pytest.mark.parametrize(
    ("places", "areas", "known"),
    [
        ([], [], False),
        ([], [{"extent": BIRMINGHAM}], True),
        ([], [{"name": "The Black Country"}], False),
        ([location((404_500, 284_500))], [], True),
        ([location(None, address("1 Known St", "ZZ77 7ZZ"))], [], False),
        ([location((404_500, 284_500)), location((404_500, 284_600), protection="hidden")], [], False),
        ([location(None, location_type="virtual")], [], True),
    ],
)
def test_whether_its_place_is_known(session, places, areas, known):
    assert one(session, *places, service_areas=areas).place_known is known


def test_hours_are_known_only_if_every_schedule_is(session):
    words = {"description": "and by arrangement"}
    rows = [
        service("a", schedules=[weekly("MO", "09:00", "17:00")]),
        service("b", schedules=[weekly("MO", "09:00", "17:00"), words]),
        service("c", schedules=[words]),
        service("d"),
    ]
    add(session, organization("Oak", *rows))
    known = session.execute(
        select(PublishedService.name, PublishedService.hours_known).order_by("name")
    ).all()
    assert [tuple(row) for row in known] == [("a", True), ("b", False), ("c", False), ("d", False)]


def test_openings_of_an_ordinary_week(session):
    one(session, schedules=[weekly("MO", "22:00", "01:00"), weekly("TU", "09:00", "10:00", interval=2)])
    spans = session.execute(
        select(
            PublishedOpening.weekday,
            PublishedOpening.opens_minute,
            PublishedOpening.closes_minute,
            PublishedOpening.every_week,
        ).order_by(PublishedOpening.weekday, PublishedOpening.opens_minute)
    ).all()
    assert [tuple(span) for span in spans] == [(0, 1320, 1440, True), (1, 0, 60, True), (1, 540, 600, False)]


def test_terms_come_from_organisation_service_and_place(session):
    hall = location(None, attributes=[term("accessibility", "step-free")])
    activity = service(
        "Boxing", hall, terms=[("category", "sport"), ("category", "nonsense")], languages=[{"name": "Urdu"}]
    )
    add(session, organization("Oak", activity, attributes=[term("kind", "faith")]))
    rows = session.execute(select(PublishedTerm.facet, PublishedTerm.code).order_by(PublishedTerm.facet))
    assert [tuple(row) for row in rows] == [
        ("accessibility", "step-free"),
        ("category", "sport"),
        ("kind", "faith"),
        ("language", "Urdu"),
    ]


def test_areas_are_those_with_a_code(session):
    one(session, service_areas=[{"extent": BIRMINGHAM}, {"extent": BIRMINGHAM}, {"name": "Everywhere"}])
    assert session.scalars(select(PublishedArea.code)).all() == [BIRMINGHAM]


def test_words_are_plain(session):
    one(session, description="Girls' caf\u00e9, ages 11-16", alternate_name="O'Brien\u2019s")
    text = session.scalars(select(PublishedText)).one()
    assert (text.name, text.description) == ("drop in o brien", "girls cafe ages 11 16")


def test_publishing_again_replaces(session):
    (key,) = add(session, organization("Oak", service("Drop-in", location((404_500, 284_500)))))
    assert publish(session, [key], TODAY) == 1
    for model in (PublishedOrganization, PublishedService, PublishedPlace, PublishedText):
        assert session.scalar(select(func.count()).select_from(model)) == 1


def test_what_is_gone_from_the_record_goes_from_the_copy(session):
    (key,) = add(session, organization("Oak", service("Drop-in", description="tarragon")))
    session.delete(session.get_one(Organization, key))
    session.flush()
    assert publish(session, [key], TODAY) == 0
    assert "tarragon" not in dump_published(session)


def test_more_than_one_batch_is_published(session, monkeypatch):
    monkeypatch.setattr("directory.publishing.publish.BATCH", 2)
    add(session, *(organization(f"Oak {i}", service("Drop-in")) for i in range(5)))
    assert publish_all(session, TODAY) == 5
    assert session.scalar(select(func.count()).select_from(PublishedOrganization)) == 5


def test_withdrawn_consent_removes_the_person_at_once(session):
    ada = contact("Ada Birtwhistle", consented=True, email="ada@birtwhistle.example", number="0121 496 0987")
    (key,) = add(
        session, organization("Oak", service("Talks", contacts=[ada], description="By Ada Birtwhistle"))
    )
    assert "birtwhistle" in dump_published(session).lower()
    session.scalars(select(Contact)).one().consent_date = None
    session.flush()
    publish(session, [key], TODAY)
    assert "birtwhistle" not in dump_published(session).lower()


def test_withdrawn_consent_removes_the_key_individual_at_once(session):
    ada = contact("Ada Birtwhistle", consented=True)
    (key,) = add(
        session,
        organization(
            "Ada Birtwhistle", service("Talks"), contacts=[ada], attributes=[term("kind", "individual")]
        ),
    )
    assert "birtwhistle" in dump_published(session).lower()
    session.scalars(select(Contact)).one().consent_scope = "partners"
    session.flush()
    assert publish(session, [key], TODAY) == 0
    assert "birtwhistle" not in dump_published(session).lower()
    for model in (PublishedOrganization, PublishedService, PublishedPlace, PublishedText):
        assert session.scalar(select(func.count()).select_from(model)) == 0
