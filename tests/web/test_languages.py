"""Pages in Urdu: all of each page, from right to left, with the words of others marked as English."""

import html
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import ENGLISH, URDU, speak, spoken
from directory.models import (
    PublishedOrganization,
    PublishedService,
    Reminder,
    Submission,
)
from directory.upkeep.signed_links import Links, newest_number
from directory.web.languages import TRANSLATED
from tests.accounts import signed_in
from tests.conftest import TODAY
from tests.web.urdu import body_of, unsaid

pytestmark = pytest.mark.one_database

ASKED = "/ur/search?what=free+boxing+for+14+year+olds+near+Lozells+on+Friday+evening"


@pytest.fixture(scope="module")
def services(app):
    """A service of each status and precision, and its organisation."""
    with Session(app.extensions["engine"]) as session:
        rows = session.scalars(select(PublishedService).order_by(PublishedService.service_id)).all()
        kinds = {}
        for row in rows:
            links = row.document.get("service_at_locations", [])
            kinds.setdefault((row.status, *(link["location"]["precision"] for link in links[:1])), row)
        return [(row.service_id, row.organization_id) for row in kinds.values()]


def addresses(services):
    yield from ("/ur/", "/ur/about", "/ur/search", ASKED, f"{ASKED}&plain=yes", "/ur/nothing-here")
    yield from ("/ur/sources", "/ur/data", "/ur/api/docs")
    yield "/ur/search?where=Nowhere&age=x&day=Someday&time=99&page=0"
    yield "/ur/search?what=boxing&where=Lozells&age=14&age_to=16&category=sport&cost=paid&language=Punjabi"
    yield "/ur/search?what=zzzz+yyyy&where=B19&sort=distance&widen=no&view=map"
    yield "/ur/search?what=mentoring&view=map&page=2"
    yield "/ur/search?where=Birmingham&day=Weekend&part=after-school&sort=name"
    yield "/ur/map?what=boxing&where=Lozells&day=Friday"
    yield "/ur/map?where=Nowhere&within_metres=x"
    yield from (
        "/ur/sites",
        "/ur/sites?within_metres=500",
        "/ur/sites/lozells",
        "/ur/sites/lozells?minutes=x",
    )
    yield "/ur/sites/lozells?within_metres=500"
    yield "/ur/sites/hillfields?minutes=20&category=advice"
    yield "/ur/embed?what=boxing&where=Lozells"
    yield from (f"/ur/embed/{kind}?what=boxing&where=Lozells" for kind in ("list", "map"))
    yield from (
        "/ur/embed/list",
        "/ur/embed/list?what=zzzz",
        "/ur/embed/map?where=Nowhere",
        "/ur/report/thanks",
    )
    yield "/ur/shortlist"
    yield "/ur/shortlist?s=00000000-0000-4000-8000-000000000000&" + "&".join(
        f"s={key}" for key, _ in services[:4]
    )
    for service, organization in services:
        yield f"/ur/services/{service}"
        yield f"/ur/services/{service}/sheet"
        yield f"/ur/organisations/{organization}"


@pytest.mark.unmeasured
def test_every_page_says_all_in_urdu_and_marks_what_organisations_wrote(client, services):
    left = {}
    for address in addresses(services):
        response = client.get(address)
        assert "Set-Cookie" not in response.headers
        left |= unsaid(response, address)
    assert not left, "\n".join(left)


@pytest.fixture
def own(own_app):
    """An application of one's own, with an organisation that has a service."""
    with Session(own_app.extensions["engine"]) as session:
        own_app.organization = session.scalars(select(PublishedService)).first().organization_id
        session.add(Reminder(organization_id=own_app.organization, due_on=TODAY))
        session.commit()
    return own_app


def test_an_organisation_is_asked_whether_all_is_right_in_urdu(own):
    with Session(own.extensions["engine"]) as session:
        number = newest_number(session, own.organization)
    made = Links(own.config["SECRET_KEY"], "")
    link, stop = made.still_right(own.organization, number, 0), made.unsubscribe(own.organization)
    client, left = own.test_client(), {}
    for path in (link, stop, "/still-right/nonsense", "/unsubscribe/nonsense"):
        left |= unsaid(client.get(f"/ur{path}"), path)
        left |= unsaid(client.post(f"/ur{path}", data={"do": "stop"}), f"{path}, sent")
    assert not left, "\n".join(left)


