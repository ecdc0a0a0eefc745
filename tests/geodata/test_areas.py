import geopandas as gpd
import pytest
from shapely import LineString, Point, Polygon, box

from geodata import area_values
from geodata.areas import (
    AreaColumns,
    area_of_points,
    convert_values,
    outline,
    read_area_values,
    read_areas,
    read_lookup,
    representative_points,
)
from geodata.crs import BNG, WGS84, CRSError, to_bng

WARDS = {"E05011153": "Lozells", "E05011149": "King's Norton South"}
LSOAS_OF_WARD = {
    "E05011153": "E01008905 E01008906 E01008907 E01009047 E01009060 E01009062 E01034923 E01034925",
    "E05011149": "E01009107 E01009109 E01009110 E01009113 E01009114 E01009115 E01009120",
}
LEFT, RIGHT = box(400_000, 280_000, 401_000, 281_000), box(401_000, 280_000, 402_000, 281_000)
BOW_TIE = Polygon([(400_000, 280_000), (401_000, 281_000), (401_000, 280_000), (400_000, 281_000)])


def frame(geometry, crs=BNG, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)


@pytest.fixture
def written(tmp_path):
    def write(areas, name="areas.gpkg", layer="areas"):
        areas.to_file(tmp_path / name, **({"layer": layer} if name.endswith("gpkg") else {}))
        return tmp_path / name

    return write


@pytest.fixture(scope="module")
def boundaries(shared_data):
    files = {
        "lsoa21": "lsoa21_wm7",
        "ward": "ward_wm7",
        "msoa21": "msoa21_wm7",
        "authority": "lad_wm7_DERIVED",
    }
    folder = shared_data / "boundaries"
    return {level: read_areas(folder / f"{name}.geojson", level) for level, name in files.items()}


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("level", "rows"), [("lsoa21", 1719), ("ward", 192), ("msoa21", 357), ("authority", 7)]
)
def test_every_published_area_is_read(boundaries, level, rows):
    areas, _ = boundaries[level]
    assert len(areas) == areas["code"].nunique() == rows
    assert areas.crs == BNG
    assert areas.geometry.is_valid.all()
    assert areas["authority_code"].between("E08000025", "E08000031").all()
    assert areas["level"].eq(level).all()


@pytest.mark.shared_data
def test_repair_is_reported_and_changes_next_to_nothing(boundaries, shared_data):
    areas, repaired = boundaries["msoa21"]
    assert repaired == ["E02001871"]
    assert boundaries["lsoa21"][1] == []
    published = gpd.read_file(shared_data / "boundaries" / "msoa21_wm7.geojson").to_crs(BNG)
    assert areas.area.to_numpy() == pytest.approx(published.area.to_numpy(), rel=1e-6)


@pytest.mark.shared_data
@pytest.mark.parametrize("ward", WARDS)
def test_the_small_areas_of_a_ward_are_those_that_the_design_lists(boundaries, ward):
    areas, wards = boundaries["lsoa21"][0], boundaries["ward"][0]
    assert wards.set_index("code").at[ward, "name"] == WARDS[ward]
    in_ward = area_of_points(representative_points(areas), wards)
    assert sorted(areas.loc[in_ward == ward, "code"]) == LSOAS_OF_WARD[ward].split()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("longitude", "latitude", "lsoa", "ward"),
    [(-1.9826, 52.5895, "E01010368", "E05001305"), (-1.5012, 52.4135, "E01009638", "E05001228")],
)
def test_a_site_is_in_the_small_area_and_ward_that_the_design_names(
    boundaries, longitude, latitude, lsoa, ward
):
    site = to_bng(frame([Point(longitude, latitude)], crs=WGS84))
    found = [area_of_points(site, boundaries[level][0])[0] for level in ("lsoa21", "ward")]
    assert found == [lsoa, ward]


@pytest.mark.shared_data
def test_a_representative_point_is_in_its_own_area(boundaries):
    areas, _ = boundaries["lsoa21"]
    assert area_of_points(representative_points(areas), areas).tolist() == areas["code"].tolist()


@pytest.mark.shared_data
def test_the_outline_of_the_wards_has_their_area(boundaries):
    wards, _ = boundaries["ward"]
    assert outline(wards).area == pytest.approx(wards.area.sum(), rel=1e-4)


def test_a_geopackage_is_read_as_ons_names_it(written):
    file = written(frame([LEFT, RIGHT], LSOA11CD=["E1", "E2"], LSOA11NM=["Left", "Right"]))
    areas, repaired = read_areas(file, "lsoa11")
    assert areas.columns.tolist() == ["code", "name", "level", "authority_code", "geometry"]
    assert areas[["code", "name", "level"]].iloc[1].tolist() == ["E2", "Right", "lsoa11"]
    assert areas["authority_code"].tolist() == [None, None]
    assert areas.geometry[0].equals(LEFT)
    assert repaired == []


def test_the_columns_can_be_said(written):
    file = written(frame([LEFT, RIGHT], id=[7, 8], ward=["Left", "Right"], place=["E8", None]))
    areas, _ = read_areas(file, "ward", AreaColumns("id", "ward", "place"))
    assert areas.iloc[:, [0, 1, 3]].to_numpy().tolist() == [["7", "Left", "E8"], ["8", "Right", None]]


