"""No table that anybody can take away holds a cell that a spreadsheet would run."""

import csv
import io
import zipfile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, AreaValue, Site
from tests.accounts import make_account, sign_in
from tests.directory.records import BIRMINGHAM, add, add_areas, contact, location, organization, service
from tests.web.reading import addresses

pytestmark = pytest.mark.one_database

FORMULA = '=HYPERLINK("http://x.example")'
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture
def hostile_app(empty_app):
    """The application with one record, a site and an account, all of whose texts are formulas."""
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        session.add_all(
            AreaValue(code="E01000001", measure=one, value=5_000) for one in ("people", "people_10_24")
        )
        for site in session.scalars(select(Site)):
            site.name = FORMULA
        texts = dict.fromkeys(("description", "fees_description", "application_process"), FORMULA)
        open_place = location((404_500, 284_500), name=FORMULA)
        closed_place = location((404_600, 284_600), name=FORMULA, protection="approximate")
        add(
            session,
            organization(
                FORMULA,
                service(FORMULA, open_place, terms=[("category", "sport")], **texts),
                service("@SUM(A1)", closed_place, terms=[("category", "mentoring")], **texts),
                contacts=[contact("+Ada", consented=True)],
                description="-1+1",
            ),
        )
        session.commit()
    return empty_app


def cells_of(data, kind):
    """Every cell of a table, or of the tables in an archive."""
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.endswith((".csv", ".xlsx")):
                    yield from cells_of(archive.read(name), name.rsplit(".", 1)[1])
    elif kind == "xlsx":
        for sheet in load_workbook(io.BytesIO(data)):
            for row in sheet.iter_rows():
                # A text in a workbook is no formula, however it begins; one that is marked as a formula is.
                yield from (str(cell.value) for cell in row if cell.data_type == "f")
    else:
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
            yield from (cell for cell in row if not is_number(cell))


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


KINDS = {
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/zip": "zip",
}


@pytest.mark.unmeasured
def test_no_cell_of_any_table_is_run(hostile_app):
    account_id = make_account(hostile_app, "administrator", patches=[BIRMINGHAM])
    with Session(hostile_app.extensions["engine"]) as session:
        session.get_one(Account, account_id).name = FORMULA
        session.commit()
        every = [address for _rule, address in addresses(hostile_app, session)]
    client = sign_in(hostile_app.test_client(), account_id)
    seen, wrong = set(), []
    for address in every:
        with client.get(address) as response:
            kind = KINDS.get(response.mimetype)
            if response.status_code == 200 and kind:
                seen.add((address.rsplit("/", 1)[-1], kind))
                cells = cells_of(response.get_data(), kind)
                wrong += [(address, cell) for cell in cells if cell.startswith(STARTS)]
    assert wrong == []
    assert {"csv", "xlsx", "zip"} == {kind for _, kind in seen}
    assert len(seen) > 12, sorted(seen)