JUNK = {
    "name": "", "email": "x", "phone": "x", "website": "x y", "charity": "123456789", "kind": "x",
    "person-0-email": "x", "person-0-consent": "public", "ages": "some", "minimum_age": "x", "ways": "x",
    "maximum_age": "121", "first_day-day": "99", "hours": "now and then", "areas": "x", "postal_code": "x",
    "point_from": "given", "point": "x", "cost": "paid",
    "languages": ",".join(map(str, range(99))),
    "reviewed-day": "1", "reviewed-month": "1", "reviewed-year": "2999", "lend": "yes", "place": "x",
    "description": "x" * 5001, "status": "x", "protection": "x", "alert": "x" * 201,
}  # fmt: skip


def test_an_organisation_registers_in_urdu(own):
    with Session(own.extensions["engine"]) as session:
        known = session.get(PublishedOrganization, own.organization).name
    client, left, typed = own.test_client(), {}, {"name": known, "email": "a@example.org"}

    def look(path, **sent):
        response = client.post(path, data=sent) if sent else client.get(path)
        if response.status_code == 200:
            left.update(unsaid(response, path))
        return response

    for path in (
        "/ur/register",
        "/ur/register/link",
        f"/ur/register/{own.organization}",
        "/ur/register/resume/x",
    ):
        left |= unsaid(client.get(path), path)
    look("/ur/register", name="", postal_code="x", email="x")
    assert "/ur/organisations/" in look("/ur/register", **typed).get_data(as_text=True)
    tasks = look("/ur/register", **typed, none_of_these="yes").headers["Location"]
    draft = tasks.partition("?")[0]
    todo = {
        html.unescape(one)
        for one in re.findall(r'href="(/ur/register/[^"]*)"', look(tasks).get_data(as_text=True))
    }
    (meeting,) = [path for path in todo if "name=meeting" in path]
    look(meeting, ways="place")
    (hours,) = [path for path in todo if "name=hours" in path]
    look(hours, hours="every other Thursday 4-6; by the moon")
    look(f"{hours}&read=1")
    todo |= {
        html.unescape(one)
        for one in re.findall(r'href="(/ur/register/[^"]*)"', client.get(draft).get_data(as_text=True))
    }
    for path in sorted(todo):
        look(path)
        if "/page?" in path:
            look(path, **JUNK)
            look(path)
    assert len(todo) > 16
    for end in ("preview", "send", "withdraw"):
        left |= unsaid(client.get(f"{draft}/{end}"), end)
    client.post(f"{draft}/withdraw")
    left |= unsaid(client.get(draft), draft)
    assert not left, "\n".join(left)


def test_what_is_typed_in_urdu_is_stored_as_in_english(own):
    stored = []
    for lead in ("", "/ur"):
        client = own.test_client()
        begun = client.post(f"{lead}/register", data={"name": f"Zz {lead}x", "email": "b@example.org"})
        draft = begun.headers["Location"].partition("?")[0]
        (path,) = {
            html.unescape(one)
            for one in re.findall(r'href="([^"]*name=hours[^"]*)"', client.get(draft).get_data(as_text=True))
        }
        client.post(path, data={"hours": "Mon 4pm-6pm"})
        with Session(own.extensions["engine"]) as session:
            made = session.get(Submission, draft.rpartition("/")[2])
            stored.append([{**one, "id": 0} for one in made.document["services"][0]["schedules"]])
            shown = client.get(path).get_data(as_text=True)
        assert "Mon 4pm-6pm" in shown
    assert stored[0] == stored[1]


def test_an_entry_is_claimed_and_kept_in_urdu(own):
    left, key = {}, own.organization
    member, stranger = signed_in(own, "member", leads=(key,)), signed_in(own)
    with Session(own.extensions["engine"]) as session:
        other = session.scalars(
            select(PublishedOrganization.organization_id).where(PublishedOrganization.organization_id != key)
        ).first()
    for path in (f"/ur/organisations/{key}/members", f"/ur/organisations/{key}/change", "/ur/join/x"):
        response = member.get(path)
        left |= unsaid(response, path)
    left |= unsaid(member.post(f"/ur/organisations/{key}/members/invite", data={"email": "x"}), "invited")
    for one in (key, other):
        path = f"/ur/organisations/{one}/claim"
        left |= unsaid(stranger.get(path), path)
        left |= unsaid(stranger.post(path, data={"method": "x"}), f"{path}, sent")
    made = stranger.post(path, data={"method": "post"}).headers["Location"]
    assert made.startswith("/ur/claims/")
    left |= unsaid(stranger.get(made), made)
    left |= unsaid(stranger.post(made, data={"code": "x"}), f"{made}, tried")
    left |= unsaid(signed_in(own, "administrator").get(made), f"{made}, seen by another")
    assert not left, "\n".join(left)


