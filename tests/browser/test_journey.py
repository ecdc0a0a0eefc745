"""What people do with the site, in a real browser, at desktop and at phone width."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MARKERS = ".leaflet-marker-icon.map-marker"


def test_search_and_open_a_result(watched):
    page = watched.page
    watched.open("/")
    watched.check("home")
    page.get_by_label("What help is needed?").fill("boxing")
    page.get_by_label("Where?").fill("Lozells")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: boxing near Lozells")
    watched.check("search")
    first = page.locator("#results h3 a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    watched.check("service")
    page.locator("main a", has_text=re.compile(".")).filter(has_not_text="Search").first.click()
    watched.check("organisation")


def test_filter_by_day_and_time_keeps_not_known_apart(watched):
    page = watched.page
    watched.open("/search?where=Lozells")
    if watched.width < 800:
        page.locator("summary", has_text="Filters").click()
    page.get_by_label("Open on").select_option("Friday")
    page.get_by_label("At", exact=True).fill("18:00")
    page.get_by_role("button", name="Show results").click()
    expect(page.get_by_role("heading", name=re.compile("^Known to fit"))).to_be_visible()
    expect(page).to_have_url(re.compile("day=Friday"))
    watched.check("filtered")


def test_list_and_map_of_the_same_answer(watched):
    page = watched.page
    watched.open("/search?where=Lozells")
    page.get_by_role("link", name="Map and list").click()
    expect(page.locator(MARKERS).first).to_be_attached()
    expect(page.locator("#results .app-card").first).to_be_attached()
    watched.check("search-map")


def test_map_clusters_and_popups(watched):
    page = watched.page
    watched.open("/map")
    watched.check("map")
    clusters = page.locator(".map-cluster")
    before = clusters.count()
    uncovered(page, clusters).click()
    expect(clusters).not_to_have_count(before)
    watched.open("/map?where=Lozells&within_metres=500")
    page.locator(MARKERS).first.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("link")).to_have_attribute("href", re.compile("/services/"))
    watched.check("popup")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)


def uncovered(page, clusters):
    """A cluster over whose middle no other lies and that is in sight, as a person would choose one."""
    is_on_top = """(element) => {
        const box = element.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return element.contains(top);
    }"""
    page.locator(".folium-map").scroll_into_view_if_needed()
    return next(one for one in clusters.all() if one.evaluate(is_on_top))


def test_layer_is_switched_off_and_on(watched):
    page = watched.page
    watched.open("/map")
    page.locator(".leaflet-control-layers-toggle").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".map-cluster").first).to_be_attached()
    providers = page.get_by_role("checkbox", name="Organisations")
    providers.press("Space")
    expect(page.locator(f".map-cluster, {MARKERS}")).to_have_count(0)
    providers.press("Space")
    expect(page.locator(".map-cluster").first).to_be_attached()


def test_sites_lead_to_a_site_and_its_gaps(watched):
    page = watched.page
    watched.open("/sites")
    watched.check("sites")
    page.get_by_role("link", name="Hillfields", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hillfields")
    expect(page.get_by_role("heading", name="Gaps")).to_be_visible()
    page.get_by_label("Count providers within").select_option("5000")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("within_metres=5000"))
    watched.check("site")


@pytest.mark.parametrize(
    "path", ["/about", "/nothing-here", "/search?what=zzzz", "/search?where=Solihull&age=15"]
)
def test_other_pages(watched, path):
    watched.open(path)
    if path == "/nothing-here":
        watched.troubles.clear()  # the browser writes each 404 to its console
    watched.check(re.sub(r"\W+", "-", path).strip("-"))
