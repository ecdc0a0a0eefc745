"""Which reader reads which file."""

import pytest

from directory.sources import geojson, openreferral_json, spreadsheet
from directory.sources.entry import SourceError
from directory.sources.mapping import load_mapping
from directory.sources.reader import reader_for


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a.csv", spreadsheet),
        ("a.XLSX", spreadsheet),
        ("a.geojson", geojson),
        ("a.jsonl", openreferral_json),
        ("a.zip", openreferral_json),
        (".", openreferral_json),
    ],
)
def test_by_the_end_of_the_name(tmp_path, name, reader):
    assert reader_for(tmp_path / name, load_mapping()) is reader.read


@pytest.mark.parametrize(
    ("document", "reader"),
    [
        ({"type": "FeatureCollection"}, geojson),
        ({"contents": []}, openreferral_json),
        ([], openreferral_json),
    ],
)
def test_a_json_file_is_looked_into(write_json, document, reader):
    assert reader_for(write_json(document), load_mapping()) is reader.read


def test_a_mapping_with_columns_is_for_points(write_json):
    assert reader_for(write_json({}), load_mapping("warm-spaces")) is geojson.read


def test_broken_json_is_left_to_its_reader(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("{", encoding="utf-8")
    assert reader_for(path, load_mapping()) is openreferral_json.read


@pytest.mark.parametrize(
    ("name", "advice"), [("a.xls", "Save it as XLSX or CSV"), ("a.pdf", "is none of the files")]
)
def test_other_files(tmp_path, name, advice):
    with pytest.raises(SourceError, match=advice):
        reader_for(tmp_path / name, load_mapping())