def test_saved_searches_are_in_urdu(own):
    client, left = signed_in(own), {}
    for path in ("/ur/searches", f"/ur/searches/new?{ASKED.partition('?')[2]}", "/ur/searches/new"):
        left |= unsaid(client.get(path), path)
    left |= unsaid(client.post("/ur/searches", data={"question": "what=boxing"}), "without a name")
    assert client.post("/ur/searches", data={"name": "Boxing"}).headers["Location"] == "/ur/searches"
    left |= unsaid(client.get("/ur/searches"), "with one")
    assert not left, "\n".join(left)


def test_what_a_reader_tells_us_is_asked_and_answered_in_urdu(client, services):
    address = f"/ur/organisations/{services[0][1]}/report"
    left = unsaid(client.get(address), address)
    for typed in ({}, {"about": "x", "text": "x" * 3001, "email": "x"}):
        left |= unsaid(client.post(address, data=typed), f"{address} with {typed}")
    assert not left, "\n".join(left)


def test_links_keep_the_language_where_the_page_has_it_and_lead_to_english_elsewhere(client, services):
    page = client.get(f"/ur/services/{services[0][0]}").get_data(as_text=True)
    hrefs = set(re.findall(r'<a [^>]*href="(/[^"#?]*)', page))
    assert {"/ur/", "/ur/search", "/ur/about", "/ur/sites", f"/ur/services/{services[0][0]}/sheet"} <= hrefs
    assert {"/ur/coverage", f"/ur/organisations/{services[0][1]}/keeping", "/ur/account/login"} <= hrefs
    assert not {href for href in hrefs if href.startswith("/ur/static")}
    for href in sorted(hrefs):
        assert client.get(href).status_code in (200, 302), href


def test_what_is_english_alone_is_shown_at_its_english_address(client):
    response = client.get("/ur/coverage.csv?level=ward")
    assert (response.status_code, response.headers["Location"]) == (307, "/coverage.csv?level=ward")


def test_each_page_names_itself_in_the_other_language(client):
    for address, other in (
        ("/search?what=box%26ing&where=Lozells", "/ur"),
        ("/ur/search?what=box%26ing&where=Lozells", ""),
    ):
        page, _ = body_of(client.get(address))
        links = {one.get("hreflang"): one.get("href") for one in page.iter("link") if one.get("hreflang")}
        rest = "/search?what=box%26ing&where=Lozells"
        assert {key: href.removeprefix("http://127.0.0.1:5000") for key, href in links.items()} == {
            "en-GB": rest,
            "ur": f"/ur{rest}",
        }
        (switch,) = [one for one in page.iter("a") if one.get("rel") == "alternate"]
        assert switch.get("href") == other + rest


def test_english_pages_come_after_urdu_ones_without_a_trace(client):
    before = client.get("/search?what=boxing").get_data(as_text=True)
    client.get("/ur/search?what=boxing")
    after = client.get("/search?what=boxing").get_data(as_text=True)
    unlike = re.compile(r'nonce="[^"]*"')
    assert unlike.sub("", before) == unlike.sub("", after)
    assert spoken() is ENGLISH


def test_text_of_a_stranger_is_escaped_inside_a_sentence(client):
    page = client.get("/ur/search?what=%3Cb%3Ezz%3C/b%3E&where=%22%3E%3Ci%3E").get_data(as_text=True)
    assert "<b>zz" not in page
    assert '"><i>' not in page


def test_the_text_message_in_urdu_has_no_marks_and_leads_to_the_page_in_urdu(client, services):
    for service, _ in services:
        _, body = body_of(client.get(f"/ur/services/{service}/sheet"))
        (message,) = [
            one.find("bdi").text for one in body.iter("p") if "app-as-written" in one.get("class", "")
        ]
        assert "<" not in message
        assert message.endswith(f"/ur/services/{service}")
        assert len(message) <= 268


def test_the_code_on_a_page_in_urdu_leads_to_the_page_in_urdu(client, services):
    english, urdu = (client.get(f"{lead}/services/{services[0][0]}/code.png").data for lead in ("", "/ur"))
    assert english != urdu


def test_suggestions_say_in_urdu_what_they_are(client):
    found = client.get("/ur/suggest?q=loz&of=where").get_json()["suggestions"]
    assert {one["kind"] for one in found} == {"جگہ"}


def test_what_is_translated_is_a_route_and_public(app):
    from directory.web.access import PUBLIC, RULES

    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= TRANSLATED
    assert PUBLIC | set(RULES) >= TRANSLATED
    with speak(URDU):
        assert spoken().direction == "rtl"
