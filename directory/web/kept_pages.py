"""Pages that are the same for everybody, kept as long as nothing that they show has changed.

A page is known by its whole address, the minute, and the state of the tables that it is read from
(`directory.remembering`): what is approved is in the very next answer, in every process.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request

from directory.db import get_session
from directory.languages import spoken
from directory.remembering import newest, reference_state
from directory.web.clock import now
from directory.web.compressing import accepted, packed
from directory.web.security import csp_nonce

NONCE = secrets.token_hex(16).encode()  # stands in a kept page; nobody can know it, and so write it
MOST_BYTES = 16_000_000  # of text, in each process


Action = Callable[[], None]


@dataclass(frozen=True)
class Page:
    """The text of a page, and what is to be done for each reader of it."""

    text: bytes
    packed: bytes | None  # the same compressed, if it holds nothing that is new each time
    actions: tuple[Action, ...]
    has_nonce: bool = False

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.text) + len(self.packed or b"")


class KeptPages:
    """Pages by their key, the latest asked for kept the longest."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._bytes = 0
        self._turn = Lock()

    def find(self, key: str) -> Page | None:
        """A page, if it is kept."""
        with self._turn:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: str, page: Page) -> None:
        """Keep a page, and drop the oldest ones that are too much."""
        with self._turn:
            if key not in self._pages:
                self._pages[key] = page
                self._bytes += page.size
            while self._bytes > MOST_BYTES:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= dropped.size


def init_app(app: Flask) -> None:
    """Give an application its kept pages."""
    app.extensions["kept_pages"] = KeptPages()


def do_not_keep() -> None:
    """Say that the page of this request is to be made anew for the next reader."""
    g.do_not_keep_page = True


def each_time(action: Action) -> None:
    """Do something for this reader, and for each one that gets the page as it was kept."""
    action()
    g.page_actions = (*g.get("page_actions", ()), action)


def kept(view: Callable[..., str]) -> Callable[..., Any]:
    """Answer with the page as it was made before, or with 304, where nothing has changed since.

    Whoever sends the cookie of a session has pages made anew. A kept page has a new nonce each time.
    One with a script or style of its own, such as a map, is not kept: who is told 304 has the old nonce.
    """

    @wraps(view)
    def answer(**arguments: Any) -> Any:
        if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
            return view(**arguments)
        key = _key()
        if request.if_none_match.contains_weak(key):
            return _known_by(Response(status=304), key)
        pages: KeptPages = current_app.extensions["kept_pages"]
        page = pages.find(key)
        if page is not None:
            for action in page.actions:
                action()
            return _known_by(_again(page), key)
        made = make_response(view(**arguments))
        if g.get("do_not_keep_page") or made.status_code != 200:
            return made
        text = made.get_data()
        page = _page(text)
        pages.keep(key, page)
        return _known_by(_again(page), key)

    return answer


def _page(text: bytes) -> Page:
    actions = g.get("page_actions", ())
    if "csp_nonce" in g:
        return Page(text.replace(csp_nonce().encode(), NONCE), None, actions, has_nonce=True)
    return Page(text, packed(text) if accepted() else None, actions)


def _again(page: Page) -> Response:
    if page.packed is not None and accepted():
        return Response(page.packed, mimetype="text/html", headers={"Content-Encoding": "gzip"})
    text = page.text.replace(NONCE, csp_nonce().encode()) if page.has_nonce else page.text
    return Response(text, mimetype="text/html")


def _key() -> str:
    session = get_session()
    state = (reference_state(session), newest(session))
    said = (request.url, spoken().code, f"{now():%Y-%m-%d %H:%M}", state)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _known_by(response: Response, key: str) -> Response:
    response.set_etag(key, weak=True)
    response.headers["Cache-Control"] = "no-cache"  # ask each time whether it is still the same
    response.vary.add("Cookie")
    return response
