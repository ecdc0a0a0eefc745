"""A group registers in a browser: likely entries, the pin moved by keys, the preview, sent in."""

import pytest

from tests.browser.settling import follow

pytestmark = pytest.mark.browser


def go_on(page, words="Save and continue"):
    follow(page, page.locator(f"button:visible:text-is('{words}')").first)


def begin(watched, name):
    watched.open("/register")
    page = watched.page
    page.fill("#name", name)
    page.fill("#postal_code", "B19 2TH")
    page.fill("#email", "ann@lantern.example.org")
    go_on(page, "Start")
    return page


def test_likely_entries_are_offered_while_typing(watched):
    watched.open("/search?where=B19+2TH")
    name = watched.page.inner_text(".app-card__organisation")
    watched.open("/register")
    watched.page.fill("#name", name[:-1])
    claim = watched.page.wait_for_selector("#likely a:has-text('Claim it')")
    assert claim.get_attribute("href").endswith("/claim")
    assert name in watched.page.inner_text("#likely")
    watched.check("register-likely")


def test_a_group_registers_on_a_phone_and_on_a_desk(watched):
    page = begin(watched, "Quillon Lantern Studio")
    watched.check("register-list")
    page.click("text=Who you are")
    go_on(page)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    watched.check("register-problem")
    page.check("input[name=kind][value=voluntary]")
    go_on(page)
    page.click("text=What it is")
    page.fill("#name", "Friday Studio")
    page.check("input[name=category][value=arts]")
    go_on(page)
    page.check("input[name=ages][value=all]")
    go_on(page)
    page.fill("#hours", "every other Thursday 4-6, term time")
    go_on(page)
    assert "Every other Thursday, 4pm to 6pm, term time only" in page.inner_text("main")
    watched.check("register-hours")
    page.click("text=That is right: continue")
    page.check("input[name=ways][value=place]")
    go_on(page)
    place(watched)
    go_on(page)
    page.click("text=All pages of this entry")
    watched.follow(page.get_by_text("See what people will see").first)
    assert "A preview." in page.inner_text("main")
    watched.check("register-preview")
    page.click("text=Send it in")
    page.check("#agreed")
    go_on(page, "Send it in")
    assert "waits for a navigator" in page.inner_text("main")


def place(watched):
    """The page of the place: the pin is moved by the arrow keys, and the box says where it is."""
    page = watched.page
    page.wait_for_selector(".leaflet-marker-icon")
    page.focus(".leaflet-marker-icon")
    before = page.input_value("#point")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.input_value("#point") != before
    assert page.is_checked("input[name=point_from][value=given]")
    page.check("input[name=protection][value=approximate]")
    watched.check("register-place")
