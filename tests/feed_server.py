"""An Open Referral UK feed on this machine that behaves as it is told: well, or very badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, uuid5

Mishap = Callable[["Handler", int], bool]

# What a list says of each service where it does not say all.
LINE = ("id", "name", "description", "status", "organization", "last_modified")
# What version 1 calls the facts of a page.
VERSION_1 = {
    "total_items": "totalElements",
    "total_pages": "totalPages",
    "page_number": "number",
    "first_page": "first",
    "last_page": "last",
    "contents": "content",
}


def service_of(number: int, **changes: Any) -> dict[str, Any]:
    key = f"https://feed.example/{number}"
    return {
        "id": str(uuid5(NAMESPACE_URL, key)),
        "name": f"Service {number}",
        "status": "active",
        "organization": {"id": str(uuid5(NAMESPACE_URL, f"{key}/o")), "name": f"Organisation {number}"},
        "schedules": [],
        **changes,
    }


@dataclass
class Feed:
    """The services of a feed, and what happens instead of a page; `asked` is what was asked for."""

    address: str
    services: list[dict[str, Any]] = field(default_factory=list)
    mishap: Mishap = lambda _handler, _page: False
    facts: dict[str, Any] = field(default_factory=dict)
    per_page: int = 2
    brief: bool = False
    words: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    feed: Feed

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.feed.asked.append(self.path)
        if parts.path.startswith("/services/"):
            key = parts.path.rsplit("/", 1)[1]
            found = next((item for item in self.feed.services if item["id"] == key), None)
            found = None if key in self.feed.lost else found
            return self.say(200 if found else 404, json.dumps(found).encode())
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        if self.feed.mishap(self, page):
            return None
        return self.page(page)

    def page(self, number: int, **facts: Any) -> None:
        size = self.feed.per_page
        some = self.feed.services[(number - 1) * size : number * size]
        if self.feed.brief:
            some = [{key: item[key] for key in LINE if key in item} for item in some]
        pages = -(-len(self.feed.services) // size)
        document = {
            "total_items": len(self.feed.services),
            "total_pages": pages,
            "page_number": number,
            "size": len(some),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not some,
            "contents": some,
            **self.feed.facts,
            **facts,
        }
        named = {self.feed.words.get(name, name): value for name, value in document.items()}
        self.say(200, json.dumps(named).encode())

    def say(self, status: int, content: bytes, **headers: str) -> None:
        etag = f'"{hash(content)}"'
        if status == 200 and self.headers["If-None-Match"] == etag:
            status, content = 304, b""
        self.feed.answered.append(status)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), "ETag": etag, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def feeding(count: int) -> Iterator[Feed]:
    """Serve a feed of so many services until the end of the block, on a free port."""
    handler = type("OneTest", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        services = [service_of(number) for number in range(count)]
        handler.feed = Feed(f"http://127.0.0.1:{server.server_port}", services)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield handler.feed
        finally:
            server.shutdown()
            thread.join()
