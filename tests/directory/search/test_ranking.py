"""The order of an answer: one sum of points, the same on every page, and every service once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.places.find import find_place
from directory.search.query import ServiceQuery
from directory.search.ranking import explain
from directory.search.run import search_services
from tests.directory.records import TODAY, add, add_areas, location, organization, service


@pytest.fixture
def twins(draft):
    """Forty services, many of them alike in all that is ranked."""
    add_areas(draft)
    spots = [(405_000 + 100 * (number % 4), 285_000) for number in range(40)]
    services = [
        service("Boxing" if number % 2 else "Chess", location(spot), description="boxing")
        for number, spot in enumerate(spots)
    ]
    add(draft, organization("Oak", *services))
    return draft


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    per_page=st.integers(1, 50),
    text=st.sampled_from(["", "boxing", "chess", "box"]),
    sort=st.sampled_from(["best", "distance", "name", "checked"]),
    placed=st.booleans(),
    age=st.sampled_from([None, 14]),
)
def test_all_pages_together_hold_each_service_once(twins, per_page, text, sort, placed, age):
    place = find_place(twins, "Lozells", TODAY) if placed else None
    query = ServiceQuery(text=text, place=place, sort=sort, age=age, today=TODAY, per_page=per_page)
    whole = search_services(twins, ServiceQuery(**{**query.__dict__, "per_page": 1000}))
    first = search_services(twins, query)
    pages = [
        search_services(twins, ServiceQuery(**{**query.__dict__, "page": n}))
        for n in range(1, first.pages + 1)
    ]
    keys = [item.service.service_id for page in pages for item in page.found]
    assert keys == [item.service.service_id for item in whole.found]
    assert len(keys) == len(set(keys)) == whole.total


def test_nearer_is_higher_and_far_is_not_cut_off(draft):
    add_areas(draft)
    at = {"Far": 409_000, "Near": 405_100, "Middle": 406_500}
    add(draft, organization("Oak", *(service(name, location((x, 285_000))) for name, x in at.items())))
    query = ServiceQuery(place=find_place(draft, "Lozells", TODAY), within_metres=8_000, today=TODAY)
    found = search_services(draft, query).found
    assert [item.service.name for item in found] == ["Near", "Middle", "Far"]
    distances = [item.ranked.distance for item in found]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] > 0


def test_a_stale_record_is_lower_but_above_what_only_means_the_same(draft):
    old = (TODAY - timedelta(days=2000)).isoformat()
    services = [
        service("Boxing", assured_date=old),
        service("Boxing", assured_date=TODAY.isoformat()),
        service("Gloves", description="boxing", assured_date=TODAY.isoformat()),
    ]
    add(draft, organization("Oak", *services))
    query = ServiceQuery(text="boxing", today=TODAY)
    found = search_services(draft, query).found
    assert [(item.service.name, item.ranked.freshness > 0) for item in found] == [
        ("Boxing", True),
        ("Boxing", False),
        ("Gloves", True),
    ]
    why = list(explain(found[1].ranked, query))
    assert why[0] == "It has the words that you typed."
    assert "Its record may be out of date, which puts it lower." in why


def test_ages_close_about_the_one_asked_for_are_higher(draft):
    services = [
        service("Wide", minimum_age=0, maximum_age=99),
        service("Close", minimum_age=12, maximum_age=16),
    ]
    add(draft, organization("Oak", *services))
    found = search_services(draft, ServiceQuery(age=14, today=TODAY)).found
    assert [item.service.name for item in found] == ["Close", "Wide"]
