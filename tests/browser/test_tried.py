"""What was awkward when people's tasks were tried, and was changed: docs/tried.md."""

import pytest

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.closest('#results .app-card') !== null"


def test_three_keys_lead_past_the_search_and_the_filters_to_the_first_result(watched):
    watched.open("/search?what=boxing")
    page = watched.page
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)
    watched.check("skip-to-results")


def test_the_header_leaves_a_telephone_its_screen(watched):
    watched.open("/search?what=boxing")
    lines = "new Set([...document.querySelectorAll('.app-nav a')].map((link) => link.offsetTop)).size"
    assert watched.page.evaluate(lines) <= (1 if watched.width == 1280 else 2)


def test_the_shapes_of_the_map_do_not_stand_in_the_way_of_who_hears_the_page(watched):
    watched.open("/coverage?category=sport")
    watched.page.wait_for_selector("[data-areas]")
    wire = watched.page.context.new_cdp_session(watched.page)
    nodes = wire.send("Accessibility.getFullAXTree")["nodes"]
    heard = [node for node in nodes if not node["ignored"]]
    assert not [node for node in heard if node["role"]["value"] == "graphics-symbol"]
    # What can be pressed says what it is.
    pressed = [node for node in heard if node["role"]["value"] in {"button", "link", "checkbox", "combobox"}]
    assert len(pressed) > 20
    assert all(node["name"]["value"].strip() for node in pressed)


def test_the_key_of_a_map_offers_what_is_on_it(watched):
    watched.open("/sites/hillfields")
    boxes = watched.page.locator(".map-key-categories input")
    assert 0 < boxes.count() < 20
    counts = watched.page.locator(".map-key-categories .map-count").all_inner_texts()
    assert "0" not in counts
    assert "Not on this map" in watched.page.locator(".map-none").inner_text()
