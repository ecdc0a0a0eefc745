"""A shortlist that is in its address alone."""

import csv
import io
import re
from html import unescape

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import PublishedService

pytestmark = pytest.mark.one_database
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def keys(app):
    with Session(app.extensions["engine"]) as session:
        query = select(PublishedService.service_id).order_by(PublishedService.id).limit(3)
        return list(session.scalars(query))


def asked(*keys):
    return "&".join(f"s={key}" for key in keys)


def test_services_stand_side_by_side_in_the_order_of_the_address(client, keys):
    page = client.get(f"/shortlist?{asked(*reversed(keys), keys[0])}").get_data(as_text=True)
    places = [page.index(f"/services/{key}/sheet") for key in reversed(keys)]
    assert places == sorted(places)
    assert page.count(f"/services/{keys[0]}/sheet") == 1
    assert f"http://localhost/shortlist?{asked(*reversed(keys))}".replace("&", "&amp;") in page
    assert f"/shortlist?{asked(keys[2], keys[1])}".replace("&", "&amp;") in page  # without the third
    for label in ("Telephone", "Cost", "Hours", "Checked", "Next open"):
        assert f">{label}</th>" in page


def test_what_is_gone_is_counted_and_what_is_no_identifier_is_nothing(client, keys):
    page = client.get(f"/shortlist?{asked(NOBODY, keys[0], 'x', '<b>')}").get_data(as_text=True)
    assert "1 of the services in this address is not in the directory now" in page
    assert "Nothing is on the shortlist" in client.get("/shortlist?s=x").get_data(as_text=True)


def test_files_have_one_page_or_row_of_each(client, keys):
    pages = PdfReader(io.BytesIO(client.get(f"/shortlist.pdf?{asked(*keys)}").data)).pages
    assert len(pages) == 3
    text = client.get(f"/shortlist.csv?{asked(*keys)}").get_data(as_text=True).removeprefix("\ufeff")
    assert [row["service_id"] for row in csv.DictReader(io.StringIO(text))] == keys
    assert client.get("/shortlist.pdf").status_code == 404


def test_no_more_than_twenty(client, app):
    with Session(app.extensions["engine"]) as session:
        many = session.scalars(select(PublishedService.service_id).limit(30)).all()
    page = client.get(f"/shortlist?{asked(*many)}").get_data(as_text=True)
    assert page.count("data-note=") == 20


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/shortlist.pdf", 12),
        (f"/services/{NOBODY}/sheet.pdf", 40),
        (f"/services/{NOBODY}/place.png", 100),
    ],
)
def test_files_that_take_long_are_made_so_often_for_one_network(own_app, address, most):
    own_app.extensions["form_limits"].enabled = True
    asking = own_app.test_client()
    codes = [asking.get(address).status_code for _ in range(most + 1)]
    assert codes == [404] * most + [429]


def test_a_list_of_results_gathers_in_its_address_alone(client):
    first = client.get("/search?where=Lozells&within_metres=5000")
    assert "Set-Cookie" not in first.headers
    one, two = gather_links(first)[:2]
    key, other = (link.rpartition("#service-")[2] for link in (one, two))
    second = client.get(one.partition("#")[0])
    page = unescape(second.get_data(as_text=True))
    assert f'href="/shortlist?s={key}"' in page
    assert f'<input type="hidden" name="s" value="{key}">' in page
    off, on = gather_links(second)[:2]
    assert f"s={key}" not in off
    assert f"s={key}&s={other}" in on
    # The ways on carry it; what is taken away and what is kept in an account does not.
    assert re.search(rf'href="/search\?[^"]*s={key}[^"]*page=2', page)
    for way in ("/search.csv?", "/searches/new?"):
        assert re.search(rf'href="{re.escape(way)}(?![^"]*s={key})', page)
    assert "Put on the shortlist" in client.get(off.partition("#")[0]).get_data(as_text=True)


def gather_links(response):
    return [
        unescape(link)
        for link in re.findall(r'href="([^"]+)" rel="nofollow"', response.get_data(as_text=True))
    ]
