"""The map in a real browser, on a page of its own under the policy of the site."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from geodata.map_layers import MapLayers
from geodata.map_rendering import MapParts, render
from geodata.maps import MapOptions, coverage_map
from tests.browser.conftest import WATCH, serious_findings
from tests.conftest import unavailable
from tests.geodata import map_frames

pytestmark = pytest.mark.browser

DIRECTORY = Path(__file__).parents[2] / "directory"
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{0}'; style-src 'self' 'nonce-{0}'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)
MARKERS = ".leaflet-marker-icon.map-marker"


def page_of(maps: list[MapParts], nonce: str) -> str:
    """Put maps into one page, as a template would."""
    css = dict.fromkeys(href for one in maps for href in one.css_hrefs)
    scripts = dict.fromkeys(href for one in maps for href in one.js_hrefs)
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Map</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            *(f'<link rel="stylesheet" href="{href}">' for href in css),
            *(f'<style nonce="{nonce}">{one.styles}</style>' for one in maps),
            "</head><body><h1>Map</h1>",
            *(
                f'<div class="directory-map"><div class="directory-map-canvas">{one.html}</div>'
                f"{one.key_html}</div>"
                for one in maps
            ),
            *(
                f'<script type="application/json" id="{data.id}">{data.json}</script>'
                for one in maps
                for data in one.data
            ),
            *(f'<script src="{href}"></script>' for href in scripts),
            *(f'<script nonce="{nonce}">{one.script}</script>' for one in maps),
            "</body></html>",
        ]
    )


class Handler(SimpleHTTPRequestHandler):
    """Serves the static files, and the page of the test."""

    maps: list[MapParts] = []

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=str(DIRECTORY))

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        nonce = secrets.token_urlsafe(16)
        content = page_of(self.maps, nonce).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY.format(nonce))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None


@contextmanager
def serving(maps: list[MapParts]) -> Iterator[str]:
    handler = type("OneTest", (Handler,), {"maps": maps})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Seen:
    """A page, and everything that went wrong or out on it."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def watch(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.wrong.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def find(self, name: str) -> str:
        """Name the element that has the keyboard."""
        return str(self.page.evaluate(f"document.activeElement.{name}"))


Opener = Callable[..., Seen]


@pytest.fixture
def open_map(chromium: Browser) -> Iterator[Opener]:
    """Return a function that opens maps on one page; at the end nothing may have gone wrong on it."""
    if not (DIRECTORY / "static" / "vendor" / "leaflet.js").exists():
        unavailable("the built front-end assets", "run scripts/build_assets.py")
    pages: list[Seen] = []
    with ExitStack() as closing:

        def opened(
            *maps: MapLayers, options: MapOptions | None = None, width: int = 1280, key: bool = True
        ) -> Seen:
            parts = [
                render(coverage_map(layers, map_frames.styles(), options), "/static/") for layers in maps
            ]
            parts = parts if key else [replace(one, key_html="") for one in parts]
            address = closing.enter_context(serving(parts))
            context = chromium.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
            closing.callback(context.close)
            context.set_default_timeout(10_000)
            seen = Seen(context.new_page())
            seen.watch()
            seen.page.goto(address)
            seen.page.locator(".leaflet-marker-icon").first.wait_for(state="attached")
            pages.append(seen)
            return seen

        yield opened
        for seen in pages:
            assert seen.wrong == []
            assert seen.page.evaluate("window.violations") == []
            assert seen.page.evaluate("window.harmed") is None
            assert seen.hosts == {seen.page.url.split("/")[2]}


def few(count: int = 3) -> MapLayers:
    """Return providers in one spot a few hundred metres from each other, without sites."""
    return MapLayers(map_frames.harmful_layers().providers.assign(**_harmless(count)).iloc[:count])


def _harmless(count: int) -> dict[str, Any]:
    good = map_frames.providers(len(map_frames.HARMFUL))
    columns = ("name", "organization_name", "categories", "next_opening", "href", "category", "precision")
    return {column: good[column].to_numpy() for column in columns}


