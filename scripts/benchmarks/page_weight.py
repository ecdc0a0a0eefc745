"""What pages weigh over the wire, and when they show in Chromium, also on a slow telephone.

The application is served by gunicorn as on a server, with the demonstration data or a database of your own:

    python scripts/benchmark.py page-weight --database sqlite:///instance/directory.sqlite
"""

from __future__ import annotations

import argparse
import http.client
import re
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page_tracing import Conditions, Seen, Weight, chromium, new_context, watch, weigh
from benchmarks.search_load import served, wait_for
from benchmarks.search_speed import demonstrate
from playwright.sync_api import Browser

from directory.app import create_app
from directory.config import Settings

ONE_TRIP = 14_600  # bytes: what a server sends before the first answer comes back, ten packets
CARD = "app-card__foot"
KINDS = ("sport", "arts", "outreach", "youth-facilities")
# From the press to the second frame after the areas got their colours.
ASK = """() => new Promise((drawn) => {
  const start = performance.now();
  const map = document.querySelector('[data-areas]');
  map.addEventListener('areas', () => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(
    () => drawn(performance.now() - start)))), { once: true });
  document.querySelector('form.app-ask button').click();
})"""
# The last is "slow 3G" of Chromium's own tools: each request waits for what comes before it on the web.
CONDITIONS = (
    Conditions("desk", phone=False),
    Conditions("3G", 1_600, 750, 150, 4),
    Conditions("slow 3G", 400, 400, 2_000, 4),
)


@dataclass(frozen=True)
class Address:
    """A page to open, and the text by which it has become useful."""

    name: str
    path: str
    useful: str = "</h1>"


def pages(what: str, where: str, service: str) -> tuple[Address, ...]:
    """The pages that are measured."""
    asked = f"/search?what={what}&where={where}"
    return (
        Address("home", "/", "</form>"),
        Address("results", asked, CARD),
        Address("results, map", f"{asked}&view=map", CARD),
        Address("a service", service, "</dl>"),
        Address("a site", "/sites/hillfields", "</h1>"),
        Address("coverage", "/coverage?category=youth-facilities", "</h1>"),
        Address("register", "/register", "</h1>"),
    )


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a database with the demonstration data."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'directory.sqlite'}"
        app = create_app(Settings(database_url=url, instance_folder=Path(folder)))
        demonstrate(app)
        app.extensions["engine"].dispose()
        yield url


def until_useful(port: int, address: Address) -> tuple[int, int]:
    """How many bytes of a page come over the wire until it is useful, and how many in all."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address.path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    packed = answer.headers.get("Content-Encoding") == "gzip"
    reader, text = zlib.decompressobj(wbits=31), b""
    for place in range(0, len(body), 256):
        piece = body[place : place + 256]
        text += reader.decompress(piece) if packed else piece
        if address.useful.encode() in text:
            return place + len(piece), len(body)
    sys.exit(f"{address.path} does not have {address.useful!r}: {answer.status}.")


def weights(browser: Browser, url: str) -> tuple[Weight, Weight]:
    """What a page weighs for somebody new, and where the browser has kept the files of such a page."""
    context = new_context(browser, phone=False)
    first = weigh(context.new_page(), url)
    context.close()
    context = new_context(browser, phone=False)
    page = context.new_page()
    page.goto(another(url))
    page.wait_for_load_state("networkidle")
    again = weigh(page, url)
    context.close()
    return first, again


def another(url: str) -> str:
    """The same page at an address of its own, so that the page itself is not kept, but its files are."""
    return f"{url}{'&' if '?' in url else '?'}another=yes"


def seen(browser: Browser, url: str, conditions: Conditions, repeats: int, *, cached: bool) -> Seen:
    """Medians of when a page shows, in a new browser or in one that has kept what it may keep."""
    rounds = []
    for _ in range(repeats):
        context = new_context(browser, phone=conditions.phone)
        page = context.new_page()
        if cached:
            page.goto(another(url))
            page.wait_for_load_state("networkidle")
        rounds.append(watch(browser, page, url, conditions))
        context.close()
    return Seen(*(statistics.median(getattr(one, name) for one in rounds) for name in Seen.__annotations__))


def print_row(cells: Sequence[object]) -> None:
    """A row of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def print_head(words: Sequence[str]) -> None:
    """The head of a table, of which the first columns are words."""
    print()
    print_row(words)
    print_row(["---", *("---:" for _ in words[1:])])


