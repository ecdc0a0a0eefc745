"""A page in Urdu in a browser: it begins on the right, nothing sticks out, and the keyboard is enough."""

import re

import pytest

from tests.browser.settling import settle

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ASKED = "/ur/search?what=boxing&where=Lozells"
MIDDLE = "(element) => { const box = element.getBoundingClientRect(); return (box.left + box.right) / 2; }"


def test_pages_begin_on_the_right_and_nothing_sticks_out(watched):
    watched.open(ASKED)
    service = watched.page.get_attribute(".app-card__name a", "href")
    organisation = watched.page.get_attribute(".app-card__organisation a", "href")
    keys = re.findall(r"/ur/services/([0-9a-f-]{36})", watched.page.content())
    shortlist = "/ur/shortlist?" + "&".join(f"s={key}" for key in dict.fromkeys(keys[:4]))
    watched.check("urdu-results")
    for name, address in {
        "home": "/ur/",
        "about": "/ur/about",
        "nothing": "/ur/search?what=zzzz&where=Nowhere",
        "map": f"{ASKED}&view=map",
        "service": service,
        "organisation": organisation,
        "sheet": f"{service}/sheet",
        "shortlist": shortlist,
        "coverage": "/ur/coverage?category=sport",
        "coverage-area": "/ur/coverage/areas/site-lozells?category=sport",
        "coverage-compare": "/ur/coverage/compare?category=sport&site=lozells&with_site=hillfields",
        "sources": "/ur/sources",
        "api": "/ur/api/docs",
    }.items():
        watched.open(address)
        assert watched.page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
        brand = watched.page.eval_on_selector(".app-header__brand img", MIDDLE)
        assert brand > watched.width / 2
        watched.check(f"urdu-{name}")


def test_the_first_column_stands_on_the_right(watched):
    watched.open(ASKED)
    if watched.width > 900:
        filters, results = (
            watched.page.eval_on_selector(one, MIDDLE) for one in (".app-filters", "#results")
        )
        assert filters > results
    watched.open(watched.page.get_attribute(".app-card__name a", "href"))
    day, hours = (watched.page.eval_on_selector(f".app-hours tbody {one}", MIDDLE) for one in ("th", "td"))
    assert day > hours


def test_a_search_by_keyboard_stays_in_urdu(watched):
    watched.open("/ur/")
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.className") == "govuk-skip-link"
    watched.page.keyboard.press("Enter")
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.type("boxi")
    watched.page.wait_for_selector("#what-suggestions li")
    watched.page.keyboard.press("ArrowDown")
    watched.page.keyboard.press("Enter")
    assert watched.page.input_value("#what").lower().startswith("box")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/ur/search?*")
    assert watched.page.get_attribute("html", "lang") == "ur"
    if watched.width < 900:
        watched.page.locator(".app-filters > summary").focus()
        watched.page.keyboard.press("Enter")
    watched.page.locator(".app-filter summary").first.focus()
    watched.page.keyboard.press("Enter")
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.press("Space")
    watched.page.locator("[form=search][type=submit]").first.focus()
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/ur/search?*category=*")


def test_a_shortlist_grows_in_urdu(watched):
    watched.open(ASKED)
    watched.open(watched.page.get_attribute(".app-card__name a", "href"))
    watched.page.click("[data-shortlist-add]")
    watched.page.wait_for_url("**/ur/shortlist?s=*")
    watched.page.go_back()
    settle(watched.page)
    said = watched.page.inner_text("[data-shortlist-add]")
    assert not re.search("[A-Za-z]", said)
    assert "1" in said


# What stands in a part of the page, or is said of it, without what is marked as English.
UNMARKED = """(part) => {
    const said = [];
    const read = (node) => {
        if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent);
        if (node.nodeType !== Node.ELEMENT_NODE || node.lang?.startsWith('en')) return;
        for (const name of ['title', 'aria-label']) {
            const text = node.getAttribute(name) ?? '';
            if (!/[\\u0600-\\u06ff]/.test(text)) said.push(text);
        }
        node.childNodes.forEach(read);
    };
    read(part);
    return said.filter((text) => /[A-Za-z]{3,}/.test(text));
}"""


def test_a_map_speaks_urdu(watched):
    page = watched.page
    watched.open(f"{ASKED}&view=map")
    page.wait_for_selector(".map-key-categories label")
    if not page.locator(".map-marker[role=button]").count():
        page.locator(".map-cluster").first.dispatch_event("click")
    page.locator(".leaflet-marker-icon.map-marker[role=button]").first.dispatch_event("click")
    popup = page.locator(".leaflet-popup-content .map-popup")
    assert "اقسام" in popup.inner_text()
    assert popup.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    assert page.eval_on_selector(".directory-map", UNMARKED) == []
    watched.check("urdu-map-popup")


def test_areas_say_their_figures_in_urdu(watched):
    page = watched.page
    watched.open("/ur/coverage?category=sport&age=14")
    page.wait_for_selector("[data-areas]")
    page.locator("[data-areas]").scroll_into_view_if_needed()
    box = page.locator("[data-areas]").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "پہنچ میں سروسز" in page.locator(".leaflet-tooltip").inner_text()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.eval_on_selector(".app-map__canvas", UNMARKED) == []
    watched.check("urdu-coverage-popup")
    watched.follow(page.locator(".leaflet-popup .map-popup-name a"))
    assert "/ur/coverage/areas/" in page.url
