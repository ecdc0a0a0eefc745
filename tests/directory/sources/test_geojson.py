"""Points with properties."""

import pytest

from directory.sources import geojson
from directory.sources.entry import SourceError
from directory.sources.mapping import load_mapping


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


def point(coordinates=(-1.9, 52.5), **properties):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(coordinates)},
        "properties": properties,
    }


@pytest.fixture
def read_points(write_json):
    """Read features as warm spaces."""

    def read(*features):
        return geojson.read(write_json(collection(*features)), load_mapping("warm-spaces"))

    return read


def test_properties_within_properties_have_names_with_dots(write_json):
    row = geojson.read_table(
        write_json(collection(point(hours={"opening": "Mo", "a": {"b": 1}}, tags=["x", 2])))
    ).rows[0]
    assert row.texts == {
        "hours.opening": "Mo",
        "hours.a.b": "1",
        "tags": "x; 2",
        "Longitude": "-1.9",
        "Latitude": "52.5",
    }


def test_longitude_comes_first(read_points):
    location = (
        read_points(point(title="A"))
        .entries[0]
        .document["services"][0]["service_at_locations"][0]["location"]
    )
    assert (location["latitude"], location["longitude"]) == (52.5, -1.9)


def test_entities_of_html_are_read_as_their_characters(read_points):
    assert (
        read_points(point(title="Children&#039;s Centre")).entries[0].document["name"] == "Children's Centre"
    )


def test_the_text_of_hours_is_used_where_there_is_no_other(read_points):
    service = (
        read_points(point(title="A", hours={"_text": "Monday: 10:00 - 12:00"}))
        .entries[0]
        .document["services"][0]
    )
    assert service["schedules"][0]["byday"] == "MO"


def test_the_text_of_hours_is_kept_beside_the_other(read_points):
    hours = {"opening": "Mo 10:00-12:00", "_text": "Monday: 10:00 - 12:00"}
    service = read_points(point(title="A", hours=hours)).entries[0].document["services"][0]
    assert service["notes"] == "hours._text: Monday: 10:00 - 12:00"


def test_the_same_title_elsewhere_is_another_organisation(read_points):
    assert len(read_points(point(title="Church"), point((-1.8, 52.5), title="Church")).entries) == 2


def test_the_same_place_in_two_lists_is_two_services(read_points):
    reading = read_points(point(title="Library", _source="a"), point(title="Library", _source="b"))
    assert [len(entry.document["services"]) for entry in reading.entries] == [2]


def test_features_are_numbered_from_one(read_points):
    assert [entry.rows for entry in read_points(point(title="A"), point(title="B")).entries] == [(1,), (2,)]


@pytest.mark.parametrize("geometry", [None, {"type": "Point", "coordinates": []}])
def test_no_point_is_not_known(read_points, geometry):
    feature = {**point(title="A", address="1 Road, B19 2TH"), "geometry": geometry}
    location = read_points(feature).entries[0].document["services"][0]["service_at_locations"][0]["location"]
    assert "latitude" not in location


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        ({**point(title="A"), "geometry": {"type": "Polygon", "coordinates": []}}, "'Polygon'; only points"),
        (
            {**point(title="A"), "geometry": {"type": "Point", "coordinates": [1]}},
            "The point has no coordinates",
        ),
        ({**point(title="A"), "geometry": "here"}, "'here'; only points"),
        ({"type": "Feature", "geometry": None, "properties": None}, "not a feature with properties"),
        ("A", "not a feature with properties"),
        (point((52.5, -1.9), title="A"), "look swapped"),
        (point(("x", None), title="A"), "There is no latitude"),
    ],
)
def test_features_that_cannot_be_taken(read_points, feature, reason):
    reading = read_points(feature, point(title="B"))
    assert (reading.rows, reading.rejected[0].row) == (2, 1)
    assert reason in reading.rejected[0].reason
    assert reading.originals[1] == reading.rejected[0].original


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"type": "Feature"}, "is not a GeoJSON FeatureCollection"),
        ([], "is not a GeoJSON FeatureCollection"),
        (
            collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}),
            "EPSG:4326",
        ),
    ],
)
def test_files_that_are_not_points_in_degrees(write_json, document, reason):
    with pytest.raises(SourceError, match=reason):
        geojson.read_table(write_json(document))


def test_a_crs_that_says_degrees_is_welcome(write_json):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(geojson.read_table(write_json(collection(point(title="A"), crs=crs))).rows) == 1


def test_five_hundred_properties_are_the_most(write_json):
    features = [{"type": "Feature", "properties": {f"p{i}": 1}, "geometry": None} for i in range(501)]
    with pytest.raises(SourceError, match="more than 500 columns"):
        geojson.read_table(write_json({"type": "FeatureCollection", "features": features}))
