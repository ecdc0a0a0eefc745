"""Areas and sites as frames in metres."""

from datetime import date

import pytest
import shapely
from shapely.geometry import box

from directory.models import Site
from directory.places.frames import AREA_COLUMNS, area_frame, current_sites, site_extent, site_frames
from directory.places.load import load_areas
from geodata.crs import BNG
from tests.directory.grounds import AUTHORITY, SIDE, SOUTH, WEST, areas


def site(session, name="Lozells", **facts):
    facts = {"authority_code": AUTHORITY, "points": [[WEST, SOUTH]], "area_codes": [], **facts}
    made = Site(slug=name.lower(), name=name, **facts)
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def wards(session):
    load_areas(session, areas("ward", "E05000002", "E05000001"))
    load_areas(session, areas("authority", AUTHORITY))


@pytest.mark.usefixtures("wards")
def test_the_areas_of_a_level_in_the_order_of_their_codes(session):
    frame = area_frame(session, "ward")
    assert list(frame.columns) == AREA_COLUMNS
    assert frame["code"].tolist() == ["E05000001", "E05000002"]
    assert frame.crs == BNG
    assert frame.geometry.iloc[1].equals(box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE))


@pytest.mark.usefixtures("wards")
@pytest.mark.parametrize(("codes", "found"), [(["E05000001", AUTHORITY, "x"], 2), ([], 0)])
def test_areas_by_their_codes_whatever_their_level(session, codes, found):
    assert len(area_frame(session, "ward", codes)) == found


def test_where_nothing_is_loaded_a_frame_is_empty_and_still_in_metres(session):
    frame = area_frame(session, "ward")
    assert (len(frame), list(frame.columns), frame.crs) == (0, AREA_COLUMNS, BNG)


DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "current"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (date(2026, 11, 24), None, False),
        (None, date(2026, 11, 22), False),
        (date(2020, 1, 1), date(2030, 1, 1), True),
    ],
)
def test_sites_are_in_force_from_a_day_to_a_day(session, valid_from, valid_to, current):
    site(session, valid_from=valid_from, valid_to=valid_to)
    assert len(current_sites(session, DAY)) == current


def test_sites_come_by_name(session):
    for name in ("Walsall", "Hillfields", "Lozells"):
        site(session, name)
    assert [one.name for one in current_sites(session, DAY)] == ["Hillfields", "Lozells", "Walsall"]


@pytest.mark.usefixtures("wards")
def test_the_extent_of_a_site_is_its_areas(session):
    made = site(session, area_codes=["E05000001", "E05000002"], radius_metres=10)
    assert site_extent(session, made).equals(box(WEST, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE))


@pytest.mark.usefixtures("wards")
def test_made_up_areas_stand_in_until_the_official_ones_are_loaded(session):
    load_areas(session, areas("lsoa21", "X01000001", west=0, side=100), fictional=True)
    made = site(session, area_codes=["X01000001", "E01008905"])
    assert site_extent(session, made).area == 100**2
    load_areas(session, areas("lsoa21", "E01008905", west=0, side=200))
    assert site_extent(session, made).area == 200**2


def test_without_its_areas_a_site_is_its_outline(session):
    outline = shapely.to_wkb(box(WEST, SOUTH, WEST + 50, SOUTH + 50))
    made = site(session, area_codes=["E01008905"], outline=outline)
    assert site_extent(session, made).area == 2500


@pytest.mark.parametrize(("radius", "metres"), [(500, 500), (None, 800)])
def test_without_areas_and_outline_a_site_is_a_circle(session, radius, metres):
    ground = site_extent(session, site(session, radius_metres=radius))
    assert ground.bounds == (WEST - metres, SOUTH - metres, WEST + metres, SOUTH + metres)


def test_a_site_of_several_points_is_a_circle_round_each(session):
    made = site(session, points=[[WEST, SOUTH], [WEST + 5000, SOUTH]], radius_metres=100)
    assert len(site_extent(session, made).geoms) == 2


def test_frames_of_sites_hold_extents_and_reference_points(session):
    made = [site(session), site(session, "Estates", points=[[WEST, SOUTH], [WEST + 9, SOUTH]])]
    extents, references = site_frames(session, made)
    assert extents["slug"].tolist() == ["lozells", "estates"]
    assert references["name"].tolist() == ["Lozells", "Estates", "Estates"]
    assert references.geometry.iloc[2].coords[0] == (WEST + 9, SOUTH)
    assert extents.crs == references.crs == BNG


def test_frames_of_no_sites_are_empty(session):
    extents, references = site_frames(session, [])
    assert (len(extents), len(references), extents.crs) == (0, 0, BNG)
