"""Pages that are the same for everybody, kept as long as nothing that they show has changed.

A page is known by its whole address, the minute, and the state of the tables that it is read from
(`directory.remembering`): what is approved is in the very next answer, in every process.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request

from directory.db import get_session
from directory.languages import spoken
from directory.remembering import newest, reference_state
from directory.web.clock import now
from directory.web.security import csp_nonce

NONCE = secrets.token_hex(16).encode()  # stands in a kept page; nobody can know it, and so write it
MOST_BYTES = 16_000_000  # of text, in each process


class KeptPages:
    """The texts of pages by their key, the latest asked for kept the longest."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._turn = Lock()

    def find(self, key: str) -> bytes | None:
        """The text of a page, if it is kept."""
        with self._turn:
            text = self._texts.get(key)
            if text is not None:
                self._texts.move_to_end(key)
            return text

    def keep(self, key: str, text: bytes) -> None:
        """Keep the text of a page, and drop the oldest ones that are too much."""
        with self._turn:
            if key not in self._texts:
                self._texts[key] = text
                self._bytes += len(text)
            while self._bytes > MOST_BYTES:
                _, dropped = self._texts.popitem(last=False)
                self._bytes -= len(dropped)


def init_app(app: Flask) -> None:
    """Give an application its kept pages."""
    app.extensions["kept_pages"] = KeptPages()


def do_not_keep() -> None:
    """Say that the page of this request is for its reader alone, or has something to do each time."""
    g.do_not_keep_page = True


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
        text = pages.find(key)
        if text is None:
            page = make_response(view(**arguments))
            text = page.get_data()
            if g.get("do_not_keep_page") or page.status_code != 200:
                return page
            pages.keep(key, text.replace(csp_nonce().encode(), NONCE))
        else:
            text = text.replace(NONCE, csp_nonce().encode())
        return _known_by(Response(text, mimetype="text/html"), key)

    return answer


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
