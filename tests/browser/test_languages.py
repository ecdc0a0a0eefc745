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