def test_without_a_name_the_code_is_the_name(written):
    areas, _ = read_areas(written(frame([LEFT], wd24cd=["E1"]).to_crs(WGS84), "a.geojson"), "ward")
    assert areas[["code", "name"]].iloc[0].tolist() == ["E1", "E1"]


def test_an_authority_is_in_itself(written):
    areas, _ = read_areas(written(frame([LEFT], LAD24CD=["E08000025"])), "authority")
    assert areas["authority_code"].tolist() == ["E08000025"]


def test_a_bow_tie_is_repaired_to_its_two_triangles(written):
    areas, repaired = read_areas(written(frame([BOW_TIE, RIGHT], WD24CD=["E1", "E2"])), "ward")
    assert repaired == ["E1"]
    assert areas.geometry.is_valid.all()
    assert areas.area[0] == pytest.approx(500_000)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"WD24CD": ["E1", "E1"]}, "1 codes twice: E1"),
        ({"WD24CD": ["E1", None]}, r"1 areas without a code in WD24CD \(feature 2\)"),
        ({"WD24CD": ["E1", " "]}, "without a code"),
        ({"ward": ["E1", "E2"]}, "no column of ward codes; it has ward, geometry"),
        ({"WD24CD": ["E1", "E2"], "WD25CD": ["E1", "E2"]}, "more than one such column, WD24CD and WD25CD"),
    ],
)
def test_codes_that_cannot_be_trusted_are_refused(written, columns, message):
    with pytest.raises(ValueError, match=message):
        read_areas(written(frame([LEFT, RIGHT], **columns)), "ward")


def test_a_column_that_is_not_there_is_named(written):
    with pytest.raises(ValueError, match="has no column place; it has WD24CD, geometry"):
        read_areas(written(frame([LEFT], WD24CD=["E1"])), "ward", AreaColumns("WD24CD", authority="place"))


@pytest.mark.parametrize("geometry", [None, LineString([(400_000, 280_000), (401_000, 281_000)])])
def test_an_area_without_a_polygon_is_named(written, geometry):
    with pytest.raises(ValueError, match="1 areas without a polygon: E2"):
        read_areas(written(frame([LEFT, geometry], WD24CD=["E1", "E2"]), "a.gpkg"), "ward")


def test_degrees_said_to_be_metres_are_refused(written):
    with pytest.raises(CRSError, match="look like degrees"):
        read_areas(written(frame([box(-1.9, 52.5, -1.8, 52.6)], WD24CD=["E1"])), "ward")


def test_metres_said_to_be_degrees_are_refused(tmp_path):
    file = tmp_path / "a.geojson"
    file.write_text(frame([LEFT], crs=None, WD24CD=["E1"]).to_json())
    with pytest.raises(CRSError, match="outside Great Britain"):
        read_areas(file, "ward")


def test_several_layers_are_named(written):
    written(frame([LEFT], WD24CD=["E1"]), layer="old")
    with pytest.raises(ValueError, match=r"2 layers \(old, new\)"):
        read_areas(written(frame([LEFT], WD24CD=["E1"]), layer="new"), "ward")


def test_what_is_no_boundary_file_is_refused(tmp_path):
    (tmp_path / "a.geojson").write_text("words")
    with pytest.raises(ValueError, match="cannot be read as GeoJSON"):
        read_areas(tmp_path / "a.geojson", "ward")
    (tmp_path / "b.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(ValueError, match="holds no areas"):
        read_areas(tmp_path / "b.geojson", "ward")
    with pytest.raises(FileNotFoundError):
        read_areas(tmp_path / "c.geojson", "ward")
    with pytest.raises(ValueError, match="no level 'parish': use one of lsoa11"):
        read_areas(tmp_path / "a.geojson", "parish")


def test_a_point_on_a_shared_border_gets_the_smallest_code_whatever_the_order():
    points = frame([Point(401_000, 280_500), Point(401_500, 280_500), Point(0, 0), None], slug=list("abcd"))
    points.index = [9, 8, 7, 7]
    for areas in (frame([LEFT, RIGHT], code=["E2", "E1"]), frame([RIGHT, LEFT], code=["E1", "E2"])):
        found = area_of_points(points, areas)
        assert found.tolist() == ["E1", "E1", None, None]
        assert found.index.tolist() == [9, 8, 7, 7]


def test_points_and_areas_must_be_on_the_national_grid():
    metres, degrees = frame([LEFT], code=["E1"]), frame([LEFT], crs=WGS84, code=["E1"])
    for points, areas in ((degrees, metres), (metres, degrees)):
        with pytest.raises(CRSError):
            area_of_points(points, areas)
    for measure in (outline, representative_points):
        with pytest.raises(CRSError):
            measure(degrees)


def test_no_areas_have_an_empty_outline():
    assert outline(frame([])).is_empty


def test_the_figures_of_areas_are_found_here_too():
    assert (convert_values, read_area_values, read_lookup) == (
        area_values.convert_values,
        area_values.read_area_values,
        area_values.read_lookup,
    )
