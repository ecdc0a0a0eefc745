"""A real browser, the site on loopback, and a page that notices whatever goes wrong."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from werkzeug.serving import make_server

from directory.app import create_app
from directory.config import Settings
from tests.browser.settling import COUNT, follow, settle
from tests.browser.town import PICTURES, Town
from tests.conftest import NOW, TODAY, unavailable
from tests.directory.letters.smtp import post_office
from tests.serving import free_port
from tests.template_databases import demonstration_file

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
# What is right need not be listed: axe would find a path to every element.
VIOLATIONS = {"resultTypes": ["violations"]}
WATCH = """
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        unavailable("Chromium", "install it (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS.split())
        yield browser
        browser.close()


def serve(url: str, instance: Path) -> Iterator[str]:
    """Serve an application on a database, on a free port of loopback."""
    app = create_app(Settings(database_url=url, instance_folder=instance))
    app.config["CLOCK"] = lambda: NOW
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def demonstration_copy(shared_folder: Path) -> Callable[[Path], str]:
    """Makes a database with the demonstration data in a folder, and gives its address."""

    def copy(folder: Path) -> str:
        path = folder / "directory.sqlite"
        shutil.copy(demonstration_file(shared_folder, TODAY), path)
        return f"sqlite:///{path}"

    return copy


@pytest.fixture(scope="session")
def site(
    demonstration_copy: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the site with the demonstration data."""
    folder = tmp_path_factory.mktemp("site")
    yield from serve(demonstration_copy(folder), folder)


def serious_findings(page: Page) -> list[str]:
    """What axe finds on a page that keeps somebody from using it."""
    findings = Axe().run(page, options=VIOLATIONS).response["violations"]
    return [f"{f['id']}: {f['nodes'][0]['html']}" for f in findings if f["impact"] in ("serious", "critical")]


@dataclass
class Watched:
    """A page, and everything that went wrong on it."""

    page: Page
    site: str
    width: int
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.site + path)
        settle(self.page)

    def follow(self, way: Locator) -> None:
        """Press a link or a button, and wait for the page that comes."""
        follow(self.page, way)

    def check(self, name: str) -> None:
        """No serious finding of axe, no sideways scrolling, no violation of the policy; keep a picture."""
        serious = serious_findings(self.page)
        assert not serious, serious
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        self.troubles += self.page.evaluate("window.violations")
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}-{self.width}.png")


@pytest.fixture(params=[1280, 375])
def watched(chromium: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A new page at desktop and at phone width; afterwards nothing may have gone wrong on it."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    seen = Watched(page, site, request.param)
    page.add_init_script(WATCH + COUNT)
    page.on("console", lambda m: seen.troubles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    page.on("dialog", lambda dialog: (seen.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda r: None if r.url.startswith((site, "data:", "blob:")) else seen.troubles.append(r.url),
    )
    yield seen
    context.close()
    assert not seen.troubles, seen.troubles


@pytest.fixture
def town(demonstration_copy: Callable[[Path], str], tmp_path: Path) -> Iterator[Town]:
    """A site of one's own with the demonstration data, whose letters arrive."""
    url = demonstration_copy(tmp_path)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with post_office() as (postman, smtp_port):
        mail = {"smtp_host": "127.0.0.1", "smtp_port": smtp_port}
        app = create_app(Settings(database_url=url, instance_folder=tmp_path, public_url=address, **mail))
        app.config["CLOCK"] = lambda: NOW
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Town(app, address, postman)
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["engine"].dispose()


@pytest.fixture
def browser_of(chromium: Browser) -> Iterator[Callable[[int], Page]]:
    """Opens a browser of somebody's own, of some width; afterwards nothing may have gone wrong in it."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_one(width: int) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(COUNT)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not troubles, troubles
