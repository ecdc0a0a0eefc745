"""What stands for a place that is shown by its area: one point, the same for ever, and large enough."""

import shapely
from sqlalchemy import select

from directory.models import ApproximatePlace, Area, AreaValue, Location, Organization, PublishedPlace
from directory.places.flag import place_all
from directory.publishing.approximate import fix_again
from directory.publishing.publish import publish_all
from directory.search.query import ServiceQuery
from directory.search.run import count_services
from tests.directory.records import (
    BIRMINGHAM,
    TODAY,
    add,
    add_areas,
    address,
    location,
    organization,
    service,
)

LOZELLS, NORTON = "E05000001", "E05000002"
MIDDLE = (405_000, 285_000)


def near(point, number=14, **facts):
    door = address(f"{number} Rosebriar Lane", "")
    return location(point, door, protection="approximate", **facts)


def shown(session):
    """What the public is told of each place, by service."""
    rows = session.scalars(select(PublishedPlace).order_by(PublishedPlace.id))
    return [(row.precision, row.easting, row.northing, row.ward_code, row.lsoa_code) for row in rows]


def one(session, *places):
    add_areas(session)
    add(session, organization("Oak Trust", service("Refuge", *places)))
    return shown(session)


def move_ward(session, code, west, south, size=2_000):
    """New boundaries: the square of a ward lies elsewhere."""
    square = shapely.box(west, south, west + size, south + size)
    area = session.get_one(Area, code)
    area.easting, area.northing = square.centroid.x, square.centroid.y
    area.west, area.south, area.east, area.north = square.bounds
    area.outline = shapely.to_wkb(square)
    session.flush()


def again(session):
    place_all(session)
    publish_all(session, TODAY)
    return shown(session)


def test_every_place_of_a_ward_has_the_same_point_whatever_its_own(session):
    found = one(session, near((404_100, 284_100)), near((405_900, 285_900)), near((405_001, 285_001)))
    assert set(found) == {("approximate", *MIDDLE, LOZELLS, None)}


def test_the_point_is_the_same_when_published_again(session):
    assert one(session, near((404_100, 284_100))) == again(session) == again(session)


def test_new_boundaries_do_not_change_what_stands_for_a_place(session):
    before = one(session, near((404_100, 284_100)))
    move_ward(session, LOZELLS, 404_500, 284_500)  # the place lies in another ward now
    move_ward(session, NORTON, 403_000, 283_000)
    assert again(session) == before
    assert session.scalars(select(Location.ward_code)).one() == NORTON


def test_a_place_that_comes_after_new_boundaries_has_the_point_of_those_before(session):
    one(session, near((404_600, 284_600)))
    move_ward(session, LOZELLS, 404_500, 284_500)
    add(session, organization("Elm Trust", service("Shelter", near((406_000, 286_000)))))
    assert {row[:4] for row in again(session)} == {("approximate", *MIDDLE, LOZELLS)}


def test_a_ward_that_is_no_more_stands_still_and_is_searched_for_by_its_authority(session):
    one(session, near((404_100, 284_100)))
    session.delete(session.get_one(Area, LOZELLS))
    session.flush()
    assert again(session) == [("approximate", *MIDDLE, None, None)]
    from directory.places.find import find_place

    far = find_place(session, "ZZ1 2BB", TODAY)
    assert count_services(session, ServiceQuery(place=far, within_metres=500)) == (0, 1)


def test_a_person_may_let_the_new_area_stand_for_it(session):
    one(session, near((404_100, 284_100)))
    move_ward(session, LOZELLS, 404_500, 284_500)
    move_ward(session, NORTON, 403_000, 283_000)
    place_all(session)
    fix_again(session, session.scalars(select(Location)).one())
    assert again(session) == [("approximate", 404_000, 284_000, NORTON, None)]


def test_a_corrected_address_nearby_keeps_the_area_and_a_move_does_not(session):
    add_areas(session)
    oak = organization("Oak Trust", service("Refuge", near((405_900, 285_000))))
    add(session, oak)
    door = oak["services"][0]["service_at_locations"][0]["location"]
    for east, ward in ((406_200, LOZELLS), (407_500, NORTON)):
        moved = location((east, 285_000), protection="approximate")
        door |= {name: moved[name] for name in ("latitude", "longitude")}
        add(session, oak)
        assert shown(session)[0][3] == ward


def test_one_door_of_two_organisations_has_one_area(session):
    one(session, near((405_990, 285_000)))
    move_ward(session, LOZELLS, 400_000, 280_000)
    move_ward(session, NORTON, 405_000, 284_000)
    add(session, organization("Elm Trust", service("Shelter", near((405_990, 285_000)))))
    assert {row[1:4] for row in again(session)} == {(*MIDDLE, LOZELLS)}


def counted(session, measure, **values):
    session.add_all(AreaValue(code=code, measure=measure, value=value) for code, value in values.items())
    session.flush()


def test_a_ward_of_few_households_is_too_small_to_stand_for_a_place(session):
    one(session, near((404_100, 284_100)))
    counted(session, "households", **{LOZELLS: 499})
    assert again(session) == [("hidden", None, None, None, None)]
    session.get_one(AreaValue, (LOZELLS, "households")).value = 500
    assert again(session) == [("approximate", *MIDDLE, LOZELLS, None)]


def test_people_tell_where_households_are_not_known(session):
    one(session, near((404_100, 284_100)), near((406_500, 284_500)))
    counted(session, "people", **{LOZELLS: 1_199, NORTON: 1_200})
    # In what order a service's places come says nothing of them.
    assert {(row[0], row[3]) for row in again(session)} == {("hidden", None), ("approximate", NORTON)}


def test_small_areas_in_a_ward_are_counted_together(session):
    one(session, near((404_100, 284_100)))
    counted(session, "people", E01000001=900)
    assert again(session)[0][0] == "hidden"
    session.get_one(AreaValue, ("E01000001", "people")).value = 1_900
    assert again(session)[0][0] == "approximate"


def test_a_ward_without_a_figure_is_not_taken_to_be_large_where_others_have_one(session):
    one(session, near((406_500, 284_500)))
    counted(session, "people", **{LOZELLS: 20_000})
    assert again(session)[0][0] == "hidden"


def test_without_a_ward_only_the_authority_is_told(session):
    assert one(session, near((401_000, 281_000))) == [("hidden", None, None, None, None)]
    assert session.scalars(select(PublishedPlace.authority_code)).all() == [BIRMINGHAM]
    assert session.scalars(select(ApproximatePlace)).all() == []


def test_what_stands_for_a_place_goes_with_it(session):
    one(session, near((404_100, 284_100)))
    session.delete(session.scalars(select(Organization)).one())
    session.delete(session.scalars(select(Location)).one())
    session.flush()
    assert session.scalars(select(ApproximatePlace)).all() == []
