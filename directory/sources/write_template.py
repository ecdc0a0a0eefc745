"""The template of the mapping spreadsheet, for people to fill in."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from directory.sources.columns import COLUMNS, Column
from directory.sources.entry import SourceError
from directory.sources.terms import term_names
from directory.sources.write_spreadsheet import write_rows

# Which taxonomy's words belong in which column, and in which order they stand on the second sheet.
TAXONOMIES = {
    "category": "category",
    "group": "groups",
    "gender": "gender",
    "kind": "kind",
    "faith": "faith",
    "referral": "referral",
    "network": "networks",
    "accessibility": "accessibility",
}
# One word to a cell; the others may hold several, which a list to choose from would forbid.
CHOICES = ("kind", "gender", "referral")
_LAST_ROW = 5_000


def headings() -> list[str]:
    """The headings, with a star on those that must be filled in."""
    return [_heading(column) for column in COLUMNS]


def _heading(column: Column) -> str:
    return f"{column.heading}*" if column.required else column.heading


def write_template(path: Path) -> None:
    """Write the template as CSV or XLSX, with two made-up rows that a reader passes over."""
    kind = path.suffix.casefold()
    if kind not in (".csv", ".xlsx"):
        raise SourceError(f"{path.name} is neither CSV nor XLSX. End the name in .csv or .xlsx.")
    if kind == ".csv":
        rows = [{_heading(column): column.examples[i] for column in COLUMNS} for i in range(2)]
        write_rows(path, headings(), rows)
        return
    book = Workbook()
    sheet, words = book.worksheets[0], book.create_sheet("Words and notes")
    places = _write_words(words)
    _write_services(sheet)
    for taxonomy in CHOICES:
        _offer(sheet, taxonomy, f"'{words.title}'!{places[taxonomy]}")
    book.save(path)


def _write_services(sheet: Worksheet) -> None:
    sheet.title = "Services"
    sheet.append(headings())
    for i in range(2):
        sheet.append([column.examples[i] or None for column in COLUMNS])
    for i, column in enumerate(COLUMNS, 1):
        heading = sheet.cell(1, i)
        heading.font, heading.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(i)].width = max(14, len(column.heading) + 2)
        for row in (2, 3):
            sheet.cell(row, i).font = Font(italic=True)
    sheet.freeze_panes = "B2"


def _write_words(sheet: Worksheet) -> dict[str, str]:
    """Write the words of each taxonomy, and below them the notes; give back where the words stand."""
    places = {}
    for i, taxonomy in enumerate(TAXONOMIES, 1):
        names, letter = term_names(taxonomy), get_column_letter(i)
        column = next(item for item in COLUMNS if item.key == TAXONOMIES[taxonomy])
        for row, text in enumerate([column.heading, *names], 1):
            sheet.cell(row, i, text)
        sheet.cell(1, i).font = Font(bold=True)
        sheet.column_dimensions[letter].width = 30
        places[taxonomy] = f"${letter}$2:${letter}${len(names) + 1}"
    start = sheet.max_row + 3
    sheet.cell(start - 1, 1, "Notes on the columns").font = Font(bold=True)
    for row, item in enumerate((item for item in COLUMNS if item.note), start):
        sheet.cell(row, 1, item.heading)
        sheet.cell(row, 2, item.note)
    return places


def _offer(sheet: Worksheet, taxonomy: str, words: str) -> None:
    """Offer a list to choose from; other words may still be typed and are then kept as text."""
    index = next(i for i, column in enumerate(COLUMNS, 1) if column.key == TAXONOMIES[taxonomy])
    letter = get_column_letter(index)
    choice = DataValidation(type="list", formula1=words, allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(choice)
