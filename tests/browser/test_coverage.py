"""The map of coverage in a browser: areas are drawn, hatched and pressed, and lead to their reasons."""

import pytest

pytestmark = pytest.mark.browser
AREAS = "path.map-class"


def test_areas_are_drawn_in_the_classes_of_the_legend(watched):
    watched.open("/coverage?category=sport&age=14")
    watched.page.wait_for_selector("[data-areas='315']")
    assert watched.page.locator(AREAS).count() == 315
    assert watched.page.locator("path.map-hatch").count() > 0
    fill = "getComputedStyle(document.querySelector('path.map-class-5')).fill"
    swatch = "getComputedStyle(document.querySelector('.app-swatch--5')).backgroundColor"
    assert watched.page.evaluate(fill) == watched.page.evaluate(swatch)
    watched.check("coverage")


def test_an_area_that_is_pressed_leads_to_its_reasons(watched):
    watched.open("/coverage?category=sport")
    watched.page.wait_for_selector("[data-areas]")
    watched.page.locator(AREAS).nth(100).dispatch_event("click")
    link = watched.page.locator(".leaflet-popup .map-popup-name a")
    name = link.inner_text()
    link.click()
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.locator("h1").inner_text() == name
    watched.check("coverage-area")


def test_two_maps_share_one_fetch_of_the_outlines(watched):
    asked = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.open("/coverage/compare?site=hillfields&with_site=lozells&show=providers")
    watched.page.wait_for_selector("[data-areas]")
    assert watched.page.locator("[data-areas='315']").count() == 2
    assert len([url for url in asked if "/coverage/outlines/" in url]) == 1
    watched.check("coverage-compare")


def test_without_the_outlines_the_page_says_that_the_table_has_the_numbers(watched):
    watched.page.route("**/coverage/outlines/**", lambda route: route.fulfill(status=503, body=""))
    watched.open("/coverage")
    assert "The table has the same numbers" in watched.page.locator(".map-failed").inner_text()
    watched.troubles.clear()  # the browser tells of the answer that was made to fail


def test_week_of_a_site(watched):
    watched.open("/sites/lozells?category=youth-facilities")
    assert watched.page.locator(".app-week tbody td").count() >= 7 * 28
    watched.check("site-week")
