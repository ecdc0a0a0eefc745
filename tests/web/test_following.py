"""What programs follow: JSON-LD, the map of the site, the Atom feed, frames on other websites."""

import json
import re
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Organization, PublishedService
from directory.publishing.publish import publish
from directory.web.structured import as_data
from tests.conftest import TODAY

pytestmark = pytest.mark.one_database

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def structured(client, address):
    page = client.get(address).get_data(as_text=True)
    return json.loads(
        re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1]
    )


def services(app):
    with Session(app.extensions["engine"]) as session:
        return session.scalars(select(PublishedService)).all()


def test_service_is_told_in_words_of_schema_org(app, client):
    service = next(
        row for row in services(app) if row.document.get("schedules") and row.document.get("cost_options")
    )
    thing = structured(client, f"/services/{service.service_id}")
    assert (thing["@type"], thing["name"]) == ("Service", service.name)
    assert thing["provider"]["name"] == service.organization_name
    assert "Fictional" in thing["disambiguatingDescription"]
    assert structured(client, f"/organisations/{service.organization_id}")["@type"] == "Organization"


def test_no_text_breaks_out_of_structured_data():
    text = "</script><script>alert(1)</script><!--\u2028&"
    written = str(as_data({"name": text}))
    assert not re.search("[<>&\u2028]", written)
    assert json.loads(written) == {"name": text}


def test_point_of_a_ward_is_told_to_no_search_engine(app, client):
    for row in services(app):
        for link in row.document["service_at_locations"]:
            if link["location"]["precision"] in ("approximate", "hidden"):
                channel = structured(client, f"/services/{row.service_id}")["availableChannel"]
                assert not any("geo" in one["serviceLocation"] for one in channel) or len(channel) > 1
                return
    pytest.fail("The demonstration data has no protected place.")


@pytest.mark.unmeasured
def test_every_address_in_the_map_of_the_site_is_there(client, app):
    assert "/sitemap.xml" in client.get("/robots.txt").get_data(as_text=True)
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    (part,) = [one.text for one in index.iter(f"{SITEMAP}loc")]
    addresses = [one.text for one in ElementTree.fromstring(client.get(part).data).iter(f"{SITEMAP}loc")]
    assert len(addresses) == len(set(addresses)) > len(services(app))
    for address in [*addresses[:12], *addresses[-3:]]:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("address", ["/sitemap-2.xml", "/sitemap-0.xml", "/sitemap-99999999.xml"])
def test_part_that_is_not_there(client, address):
    assert client.get(address).status_code == 404


def test_feed_begins_with_what_changed_last(own_app):
    client = own_app.test_client()
    chosen = services(own_app)[7]
    with Session(own_app.extensions["engine"]) as session:
        session.get_one(Organization, chosen.organization_id).name = "Told \x0b <anew> & again"
        publish(session, [chosen.organization_id], TODAY)
        session.commit()
    response = client.get("/feed.atom")
    assert response.content_type.startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 50
    assert (
        chosen.service_id in entries[0].find(f"{ATOM}id").text
        or "Told" in entries[0].find(f"{ATOM}author/{ATOM}name").text
    )
    assert entries[0].find(f"{ATOM}title").text.startswith("Changed: ")
    assert entries[-1].find(f"{ATOM}title").text.startswith("New: ")
    moments = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert client.get("/feed.atom", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("kind", ["list", "map"])
def test_only_what_is_made_for_frames_may_be_framed(client, kind):
    framed = client.get(f"/embed/{kind}?where=Lozells")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in framed.headers
    assert "unsafe" not in framed.headers["Content-Security-Policy"]
    for address in ("/", "/search", "/embed", "/data", "/api/docs"):
        assert "frame-ancestors 'self'" in client.get(address).headers["Content-Security-Policy"]


def test_frame_shows_what_was_asked(client):
    assert "Boxing near" in client.get("/embed/list?what=boxing&where=Lozells").get_data(as_text=True)
    assert "Nothing on record fits" in client.get("/embed/list?what=zzzzz").get_data(as_text=True)
    assert "could not find" in client.get("/embed/map?where=nowhere").get_data(as_text=True)


def test_text_to_paste_is_safe_in_a_page(client):
    page = client.get("/embed?what=%22%3E%3Cscript%3E&where=Lozells").get_data(as_text=True)
    frame = re.search(r"&lt;iframe src=&#34;(.*?)&#34; title|&lt;iframe src=\"(.*?)\" title", page)
    pasted = (frame[1] or frame[2]).replace("&amp;", "&")
    assert "<" not in pasted
    assert '"' not in pasted
    assert "&amp;" in pasted
