"""A publishers' server on this machine: files with ranges and ETags, ArcGIS layers in pages, and mishaps."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Served:
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


@dataclass
class Layer:
    features: list[dict[str, Any]]
    page_size: int = 2
    edited: int = 1


@dataclass
class Publishers:
    """What is served (by /host/path), what goes wrong next, and what was asked."""

    address: str
    files: dict[str, Served] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    mishaps: list[tuple[str, Any]] = field(default_factory=list)
    thaw: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def ranges(self) -> list[str | None]:
        return [sent for _, sent in self.asked]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publishers: Publishers

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.close_connection = True
        path = unquote(urlsplit(self.path).path)
        self.publishers.asked.append((self.path, self.headers["Range"]))
        mishap, value = self.publishers.mishaps.pop(0) if self.publishers.mishaps else ("none", None)
        if mishap == "status":
            self.send(value, b"")
        elif mishap == "busy":
            self.send(503, b"", {"Retry-After": value})
        elif mishap == "redirect":
            self.send(302, b"", {"Location": value})
        elif mishap == "range":
            self.send(206, b"xyz", {"Content-Range": value})
        elif mishap == "hang up":
            pass
        elif self.path in self.publishers.redirects:
            self.send(302, b"", {"Location": self.publishers.redirects[self.path]})
        elif path in self.publishers.files:
            self.serve(self.publishers.files[path], value)
            if mishap == "freeze":
                self.publishers.thaw.wait(30)
        else:
            self.ask_layer(path, value)

    def serve(self, served: Served, cut: int | None) -> None:
        headers = {"ETag": served.etag} | served.headers
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        size = len(served.content)
        if not asked or not served.ranges or self.headers["If-Range"] != headers.get("ETag"):
            return self.send(200, served.content, headers, cut)
        start = int(asked[1])
        if start >= size:
            return self.send(416, b"", {"Content-Range": f"bytes */{size}"})
        between = {"Content-Range": f"bytes {start}-{size - 1}/{size}"}
        return self.send(206, served.content[start:], between | headers, cut)

    def ask_layer(self, path: str, cut: int | None) -> None:
        layer = self.publishers.layers.get(path.removesuffix("/query"))
        if layer is None:
            return self.send(404, b"")
        if not path.endswith("/query"):
            about = {"maxRecordCount": layer.page_size, "editingInfo": {"dataLastEditDate": layer.edited}}
            return self.send(200, json.dumps(about).encode(), cut=cut)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        found = [feature for feature in layer.features if matches(feature, asked["where"])]
        if "returnCountOnly" in asked:
            return self.send(200, json.dumps({"count": len(found)}).encode(), cut=cut)
        start = int(asked["resultOffset"])
        stop = start + min(int(asked["resultRecordCount"]), layer.page_size)
        page = {"type": "FeatureCollection", "features": found[start:stop]}
        if stop < len(found):
            page["properties"] = {"exceededTransferLimit": True}
        return self.send(200, json.dumps(page).encode(), cut=cut)

    def send(
        self, status: int, content: bytes, headers: dict[str, str] | None = None, cut: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[:cut])


def matches(feature: dict[str, Any], where: str) -> bool:
    """The two conditions that we send: FIELD IN ('A', 'B') and FIELD LIKE 'A %' OR FIELD LIKE 'B %'."""
    if " IN " in where:
        return feature["properties"][where.split(maxsplit=1)[0]] in re.findall(r"'([^']*)'", where)
    starts = re.findall(r"(\w+) LIKE '([^']*)%'", where)
    return where == "1=1" or any(feature["properties"][name].startswith(start) for name, start in starts)


@contextmanager
def serving() -> Iterator[Publishers]:
    """Serve until the end of the block, on a free port."""
    handler = type("OneTest", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.publishers = Publishers(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield handler.publishers
        finally:
            handler.publishers.thaw.set()
            server.shutdown()
            thread.join()
