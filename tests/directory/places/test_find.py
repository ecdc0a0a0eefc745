"""From what a person types to a place."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from directory.models import Area, Site
from directory.places.find import areas_near, find_place, neighbourhoods, site_place, suggest_places
from tests.directory.records import (
    BIRMINGHAM,
    SANDWELL,
    TODAY,
    add,
    add_areas,
    location,
    organization,
    service,
)


@pytest.mark.parametrize(
    "text", ["lozells", "The Lozells Estate", "lozells estate", " THE  lozells   ESTATE "]
)
def test_site_by_its_slug_and_its_name(session, text):
    add_areas(session)
    place = find_place(session, text, TODAY)
    assert (place.kind, place.slug, place.points) == (
        "site",
        "lozells",
        ((404_500, 284_500), (405_500, 284_500)),
    )


def test_every_site_of_the_demonstration_is_found(app):
    from directory.db import get_session

    with app.app_context():
        for site in get_session().scalars(select(Site)).all():
            for text in (site.slug, site.name, site.name.removeprefix("The "), site.name.upper()):
                assert find_place(get_session(), text, TODAY).slug == site.slug


def test_site_comes_before_the_ward_of_its_name(session):
    add_areas(session)
    session.scalars(select(Site)).one().name = "St Michael's"
    session.flush()
    assert find_place(session, "st. michael\u2019s", TODAY).kind == "site"


def test_site_out_of_force_is_not_found(session):
    add_areas(session)
    session.scalars(select(Site)).one().valid_to = TODAY
    session.flush()
    assert find_place(session, "lozells estate", TODAY).kind == "site"
    assert find_place(session, "lozells estate", TODAY + timedelta(days=1)) is None


@pytest.mark.parametrize("text", ["ZZ1 1AA", "zz11aa", " zz1  1aa ", "Zz1 1aA", "Z Z 1 1 A A"])
def test_postcode_in_any_spacing(session, text):
    add_areas(session)
    place = find_place(session, text, TODAY)
    assert (place.kind, place.name, place.points) == ("postcode", "ZZ1 1AA", ((404_500, 284_500),))
    assert place.explanation == "ZZ1 1AA (Lozells, Birmingham)"
    assert place.around == {BIRMINGHAM, "E05000001", "E01000001"}


@pytest.mark.parametrize("text", ["ZZ9 9ZZ", "ZZ5 5ZZ"])
def test_postcode_without_a_point_is_no_place(session, text):
    add_areas(session)
    assert find_place(session, text, TODAY) is None


def test_district_is_the_middle_of_its_postcodes(session):
    add_areas(session)
    place = find_place(session, "zz1", TODAY)
    assert (place.kind, place.name, place.points) == ("district", "ZZ1", ((405_000, 285_000),))
    assert place.explanation == "the middle of ZZ1 (Lozells, Birmingham)"
    assert find_place(session, "ZZ2", TODAY) is None
    assert find_place(session, "ZZ", TODAY) is None


def test_ward_and_authority(session):
    add_areas(session)
    ward = find_place(session, "kings norton south", TODAY)
    assert (ward.kind, ward.inside, ward.authority_code) == ("ward", {"E05000002"}, BIRMINGHAM)
    assert ward.explanation == "King's Norton South, a ward in Birmingham"
    authority = find_place(session, "SANDWELL", TODAY)
    assert (authority.kind, authority.authority_code) == ("authority", SANDWELL)
    assert authority.explanation == "Sandwell, a local authority"


def test_ward_whose_authority_is_not_loaded(session):
    from directory.models import Area

    add_areas(session)
    session.get_one(Area, "E05000004").authority_code = None
    session.flush()
    place = find_place(session, "Smethwick", TODAY)
    assert (place.explanation, place.authority_code) == ("Smethwick, a ward", None)


def test_two_places_of_a_name_are_said(session):
    add_areas(session)
    explanation = find_place(session, "St Michaels", TODAY).explanation
    assert explanation.startswith("St Michael's, a ward in Birmingham. There is 1 more place of that name;")


@pytest.mark.parametrize(
    "text", ["", "   ", "?", "\u540d\u524d", "'; DROP TABLE area; --", "a" * 10_000, "%", "_"]
)
def test_strange_texts_are_no_place(session, text):
    add_areas(session)
    assert find_place(session, text, TODAY) is None
    assert suggest_places(session, text, TODAY) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lozels", "Lozells"),
        ("smethwik", "Smethwick"),
        ("kings nortn south", "King's Norton South"),
        ("birmingam", "Birmingham"),
    ],
)
def test_near_spelling_is_suggested(session, text, name):
    add_areas(session)
    assert find_place(session, text, TODAY) is None
    assert name in suggest_places(session, text, TODAY)


def test_place_outside_the_areas_says_so(session):
    from directory.models import Postcode

    session.add(Postcode(postcode="ZZ1 1AA", easting=404_500, northing=284_500, quality=10))
    session.flush()
    place = find_place(session, "ZZ1 1AA", date(2026, 11, 23))
    assert place.explanation == "ZZ1 1AA (outside the areas that are loaded)"
    assert (place.authority_code, place.around) == (None, frozenset())


def test_site_holds_the_open_places_on_its_ground(session):
    add_areas(session)
    points = {"inside": (404_900, 284_900), "border": (405_000, 284_500), "outside": (405_001, 284_500)}
    services = [service(name, location(point)) for name, point in points.items()]
    # The ward's middle would lie on the border of the site, and says nothing of where the place is.
    services.append(service("approximate", location((404_100, 284_100), protection="approximate")))
    add(session, organization("Oak", *services))
    place = site_place(session, session.scalars(select(Site)).one())
    from directory.models import PublishedPlace, PublishedService

    names = session.scalars(
        select(PublishedService.name).join(PublishedPlace).where(PublishedPlace.id.in_(place.place_ids))
    ).all()
    assert set(names) == {"inside", "border"}
    assert place.explanation == "The Lozells Estate, a priority site in Birmingham"


def test_site_in_an_authority_that_is_not_loaded(session):
    add_areas(session)
    site = session.scalars(select(Site)).one()
    site.authority_code = "E08999999"
    session.flush()
    assert site_place(session, site).explanation == "The Lozells Estate, a priority site in E08999999"


def test_areas_near_are_measured_to_their_borders(session):
    add_areas(session)
    codes = [
        {area.code for area in near}
        for near in areas_near(session, [(404_500, 284_500), (408_500, 284_500)], 500)
    ]
    assert codes == [{BIRMINGHAM, "E05000001", "E05000003", "E01000001"}, {BIRMINGHAM, "E05000002"}]
    (wards,) = areas_near(session, [(404_500, 284_500)], 500, ["ward"])
    assert [area.code for area in wards] == ["E05000001", "E05000003"]


@pytest.mark.parametrize(
    ("ward", "names"),
    [
        ("Brandwood & King's Heath", ["Brandwood", "King's Heath"]),
        ("Halesowen North", ["Halesowen"]),
        ("Kingswinford North and Wall Heath", ["Kingswinford", "Wall Heath"]),
        ("Tipton Green", ["Tipton"]),
        ("Wollaston & Stourbridge Town", ["Wollaston", "Stourbridge"]),
        ("Heath Town", []),
        ("Hall Green South", ["Hall Green"]),
        ("Great Barr with Yew Tree", ["Great Barr", "Yew Tree"]),
        ("Lozells", []),
        ("Sandwell", []),
        ("North", []),
    ],
)
def test_a_ward_is_named_by_its_neighbourhoods(ward, names):
    assert neighbourhoods(ward) == names


def test_a_neighbourhood_is_all_wards_of_one_authority_that_are_named_by_it(session):
    add_areas(session)
    wards = session.scalars(select(Area).where(Area.level == "ward").order_by(Area.code)).all()
    for ward, name in zip(wards, ("Oak & King's Heath North", "Kings Heath South"), strict=False):
        ward.name, ward.authority_code = name, BIRMINGHAM
    session.flush()
    place = find_place(session, "kings heath", TODAY)
    assert place.inside == {ward.code for ward in wards[:2]}
    assert (place.kind, place.authority_code, len(place.points)) == ("ward", BIRMINGHAM, 2)
    assert find_place(session, "oak", TODAY).inside == {wards[0].code}
    assert find_place(session, "heath", TODAY) is None
