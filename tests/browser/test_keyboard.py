"""A whole registration by the keyboard alone, on a telephone's width: docs/tried.md."""

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard
from tests.browser.settling import settle
from tests.browser.town import link, shot

pytestmark = pytest.mark.browser
GROUP = "ann@lantern.example.org"
NAME = "Quillon Lantern Studio"


def begin(town, keys):
    keys.page.goto(town.url)
    keys.enter("Register")
    keys.skip()
    keys.type("Name of the organisation", NAME)
    keys.type("Postcode", "B19 2TH")
    keys.enter("Start")
    # Nobody has typed an address: the keyboard stands at the list of what is wrong, which leads to the box.
    keys.reach("Enter")
    keys.page.keyboard.press("Enter")
    keys.page.keyboard.type(GROUP)
    keys.last = None
    keys.enter("Start", "Space")
    keys.page.goto(link(town.post(), GROUP, "Your link to go on"))


def say_what_it_is(keys):
    keys.skip()
    keys.enter("Who you are")
    keys.skip()
    keys.choose("kind", "Voluntary")
    keys.enter("Save and continue")
    keys.skip()
    keys.enter("What it is")
    keys.skip()
    keys.type("Name of the service", "Friday Studio")
    keys.tick("Media and arts")
    keys.enter("Save and continue")
    keys.skip()
    keys.choose("ages", "People of certain ages")
    keys.type("Youngest age", "11")
    keys.type("Oldest age", "18")
    # The way back is the same way: the answer is still there.
    assert keys.reach("People of certain ages", "Shift+Tab")["chosen"]
    keys.enter("Save and continue")


def say_when(keys):
    keys.skip()
    keys.type("When is it open", "every other Thursday 4-6, term time")
    keys.enter("Save and continue")
    expect(keys.page.locator("main")).to_contain_text("Every other Thursday, 4pm to 6pm, term time only")
    keys.skip()
    keys.enter("That is right")


def say_where(keys):
    keys.skip()
    # Whoever gave a postcode at the start finds this ticked.
    assert keys.reach("People come to a place")["chosen"]
    keys.enter("Save and continue")
    page = keys.page
    page.wait_for_selector(".leaflet-marker-icon")
    keys.skip()
    keys.choose("protection", "Show the whole address")
    keys.reach("The place. Move it with the arrow keys.")
    before = page.input_value("#point")
    for key in ("ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    assert page.input_value("#point") != before
    shot(page, "keyboard-pin")
    keys.enter("Save and continue")


def test_a_group_registers_by_keyboard_alone_and_sees_where_it_is_at_each_step(town, browser_of):
    keys = Keyboard(browser_of(375))
    begin(town, keys)
    say_what_it_is(keys)
    say_when(keys)
    say_where(keys)
    keys.skip()
    keys.enter("All pages of this entry")
    keys.skip()
    keys.enter("See what people will see")
    keys.skip()
    keys.enter("Send it in")
    keys.skip()
    keys.tick("I may speak for this organisation")
    keys.enter("Send it in", "Space")
    expect(keys.page.locator("main")).to_contain_text("waits for a navigator")
    shot(keys.page, "keyboard-thanks")


def test_the_questions_of_coverage_are_gone_through_and_each_stop_shows(site, browser_of):
    keys = Keyboard(browser_of(375))
    keys.page.goto(f"{site}/coverage?category=sport&age=14")
    settle(keys.page)
    keys.skip()
    keys.reach("Date, if on a date")
    # A date has a stop for its day, month and year, and one for its calendar.
    assert {keys.press("Tab")["name"] for _ in range(3)} == {"Date, if on a date"}
    assert keys.press("Tab")["name"] != "Date, if on a date"
