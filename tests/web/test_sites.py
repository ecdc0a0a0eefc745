"""The sites: the matrix, each site's page, and their files say the same as the search."""

import csv
import io
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.coverage.around_sites import site_coverage
from directory.coverage.travel import Travel
from directory.db import get_session
from directory.models import Site
from directory.web.site_numbers import WITHIN, gap, matrix_cells, number_row, records
from tests.directory.records import TODAY, add, add_areas, location, organization, service

pytestmark = pytest.mark.one_database

SLUGS = ("hillfields", "lozells", "three-estates", "walsall-college")


def table(client, address):
    text = client.get(address).get_data(as_text=True).lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("within", WITHIN)
def test_each_cell_counts_what_the_search_finds(client, app, within):
    """Every site, kind of help and distance; the search is asked by its address, as a person would."""
    rows = table(client, f"/sites.csv?within_metres={within}")
    with app.app_context():
        coverage = site_coverage(get_session(), TODAY, Travel(within))
    codes = {name: code for code, name in coverage.categories.items()}
    slugs = {site.name: site.slug for site in coverage.sites}
    # One kind of help in four: all of them are in tests/directory/test_coverage.py.
    for row in rows[within % 4 :: 4]:
        question = f"where={slugs[row['site']]}&within_metres={within}&category={codes[row['kind_of_help']]}"
        found = client.get(f"/search.json?{question}").get_json()
        assert (found["total_known"], found["total_not_known"]) == (int(row["known"]), int(row["possible"]))


def test_matrix_has_a_cell_for_each_site_and_kind(client, app):
    page = client.get("/sites?within_metres=500").get_data(as_text=True)
    cells = re.findall(r'<a class="app-cell[^"]*" href="([^"]*)"', page)
    assert len(cells) == 80
    assert "/sites/lozells?within_metres=500&amp;category=mentoring" in cells
    with app.test_request_context():
        made = matrix_cells(site_coverage(get_session(), TODAY, Travel(500)))
    assert {cell["state"] for cell in made.values()} == {"some", "none", "not known"}
    for state in ("some", "none", "unknown"):
        assert f"app-cell--{state}" in page


def test_states_match_their_numbers(app):
    with app.test_request_context():
        for cell in matrix_cells(site_coverage(get_session(), TODAY, Travel(1000))).values():
            expected = "some" if cell["known"] else "not known" if cell["possible"] else "none"
            assert cell["state"] == expected


@pytest.mark.parametrize("slug", SLUGS)
def test_page_of_a_site_lists_its_known_providers(client, slug):
    page = client.get(f"/sites/{slug}?within_metres=1000").get_data(as_text=True)
    listed = set(re.findall(r'app-card__name"><a[^>]*href="/services/([^"]*)"', page))
    found = client.get(f"/search.json?where={slug}&within_metres=1000").get_json()["contents"]
    assert listed == {item["service"]["id"] for item in found if item["fits"] == "yes"}
    features = client.get(f"/sites/{slug}.geojson?within_metres=1000").get_json()["features"]
    assert {item["properties"]["service_id"] for item in features} == {
        item["service"]["id"] for item in found
    }


def test_page_of_a_site_shows_one_kind_of_help(client):
    page = client.get("/sites/lozells?category=mentoring&within_metres=2000").get_data(as_text=True)
    assert "show \u201cMentoring\u201d only" in page
    found = client.get("/search.json?where=lozells&within_metres=2000&category=mentoring").get_json()
    assert page.count('class="app-card"') == found["total_known"]


@pytest.mark.parametrize("category", ["nonsense", "\x00", "a" * 500])
def test_kind_of_help_that_is_none(client, category):
    response = client.get("/sites/lozells", query_string={"category": category})
    assert response.status_code == 200
    assert "No provider is on record" in response.get_data(as_text=True) or category == "\x00"


@pytest.mark.parametrize("within", ["", "0", "501", "-500", "9" * 5000, "\u0665\u0660\u0660", "5e2", "\x00"])
def test_distance_that_is_not_offered_is_two_kilometres(client, within):
    response = client.get("/sites.csv", query_string={"within_metres": within})
    assert {row["within_metres"] for row in csv.DictReader(io.StringIO(response.get_data(as_text=True)))} == {
        "2000"
    }


