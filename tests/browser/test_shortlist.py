"""A shortlist in the browser: it is gathered, keeps notes to itself, and is shared by its address alone."""

import pytest

pytestmark = pytest.mark.browser


def open_service(watched, number):
    watched.open("/search?where=Lozells&within_metres=5000")
    watched.follow(watched.page.locator("main a[href^='/services/']").nth(number))


def test_a_shortlist_is_gathered_noted_and_shared(watched):
    page = watched.page
    open_service(watched, 0)
    watched.follow(page.locator("a[data-shortlist-add]"))
    open_service(watched, 1)
    assert page.locator("a[data-shortlist-add]").inner_text() == "Add to your shortlist of 1"
    watched.follow(page.locator("a[data-shortlist-add]"))
    assert page.locator("thead th").count() == 2
    page.locator("textarea").first.fill("Rang on Monday")
    watched.check("shortlist")
    shared = page.url
    watched.open("/shortlist")  # without an address it is what this browser keeps
    assert page.url == shared
    assert page.locator("textarea").first.input_value() == "Rang on Monday"
    other = page.context.browser.new_context()
    try:
        theirs = other.new_page()
        theirs.goto(shared)
        assert theirs.locator("thead th").count() == 2
        assert theirs.locator("textarea").first.input_value() == ""
        assert theirs.locator("button[data-keep]").is_visible()
    finally:
        other.close()
    watched.follow(page.locator("a[data-drop]").first)
    watched.open("/shortlist")
    assert page.locator("thead th").count() == 1


def test_the_sheet_is_readable_on_paper_and_a_phone(watched):
    open_service(watched, 0)
    watched.follow(watched.page.get_by_role("link", name="On one page, to hand over"))
    watched.check("sheet")
    watched.page.emulate_media(media="print")
    assert watched.page.locator(".app-handover").is_hidden()
    assert watched.page.locator(".app-sheet__facts").is_visible()


def test_results_are_gathered_without_leaving_the_list(watched):
    page = watched.page
    watched.open("/search?where=Lozells&within_metres=5000")
    links = page.locator("a[data-shortlist-stay]")
    links.nth(0).click()
    links.nth(1).focus()
    page.keyboard.press("Space")
    assert links.nth(0).inner_text().startswith("Take off the shortlist")
    assert page.locator("#gathered").inner_text().strip() == "Your shortlist of 2, side by side"
    watched.check("gathering")
    watched.follow(page.locator("#gathered a"))
    assert page.locator("thead th").count() == 2
