"""Coverage and the desk of a navigator in Urdu: every question, and every answer to it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import URDU
from directory.models import PublishedService, ReviewFlag
from tests.accounts import signed_in
from tests.conftest import TODAY
from tests.web.urdu import ARABIC, unsaid

pytestmark = pytest.mark.one_database

COVERAGE = (
    "/ur/coverage",
    "/ur/coverage?level=ward&show=providers&minutes=12&enough=2&category=any",
    "/ur/coverage?level=authority&show=nearest&within_metres=700&age=14&group=carers&when=week&day=Friday",
    "/ur/coverage?level=site&show=lacking&weight.people=1&weight.nothing=1&open_access=yes",
    "/ur/coverage?show=clusters&weight.IMD_score=0&category=zzzz&people=x&when=x&level=x&day=x&from=9:00",
    "/ur/coverage?when=school-holidays&show=access&enough=x",
    "/ur/coverage?when=bank-holiday&from=18:00&to=20:00&show=need&rows=all",
    "/ur/coverage?when=date&date=x",
    "/ur/coverage?when=date",
    "/ur/coverage/areas/site-lozells?age=14&when=date&date=2026-12-01&from=16:00&to=18:00",
    "/ur/coverage/areas/E08000025?category=sport&minutes=10",
    "/ur/coverage/areas/site-hillfields?category=any",
    "/ur/coverage/compare",
    "/ur/coverage/compare?site=lozells&with_site=hillfields&minutes=20&age=x",
    "/ur/coverage/compare?category=sport&with_category=advice&show=providers&within_metres=123",
    "/ur/coverage/demand",
    "/ur/coverage/demand?category=sport&level=authority&months=24",
    "/ur/coverage/help",
    "/ur/coverage/help?category=trauma-therapy&place=site-lozells&number=2&minutes=15&worth=people",
    "/ur/coverage/help?place=E08000025&rooms=spaces&number=x&category=arts&within_metres=600",
    "/ur/coverage/help?place=x&rooms=x&worth=x&number=3&within_metres=5000",
    "/ur/coverage/what-if",
    "/ur/coverage/what-if?change=extent&site=lozells&radius=1500&show=nearest",
    "/ur/coverage/what-if?change=extent&site=x&radius=x",
    "/ur/coverage/what-if?change=closes&organisation=x",
    "/ur/coverage/what-if?change=zzzz",
)
CHANGES = ("closes", "moves", "moves&to_place=B19+2TH", "moves&to_place=zzzz", "opens", "opens&new_day=x")


@pytest.mark.unmeasured
def test_coverage_says_all_in_urdu(client, app):
    with Session(app.extensions["engine"]) as session:
        key = session.scalars(select(PublishedService.organization_id)).first()
    changes = [f"/ur/coverage/what-if?category=any&change={one}&organisation={key}" for one in CHANGES]
    left = {}
    for address in (*COVERAGE, *changes):
        left |= unsaid(client.get(address), address)
    assert not left, "\n".join(left)


def test_what_is_missing_and_how_to_load_it_is_said_in_urdu(empty_app):
    client, left = empty_app.test_client(), {}
    for address in ("/ur/coverage", "/ur/coverage/help"):
        page = client.get(address)
        left |= unsaid(page, address)
        command = "flask directory load-areas FILE --level lsoa21"
        assert f'<bdi lang="en-GB">{command}</bdi>' in page.get_data(as_text=True)
    assert not left, "\n".join(left)


def test_a_page_in_english_has_no_urdu_after_one_in_urdu_and_files_are_english(client):
    asked = "coverage?category=advice&within_metres=1900"
    urdu = client.get(f"/ur/{asked}").get_data(as_text=True)
    assert "پہنچ میں سروسز" in urdu  # what the map says of each area
    assert "Services in reach" not in urdu
    english = client.get(f"/{asked}").get_data(as_text=True)
    assert "Services in reach" in english
    assert not ARABIC.search(english.replace(URDU.name, ""))
    response = client.get(f"/ur/{asked.replace('coverage', 'coverage.csv')}")
    assert response.headers["Location"].startswith("/coverage.csv?")


def test_a_navigator_reads_the_desk_in_urdu(own_app):
    own = own_app
    with Session(own.extensions["engine"]) as session:
        key = session.scalars(select(PublishedService.organization_id)).first()
        message = "Its website: http://a.example/ \u2013 It answered 404."
        session.add(ReviewFlag(organization_id=key, reason="dead link", message=message))
        full = session.scalars(select(PublishedService)).first()
        full.document = full.document | {"full_on": TODAY.isoformat()}
        session.commit()
    everywhere, nowhere = signed_in(own, "administrator"), signed_in(own, "navigator")
    pages = [everywhere.get("/ur/desk"), nowhere.get("/ur/desk")]
    left = {words: page for page in pages for words in unsaid(page, "/ur/desk")}
    assert not left, "\n".join(left)
    assert pages[0].get_data(as_text=True).count("<table") >= 4
