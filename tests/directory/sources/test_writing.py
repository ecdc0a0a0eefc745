"""What is written comes back as it was: rejected rows in every format, and the template."""

import json
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from directory.sources.columns import COLUMNS
from directory.sources.entry import Rejected, SourceError
from directory.sources.mapping import load_mapping
from directory.sources.reader import rejected_path, write_rejected
from directory.sources.terms import read_terms, term_names
from directory.sources.write_spreadsheet import write_rows
from directory.sources.write_template import TAXONOMIES, headings, write_template

ROW = {"Organisation": "A", "Category": "sport", "Postcode": "B19", "Notes": "=1+1"}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_corrected_row_of_the_rejected_goes_in(tmp_path, read_file, ending):
    given = tmp_path / f"rows.{ending}"
    write_rows(given, list(ROW), [ROW])
    reading, back = read_file(given), rejected_path(given)
    write_rejected(back, reading.rejected, given, load_mapping())
    again = read_file(back)
    assert dict(again.rejected[0].original) == ROW
    write_rows(back, list(ROW), [{**again.rejected[0].original, "Postcode": "B19 2TH"}])
    assert read_file(back).entries[0].document["services"][0]["notes"] == "Notes: =1+1"


def test_the_reason_stands_in_the_last_column(tmp_path):
    path = tmp_path / "rows.csv"
    write_rejected(path, [Rejected(2, "Postcode", "Wrong.", {"Organisation": "A"})], path, load_mapping())
    assert path.read_text(encoding="utf-8-sig") == "Organisation,Problem\nA,Postcode: Wrong.\n"


def test_formulas_are_written_as_text(tmp_path):
    path = tmp_path / "rows.xlsx"
    day = datetime(2020, 11, 3, tzinfo=UTC).replace(tzinfo=None)
    write_rows(path, ["a", "b", "c"], [{"a": "=1+1", "b": day, "c": 2.5}])
    cells = next(load_workbook(path).active.iter_rows(min_row=2))
    assert [cell.value for cell in cells] == ["=1+1", day, 2.5]
    assert (cells[0].data_type, cells[0].quotePrefix) == ("s", True)


def test_rejected_features_keep_their_shape(tmp_path, read_file, write_json):
    feature = {
        "type": "Feature",
        "geometry": None,
        "properties": {"title": " ", "hours": {"opening": "Mo 10:00-12:00"}},
    }
    given = write_json({"type": "FeatureCollection", "features": [feature]}, "points.geojson")
    back = rejected_path(given)
    write_rejected(back, read_file(given, "warm-spaces").rejected, given, load_mapping("warm-spaces"))
    written = json.loads(back.read_text(encoding="utf-8"))["features"][0]
    assert written["properties"].pop("problem") == "title: There is no organisation name. Give one."
    assert written == feature
    assert dict(read_file(back, "warm-spaces").rejected[0].original["properties"])["title"] == " "


def test_rejected_services_can_be_read_again(tmp_path, read_file, write_json):
    given = write_json({"id": "1", "name": "Lost", "status": "active"})
    back = rejected_path(given)
    write_rejected(back, read_file(given, "openreferral").rejected, given, load_mapping("openreferral"))
    things = json.loads(back.read_text(encoding="utf-8"))
    assert "which organisation it belongs to" in things[0]["problem"]
    things[0]["original"]["organization"] = {"id": "2", "name": "Found"}
    back.write_text(json.dumps(things), encoding="utf-8")
    assert read_file(back, "openreferral").entries[0].document["services"][0]["name"] == "Lost"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.csv", "a-rejected.csv"),
        ("a.tsv", "a-rejected.csv"),
        ("a.zip", "a-rejected.json"),
        ("a.geojson", "a-rejected.geojson"),
    ],
)
def test_where_the_rejected_rows_go(tmp_path, name, written):
    assert rejected_path(tmp_path / name).name == written


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_read_as_two_examples(tmp_path, read_file, ending):
    path = tmp_path / f"template.{ending}"
    write_template(path)
    reading = read_file(path)
    assert (reading.rows, reading.examples, reading.rejected) == (0, 2, [])


def test_the_examples_would_be_good_rows(tmp_path, read_file):
    path = tmp_path / "rows.csv"
    rows = [
        {column.heading: column.examples[i].replace("Example:", "") for column in COLUMNS} for i in range(2)
    ]
    write_rows(path, [column.heading for column in COLUMNS], rows)
    reading = read_file(path)
    assert reading.rejected == []
    assert [(entry.flags, entry.not_understood) for entry in reading.entries] == [((), ()), ((), ())]


def test_the_second_sheet_has_every_word(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(path)
    words = {
        cell for row in load_workbook(path)["Words and notes"].iter_rows(values_only=True) for cell in row
    }
    assert all(name in words for taxonomy in TAXONOMIES for name in term_names(taxonomy))
    assert all(column.note in words for column in COLUMNS if column.note)


def test_lists_to_choose_from_offer_words_that_are_understood(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(path)
    book = load_workbook(path)
    chosen = {}
    for choice in book["Services"].data_validations.dataValidation:
        heading = book["Services"].cell(1, next(iter(choice.sqref.ranges)).min_col).value
        sheet, cells = choice.formula1.split("!")
        chosen[heading] = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
    assert set(chosen) == {"Kind of organisation", "Gender", "How to get a place"}
    assert read_terms("kind", "; ".join(chosen["Kind of organisation"]))[1] == []


def test_headings_that_must_be_filled_have_a_star():
    assert [heading for heading in headings() if heading.endswith("*")] == ["Organisation name*", "Category*"]


def test_a_template_of_another_kind(tmp_path):
    with pytest.raises(SourceError, match="neither CSV nor XLSX"):
        write_template(tmp_path / "template.pdf")
