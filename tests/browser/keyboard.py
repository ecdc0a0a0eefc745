"""A person with a keyboard and nothing else, who must see at every step where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.settling import settle

# How things look without the focus, so that a focus that changes nothing is noticed.
REMEMBER = """() => {
    window.looks ??= (element) => {
        const parts = [[element, null]];
        for (const label of element.labels ?? []) parts.push([label, "::before"]);
        const words = ["outlineStyle", "outlineWidth", "boxShadow", "backgroundColor", "borderTopColor"];
        return parts.map(([part, pseudo]) => {
            const style = getComputedStyle(part, pseudo);
            return words.map((word) => style[word]).join(" ");
        }).join("|");
    };
    window.plain ??= new WeakMap();
    const stops = "a, button, input, select, textarea, summary, [tabindex]";
    for (const element of document.querySelectorAll(stops)) {
        if (element !== document.activeElement) window.plain.set(element, window.looks(element));
    }
}"""
# What has the focus, once the browser has drawn it: a page is scrolled only then.
LOOK = """async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const labels = [...element.labels ?? []];
    const said = labels.map((label) => label.innerText).join(" ");
    const name = element.getAttribute("aria-label") || said || element.innerText || element.alt || "";
    const whole = element.getBoundingClientRect();
    // A link that goes on in the next line has two boxes: look at the first.
    const line = [...element.getClientRects()].find((one) => one.width > 0) ?? whole;
    const there = document.elementFromPoint(line.x + line.width / 2, line.y + Math.min(line.height / 2, 100));
    const own = (one) => [element, ...labels].some((part) => part.contains(one));
    return {
        name: name.replace(/\\s+/g, " ").trim(),
        group: element.type === "radio" ? element.name : "",
        chosen: element.checked === true,
        on_map: element.closest(".leaflet-container") !== null,
        top: whole.top + scrollY, bottom: whole.bottom + scrollY,
        inside: whole.top >= 0 && line.left >= 0 && line.right <= innerWidth
            && (whole.bottom <= innerHeight || whole.height > innerHeight),
        uncovered: there !== null && own(there),
        shown: window.plain.get(element) !== window.looks(element),
    };
}"""
MOST = 80  # stops before somebody gives up


@dataclass
class Keyboard:
    """The keys of somebody at a page, who was last at some stop of it."""

    page: Page
    last: dict[str, Any] | None = None

    def press(self, key: str) -> dict[str, Any] | None:
        """Press a key that moves the focus: it can be seen where it is then."""
        self.page.evaluate(REMEMBER)
        self.page.keyboard.press(key)
        stop: dict[str, Any] | None = self.page.evaluate(LOOK)
        if stop:
            for quality in ("inside", "uncovered", "shown"):
                assert stop[quality], (quality, self.page.url, stop)
            self._goes_on(key, stop)
        self.last = stop
        return stop

    def _goes_on(self, key: str, stop: dict[str, Any]) -> None:
        """Tab never leads up the page and Shift+Tab never down it. A map is one picture, in any order."""
        if not self.last or stop["on_map"] or self.last["on_map"]:
            return
        if key == "Tab":
            assert stop["bottom"] > self.last["top"], (self.page.url, self.last, stop)
        if key == "Shift+Tab":
            assert stop["top"] < self.last["bottom"], (self.page.url, self.last, stop)

    def reach(self, words: str, key: str = "Tab") -> dict[str, Any]:
        """Go on until something whose name begins with some words."""
        names = []
        for _ in range(MOST):
            stop = self.press(key)
            names.append(stop["name"] if stop else "")
            if stop and stop["name"].startswith(words):
                return stop
        raise AssertionError(f"{words!r} is not among {names} on {self.page.url}")

    def skip(self) -> None:
        """Past the header, by the first link of a page."""
        self.reach("Skip to main content")
        self.page.keyboard.press("Enter")
        self.last = None

    def type(self, words: str, text: str) -> None:
        """Go to a box and type in it."""
        self.reach(words)
        self.page.keyboard.type(text)

    def tick(self, words: str) -> None:
        """Go to a box and tick it."""
        self.reach(words)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked"), words

    def choose(self, group: str, words: str) -> None:
        """Go to a question with one answer, and to that answer by the arrows."""
        stop = self.press("Tab")
        for _ in range(MOST):
            if stop and stop["group"] == group:
                break
            stop = self.press("Tab")
        for _ in range(MOST):
            if stop and stop["name"].startswith(words):
                break
            stop = self.press("ArrowDown")
        assert stop, words
        assert stop["name"].startswith(words), (words, stop)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked"), words

    def enter(self, words: str, key: str = "Enter") -> None:
        """Go to a link or a button and press it: another page comes."""
        self.reach(words)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        settle(self.page)
        self.last = None