def test_harmful_text_is_shown_and_never_run(open_map):
    options = MapOptions(fit="providers", levels_shown=("authority", "ward"))
    page = open_map(map_frames.harmful_layers(), options=options).page
    popup, shown = page.locator(".leaflet-popup"), []
    for marker in page.locator(MARKERS).all():
        marker.press("Enter")
        shown.append([popup.locator("p").first.text_content(), *popup.locator("dd").all_text_contents()])
        page.keyboard.press("Escape")
        expect(popup).to_have_count(0)
    assert sorted(shown) == sorted([text] * 3 for text in map_frames.HARMFUL)
    for site in page.locator(".map-site-name").all():
        site.evaluate("node => node.click()")
        expect(page.locator(".leaflet-popup")).to_have_count(1)
    for selector, text in ((".map-reference", "Reference point: "), (".map-area-ward", "")):
        page.locator(selector).first.dispatch_event("mouseover", {"bubbles": True})
        expect(page.locator(".leaflet-tooltip").last).to_have_text(text + map_frames.HARMFUL[0])
    page.get_by_label("Filter organisations by words").fill("${window")
    expect(page.get_by_role("status")).to_have_text("1 of 6 organisations shown.")


def test_harmful_names_of_categories_sources_and_notices_are_text(open_map):
    text = map_frames.HARMFUL[3]
    options = MapOptions(source=text, notice=text, label=text, many=text)
    page = open_map(few(), options=options).page
    expect(page.locator(".map-notice")).to_have_text(text)
    expect(page.locator(".leaflet-control-attribution")).to_have_text(text)


def test_addresses_that_are_no_web_page_are_no_links(open_map):
    layers = few()
    layers.providers["href"] = [
        "javascript:alert(1)",
        "data:text/html,<script>alert(2)</script>",
        "/services/3",
    ]
    page = open_map(layers).page
    links = []
    for row in range(3):
        page.locator(MARKERS).nth(row).press("Enter")
        links.append(page.locator(".map-popup-name a").count())
        page.keyboard.press("Escape")
        expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert sorted(links) == [0, 0, 1]


def test_a_popup_tells_the_facts(open_map):
    layers = few(2)
    layers.providers["href"] = [f"/services/00000000-0000-5000-8000-00000000000{row}" for row in (1, 2)]
    page = open_map(layers).page
    page.get_by_role("button", name="Open Door 1,").click()
    popup = page.get_by_role("dialog", name="Open Door 1")
    for text in ("Open Door 1", "Lozells Trust 1", "Next opening", "Friday 6pm"):
        expect(popup).to_contain_text(text)
    link = popup.get_by_role("link", name="Open Door 1")
    expect(link).to_have_attribute("href", f"{page.url}services/00000000-0000-5000-8000-000000000002")


def test_unknown_opening_and_an_approximate_place_say_so(open_map):
    page = open_map(few(1)).page
    page.get_by_role("button", name="next opening not known, approximate place").click()
    expect(page.get_by_role("dialog")).to_contain_text("Not known")
    expect(page.get_by_role("dialog")).to_contain_text("Approximate place")
    sizes = page.locator(MARKERS).evaluate("node => node.offsetWidth")
    assert sizes > 40


def test_the_keyboard_goes_from_cluster_to_popup_and_back(open_map):
    seen = open_map(map_frames.layers(), width=1280)
    page = seen.page
    page.locator(".folium-map").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if "map-cluster" in seen.find("className"):
            break
    label = seen.find("ariaLabel")
    assert label.endswith("organisations. Press Enter to zoom in")
    before = page.locator(".map-cluster").count()
    page.keyboard.press("Enter")
    expect(page.locator(".map-cluster")).not_to_have_count(before)
    for _ in range(40):
        page.keyboard.press("Tab")
        if "map-marker" in seen.find("className"):
            break
        if "map-cluster" in seen.find("className"):
            page.keyboard.press("Enter")
            page.wait_for_timeout(300)
    name = seen.find("ariaLabel")
    assert "Friday 6pm" in name or "not known" in name
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog")
    expect(popup).to_be_focused()
    page.keyboard.press("Tab")
    assert seen.find("tagName") == "A"
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    assert seen.find("ariaLabel") == name


