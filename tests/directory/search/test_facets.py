"""The numbers beside the filters are those that the filter would leave."""

from dataclasses import replace

import pytest

from directory.db import get_session
from directory.places.find import find_place
from directory.search.facets import facets, option_names
from directory.search.query import FACETS, ServiceQuery
from directory.search.run import count_services
from tests.directory.records import (
    BIRMINGHAM,
    SANDWELL,
    TODAY,
    add,
    add_areas,
    location,
    organization,
    service,
    term,
)

QUESTIONS = {
    "everything": {},
    "words": {"text": "young people"},
    "a site, an age and an hour": {
        "where": "lozells",
        "within_metres": 5000,
        "age": 14,
        "weekday": 4,
        "minute": 1080,
    },
    "an authority and filters": {
        "where": "Birmingham",
        "terms": {"category": ("sport", "mentoring"), "cost": ("free",), "gender": ("female",)},
    },
    "filters of every kind": {
        "terms": {
            "authority": (BIRMINGHAM,),
            "kind": ("faith", "voluntary"),
            "faith": ("christian",),
            "language": ("English",),
            "accessibility": ("step-free",),
        }
    },
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_option_leaves_what_its_numbers_say(app, name):
    with app.app_context():
        session = get_session()
        facts = dict(QUESTIONS[name])
        where = facts.pop("where", None)
        query = ServiceQuery(place=find_place(session, where, TODAY) if where else None, **facts)
        said = {(f.name, o.code): (o.known, o.unknown) for f in facets(session, query) for o in f.options}
        counted = {
            (facet, code): count_services(session, replace(query, terms={**query.terms, facet: (code,)}))
            for facet, code in said
        }
        assert said == counted
        assert len(said) > 30


def numbers(session, **question):
    return {
        (facet.name, option.code): (option.known, option.unknown)
        for facet in facets(session, ServiceQuery(**question))
        for option in facet.options
    }


def test_service_with_two_places_in_one_authority_counts_once(session):
    add_areas(session)
    places = location((404_500, 284_500)), location((404_900, 284_500))
    add(session, organization("Oak", service("a", *places, service_areas=[{"extent": "E05000001"}])))
    assert numbers(session)["authority", BIRMINGHAM] == (1, 0)


def test_whoever_covers_the_region_counts_in_each_authority(session):
    add_areas(session)
    add(
        session,
        organization("Oak", service("a", service_areas=[{"extent": "E12000005"}]), service("nowhere")),
    )
    found = numbers(session)
    assert found["authority", BIRMINGHAM] == found["authority", SANDWELL] == (1, 1)


def test_what_is_for_everyone_counts_for_girls(session):
    add(
        session, organization("Oak", *(service(code, terms=[("gender", code)]) for code in ("any", "female")))
    )
    assert numbers(session)["gender", "female"] == (2, 0)
    assert numbers(session)["gender", "any"] == (1, 0)


def test_what_lacks_the_fact_counts_as_possible(session):
    add(session, organization("Oak", service("a", terms=[("category", "sport")]), service("b")))
    assert numbers(session)["category", "sport"] == (1, 1)


def test_what_lacks_the_fact_counts_as_possible_also_where_it_was_published_by_itself(session):
    add(session, *(organization(f"Oak {number}", service(f"Chess {number}")) for number in range(20)))
    assert ("category", "sport") not in numbers(session)
    add(session, organization("Ash", service("Boxing", terms=[("category", "sport")])))
    assert numbers(session)["category", "sport"] == (1, 20)


def test_faith_that_is_not_on_record_is_none(session):
    chapel = organization("Chapel", service("a"), attributes=[term("faith", "sikh")])
    add(session, chapel, organization("Oak", service("b")))
    assert numbers(session)["faith", "sikh"] == (1, 0)


def test_chosen_option_without_a_service_stays_in_the_list(session):
    found = facets(session, ServiceQuery(terms={"category": ("sport",), "language": ("Urdu",)}))
    assert [(f.name, [(o.code, o.name, o.known, o.selected) for o in f.options]) for f in found] == [
        ("category", [("sport", "Sport and activities", 0, True)]),
        ("language", [("Urdu", "Urdu", 0, True)]),
    ]


def test_options_stand_in_the_order_of_the_taxonomy(app):
    with app.app_context():
        names = option_names(get_session())
        for facet in facets(get_session(), ServiceQuery()):
            listed = [option.code for option in facet.options if option.code in names[facet.name]]
            assert listed == [code for code in names[facet.name] if code in listed]
        assert set(names["cost"]) == {"free", "paid"}


def test_filters_stand_in_their_order(app):
    with app.app_context():
        listed = [facet.name for facet in facets(get_session(), ServiceQuery())]
        assert listed == [name for name in FACETS if name in listed]
        assert len(listed) == len(FACETS)
