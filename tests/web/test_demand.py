"""Searches that found little become a layer beside need: counts of people, and only large enough ones."""

import csv
import io
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from directory.models import UnmetSearch

pytestmark = pytest.mark.one_database
DECEMBER = datetime(2026, 12, 2, 9)
NOTHING = "/search?where=Lozells&within_metres=500&category=sport&what=zzyzx"


def counted(app):
    with Session(app.extensions["engine"]) as session:
        return {(row.area_code, row.category): row.searches for row in session.scalars(select(UnmetSearch))}


def from_house(client, number, address, **headers):
    return client.get(address, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"}, headers=headers)


def test_searches_in_vain_stand_beside_need_when_their_month_is_over(own_app):
    client = own_app.test_client()
    for number in range(6):
        assert from_house(client, number, NOTHING).status_code == 200
    ((area, category), searches), *rest = counted(own_app).items()
    assert (category, searches, rest) == ("sport", 6, [])
    # While the month lasts, nothing is told.
    assert "No search of these months" in client.get("/coverage/demand").get_data(as_text=True)
    own_app.config["CLOCK"] = lambda: DECEMBER
    page = client.get("/coverage/demand?category=sport").get_data(as_text=True)
    assert "Searches are counted here since 1 November 2026" in page
    assert "Services in reach" in page
    text_of_file = client.get("/coverage/demand.csv").get_data(as_text=True).removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text_of_file))
    assert (row["area_code"], row["kind_of_help"], row["searches"]) == (area, "Sport and activities", "6")
    assert float(row["need"]) >= 0
    assert client.get("/coverage/demand.xlsx").status_code == 200
    authority = client.get("/coverage/demand?level=authority").get_data(as_text=True)
    assert "Looked for in vain" in authority


def test_fewer_than_five_of_a_month_are_not_told(own_app):
    client = own_app.test_client()
    for number in range(4):
        from_house(client, number, NOTHING)
    own_app.config["CLOCK"] = lambda: DECEMBER
    (row,) = csv.DictReader(io.StringIO(client.get("/coverage/demand.csv").get_data(as_text=True)))
    assert (row["searches"], row["months_not_shown"]) == ("", "1")
    for page in ("/coverage/demand", "/coverage/demand?level=authority"):
        assert "fewer than 5 a month" in client.get(page).get_data(as_text=True)


@pytest.mark.parametrize(
    ("addresses", "headers"),
    [
        (["/search?what=boxing"], {}),  # it found enough
        ([NOTHING + "&page=2"], {}),
        ([NOTHING + "&age=x"], {}),  # it was not understood
        (["/search?where=Nowhere+at+all&what=zzyzx"], {}),
        ([NOTHING], {"User-Agent": "Examplebot/1.0"}),
        ([NOTHING.replace("/search", "/search.csv")], {}),
    ],
)
def test_what_is_no_question_of_a_person_in_vain_is_not_counted(own_app, addresses, headers):
    for address in addresses:
        from_house(own_app.test_client(), 1, address, **headers)
    assert counted(own_app) == {}


def test_the_same_question_of_one_house_counts_once_a_day(own_app):
    client = own_app.test_client()
    for address in (NOTHING, NOTHING + "&sort=name", NOTHING + "&x=1"):
        from_house(client, 1, address)
    assert list(counted(own_app).values()) == [1]


def test_only_counts_are_stored(own_app):
    from_house(own_app.test_client(), 77, "/search?what=Jo+Bloggs+of+1+Secret+Street")
    with Session(own_app.extensions["engine"]) as session:
        (row,) = session.execute(text("SELECT * FROM unmet_search")).all()
    assert tuple(map(str, row)) == ("2026-11-01", "", "", "1")


def test_a_search_is_answered_while_somebody_else_writes(own_app):
    with own_app.extensions["engine"].connect() as writer:
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        assert from_house(own_app.test_client(), 1, NOTHING).status_code == 200
        writer.rollback()
    assert counted(own_app) == {}
    with own_app.extensions["engine"].connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10000


def test_no_connection_waits_less_for_having_counted(own_app):
    several = [own_app.extensions["engine"].connect() for _ in range(4)]
    for connection in several:
        connection.close()
    from_house(own_app.test_client(), 1, NOTHING)
    assert list(counted(own_app).values()) == [1]
    several = [own_app.extensions["engine"].connect() for _ in range(4)]
    if own_app.extensions["engine"].dialect.name == "sqlite":
        found = [connection.exec_driver_sql("PRAGMA busy_timeout").scalar() for connection in several]
        assert found == [10000] * 4
    for connection in several:
        connection.close()
