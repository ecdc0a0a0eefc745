"""From an address to a question and back: hostile, repeated and senseless arguments among them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import get_session
from directory.models import PublishedService
from directory.search.reading import LONGEST, MOST_ARGUMENTS
from directory.web.asking import read_question, removable

pytestmark = pytest.mark.one_database

HOSTILE = (
    "\x00",
    "a\x00b",
    "\x01\x1b[2J\x7f",
    "\ufffe\uffff",
    "\u202e\u200b\ufeff",
    "\U0001f94a",
    "'; DROP TABLE published_service; --",
    '" OR ""="',
    "%' OR 1=1 --",
    "<script>alert(1)</script>",
    "</script>${7*7}{{7*7}}",
    "NEAR(a b)",
    "*",
    "(",
    "%s %(x)s {}",
    "../../etc/passwd",
    "a" * 10_000,
    "9" * 5_000,
    "-1",
    "1e9",
    "\u0663",
    "NaN",
    "\u540d\u524d",
    "Caf\u00e9 \u00df",
)
NAMES = (
    "what",
    "where",
    "within_metres",
    "age",
    "day",
    "time",
    "sort",
    "page",
    "category",
    "cost",
    "authority",
    "language",
    "unknown",
)
ROUTES = ("/search", "/search.csv", "/search.geojson", "/search.json", "/map.csv")


def asked(app, address):
    with app.test_request_context(address):
        return read_question(get_session())


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:20]))
def test_no_argument_breaks_the_search(client, value):
    # To check each page for validity takes longer than to make it; the next test does.
    quick = FlaskClient(client.application, client.application.response_class)
    for name in NAMES:
        response = quick.get("/search", query_string={name: value})
        assert response.status_code == 200, name
        assert "<script>alert" not in response.get_data(as_text=True)


# The two files of sites read their arguments as the pages do: between them they are asked everything.
HALVES = {"/sites/lozells.csv": HOSTILE[::2], "/sites.geojson": HOSTILE[1::2]}


@pytest.mark.unmeasured
@pytest.mark.parametrize("route", [*ROUTES, "/map", "/sites", "/sites/lozells", *HALVES])
def test_all_hostile_at_once(client, route):
    for value in HALVES.get(route, HOSTILE):
        response = client.get(route, query_string=dict.fromkeys(NAMES, value))
        assert response.status_code == 200, value
        assert response.mimetype != "text/html" or "<script>alert" not in response.get_data(as_text=True)


def test_bytes_that_are_no_text(client):
    assert client.get("/search?what=%ff%fe%00&where=%c3%28&category=%ed%a0%80").status_code == 200


@pytest.mark.unmeasured
def test_statement_in_an_argument_is_not_run(client, app):
    with Session(app.extensions["engine"]) as session:
        before = session.scalar(select(func.count()).select_from(PublishedService))
        for name in NAMES:
            client.get("/search", query_string={name: "'; DELETE FROM published_service; --"})
        session.rollback()
        assert session.scalar(select(func.count()).select_from(PublishedService)) == before > 300


@pytest.mark.parametrize("name", ["what", "where", "age", "day", "sort", "page", "within_metres"])
def test_first_of_repeated_arguments_counts(client, name):
    values = {"what": "boxing", "where": "Lozells", "age": "12", "day": "Friday", "sort": "name", "page": "1"}
    first = values.get(name, "2000")
    assert client.get(f"/search?{name}={first}&{name}=&{name}=zzz").status_code == 200


@pytest.mark.unmeasured
def test_filter_that_is_repeated_thousands_of_times(client, app):
    address = "/search?" + "&".join(f"category=c{number}" for number in range(40_000))
    assert client.get(address).status_code == 200
    assert len(asked(app, address).query.terms["category"]) == MOST_ARGUMENTS


def test_question_is_read_whole(app):
    question = asked(
        app,
        "/search?what=boxing&where=lozells&within_metres=500&age=14&day=friday&time=18:30&sort=name&page=2"
        "&category=sport&category=arts&category=sport&cost=free",
    )
    query = question.query
    assert (query.text, query.place.slug, query.within_metres, query.age) == ("boxing", "lozells", 500, 14)
    assert (query.weekday, query.minute, query.sort, query.page) == (4, 1110, "name", 2)
    assert query.terms == {"category": ("sport", "arts"), "cost": ("free",)}
    assert question.problems == ()
    assert question.form["time"] == "18:30"


def test_question_without_anything(app):
    query = asked(app, "/search?what=+&category=").query
    assert (query.text, query.place, query.terms, query.page, query.sort) == ("", None, {}, 1, "best")


@pytest.mark.parametrize(
    ("address", "metres"),
    [
        ("where=ZZ1", 5000),
        ("where=lozells", 2000),
        ("where=Birmingham", None),
        ("where=lozells&within_metres=1", 1),
        ("", None),
    ],
)
def test_how_far_is_near_when_nobody_says(app, address, metres):
    assert asked(app, f"/search?{address}").query.within_metres == metres


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ("age=x", "Age must be a whole number from 0 to 120."),
        ("age=121", "Age must be a whole number from 0 to 120."),
        ("within_metres=0", "Within metres must be a whole number from 1 to 100000."),
        ("page=0", "Page must be a whole number from 1 to 100000."),
        ("day=Someday", "Day must be a day of the week, such as Friday, or Weekend or Weekdays."),
        ("time=24:00", "Time must be a time of day, such as 18:00."),
        ("time=18", "Time must be a time of day, such as 18:00."),
        ("time=18:00junk", "Time must be a time of day, such as 18:00."),
        ("time=9:75", "Time must be a time of day, such as 18:00."),
    ],
)
def test_what_makes_no_sense_is_said(app, argument, problem):
    assert asked(app, f"/search?{argument}").problems == (problem,)


def test_place_that_is_not_found_is_said_with_what_is_spelled_alike(app):
    question = asked(app, "/search?where=Lozels")
    assert question.query.place is None
    assert question.place_problem.endswith("Did you mean Lozells?")
    assert asked(app, "/search?where=xyzzy").place_problem.endswith(
        "Try a postcode, a ward, an authority or a site."
    )


def test_text_is_one_line_and_not_too_long(app):
    assert asked(app, "/search?what=a%0a%09b%00c").query.text == "a b c"
    assert len(asked(app, f"/search?what={'a' * 500}").query.text) == LONGEST


def test_address_is_made_again_with_something_changed(app):
    with app.test_request_context("/search?what=a+%26b&category=sport&category=arts&unknown=1&page=3"):
        question = read_question(get_session())
        assert (
            question.href("search.results", page=None) == "/search?what=a+%26b&category=sport&category=arts"
        )
        assert (
            question.href("search.csv_file", what=None, category=["arts"], page=None)
            == "/search.csv?category=arts"
        )


def test_each_chosen_filter_can_be_taken_away(app):
    address = (
        "/search?what=boxing&where=lozells&within_metres=500&age=14&day=Friday&time=18:00"
        "&category=sport&category=arts&language=Urdu&page=2"
    )
    with app.test_request_context(address):
        links = removable(get_session(), read_question(get_session()), "search.results")
    labels = [link["label"] for link in links]
    assert labels == [
        "\u201cboxing\u201d",
        "Near Lozells",
        "Age 14",
        "Open on Friday",
        "Open at 18:00",
        "Sport and activities",
        "Media and arts",
        "Urdu",
    ]
    assert all("page=" not in link["href"] for link in links)
    assert "category=sport" not in links[5]["href"]
    assert "category=arts" in links[5]["href"]
    assert "within_metres" not in links[1]["href"]
