"""Files that would fill the memory, read other files, or run in somebody's spreadsheet."""

import csv
import json
import re
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from directory.cells import FORMULA_STARTS, plain_cell, safe_cell
from directory.sources import openreferral_json, spreadsheet
from directory.sources.entry import Rejected, SourceError
from directory.sources.mapping import load_mapping
from directory.sources.write_spreadsheet import write_rejected

LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">{}]>""".format(
    "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
)
FILE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
FORMULAS = ['=HYPERLINK("https://evil.example","x")', "+1+1", "-2+3", "@SUM(1)", "\t=1", "=cmd|' /C calc'!A0"]


def workbook(tmp_path, part, text):
    """A workbook in which one part is another text."""
    plain, path = tmp_path / "plain.xlsx", tmp_path / "hostile.xlsx"
    book = Workbook()
    book.active.append(["Organisation"])
    book.active.append(["Oak Trust"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        parts = with_shared_texts({name: source.read(name).decode() for name in source.namelist()})
        assert any(name.endswith(part) for name in parts)
        for name, body in parts.items():
            made.writestr(name, text(body) if name.endswith(part) else body)
    return path


def with_shared_texts(parts):
    """The parts of a workbook with its texts in a part of their own, where most programs put them."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = [f'<row r="{i}"><c r="A{i}" t="s"><v>{i - 1}</v></c></row>' for i in (1, 2)]
    texts = "<si><t>Organisation</t></si><si><t>Oak Trust</t></si>"
    changes = {
        "xl/worksheets/sheet1.xml": (
            r"<sheetData>.*</sheetData>",
            f"<sheetData>{''.join(cells)}</sheetData>",
        ),
        "[Content_Types].xml": (
            r"</Types>",
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>',
        ),
        "xl/_rels/workbook.xml.rels": (
            r"</Relationships>",
            f'<Relationship Id="rId99" Type="{relation}" Target="sharedStrings.xml"/></Relationships>',
        ),
    }
    made = {name: re.sub(*changes[name], body) if name in changes else body for name, body in parts.items()}
    return made | {"xl/sharedStrings.xml": f'<sst xmlns="{space}" count="2" uniqueCount="2">{texts}</sst>'}


def test_the_workbook_of_these_tests_is_read_when_nothing_is_wrong_with_it(tmp_path):
    path = workbook(tmp_path, "sharedStrings.xml", lambda text: text)
    assert [row.texts for row in spreadsheet.read_table(path, load_mapping()).rows] == [
        {"Organisation": "Oak Trust"}
    ]


def with_head(head, entity):
    """A part with a document type before it and an entity in it."""

    def change(text):
        body = text.partition("?>")[2] if text.startswith("<?xml") else text
        return head.replace(
            "DOCTYPE x", f"DOCTYPE {body.lstrip()[1:].split()[0].rstrip('>')}"
        ) + body.replace("Oak Trust", entity).replace("Organisation", f"Organisation{entity}")

    return change


@pytest.mark.parametrize("part", ["sharedStrings.xml", "workbook.xml", "sheet1.xml", "styles.xml"])
@pytest.mark.parametrize(("head", "entity"), [(LAUGHS, "&j;"), (FILE, "&a;")])
def test_entities_are_refused(tmp_path, part, head, entity):
    path = workbook(tmp_path, part, with_head(head, entity))
    with pytest.raises(SourceError):
        spreadsheet.read_table(path, load_mapping())


@pytest.mark.unmeasured
def test_a_workbook_that_unpacks_to_very_much_is_refused(tmp_path):
    padding = "<!--" + " " * (520 * 1024 * 1024 // 8) * 8 + "-->"
    path = workbook(tmp_path, "sheet1.xml", lambda text: text + padding)
    assert path.stat().st_size < 2_000_000
    with pytest.raises(SourceError):
        spreadsheet.read_table(path, load_mapping())


def test_a_zip_of_json_that_unpacks_to_very_much_is_refused(tmp_path):
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.json", b" " * (51 * 1024 * 1024))
    with pytest.raises(SourceError, match="Split it"):
        openreferral_json.read(path, load_mapping("openreferral"))


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.json", b"[" + b" " * 5_000_000 + b"]")
    data = path.read_bytes().replace((5_000_002).to_bytes(4, "little"), (40).to_bytes(4, "little"))
    path.write_bytes(data)
    with pytest.raises(SourceError):
        openreferral_json.read(path, load_mapping("openreferral"))


def test_names_of_members_write_nowhere(tmp_path):
    path = tmp_path / "pages.zip"
    organization = {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Oak Trust"}
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("../../outside.json", json.dumps(organization))
    assert len(openreferral_json.read(path, load_mapping("openreferral")).entries) == 1
    assert not (tmp_path.parent.parent / "outside.json").exists()


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_rejected_row_runs_in_no_spreadsheet(tmp_path, formula):
    rejected = [Rejected(2, "Name", formula, {"Organisation": formula, formula: "x"})]
    write_rejected(tmp_path / "rows.csv", rejected)
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]
    write_rejected(tmp_path / "rows.xlsx", rejected)
    sheet = load_workbook(tmp_path / "rows.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_was_made_harmless_is_read_as_it_was(tmp_path, formula):
    path = tmp_path / "rows.csv"
    write_rejected(path, [Rejected(2, "Name", "why", {"Organisation": "Oak Trust", "Description": formula})])
    (row,) = spreadsheet.read_table(path, load_mapping()).rows
    assert row.original["Description"] == formula
    assert plain_cell(safe_cell(formula)) == formula
    assert plain_cell("'quoted'") == "'quoted'"
