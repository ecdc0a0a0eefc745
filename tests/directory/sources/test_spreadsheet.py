"""CSV and XLSX, tidy and untidy."""

import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from directory.sources import entry, spreadsheet, workbook
from directory.sources.entry import SourceError
from directory.sources.mapping import load_mapping


def table(path):
    return spreadsheet.read_table(path, load_mapping())


@pytest.fixture
def write_text(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "rows.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path):
    """Write rows to a sheet, and anything else that `prepare` does to it."""

    def write(*rows, prepare=lambda sheet: None):
        book, path = Workbook(), tmp_path / "rows.xlsx"
        for row in rows:
            book.active.append(row)
        prepare(book.active)
        book.save(path)
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(write_text, delimiter):
    rows = table(
        write_text(f"Organisation{delimiter}Notes\nA{delimiter}x; y, z\n".replace("x; y, z", '"x; y, z"'))
    ).rows
    assert dict(rows[0].texts) == {"Organisation": "A", "Notes": "x; y, z"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(write_text, encoding):
    assert (
        table(write_text("Organisation,Cost\nCaf\u00e9,\u00a32\n", encoding)).rows[0].texts["Organisation"]
        == "Caf\u00e9"
    )


def test_titles_above_and_blank_rows_between_do_not_count(write_text):
    rows = table(write_text("Mapping,,\n,,\nOrganisation,Postcode\n\nA,B1 1AA\n,\nB,B1 1AB\n")).rows
    assert [(row.number, row.texts["Organisation"]) for row in rows] == [(5, "A"), (7, "B")]


def test_line_ends_within_a_cell_are_one_row(write_text):
    rows = table(write_text('Organisation,Address\nA,"1 Road\nTown"\nB,\n')).rows
    assert [row.number for row in rows] == [2, 3]
    assert rows[0].texts["Address"] == "1 Road\nTown"


def test_columns_without_a_heading_and_twice_the_same(write_text):
    rows = table(write_text("Organisation,Notes,Notes,\nA,x,y,z,more\n")).rows
    assert rows[0].original == {
        "Organisation": "A",
        "Notes": "x",
        "Notes (2)": "y",
        "Column 4": "z",
        "Column 5": "more",
    }


def test_equal_headings_are_told_apart_also_from_one_that_has_a_number(write_text):
    rows = table(write_text("Organisation,Notes,Notes (2),Notes,Notes\nA,1,2,3,4\n")).rows
    assert list(rows[0].texts) == ["Organisation", "Notes", "Notes (2)", "Notes (3)", "Notes (4)"]


def test_five_hundred_columns_are_the_most(write_text):
    assert len(table(write_text("Organisation" + ",Notes" * 499 + "\nA" + ",x" * 499)).headings) == 500
    with pytest.raises(SourceError, match="more than 500 columns"):
        table(write_text("Organisation" + ",Notes" * 2_000 + "\nA\n"))


def test_a_very_long_heading_is_no_column_of_ours(write_text):
    assert "(" * 100_000 in table(write_text("Organisation," + "(" * 100_000 + "\nA,x\n")).headings


def test_the_problem_column_is_ignored(write_text):
    assert table(write_text("Organisation,PROBLEM\nA,was wrong\n")).headings == ["Organisation"]


def test_control_characters_are_left_out_of_texts(write_text):
    assert table(write_text("Organisation,Notes\nA\x00B\x07,x\u00a0y\n")).rows[0].texts == {
        "Organisation": "AB",
        "Notes": "x y",
    }


@pytest.mark.parametrize(
    ("text", "encoding", "reason"),
    [
        ("", "utf-8", "is empty"),
        ("\n\n", "utf-8", "has no row of headings"),
        ("Who,Where\nA,B\n", "utf-8", "has no row of headings with 'Organisation name' in it"),
        ("Organisation\n\x81", "latin-1", "is not text in UTF-8 or Windows-1252"),
        ('Organisation,Notes\nA,"' + "x" * 140_000, "utf-8", "quotation mark left open"),
    ],
)
def test_files_that_cannot_be_read(write_text, text, encoding, reason):
    with pytest.raises(SourceError, match=reason):
        table(write_text(text, encoding))


def test_no_file(tmp_path):
    with pytest.raises(SourceError, match=r"There is no file rows.csv"):
        table(tmp_path / "rows.csv")


def test_too_large_a_file(write_text, monkeypatch):
    monkeypatch.setattr(entry, "MAX_BYTES", 10)
    with pytest.raises(SourceError, match="Split it into several files"):
        table(write_text("Organisation\nA rather long name\n"))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_too_many_rows(write_text, write_xlsx, monkeypatch, ending):
    for module in (entry, spreadsheet, workbook):
        monkeypatch.setattr(module, "MAX_ROWS", 3)
    monkeypatch.setattr(spreadsheet, "_LATEST_HEADER", 2)
    names = [[f"Org {i}"] for i in range(150)]
    path = (
        write_xlsx(["Organisation"], *names)
        if ending == "xlsx"
        else write_text("Organisation\n" + "\n".join(n for [n] in names))
    )
    with pytest.raises(SourceError, match="has more than 3 rows"):
        table(path)


def test_cells_of_a_workbook_as_people_would_write_them(write_xlsx):
    day = datetime(2020, 11, 3, tzinfo=UTC).replace(tzinfo=None)
    rows = table(
        write_xlsx(["Organisation", "Last checked", "Min age", "Lat", "Private"], ["A", day, 8.0, 52.5, True])
    ).rows
    assert list(rows[0].texts.values()) == ["A", "2020-11-03", "8", "52.5", "yes"]
    assert rows[0].original["Last checked"] == day


def test_ages_that_a_spreadsheet_made_a_date_of_are_not_understood(write_xlsx, read_file):
    path = write_xlsx(
        ["Organisation", "Category", "Ages"],
        ["A", "sport", datetime(2020, 12, 8, tzinfo=UTC).replace(tzinfo=None)],
    )
    assert read_file(path).entries[0].not_understood[0].text == "2020-12-08"


def test_cells_merged_downwards_count_for_each_row(write_xlsx):
    path = write_xlsx(
        ["Organisation", "Service"],
        ["A", "x"],
        [None, "y"],
        ["B", "z"],
        prepare=lambda sheet: sheet.merge_cells("A2:A3"),
    )
    assert [row.texts["Organisation"] for row in table(path).rows] == ["A", "A", "B"]


def test_a_merged_title_spoils_nothing(write_xlsx):
    path = write_xlsx(
        ["Title"], ["Organisation", "Service"], ["A", "x"], prepare=lambda sheet: sheet.merge_cells("A1:B1")
    )
    assert [row.texts for row in table(path).rows] == [{"Organisation": "A", "Service": "x"}]


def test_a_formula_without_a_stored_value_is_flagged(write_xlsx, read_file):
    path = write_xlsx(["Organisation", "Category", "Notes"], ["A", "sport", "=1+1"])
    flag = read_file(path).entries[0].flags[0]
    assert (flag.field, "no stored value" in flag.message) == ("Notes", True)


def test_the_sheet_with_the_headings_is_found(tmp_path):
    book, path = Workbook(), tmp_path / "rows.xlsx"
    book.active.append(["Read me first"])
    book.create_sheet("Data").append(["Organisation"])
    book["Data"].append(["A"])
    book.save(path)
    assert table(path).rows[0].texts == {"Organisation": "A"}


def test_what_is_no_workbook(tmp_path):
    path = tmp_path / "rows.xlsx"
    path.write_text("Organisation\nA\n", encoding="utf-8")
    with pytest.raises(SourceError, match="is not an XLSX workbook, or it has a password"):
        table(path)


def test_a_damaged_workbook(tmp_path):
    path = tmp_path / "rows.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<nonsense>")
    with pytest.raises(SourceError, match="is damaged"):
        table(path)


def test_a_workbook_that_would_fill_the_memory(write_xlsx, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(SourceError, match="was not opened"):
        table(write_xlsx(["Organisation"], ["A"]))


def test_entities_that_would_grow_without_end(write_xlsx, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet><sheetData>&b;</sheetData></worksheet>'
    )
    with zipfile.ZipFile(write_xlsx(["Organisation"], ["A"])) as good, zipfile.ZipFile(bad, "w") as archive:
        for item in good.namelist():
            archive.writestr(item, bomb if item.endswith("sheet1.xml") else good.read(item))
    with pytest.raises(SourceError, match="is damaged"):
        table(bad)


def test_a_long_sheet_is_scanned_across_its_pieces(write_xlsx, monkeypatch):
    monkeypatch.setattr(workbook, "_CHUNK", 64)
    path = write_xlsx(
        ["Organisation", "Service"], ["A", "x"], [None, "y"], prepare=lambda sheet: sheet.merge_cells("A2:A3")
    )
    assert [row.texts["Organisation"] for row in table(path).rows] == ["A", "A"]
