"""What goes over the wire: compressed where nobody can learn a secret from it, and files kept for a year."""

import gzip
import re

import pytest

from directory.web.kept_files import A_YEAR

pytestmark = pytest.mark.one_database
PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("address", ["/", "/coverage", "/map.geojson", "/feed.atom", "/search.csv"])
def test_whoever_can_read_it_gets_the_same_text_compressed(client, address):
    plain, packed = client.get(address), client.get(address, headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2 or len(plain.data) < 2_000
    # Maps have new names and nonces each time.
    assert len(gzip.decompress(packed.data)) == pytest.approx(len(plain.data), rel=0.01)
    assert "Accept-Encoding" in plain.vary
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in client.get(address, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_a_page_with_the_token_of_a_form_is_not_compressed(client):
    page = client.get("/account/login?next=/csrf_token", headers=PACKED)
    assert "Content-Encoding" not in page.headers
    assert 'name="csrf_token"' in page.text


def test_files_of_pages_are_kept_for_a_year_and_come_compressed(client):
    page = client.get("/map").text
    files = re.findall(r'(?:href|src)="(/static/e-[0-9a-f]{12}/[^"]+)"', page)
    assert {address.rpartition("/")[2] for address in files} >= {"app.css", "app.js", "leaflet.js", "map.js"}
    assert not re.findall(r'(?:href|src)="/static/(?!e-)', page)
    for address in files:
        packed, plain = client.get(address, headers=PACKED), client.get(address)
        assert packed.headers["Cache-Control"] == A_YEAR
        assert gzip.decompress(packed.data) == plain.data if "Content-Encoding" in packed.headers else True
        assert address.endswith(".svg") or packed.headers["Content-Encoding"] == "gzip"
        assert packed.content_type == plain.content_type


def test_a_file_of_another_edition_is_ours_and_not_kept(client):
    answer = client.get("/static/e-000000000000/app.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    for address in ("/static/e-000000000000/nothing.js", "/static/e-000000000000/../../app.py"):
        assert client.get(address).status_code == 404


def test_the_outlines_behind_maps_are_fetched_once_and_kept_until_areas_change(client):
    page = client.get("/map").text
    hrefs = dict(re.findall(r'\{"level":"(\w+)","href":"([^"]+)"\}', page))
    assert set(hrefs) == {"authority", "ward"}
    answer = client.get(hrefs["authority"])
    assert answer.headers["Cache-Control"] == A_YEAR
    assert len(answer.json["names"]) == len(answer.json["shapes"]) == len(answer.json["labels"]) > 0
    assert client.get("/map/outlines/ward-old.json").headers["Cache-Control"] == "no-cache"
    assert client.get("/map/outlines/street-old.json").status_code == 404


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3_000, "a%00b", "..%2f..%2fapp.py", "vendor", "app.js/x"])
def test_a_name_that_no_file_can_have_is_not_found(client, name):
    edition = re.search(r"/static/(e-[0-9a-f]{12})/", client.get("/about").text)[1]
    assert client.get(f"/static/{edition}/{name}").status_code == 404
