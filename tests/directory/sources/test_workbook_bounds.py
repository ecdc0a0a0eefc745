"""Small workbooks that would take very long to read."""

import re
import zipfile

import pytest
from openpyxl import Workbook

from directory.sources import spreadsheet, workbook
from directory.sources.entry import SourceError
from directory.sources.mapping import load_mapping

HEADINGS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Organisation</t></is></c></row>'


def cell(reference, text="x"):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.fixture
def read_sheet(tmp_path):
    """Read a workbook whose sheet has these rows below the heading, and this after its rows."""

    def read(rows, after=""):
        plain, path = tmp_path / "plain.xlsx", tmp_path / "rows.xlsx"
        Workbook().save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for name in source.namelist():
                text = source.read(name).decode()
                if name.endswith("sheet1.xml"):
                    sheet = f"<sheetData>{HEADINGS}{rows}</sheetData>{after}"
                    text, count = re.subn(r"<sheetData ?/>|<sheetData></sheetData>", sheet, text)
                    assert count == 1
                made.writestr(name, text)
        return spreadsheet.read_table(path, load_mapping()).rows

    return read


def merges(*references):
    return (
        f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{r}{chr(34)}/>' for r in references)}</mergeCells>"
    )


def test_a_row_number_without_end(read_sheet, monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_BLANKS", 100_000)
    with pytest.raises(SourceError, match="more than 100,000 blank rows"):
        read_sheet('<row r="2000000000"/>')


def test_a_filled_row_below_the_most_rows(read_sheet):
    with pytest.raises(SourceError, match="more than 200,000 rows"):
        read_sheet(f'<row r="200101">{cell("A200101")}</row>')


def test_blank_rows_that_were_only_formatted_do_no_harm(read_sheet):
    assert len(read_sheet(f'<row r="2">{cell("A2")}</row><row r="300000"/>')) == 1


def test_a_cell_in_the_last_column(read_sheet):
    with pytest.raises(SourceError, match="more than 500 columns"):
        read_sheet("".join(f'<row r="{i}">{cell(f"XFD{i}")}</row>' for i in range(2, 100)))


def test_blank_cells_in_the_last_column_are_counted(read_sheet, monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_BLANKS", 100_000)
    with pytest.raises(SourceError, match="Copy the filled part"):
        read_sheet("".join(f'<row r="{i}"><c r="XFD{i}"/></row>' for i in range(2, 100)))


def test_merges_down_to_the_last_row_touch_only_the_rows_there_are(read_sheet):
    rows = f'<row r="2">{cell("A2", "A")}</row><row r="9"><c r="A9"/>{cell("B9")}</row>'
    found = read_sheet(rows, merges(*["A2:A1048576"] * 2_000))
    assert [(row.number, row.texts["Organisation"]) for row in found] == [(2, "A"), (9, "A")]


def test_too_many_merges(read_sheet):
    with pytest.raises(SourceError, match="more than 10,000 merged cells"):
        read_sheet("", merges(*["A2:A3"] * 10_001))


def test_merges_that_fill_too_much(read_sheet, monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_FILLED", 3)
    rows = "".join(f'<row r="{i}">{cell(f"A{i}")}</row>' for i in range(2, 5))
    with pytest.raises(SourceError, match="Unmerge them"):
        read_sheet(rows, merges("A2:A4", "A2:A4"))


def test_too_many_sheets(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_SHEETS", 1)
    book = Workbook()
    book.create_sheet("Data")
    book.save(tmp_path / "rows.xlsx")
    with pytest.raises(SourceError, match="more than 1 sheets"):
        workbook.read_workbook(tmp_path / "rows.xlsx")
