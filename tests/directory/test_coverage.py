"""Services around the sites: the matrix says what a search would find."""

import pytest
from sqlalchemy import select

from directory.coverage.around_sites import provider_frame, site_coverage
from directory.coverage.travel import Travel
from directory.db import get_session
from directory.models import Site
from directory.places.find import site_place
from directory.search.query import ServiceQuery
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

SPORT = {"terms": [("category", "sport")]}
PLACES = {
    "inside": [location((404_900, 284_900))],
    "near": [location((405_500, 285_300))],
    "far": [location((409_500, 289_500))],
    "approximate": [location((405_900, 285_900), protection="approximate")],
    "approximate far": [location((398_500, 284_500), protection="approximate")],
    "hidden": [location((409_900, 289_900), protection="hidden")],
    "hidden next": [location((390_100, 280_100), protection="hidden")],
    "no point": [location(None)],
    "call": [location(None, location_type="virtual")],
    "nowhere": [],
}
AREAS = {
    "covers": [{"extent": BIRMINGHAM}],
    "covers a small area": [{"extent": "E01000001"}],
    "covers England": [{"extent": "E92000001"}],
    "covers next": [{"extent": SANDWELL}],
    "covers words": [{"name": "The Black Country"}],
}


def around_the_site(session, within_metres=1000):
    add_areas(session)
    services = [service(name, *places, **SPORT) for name, places in PLACES.items()]
    services += [service(name, service_areas=areas, **SPORT) for name, areas in AREAS.items()]
    services.append(service("ended", location((404_900, 284_900)), status="inactive", **SPORT))
    add(session, organization("Oak", *services))
    return site_coverage(session, TODAY, Travel(within_metres))


def sport_of(coverage):
    (row,) = [row for row in coverage.matrix.to_dict("records") if row["category"] == "sport"]
    return row


def test_row_of_a_site_and_a_kind_of_help(session):
    row = sport_of(around_the_site(session))
    # Known: inside, near, and three that cover it. Possible: approximate, hidden, no point, nowhere, words.
    assert (row["inside"], row["serving"], row["known"], row["possible"]) == (1, 3, 5, 5)
    assert (row["state"], round(row["nearest_metres"])) == ("some", 566)


@pytest.mark.parametrize("metres", [1, 500, 1000, 2000, 4500, 6000])
def test_matrix_counts_what_a_search_finds(session, metres):
    row = sport_of(around_the_site(session, metres))
    place = site_place(session, session.scalars(select(Site)).one())
    query = ServiceQuery(place=place, within_metres=metres, terms={"category": ("sport",)})
    assert count_services(session, query) == (row["known"], row["possible"])


@pytest.mark.parametrize("metres", [500, 1000, 2000, 5000])
def test_matrix_of_the_demonstration_counts_what_a_search_finds(app, metres):
    with app.app_context():
        session = get_session()
        coverage = site_coverage(session, TODAY, Travel(metres))
        places = {site.slug: site_place(session, site) for site in coverage.sites}
        rows = {
            (r["slug"], r["category"]): (r["known"], r["possible"])
            for r in coverage.matrix.to_dict("records")
        }
        found = {
            (slug, code): count_services(
                session, ServiceQuery(place=places[slug], within_metres=metres, terms={"category": (code,)})
            )
            for slug, code in rows
        }
        assert rows == found
        assert len(rows) == len(places) * len(coverage.categories) == 80


def test_states_are_told_apart(session):
    add_areas(session)
    add(
        session,
        organization(
            "Oak",
            service("a", location((404_900, 284_900)), terms=[("category", "sport")]),
            service("b", location((404_900, 284_900), protection="hidden"), terms=[("category", "arts")]),
        ),
    )
    rows = site_coverage(session, TODAY, Travel(500)).matrix.set_index("category")
    assert rows.loc[["sport", "arts", "advice"], "state"].tolist() == ["some", "not known", "none"]


def test_known_is_not_possible_as_well(session):
    add_areas(session)
    twice = service(
        "a", location((404_900, 284_900)), location((404_100, 284_900), protection="hidden"), **SPORT
    )
    add(session, organization("Oak", twice))
    row = sport_of(site_coverage(session, TODAY, Travel(500)))
    assert (row["known"], row["possible"], row["serving"]) == (1, 0, 0)


def test_service_that_covers_and_is_near_counts_once(session):
    add_areas(session)
    both = service("a", location((404_900, 284_900)), service_areas=[{"extent": BIRMINGHAM}], **SPORT)
    add(session, organization("Oak", both))
    row = sport_of(site_coverage(session, TODAY, Travel(500)))
    assert (row["known"], row["inside"], row["serving"]) == (1, 1, 0)


def test_sites_named_alone_and_none(session):
    add_areas(session)
    assert site_coverage(session, TODAY, Travel(500), ["lozells"]).sites[0].slug == "lozells"
    nothing = site_coverage(session, TODAY, Travel(500), ["elsewhere"])
    assert nothing.sites == []
    assert len(nothing.matrix) == len(nothing.extents) == 0


def test_providers_have_a_row_for_each_place_and_category(session):
    add_areas(session)
    both = [term("category", "sport"), term("category", "arts")]
    hall, refuge = location((404_900, 284_900)), location((404_900, 284_900), protection="hidden")
    add(session, organization("Oak", service("a", hall, refuge, attributes=both), service("no category")))
    frame = provider_frame(session)
    assert len(frame) == 4
    assert frame["provider_id"].nunique() == 1
    assert frame.groupby("known").size().to_dict() == {False: 2, True: 2}
    assert frame.geometry.notna().tolist() == frame["known"].tolist()
