"""Wait for a page until it is there, and no longer: a silent half second after each adds up to minutes."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

# What the scripts of a page fetch, and are still reading.
COUNT = """
    window.underWay = 0;
    for (const [owner, name] of [[window, "fetch"], [Response.prototype, "json"]]) {
        const real = owner[name];
        owner[name] = function (...given) {
            window.underWay += 1;
            return real.apply(this, given).finally(() => setTimeout(() => { window.underWay -= 1; }));
        };
    }
"""
QUIET = """async () => {
    const pause = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds));
    do await pause(20); while (window.underWay);
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""


def settle(page: Page) -> None:
    """Wait until a page, what belongs to it and what its scripts fetched are there, and drawn."""
    page.wait_for_load_state("load")
    page.evaluate(QUIET)


def follow(page: Page, way: Locator) -> None:
    """Press a link or a button, and wait for the page that comes."""
    with page.expect_navigation(wait_until="load"):
        way.click()
    settle(page)