def print_weights(browser: Browser, port: int, addresses: Sequence[Address]) -> None:
    """The table of what comes over the wire."""
    print_head(
        [
            "page",
            "first time, kB",
            "requests",
            "again, kB",
            "requests",
            "page, kB",
            "until useful, kB",
            "one trip",
        ]
    )
    for one in addresses:
        first, again = weights(browser, f"http://127.0.0.1:{port}{one.path}")
        useful, whole = until_useful(port, one)
        sizes = [f"{first.bytes / 1e3:.1f}", first.requests, f"{again.bytes / 1e3:.1f}", again.requests]
        trip = "yes" if useful <= ONE_TRIP else "no"
        print_row([one.name, *sizes, f"{whole / 1e3:.1f}", f"{useful / 1e3:.1f}", trip])


def print_times(
    browser: Browser,
    port: int,
    addresses: Sequence[Address],
    under: Sequence[Conditions],
    repeats: int,
) -> None:
    """The tables of when pages show."""
    for conditions in under:
        print(f"\n{conditions}")
        print_head(
            ["page", "kept before", "first paint", "largest paint", "blocked", "loaded", "layout shift"]
        )
        for one in addresses:
            for cached in (False, True):
                url = f"http://127.0.0.1:{port}{one.path}"
                got = seen(browser, url, conditions, repeats, cached=cached)
                times = [f"{value / 1e3:.2f}" for value in (got.first, got.largest, got.blocked, got.loaded)]
                print_row([one.name, "yes" if cached else "no", *times, f"{got.shift:.3f}"])


def print_coverage(browser: Browser, url: str, repeats: int) -> None:
    """When the map of coverage is there, asked of a process that has answered nothing, and then again."""
    print_head(["coverage, all areas drawn", "seconds"])
    with served(url, 1) as (port, _):
        wait_for(port)
        for name, times in (("first answer of a new process", 1), ("later", repeats)):
            print_row([name, f"{statistics.median(drawn(browser, port) for _ in range(times)):.2f}"])
        first, again = asked_in_the_page(browser, port, repeats)
        print_row(["the next question in the page, not asked before", f"{statistics.median(first):.2f}"])
        print_row(["the same, asked before", f"{statistics.median(again):.2f}, at most {max(again):.2f}"])


def asked_in_the_page(browser: Browser, port: int, repeats: int) -> tuple[list[float], list[float]]:
    """Seconds until every area has the colour of the next question: the first time, and later times."""
    context = new_context(browser, phone=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/coverage?category={KINDS[-1]}")
    page.wait_for_selector("[data-areas]")
    taken = []
    for kind in KINDS * (1 + repeats):
        page.select_option("#category", kind)
        taken.append(page.evaluate(ASK) / 1e3)
        page.wait_for_timeout(300)
    context.close()
    return taken[: len(KINDS) - 1], taken[len(KINDS) :]


def drawn(browser: Browser, port: int) -> float:
    """Seconds until every area is on the map, in a new browser."""
    context = new_context(browser, phone=False)
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/coverage?category=youth-facilities", wait_until="commit")
    page.wait_for_selector("[data-areas]")
    taken = time.perf_counter() - start
    context.close()
    return taken


def main(arguments: list[str]) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="benchmark.py page-weight", description=__doc__)
    parser.add_argument("--database", help="address of a database; without it the demonstration data")
    parser.add_argument("--what", default="library", help="what the list of results is asked for")
    parser.add_argument("--where", default="Birmingham")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--pages", nargs="*", default=[], help="names of pages whose times are wanted; else all"
    )
    parser.add_argument("--conditions", nargs="*", default=[], help="names of conditions; else all")
    parser.add_argument("--weights-only", action="store_true", help="do not look at times")
    parser.add_argument("--coverage-only", action="store_true", help="look at the map of coverage alone")
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        url = given.database or stack.enter_context(demonstration())
        browser = stack.enter_context(chromium())
        if not given.weights_only:
            print_coverage(browser, url, given.repeats)
        if given.coverage_only:
            return
        port, _ = stack.enter_context(served(url, 2))
        wait_for(port)
        addresses = pages(given.what, given.where, first_service(port, given.what, given.where))
        for one in addresses * 4:  # so that each worker has read what it keeps
            until_useful(port, one)
        print_weights(browser, port, addresses)
        if not given.weights_only:
            wanted = [one for one in addresses if not given.pages or one.name in given.pages]
            under = [one for one in CONDITIONS if not given.conditions or one.name in given.conditions]
            print_times(browser, port, wanted, under, given.repeats)


def first_service(port: int, what: str, where: str) -> str:
    """The address of the first service that is found."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/search?what={what}&where={where}")
    found = re.search(r"/services/[0-9a-f-]{36}", connection.getresponse().read().decode())
    connection.close()
    if found is None:
        sys.exit(f"Nothing is found for {what} near {where}: give other words with --what and --where.")
    return found[0]
