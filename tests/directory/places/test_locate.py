"""From coordinates and postcodes to points and areas, and to flags."""

import pytest
from sqlalchemy import delete, select

from directory.models import (
    Address,
    Area,
    Location,
    Organization,
    Postcode,
    ReviewFlag,
    Service,
    ServiceAtLocation,
)
from directory.places.flag import place, place_all
from directory.places.load import load_areas, load_postcodes, remove_other_areas
from directory.places.locate import locate, location_postcode
from geodata.crs import bng_to_lonlat
from tests.directory.grounds import AUTHORITY, INSIDE, LSOA, WARD, areas, load_ground, postcodes


def location(session, *codes, point=None, **facts):
    """A location with addresses of these postcodes and, perhaps, a given point on the grid."""
    if point:
        longitude, latitude = bng_to_lonlat(*point)
        facts |= {"longitude": float(longitude), "latitude": float(latitude), "point_source": "given"}
    made = Location(**facts, addresses=[Address(postal_code=code) for code in codes])
    session.add(made)
    session.flush()
    return made


def where(made):
    return made.easting, made.northing, made.point_source


def within(made):
    return made.authority_code, made.ward_code, made.lsoa_code


def flags(session):
    return [row.reason for row in session.scalars(select(ReviewFlag).order_by(ReviewFlag.reason))]


@pytest.fixture
def ground(session):
    load_ground(session)


def offered_at(session, *locations):
    """An organisation with a service at these locations."""
    links = [ServiceAtLocation(location=made) for made in locations]
    made = Organization(name="Lantern", services=[Service(name="Studio", service_at_locations=links)])
    session.add(made)
    session.flush()
    return made


def test_nothing_to_locate_is_no_trouble(session):
    assert locate(session, []) == {}
    assert place_all(session) == 0


def test_without_any_geography_nothing_is_known(session):
    made = location(session, "B19 2TH")
    assert locate(session, [made]) == {}
    assert where(made) == within(made) == (None, None, None)


def test_a_given_point_needs_no_postcode(session):
    made = location(session, point=(403_000, 283_000))
    locate(session, [made])
    assert where(made) == (403_000, 283_000, "given")
    assert within(made) == (None, None, None)


@pytest.mark.usefixtures("ground")
class TestOnTheGround:
    """With postcodes and areas loaded."""

    def test_a_postcode_gives_point_and_areas(self, session):
        made = location(session, "b192th")
        locate(session, [made])
        assert where(made) == (*INSIDE["B19 2TH"], "postcode")
        assert within(made) == (AUTHORITY, WARD, LSOA)
        longitude, latitude = bng_to_lonlat(*INSIDE["B19 2TH"])
        assert (made.longitude, made.latitude) == (round(float(longitude), 5), round(float(latitude), 5))

    def test_each_location_gets_its_own(self, session):
        made = [location(session, code) for code in ("B1 1AA", "SY1 1AA", "B19 1AA", "B99 9ZZ")]
        locate(session, made)
        assert [one.easting for one in made] == [415_000, 349_000, 409_000, None]
        assert [within(one) for one in made] == [
            (AUTHORITY, None, None),
            (None, None, None),
            (AUTHORITY, WARD, None),
            (None, None, None),
        ]

    def test_a_given_point_is_kept_beside_a_postcode(self, session):
        made = location(session, "B1 1AA", point=(403_000, 283_000))
        locate(session, [made])
        assert where(made) == (403_000, 283_000, "given")

    @pytest.mark.parametrize(("metres", "far"), [(900, False), (1100, True)])
    def test_a_point_over_a_kilometre_from_its_postcode_is_told(self, session, metres, far):
        made = location(session, "B19 2TH", point=(403_000 + metres, 283_000))
        assert locate(session, [made]) == ({made.id: pytest.approx(metres, abs=2)} if far else {})

    def test_a_point_off_the_grid_is_not_known(self, session):
        made = location(session, "B19 2TH", latitude=12.0, longitude=52.0, point_source="given")
        assert locate(session, [made]) == {}
        assert within(made) == (None, None, None)
        assert made.easting is None

    def test_a_postcode_without_a_place_gives_none(self, session):
        made = location(session, "B99 9ZZ")
        locate(session, [made])
        assert (*where(made), made.latitude) == (None, None, None, None)

    def test_half_a_point_is_none(self, session):
        session.add(Postcode(postcode="B3 3BB", easting=403_000))
        made = location(session, "B3 3BB")
        locate(session, [made])
        assert where(made) == (None, None, None)

    def test_a_postcode_that_lost_its_place_takes_the_areas_with_it(self, session):
        made = location(session, "B19 2TH")
        locate(session, [made])
        load_postcodes(session, postcodes({"B19 2TH": None}))
        place_all(session)
        assert where(made) == within(made) == (None, None, None)

    def test_areas_that_are_replaced_are_found_anew(self, session):
        made = location(session, "B19 2TH")
        locate(session, [made])
        load_areas(session, areas("ward", "E05099999"))
        remove_other_areas(session, "ward", ["E05099999"])
        place_all(session)
        assert within(made) == (AUTHORITY, "E05099999", LSOA)

    def test_a_level_that_is_gone_is_not_known(self, session):
        made = location(session, "B19 2TH")
        locate(session, [made])
        session.execute(delete(Area).where(Area.level == "lsoa21"))
        place_all(session)
        assert within(made) == (AUTHORITY, WARD, None)

    def test_what_is_out_of_place_is_flagged(self, session):
        offered_at(
            session,
            location(session, "B19 2TH", point=(410_000, 283_000)),
            location(session, "SY1 1AA"),
            location(session, "B99 9ZZ"),
            location(session, "B1 1AA"),
        )
        assert place_all(session) == 4
        assert flags(session) == ["far from postcode", "no point", "outside"]

    def test_a_distance_is_told_in_metres(self, session):
        offered_at(session, location(session, "B19 2TH", point=(410_000, 283_000)))
        place_all(session)
        message = session.scalar(select(ReviewFlag.message))
        assert message == "The point is 7,000 metres from the postcode. Which is right?"

    def test_flags_follow_the_geography(self, session):
        owner = offered_at(session, location(session, "B98 7AA"))
        session.add(ReviewFlag(organization_id=owner.id, reason="check", message="Something else"))
        place_all(session)
        assert flags(session) == ["check", "no point"]
        load_postcodes(session, postcodes({"B98 7AA": (403_000, 283_000)}))
        place_all(session)
        assert flags(session) == ["check"]

    def test_every_organisation_at_a_place_is_flagged(self, session):
        shared = location(session, "SY1 1AA")
        owners = {offered_at(session, shared).id for _ in range(2)}
        place(session, [shared])
        assert set(session.scalars(select(ReviewFlag.organization_id))) == owners

    def test_a_place_that_nobody_uses_and_one_that_is_no_place_are_not_flagged(self, session):
        location(session, "SY1 1AA")
        offered_at(session, location(session, location_type="virtual"))
        place_all(session)
        assert flags(session) == []


def test_nothing_is_outside_where_no_authority_is_loaded(session):
    load_postcodes(session, postcodes(INSIDE))
    offered_at(session, location(session, "B19 2TH"), location(session, "B98 7AA"))
    place_all(session)
    assert flags(session) == ["no point"]


@pytest.mark.parametrize(
    ("codes", "found"),
    [((), None), ((None,), None), (("Lozells",), None), (("Lozells", " b1  1aa"), "B1 1AA")],
)
def test_the_first_postcode_that_is_one_counts(codes, found):
    made = Location(addresses=[Address(postal_code=code) for code in codes])
    assert location_postcode(made) == found