def test_space_opens_a_marker_and_the_cross_gives_the_keyboard_back(open_map):
    seen = open_map(few(2))
    marker = seen.page.locator(MARKERS).first
    marker.focus()
    seen.page.keyboard.press("Space")
    seen.page.get_by_role("button", name="Close popup").press("Enter")
    expect(seen.page.get_by_role("dialog")).to_have_count(0)
    expect(marker).to_be_focused()


def test_a_category_and_a_layer_are_switched_off_and_on(open_map):
    page = open_map(few(3)).page
    status = page.get_by_role("status")
    expect(status).to_have_text("3 organisations shown.")
    first = next(
        style.name for style in map_frames.styles() if style.code == map_frames.providers(6)["category"][0]
    )
    page.get_by_role("checkbox", name=first).uncheck()
    expect(page.locator(MARKERS)).to_have_count(2)
    expect(status).to_have_text("2 of 3 organisations shown.")
    page.get_by_role("button", name="Hide all").click()
    expect(page.locator(MARKERS)).to_have_count(0)
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(MARKERS)).to_have_count(3)
    page.locator(".leaflet-control-layers").hover()
    page.get_by_label("Organisations", exact=True).uncheck()
    expect(page.locator(MARKERS)).to_have_count(0)


def test_words_filter_names_without_accents_or_capitals(open_map):
    layers = few(3)
    layers.providers["name"] = ["Café Ωmega", "Open Door", "Second Step"]
    page = open_map(layers).page
    page.get_by_label("Filter organisations by words").fill("CAFE")
    expect(page.locator(MARKERS)).to_have_count(1)
    expect(page.get_by_role("button", name="Café Ωmega")).to_be_visible()


def test_two_maps_on_one_page_keep_apart(open_map):
    page = open_map(few(2), few(3)).page
    first, second = page.locator(".directory-map").all()
    first.get_by_role("button", name="Hide all").click()
    expect(first.locator(MARKERS)).to_have_count(0)
    expect(second.locator(MARKERS)).to_have_count(3)


def test_a_phone_shows_the_whole_width_and_may_zoom(open_map):
    page = open_map(map_frames.layers(), width=375).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.locator("meta[name=viewport]").count() == 1
    page.get_by_role("button", name="Zoom in", exact=True).click()
    expect(page.locator(".folium-map")).to_be_visible()


def test_the_key_stands_on_the_map_where_the_page_has_no_place_for_it(open_map):
    page = open_map(few(2), key=False).page
    expect(page.locator(".folium-map .map-key-panel")).to_contain_text("Not on this map")


def test_a_ward_is_named_when_pointed_at(open_map):
    options = MapOptions(levels_shown=("authority", "ward"))
    page = open_map(map_frames.layers(2), options=options).page
    expect(page.locator(".map-area-name").first).to_have_text("Coventry")
    page.locator(".folium-map").hover()
    expect(page.locator(".leaflet-tooltip")).to_have_text("Castle Vale")


def test_paper_has_the_map_and_the_key(open_map):
    page = open_map(map_frames.layers()).page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    width = page.locator(".folium-map").evaluate("node => node.offsetWidth")
    page.emulate_media(media="print")
    expect(page.locator(".directory-map-key legend")).to_be_visible()
    expect(page.get_by_label("Filter organisations by words")).to_be_hidden()
    assert width == pytest.approx(680, abs=5)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")


def test_ten_thousand_are_drawn(open_map):
    page = open_map(MapLayers(map_frames.providers(10_000), map_frames.sites())).page
    expect(page.get_by_role("status")).to_have_text("10000 organisations shown.")
    assert page.locator(".map-cluster").count() > 1


@pytest.mark.parametrize("key", [True, False])
def test_axe_finds_nothing_serious(open_map, key):
    page = open_map(map_frames.layers(), key=key).page
    page.locator(".map-site-name").first.evaluate("node => node.click()")
    expect(page.get_by_role("dialog")).to_have_css("opacity", "1")
    assert serious_findings(page) == []
