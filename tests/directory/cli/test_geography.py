"""Commands for geography: what they say, and what they say when a file is wrong."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from directory.fetching.fetch import write_record
from directory.models import Area, AreaValue, Location, Postcode, Site, Source
from geodata.open_files import CODE_POINT_OPEN
from tests.conftest import TODAY
from tests.directory.grounds import AUTHORITY, areas

CODEPOINT = '"B192TH",10,406756,289371,"E92000001","","","","E08000025","E05011153"\n'
NOWHERE = '"B999ZZ",90,0,0,"E92000001","","","","E08000025","E05011153"\n'
LOOKUP = """lsoa11_code,lsoa21_code,change_code
E01000001,E01000001,U
E01000002,E01000003,S
E01000002,E01000004,S
"""


@pytest.fixture
def wards(tmp_path):
    """A file of two wards as ONS names their columns."""
    path = tmp_path / "wards.geojson"
    frame = areas("ward", "E05000001", "E05000002")[["code", "name", "geometry"]]
    names = {"code": "WD25CD", "name": "WD25NM"}
    frame.rename(columns=names).to_crs("EPSG:4326").to_file(path, driver="GeoJSON")
    return path


def test_postcodes(run, write):
    path = write("b.csv", CODEPOINT + NOWHERE + "Lozells,10,1,2,,,,,,\n")
    assert run("load-postcodes", path) == (
        0,
        "2 postcodes loaded, 1 of them without a place. 1 rows could not be read.\n"
        "  b.csv, row 3: the first column is not a postcode\n",
    )


def test_a_file_without_postcodes(stopped, write):
    assert "holds no Code-Point Open data" in stopped("load-postcodes", write("b.csv", "a,b\n"))


@pytest.mark.parametrize(
    "command", [["load-postcodes"], ["load-lookup"], ["load-areas", "--level", "ward"], ["import"]]
)
def test_a_file_that_is_not_there(run, command):
    code, said = run(*command, "nowhere.csv")
    assert code == 2
    assert "'nowhere.csv' does not exist." in said


def test_records_are_placed_when_postcodes_come_after_them(run, read, write):
    rows = write("r.csv", "Organisation name,Category,Postcode\nLantern,Sport,B19 2TH\n")
    run("import", rows)
    assert read(select(Location.easting)) == [None]
    assert "1 locations placed again." in run("load-postcodes", write("b.csv", CODEPOINT))[1]
    assert read(select(Location.easting)) == [406_756]


def test_areas(run, read, wards):
    assert run("load-areas", wards, "--level", "ward") == (0, "2 areas of level ward loaded.\n")
    assert read(select(Area.name).order_by(Area.code)) == ["Area E05000001", "Area E05000002"]


def test_areas_by_columns_of_other_names(run, read, tmp_path):
    areas("ward", "E05000001").to_file(tmp_path / "w.gpkg")
    columns = ("--code", "code", "--name", "name", "--authority", "authority_code")
    assert run("load-areas", tmp_path / "w.gpkg", "--level", "ward", *columns)[0] == 0
    assert read(select(Area.authority_code)) == [AUTHORITY]


def test_repaired_areas_are_named(run, write):
    bow = [[-1.9, 52.5], [-1.8, 52.6], [-1.8, 52.5], [-1.9, 52.6], [-1.9, 52.5]]
    feature = {
        "type": "Feature",
        "properties": {"WD25CD": "E05000001", "WD25NM": "Bow"},
        "geometry": {"type": "Polygon", "coordinates": [bow]},
    }
    path = write("w.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "Invalid outlines repaired: E05000001." in run("load-areas", path, "--level", "ward")[1]


def test_a_newer_set_of_areas(run, read, wards, tmp_path):
    areas("ward", "E05000001", "E05000009").to_file(tmp_path / "old.gpkg")
    run("load-areas", tmp_path / "old.gpkg", "--level", "ward", "--code", "code")
    assert "1 others taken out." in run("load-areas", wards, "--level", "ward", "--replace")[1]
    assert sorted(read(select(Area.code))) == ["E05000001", "E05000002"]


def test_areas_of_the_wrong_level(stopped, wards):
    said = stopped("load-areas", wards, "--level", "lsoa21")
    assert "wards.geojson has no column of lsoa21 codes; it has WD25CD" in said


def test_a_level_that_there_is_not(run, wards):
    code, said = run("load-areas", wards, "--level", "parish")
    assert code == 2
    assert "'parish' is not one of" in said


def test_a_column_without_the_code(stopped, wards):
    assert stopped("load-areas", wards, "--level", "ward", "--name", "WD25NM").startswith("Say --code too")


@pytest.mark.parametrize("text", ["not a map", '{"type": "FeatureCollection", "features": []}'])
def test_a_file_without_areas(stopped, write, text):
    assert "w.geojson" in stopped("load-areas", write("w.geojson", text), "--level", "ward")


def test_a_file_with_coordinates_swapped(stopped, wards):
    swapped = wards.read_text()
    wards.write_text(re.sub(r"\[ (-\d[\d.]*), (\d[\d.]*)( \])", r"[ \2, \1\3", swapped))
    assert "outside Great Britain" in stopped("load-areas", wards, "--level", "ward")


def test_a_fetched_file_credits_its_publisher(run, read, write, tmp_path):
    path = write("v.csv", "area,score\nE01000001,0.5\n")
    source = replace(CODE_POINT_OPEN, file_name=path.name)
    write_record(tmp_path, source, source.record.retrieved("https://a.org/v.csv", TODAY, "0" * 64, 9))
    said = run("load-values", path, "--code", "area", "--values", "score")[1]
    assert said.startswith("Source: Code-Point Open, Ordnance Survey.\n")
    assert read(select(AreaValue.source_id)) == read(select(Source.id))


def test_a_broken_record_of_fetched_files(stopped, read, write):
    write("sources.json", "{")
    assert "sources.json" in stopped("load-postcodes", write("b.csv", CODEPOINT))
    assert read(select(Postcode)) == []


def test_the_lookup_and_counts_by_it(run, read, write):
    assert run("load-lookup", write("l.csv", LOOKUP)) == (
        *(0, "3 links between LSOAs of 2011 and 2021 loaded.\n"),
    )
    path = write("v.csv", 'area,people,young\nE01000001,"1,200",\nE01000002,100,40\n')
    said = run("load-values", path, "--code", "area", "--values", "people, young", "--lsoa11", "count")
    assert said == (0, "5 figures loaded for 3 areas. 1 are blank: not known.\n")
    found = {(row.code, row.measure): row.value for row in read(select(AreaValue))}
    assert found[("E01000001", "people")] == 1200
    assert found[("E01000003", "people")] == found[("E01000004", "people")] == 50
    assert ("E01000001", "young") not in found


def test_figures_of_2021_need_no_lookup(run, read, write):
    path = write("v.csv", "area,score\nE01000001,0.5\n")
    assert run("load-values", path, "--code", "area", "--values", "score")[0] == 0
    assert read(select(AreaValue.value)) == [0.5]


def test_figures_of_2011_without_the_lookup(stopped, write):
    path = write("v.csv", "area,score\nE01000001,0.5\n")
    said = stopped("load-values", path, "--code", "area", "--values", "score", "--lsoa11", "score")
    assert said == "The lookup of LSOAs is not loaded. Run: flask directory load-lookup FILE\n"


def test_figures_of_areas_that_the_lookup_does_not_know(run, stopped, write):
    run("load-lookup", write("l.csv", LOOKUP))
    path = write("v.csv", "area,score\nE01999999,0.5\n")
    said = stopped("load-values", path, "--code", "area", "--values", "score", "--lsoa11", "score")
    assert "v.csv cannot be used: 1 codes are not 2011 areas of the lookup: E01999999." in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("area,people\nE01000001,1\n", "has no column score"),
        ("area,score\nE01000001,many\n", "line 2, score: 'many'"),
        ("area,score\nE01000001,1\nE01000001,2\n", "missing or given twice"),
        ("", "v.csv cannot be used: No columns to parse from file."),
    ],
)
def test_a_wrong_table_of_figures(stopped, write, text, message):
    assert message in stopped("load-values", write("v.csv", text), "--code", "area", "--values", "score")


def test_no_column_of_figures(stopped, write):
    path = write("v.csv", "area,score\nE01000001,1\n")
    assert stopped("load-values", path, "--code", "area", "--values", " ,") == (
        "Name at least one column of figures with --values.\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "l.csv has no column lsoa11_code"),
        ("lsoa11_code,lsoa21_code,change_code\nE01000001,,U\n", "1 rows of the lookup have a blank code"),
        ("", "l.csv cannot be used: No columns to parse from file."),
    ],
)
def test_a_wrong_lookup(stopped, write, text, message):
    assert message in stopped("load-lookup", write("l.csv", text))


def sites(write, **properties):
    facts = {"slug": "lozells", "name": "Lozells", "authority_code": AUTHORITY, **properties}
    point = {"type": "Point", "coordinates": [-1.9019, 52.5022]}
    feature = {"type": "Feature", "geometry": point, "properties": facts}
    return write("s.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))


def test_sites_are_loaded_listed_and_retired(run, read, write):
    path = sites(write, valid_from="2020-01-01")
    assert run("sites", "--load", path) == (
        *(0, "Sites loaded: lozells.\nlozells: Lozells, 2020-01-01 to now\n"),
    )
    assert run("sites", "--retire", "lozells") == (
        0,
        "Lozells ends today, and is kept in the record.\nlozells: Lozells, 2020-01-01 to 2026-11-23\n",
    )
    assert read(select(Site.valid_to))[0].isoformat() == "2026-11-23"


def test_sites_without_dates(run, write):
    run("sites", "--load", sites(write))
    assert run("sites") == (0, "lozells: Lozells, always to now\n")


def test_an_unknown_site_to_retire(stopped):
    assert stopped("sites", "--retire", "aston") == "There is no site 'aston'.\n"


def test_a_wrong_file_of_sites_changes_nothing(stopped, read, write):
    said = stopped("sites", "--load", sites(write, radius_metres="wide"))
    assert said.startswith("s.geojson is not a file of sites. Feature 1 cannot be read")
    assert said.endswith("docs/import-formats.md shows one.\n")
    assert stopped("sites", "--load", write("x.geojson", "{")).startswith("x.geojson is not a file of sites.")
    assert read(select(Site)) == []


CRIME = "Crime ID,Month,LSOA code,Crime type\n"


@pytest.fixture
def small_areas(run, tmp_path):
    """Two small areas in the directory."""
    frame = areas("lsoa21", "E01000001", "E01000002")
    frame.rename(columns={"code": "LSOA21CD", "name": "LSOA21NM"}).to_file(tmp_path / "lsoa.gpkg")
    assert run("load-areas", tmp_path / "lsoa.gpkg", "--level", "lsoa21")[0] == 0


def test_crime_becomes_a_figure_and_an_area_without_any_has_nought(run, read, write, small_areas):
    path = write(
        "street.csv", CRIME + "1,2024-01,E01000001,Robbery\n2,2024-02,E01000001,Drugs\n3,2024-02,,Robbery\n"
    )
    code, said = run("load-crime", path)
    assert code == 0
    assert "3 rows read, of 2024-01 to 2024-02 (2 months). 1 crimes counted" in said
    assert "1 rows name no area." in said
    values = read(select(AreaValue.value).where(AreaValue.measure == "violence").order_by(AreaValue.code))
    assert values == [1, 0]


def test_crime_of_2011_areas_is_carried_to_those_of_2021(run, read, write):
    run("load-lookup", write("lookup.csv", LOOKUP))
    path = write("street.csv", CRIME + "1,2018-06,E01000002,Robbery\n2,2018-06,E01000002,Robbery\n")
    run("load-crime", path, "--lsoa11", "--type", "Robbery", "--measure", "robbery")
    assert read(select(AreaValue.value).order_by(AreaValue.code)) == [0, 1, 1]


def test_areas_of_the_file_that_are_not_loaded_are_told(run, write, small_areas):
    path = write("street.csv", CRIME + "1,2024-01,E01000001,Robbery\n2,2024-01,E01999999,Robbery\n")
    assert "1 areas of the file are not loaded, and were passed over: E01999999" in run("load-crime", path)[1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("1,2024-01,E01000001,Bicycle theft\n", "there is no crime of the kind"),
        ("1,2024-01,E01999999,Robbery\n", "Try --lsoa11"),
        ("1,soon,E01000001,Robbery\n", "a month that is not written"),
    ],
)
def test_crime_that_cannot_be_used(stopped, write, small_areas, rows, said):
    assert said in stopped("load-crime", write("street.csv", CRIME + rows))


def test_crime_without_areas_says_how_to_load_them(stopped, write):
    path = write("street.csv", CRIME + "1,2024-01,E01000001,Robbery\n")
    assert "with --level lsoa21: flask directory load-areas FILE" in stopped("load-crime", path)
