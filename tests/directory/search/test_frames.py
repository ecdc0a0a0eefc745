"""The answer as a frame: one row a service and place, with a point only where one is shown."""

from datetime import datetime

from shapely.geometry import Point

from directory.db import get_session
from directory.search.frames import COLUMNS, category_codes, locations_frame
from directory.search.query import ServiceQuery
from directory.search.run import search_all, search_services
from geodata.crs import WGS84
from tests.directory.records import add, add_areas, location, organization, service, weekly

MONDAY = datetime(2026, 11, 23, 10, 30)


def frame_of(session, *services):
    add_areas(session)
    add(session, organization("Oak", *services))
    found = search_services(session, ServiceQuery(sort="name")).found
    return locations_frame(found, {"sport": "Sport"}, MONDAY)


def test_each_place_has_a_row(session):
    frame = frame_of(
        session, service("a", location((404_500, 284_500), name="Hall"), location((404_600, 284_500)))
    )
    assert frame["id"].nunique() == 1
    assert sorted(frame["place"].fillna("none")) == ["Hall", "none"]
    assert frame.geometry.notna().all()


def test_precision_and_point_go_together(session):
    frame = frame_of(
        session,
        service("a", location((404_500, 284_500))),
        service("b", location((404_500, 284_500), protection="approximate")),
        service("c", location((404_500, 284_500), protection="hidden")),
        service("d"),
    )
    assert frame["precision"].fillna("none").tolist() == ["open", "approximate", "hidden", "none"]
    assert frame.geometry.notna().tolist() == [True, True, False, False]
    middle, real = frame.to_crs(27700).geometry[1], Point(404_500, 284_500)
    assert middle.distance(Point(405_000, 285_000)) < 2
    assert middle.distance(real) > 700


def test_facts_of_a_row(session):
    boxing = service(
        "Boxing",
        terms=[("category", "sport"), ("category", "arts")],
        schedules=[weekly("MO", "09:00", "17:00")],
    )
    row = frame_of(session, boxing).iloc[0]
    assert row["organization_name"] == "Oak"
    assert {row["category"]} < {"sport", "arts", ""}
    assert set(row["categories"].split(", ")) == {"Sport", "arts"}
    assert row["next_opening"] == "Open now, until 5pm"
    assert (row["sure"], row["fictional"]) == (True, False)


def test_words_that_no_term_fits_are_no_category(session):
    words = {"link_type": "category", "taxonomy_term": {"name": "falconry", "taxonomy": "category"}}
    frame = frame_of(session, service("a", attributes=[words]))
    assert frame["category"].tolist() == [""]


def test_frame_of_nothing_has_its_columns_and_its_crs():
    frame = locations_frame([], {}, MONDAY)
    assert [*frame.columns] == [*COLUMNS, "geometry"]
    assert frame.crs == WGS84


def test_every_service_of_the_demonstration_is_there(app):
    with app.app_context():
        found = search_all(get_session(), ServiceQuery(), 10_000).found
        frame = locations_frame(found, {}, MONDAY)
        assert frame["id"].nunique() == len(found)
        assert all(category_codes(item.service) for item in found)
