"""Text that would be a script in every field of a record: shown as text, and nothing of it runs."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.db import make_engine
from tests.browser.conftest import serve
from tests.conftest import TODAY
from tests.directory.documents import full

pytestmark = pytest.mark.browser
SCRIPT = "</script><script>window.hit = 1</script>"
HOSTILE = f"Zap {SCRIPT} ${{window.hit = 1}} {{{{ 7 * 7 }}}} \"'><img src=x onerror='window.hit = 1'>"
LINK = "javascript:window.hit=1//https://example.org/"
LINKS = {"url", "website", "uri", "logo", "schedule_link"}
# Words of the standard, and facts that are no text: anything else would be refused, or hide the place.
FIXED = {
    *("id", "freq", "byday", "dtstart", "until", "valid_from", "valid_to", "opens_at", "closes_at", "status"),
    *(
        "location_type",
        "address_type",
        "extent",
        "extent_type",
        "consent_date",
        "consent_scope",
        "protection",
    ),
    *(
        "assured_date",
        "last_modified",
        "parent_organization_id",
        "postal_code",
        "country",
        "term",
        "taxonomy",
    ),
    *("link_type", "email"),
}


def with_hostile_texts(value, key=""):
    """A document with a script in each text that a person may write."""
    if isinstance(value, dict):
        return {name: with_hostile_texts(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [with_hostile_texts(item, key) for item in value]
    if not isinstance(value, str) or key in FIXED:
        return value
    return LINK if key in LINKS else f"{HOSTILE} {key}"


@pytest.fixture(scope="module")
def document():
    whole = full()
    service = whole["services"][0]
    service["service_at_locations"][0]["location"] |= {"protection": "open"}
    words = {"id": "7a1c2a56-32a6-4a43-9d3c-1f0f3c1a0b11", "link_type": "category"}
    service["attributes"].append({**words, "taxonomy_term": {"name": "words", "taxonomy": "category"}})
    service["schedules"] = [service["schedules"][1]]  # one that is text alone is shown as it was written
    return with_hostile_texts(whole)


@pytest.fixture(scope="module")
def site(demonstration_copy, tmp_path_factory, document):
    """The site with the hostile record among the demonstration data."""
    folder = tmp_path_factory.mktemp("hostile")
    url = demonstration_copy(folder)
    engine = make_engine(url)
    with Session(engine) as session:
        accept(session, document, Acceptance(None, "self", HOSTILE, TODAY))
        session.commit()
    engine.dispose()
    yield from serve(url, folder)


def test_no_field_of_a_record_runs(watched, document):
    organization, service = document["id"], document["services"][0]["id"]
    asked = quote(HOSTILE)
    paths = [
        f"/organisations/{organization}",
        f"/services/{service}",
        "/search?what=zap",
        "/search?what=zap&view=map",
        "/map?what=zap",
        "/sites/lozells",
        f"/search?what={asked}&where={asked}&age={asked}&day={asked}&category={asked}&sort={asked}",
        f"/map?what={asked}&where={asked}",
    ]
    for path in paths:
        watched.open(path)
        assert watched.page.evaluate("window.hit") is None, path
        if not path.startswith("/map"):  # whose texts are in popups: see below
            expect(watched.page.locator("body")).to_contain_text("Zap </script>")
        assert not watched.page.locator("a[href^='javascript']").count(), path
    assert not watched.page.evaluate("window.violations")


def test_no_text_of_a_popup_runs(watched):
    watched.open("/map?what=zap")
    watched.page.locator(".leaflet-marker-icon.map-marker").first.focus()
    watched.page.keyboard.press("Enter")
    expect(watched.page.locator(".leaflet-popup")).to_contain_text("Zap </script>")
    assert watched.page.evaluate("window.hit") is None