@pytest.mark.parametrize(
    "address",
    ["/sites/nowhere", "/sites/nowhere.csv", "/sites/nowhere.geojson", "/sites/nowhere.png", "/sites/%00"],
)
def test_site_that_is_not_there(client, address):
    assert client.get(address).status_code == 404


def test_site_out_of_force_is_gone_everywhere(own_app):
    with Session(own_app.extensions["engine"]) as session:
        session.scalars(select(Site).where(Site.slug == "lozells")).one().valid_to = TODAY.replace(day=1)
        session.commit()
    client = own_app.test_client()
    assert client.get("/sites/lozells").status_code == 404
    for address in ("/", "/sites", "/sites.geojson", "/sites.csv"):
        assert "lozells" not in re.findall(r"/sites/([a-z-]+)", client.get(address).get_data(as_text=True))
    assert {row["site"] for row in table(client, "/sites.csv")} == {
        "Hillfields",
        "The Three Estates",
        "Walsall College",
    }


def test_file_of_one_site_is_its_part_of_all(client):
    whole = [row for row in table(client, "/sites.csv?within_metres=5000") if row["site"] == "Hillfields"]
    assert table(client, "/sites/hillfields.csv?within_metres=5000") == whole


def test_extents_have_their_numbers(client):
    features = client.get("/sites.geojson?within_metres=500").get_json()["features"]
    assert {item["properties"]["slug"] for item in features} == set(SLUGS)
    numbers = {item["properties"]["slug"]: item["properties"]["kinds_of_help"] for item in features}
    assert len(numbers["lozells"]) == 20
    assert {row["within_metres"] for row in numbers["lozells"]} == {500}


def test_site_with_one_service_said_in_words(empty_app):
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        near = service("a", location((404_900, 284_500)), terms=[("category", "sport")])
        refuges = [
            service(f"r{i}", location((404_900, 284_500), protection="hidden"), terms=[("category", code)])
            for i, code in enumerate(["arts", "arts", "advice"])
        ]
        far = service("b", location((409_500, 289_500)), terms=[("category", "spaces")])
        add(session, organization("Oak", near, far, *refuges))
        session.commit()
    with empty_app.test_request_context(), Session(empty_app.extensions["engine"]) as session:
        coverage = site_coverage(session, TODAY, Travel(500))
        (site,) = coverage.sites
        rows = {row["category"]: row for row in records(coverage)}
        sentences = {
            code: gap(row, coverage, site)["sentence"] for code, row in rows.items() if row["state"] != "some"
        }
        numbers = number_row(rows["sport"], coverage)
    assert numbers == {
        "category": "Sport and activities",
        "inside": 1,
        "within": 1,
        "serving": 0,
        "possible": 0,
        "nearest": "400 m",
    }
    assert "2 services may be" in sentences["arts"]
    assert "1 service may be" in sentences["advice"]
    assert sentences["spaces"].endswith("The nearest whose place is known is 6.4 km away.")
    assert sentences["mentoring"] == (
        "No service of this kind is on record inside or within 500 metres of The Lozells Estate."
    )
    client = empty_app.test_client()
    assert client.get("/sites/lozells").status_code == 200
    assert client.get("/sites/lozells.png?within_metres=500").status_code == 200


def test_many_sites_stay_within_the_queries(own_app):
    """An administrator adds sites: twelve are served within the cap that every page has."""
    with Session(own_app.extensions["engine"]) as session:
        model = session.scalars(select(Site).where(Site.slug == "three-estates")).one()
        for number in range(8):
            session.add(
                Site(
                    slug=f"s{number}",
                    name=f"Site {number}",
                    authority_code=model.authority_code,
                    points=model.points,
                    area_codes=model.area_codes,
                )
            )
        session.commit()
    client = own_app.test_client()
    for address in ("/sites", "/sites.csv", "/map", "/sites/s1", "/search?where=s2"):
        assert client.get(address).status_code == 200
