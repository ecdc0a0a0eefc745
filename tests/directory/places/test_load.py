"""Geography into the tables: added, replaced, and never the real by the made-up."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import select

from directory.models import Area, AreaLink, AreaValue, Postcode, Site
from directory.places import upsert
from directory.places.load import (
    SiteError,
    load_area_links,
    load_area_values,
    load_areas,
    load_postcodes,
    load_sites,
    remove_fictional_areas,
    remove_other_areas,
)
from geodata.crs import CRSError
from tests.directory.grounds import AUTHORITY, SIDE, SOUTH, WEST, areas, postcodes


def points(session):
    rows = session.execute(select(Postcode.postcode, Postcode.easting, Postcode.northing))
    return {code: (easting, northing) for code, easting, northing in rows}


def values(session):
    return {(row.code, row.measure): row.value for row in session.scalars(select(AreaValue))}


def figures(*rows):
    return pd.DataFrame(rows, columns=["code", "measure", "value"])


def test_postcodes_are_added_and_replaced(session):
    load_postcodes(session, postcodes({"B19 2TH": (1, 2), "B1 1AA": (3, 4)}))
    assert load_postcodes(session, postcodes({"B1 1AA": (5, 6), "B2 2BB": (7, 8)})) == 2
    assert points(session) == {"B19 2TH": (1, 2), "B1 1AA": (5, 6), "B2 2BB": (7, 8)}


def test_a_postcode_without_a_place_has_none(session):
    load_postcodes(session, postcodes({"B19 2TH": None}))
    row = session.scalars(select(Postcode)).one()
    assert (row.easting, row.northing, row.quality, row.ward_code) == (None, None, 90, None)


def test_of_a_postcode_given_twice_the_last_counts(session):
    frame = pd.concat([postcodes({"B19 2TH": (1, 2)}), postcodes({"B19 2TH": (3, 4)})])
    assert load_postcodes(session, frame) == 1
    assert points(session) == {"B19 2TH": (3, 4)}


def test_known_postcodes_can_be_left_as_they_are(session):
    load_postcodes(session, postcodes({"B19 2TH": (1, 2)}))
    load_postcodes(session, postcodes({"B19 2TH": (3, 4), "B1 1AA": (5, 6)}), replace=False)
    assert points(session) == {"B19 2TH": (1, 2), "B1 1AA": (5, 6)}


def test_many_rows_go_in_batches(session, monkeypatch):
    monkeypatch.setattr(upsert, "BATCH", 3)
    some = {f"B1 1A{letter}": (n, n) for n, letter in enumerate("ABCDEFGH", 1)}
    assert load_postcodes(session, postcodes(some)) == 8
    assert points(session) == some


def test_no_rows_are_no_trouble(session):
    assert load_postcodes(session, postcodes({"B1 1AA": None}).head(0)) == 0
    assert load_area_values(session, figures()) == 0
    assert load_area_links(session, pd.DataFrame(columns=["from_code", "to_code", "relation"])) == 0


def test_an_area_is_kept_with_its_bounds_and_a_point_inside(session):
    assert load_areas(session, areas("ward", "E05000001", "E05000002")) == 2
    area = session.get(Area, "E05000002")
    assert (area.west, area.south, area.east, area.north) == (
        *(WEST + SIDE, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE),
    )
    assert (area.name, area.level, area.authority_code) == ("Area E05000002", "ward", AUTHORITY)
    assert shapely.from_wkb(area.outline).contains(shapely.Point(area.easting, area.northing))
    assert not area.fictional


def test_an_area_is_replaced_whole(session):
    load_areas(session, areas("ward", "E05000001"))
    load_areas(session, areas("ward", "E05000001", side=100).assign(authority_code=None))
    area = session.scalars(select(Area)).one()
    assert (area.east, area.authority_code) == (WEST + 100, None)


def test_areas_in_degrees_are_refused(session):
    with pytest.raises(CRSError):
        load_areas(session, areas("ward", "E05000001").to_crs("EPSG:4326"))


def test_made_up_areas_never_replace_official_ones(session):
    load_areas(session, areas("authority", AUTHORITY))
    load_areas(session, areas("authority", AUTHORITY, "X01", side=100), fictional=True)
    assert session.get(Area, AUTHORITY).east == WEST + SIDE
    load_areas(session, areas("authority", "X01", side=200), fictional=True)
    assert session.get(Area, "X01").east == WEST + 200


def test_official_areas_replace_made_up_ones(session):
    load_areas(session, areas("authority", AUTHORITY), fictional=True)
    load_areas(session, areas("authority", AUTHORITY))
    remove_fictional_areas(session)
    assert session.scalars(select(Area.code)).all() == [AUTHORITY]


def test_made_up_areas_go_with_their_figures(session):
    load_areas(session, areas("lsoa21", "E01000001"))
    load_areas(session, areas("lsoa21", "X01", "X02"), fictional=True)
    load_area_values(session, figures(("X01", "people", 5), ("E01000001", "people", 6)))
    remove_fictional_areas(session)
    assert session.scalars(select(Area.code)).all() == ["E01000001"]
    assert values(session) == {("E01000001", "people"): 6}


def test_a_newer_set_of_areas_can_take_the_place_of_a_level(session):
    load_areas(session, areas("ward", "E05000001", "E05000002", "E05000003"))
    load_areas(session, areas("authority", AUTHORITY))
    assert remove_other_areas(session, "ward", ["E05000002"]) == 2
    assert set(session.scalars(select(Area.code))) == {AUTHORITY, "E05000002"}
    assert remove_other_areas(session, "ward", ["E05000002"]) == 0


def test_figures_are_added_and_replaced(session):
    load_area_values(session, figures(("a", "people", 5), ("a", "score", 0.5)))
    assert load_area_values(session, figures(("a", "people", 7), ("b", "people", 0))) == 2
    assert values(session) == {("a", "people"): 7, ("a", "score"): 0.5, ("b", "people"): 0}


def test_a_figure_that_is_blank_now_is_not_known_any_more(session):
    load_area_values(session, figures(("a", "people", 5), ("b", "people", 6), ("a", "score", 1)))
    assert load_area_values(session, figures(("a", "people", None), ("b", "people", 7))) == 1
    assert values(session) == {("b", "people"): 7, ("a", "score"): 1}


def test_links_are_kept_once(session):
    links = pd.DataFrame(
        [("a", "b", "S"), ("a", "c", "S"), ("a", "b", "S")], columns=["from_code", "to_code", "relation"]
    )
    assert [load_area_links(session, links), load_area_links(session, links)] == [2, 2]
    assert {(row.from_code, row.to_code) for row in session.scalars(select(AreaLink))} == {
        *(("a", "b"), ("a", "c")),
    }


def test_a_link_with_a_blank_code_is_refused(session):
    links = pd.DataFrame([("a", None, "S")], columns=["from_code", "to_code", "relation"])
    with pytest.raises(ValueError, match=r"1 rows of the lookup have a blank code\. Nothing was loaded\."):
        load_area_links(session, links)


LOZELLS = {"slug": "lozells", "name": "Lozells", "authority_code": AUTHORITY}
POINT = {"type": "Point", "coordinates": [-1.9019, 52.5022]}
GROUND = {"type": "Polygon", "coordinates": [[[-1.91, 52.5], [-1.89, 52.5], [-1.9, 52.51], [-1.91, 52.5]]]}


def sites(geometry=POINT, **properties):
    feature = {"type": "Feature", "geometry": geometry, "properties": {**LOZELLS, **properties}}
    return {"type": "FeatureCollection", "features": [feature]}


def site(session):
    return session.scalars(select(Site)).one()


def test_a_site_is_added_then_replaced(session):
    assert load_sites(session, sites(area_codes=["a"], lsoa21_codes=["b"])) == ["lozells"]
    assert site(session).area_codes == ["a", "b"]
    assert site(session).points == [pytest.approx([406_756, 289_371], abs=5)]
    load_sites(session, sites(name="Lozells and Newtown", valid_from="2026-01-02"))
    assert (site(session).name, site(session).area_codes) == ("Lozells and Newtown", [])
    assert site(session).valid_from.isoformat() == "2026-01-02"


def test_a_known_site_can_be_left_as_it_is(session):
    load_sites(session, sites())
    assert load_sites(session, sites(name="Other"), replace=False) == ["lozells"]
    assert site(session).name == "Lozells"


def test_a_site_may_have_several_points_and_a_radius(session):
    both = {"type": "MultiPoint", "coordinates": [[-1.9245, 52.3997], [-1.9342, 52.3998, 120.0]]}
    load_sites(session, sites(both, radius_metres=500.4))
    assert (len(site(session).points), site(session).radius_metres) == (2, 500)


def test_a_site_may_have_an_outline(session):
    load_sites(session, sites(outline=GROUND))
    ground = gpd.GeoSeries.from_wkb([site(session).outline]).iloc[0]
    assert ground.area == pytest.approx(755_000, rel=0.01)


WRONG = [
    ({}, "It is not GeoJSON with features."),
    ([], "It is not GeoJSON with features."),
    ({"features": []}, "It is not GeoJSON with features."),
    ({"features": [{"properties": LOZELLS}]}, "Feature 1 has no geometry."),
    ({"features": [{"geometry": POINT}]}, "Feature 1 has no properties."),
    ({"features": [{"geometry": POINT, "properties": {"name": "x"}}]}, "Feature 1 has no slug."),
    (sites(name=" "), "its name is blank, or no text"),
    (sites(slug=5), "its slug is blank, or no text"),
    ({"features": ["x"]}, "Feature 1 cannot be read"),
    (sites(None), "Feature 1 cannot be read"),
    (sites(GROUND), "its geometry is a Polygon, not the site's reference points"),
    (sites({"type": "MultiPoint", "coordinates": []}), "it has no reference point"),
    (sites({"type": "Point", "coordinates": [52.5, -1.9]}), "outside Great Britain"),
    (sites({"type": "Point", "coordinates": [1]}), "Feature 1 cannot be read"),
    (sites(valid_from="soon"), "Feature 1 cannot be read"),
    (sites(radius_metres="wide"), "its radius_metres, 'wide', is not a number of metres"),
    (sites(radius_metres=-5), "is not a number of metres"),
    (sites(radius_metres=True), "is not a number of metres"),
    (sites(outline=POINT), "its outline has no area"),
    (sites(outline={"type": "Shape"}), "Feature 1 cannot be read"),
]


@pytest.mark.parametrize(("document", "message"), WRONG)
def test_a_wrong_file_of_sites_is_refused_in_a_sentence(session, document, message):
    with pytest.raises(SiteError) as problem:
        load_sites(session, document)
    assert message in str(problem.value)
    assert str(problem.value).endswith(".")
    session.rollback()
    assert session.scalars(select(Site)).all() == []
