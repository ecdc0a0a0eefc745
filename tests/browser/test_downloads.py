"""Taken away by the keys: the names of files say what they are, they open, their numbers are the page's."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.browser.keyboard import Keyboard
from tests.browser.settling import COUNT, settle

pytestmark = pytest.mark.browser
RESULTS = "/search?where=Lozells&what=boxing"
COVERAGE = "/coverage?category=sport&age=14"
SITE = "/sites/lozells"


@pytest.fixture
def keys(chromium):
    context = chromium.new_context(viewport={"width": 375, "height": 800}, reduced_motion="reduce")
    context.add_init_script(COUNT)
    yield Keyboard(context.new_page())
    context.close()


def reach(keys, address, words):
    """Open a page and go to one of its files, which stand at its end."""
    keys.page.goto(address)
    settle(keys.page)
    keys.last = None
    keys.reach(words, "Shift+Tab")


@pytest.fixture
def read(keys, site):
    """Opens a file that the browser shows; gives its answer."""

    def one(path, words):
        reach(keys, site + path, words)
        # A report takes long to make: once, for whoever reads it here, and not for the browser as well.
        keys.page.route("**/*.pdf*", lambda route: route.abort())
        with keys.page.expect_request(lambda request: request.url.startswith(site)) as asked:
            keys.page.keyboard.press("Enter")
        return keys.page.request.get(asked.value.url, timeout=120_000)

    return one


@pytest.fixture
def take(keys, site, tmp_path):
    """Takes a file away from a page; gives the page, and the file by the name it came with."""

    def one(path, words):
        reach(keys, site + path, words)
        with keys.page.expect_download() as found:
            keys.page.keyboard.press("Enter")
        file = tmp_path / found.value.suggested_filename
        found.value.save_as(file)
        return keys.page, file

    return one


def rows_of(file):
    return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))


def row_of_page(page, words):
    """The cells of the first row of a table with some words at its head."""
    row = page.locator("main tr", has=page.locator("th", has_text=words)).first
    return row.locator("td").all_inner_texts()


def test_results(take):
    page, table = take(RESULTS, "Spreadsheet (CSV)")
    assert table.name == "services-lozells.csv"
    assert f"{len(rows_of(table))} services match" in page.locator("main").inner_text()
    _, points = take(RESULTS, "Map data (GeoJSON)")
    assert points.name == "services-lozells.geojson"
    features = json.loads(points.read_text("utf-8"))["features"]
    assert {one["properties"]["service_id"] for one in features} == {
        row["service_id"] for row in rows_of(table)
    }


def test_coverage(take):
    page, table = take(COVERAGE, "Spreadsheet (CSV)")
    assert table.name == "coverage-sport-14.csv"
    rows = rows_of(table)
    second = rows[1]
    assert f"of {len(rows)} areas" in page.locator("main").inner_text()
    shown = page.locator("main tr", has_text=second["name"]).first.inner_text()
    assert f"{second['people']} people" in shown
    assert f"{float(second['gap_known']):.0f}" in shown
    _, book = take(COVERAGE, "Spreadsheet with notes (XLSX)")
    assert book.name == "coverage-sport-14.xlsx"
    heads, *cells = load_workbook(book)["Figures"].iter_rows(values_only=True)
    assert [(one[0], one[heads.index("people")]) for one in cells] == [
        (row["code"], int(row["people"])) for row in rows
    ]
    _, shapes = take(COVERAGE, "Map data (GeoJSON)")
    assert shapes.name == "coverage-sport-14.geojson"
    drawn = {one["properties"]["code"]: one for one in json.loads(shapes.read_text("utf-8"))["features"]}
    assert drawn.keys() == {row["code"] for row in rows}
    assert drawn[second["code"]]["properties"]["gap_known"] == float(second["gap_known"])


def test_site(take, read):
    page, table = take(SITE, "Spreadsheet (CSV)")
    assert table.name == "site-lozells.csv"
    row = next(row for row in rows_of(table) if row["kind_of_help"] == "Sport and activities")
    shown = row_of_page(page, "Sport and activities")
    assert shown[:2] == [row["inside"], row["inside_or_within"]]
    report = read(SITE, "Report to print (PDF)")
    assert report.headers["content-disposition"] == 'inline; filename="report-lozells.pdf"'
    pages = PdfReader(io.BytesIO(report.body())).pages
    text = " ".join(" ".join(one.extract_text().split()) for one in pages)
    assert f"Sport and activities {' '.join(shown[:4])}" in text
