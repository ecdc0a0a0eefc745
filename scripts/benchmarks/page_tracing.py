"""Open pages in Chromium, and read from its own protocol and tracing what they weigh and when they show.

Times are those of Chromium's trace: first and largest contentful paint, the layout shift, the time that long
tasks kept the page from answering (what of each is over 50 ms, after the first paint), the end of loading.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
CATEGORIES = [
    "-*",
    "loading",
    "blink.user_timing",
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
]
LONG_TASK = 50_000  # microseconds
SETTLE = 400  # milliseconds after the network is quiet, for paints that come late


@dataclass(frozen=True)
class Conditions:
    """How slow the network and the processor are made."""

    name: str
    down_kbits: int = 0  # nought: as fast as it goes
    up_kbits: int = 0
    latency_ms: float = 0  # before each request is answered
    slower: int = 1  # how many times slower the processor is
    phone: bool = True


@dataclass(frozen=True)
class Seen:
    """When things showed, in milliseconds after the navigation began, and how much moved."""

    first: float
    largest: float
    blocked: float
    loaded: float
    shift: float


@dataclass
class Weight:
    """What came over the wire, with headers."""

    requests: int = 0
    bytes: int = 0
    slowest: float = 0.0


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("Chromium is not on this machine (on Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS.split())
        yield browser
        browser.close()


def new_context(browser: Browser, *, phone: bool) -> BrowserContext:
    """A browser with nothing kept, as wide as a telephone or a desk's screen."""
    if phone:
        return browser.new_context(
            viewport={"width": 375, "height": 667}, device_scale_factor=2, is_mobile=True
        )
    return browser.new_context(viewport={"width": 1280, "height": 900})


def weigh(page: Page, url: str) -> Weight:
    """Open a page and count what comes over the wire; what the browser had kept weighs nothing."""
    weight, kept = Weight(), set()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def received(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            kept.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in kept and event["encodedDataLength"]:
            weight.requests += 1
            weight.bytes += round(event["encodedDataLength"])

    wire.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    wire.on("Network.responseReceived", received)
    wire.on("Network.loadingFinished", finished)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    wire.detach()
    return weight


def watch(browser: Browser, page: Page, url: str, conditions: Conditions) -> Seen:
    """Open a page under conditions, and read its trace; once more where a busy machine lost a part of it."""
    for _ in range(3):
        events = trace(browser, page, url, conditions)
        if {"navigationStart", "firstContentfulPaint", "loadEventEnd"} <= {
            event["name"]
            for event in events
            if event["args"].get("data", {}).get("documentLoaderURL", url) == url
        }:
            return read_trace(events, url)
    sys.exit(f"Chromium's trace of {url} is not whole.")


def trace(browser: Browser, page: Page, url: str, conditions: Conditions) -> list[dict[str, Any]]:
    """Open a page under conditions, with Chromium's tracing on."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    limits = {"downloadThroughput": conditions.down_kbits, "uploadThroughput": conditions.up_kbits}
    wire.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": conditions.latency_ms}
        | {name: kbits * 125 if kbits else -1 for name, kbits in limits.items()},
    )
    wire.send("Emulation.setCPUThrottlingRate", {"rate": conditions.slower})
    with tempfile.TemporaryDirectory() as folder:
        browser.start_tracing(page=page, path=Path(folder) / "trace.json", categories=CATEGORIES)
        page.goto(url, wait_until="load", timeout=120_000)
        page.wait_for_load_state("networkidle", timeout=120_000)
        page.wait_for_timeout(SETTLE * conditions.slower)
        events = json.loads(browser.stop_tracing())["traceEvents"]
    wire.detach()
    return [event for event in events if "args" in event and "ts" in event]


def read_trace(events: list[dict[str, Any]], url: str) -> Seen:
    """Read the figures of one navigation from the events of a trace."""
    start = next(
        event
        for event in events
        if event["name"] == "navigationStart" and event["args"]["data"]["documentLoaderURL"] == url
    )
    frame, began, where = start["args"]["frame"], start["ts"], (start["pid"], start["tid"])
    own = [one for one in events if one.get("ts", 0) >= began and one["args"].get("frame") == frame]
    times = {
        name: [one["ts"] for one in own if one["name"] == name]
        for name in ("firstContentfulPaint", "largestContentfulPaint::Candidate", "loadEventEnd")
    }
    first = times["firstContentfulPaint"][0]
    shifts = [
        one["args"]["data"]["weighted_score_delta"]
        for one in events
        if one["name"] == "LayoutShift" and one["ts"] >= began and not one["args"]["data"]["had_recent_input"]
    ]
    tasks = [
        one
        for one in events
        if one["name"] == "RunTask" and "dur" in one and (one["pid"], one["tid"]) == where
    ]
    blocked = sum(
        max(0, one["ts"] + one["dur"] - max(first, one["ts"]) - LONG_TASK)
        for one in tasks
        if one["ts"] + one["dur"] > first
    )
    return Seen(
        first=(first - began) / 1_000,
        largest=([first, *times["largestContentfulPaint::Candidate"]][-1] - began) / 1_000,
        blocked=blocked / 1_000,
        loaded=(times["loadEventEnd"][-1] - began) / 1_000,
        shift=sum(shifts),
    )
