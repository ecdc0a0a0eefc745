"""Pages that are the same for everybody, kept as long as nothing that they show has changed.

A page is known by its whole address and the state of the tables that it is read from
(`directory.remembering`): what is approved is in the very next answer, in every process. A change of the
public copy leaves the pages that surely have no part in it (`directory.search.untouched`). A page is kept
to the end of the minute, or as long as its view says that the clock changes nothing on it. What one process
made the others need not make again (`shared_pages`).
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request
from sqlalchemy.orm import Session

from directory.config import Settings
from directory.db import get_session
from directory.languages import spoken
from directory.remembering import At, newest, reference_state
from directory.search.resting import Rests, noted
from directory.search.untouched import untouched
from directory.web.clock import now
from directory.web.compressing import accepted, packed
from directory.web.demonstration import is_demonstration
from directory.web.kept_files import release
from directory.web.shared_pages import SharedPages, shared_pages

# In each process. What a page rests on may take more than its text, compressed, so pages are counted too.
MOST_BYTES, MOST_PAGES = 16_000_000, 500
_UNTIL = "%Y%m%d%H%M%S"
# Settings that say where things are, which differ from machine to machine and change no page.
WHERE = ("database_url", "instance_folder", "limits_storage", "pages_storage")


Action = Callable[[], None]


@dataclass(frozen=True)
class Page:
    """A compressed page, until when it is right, and what is to be done for each reader of it.

    It `was` made at one state of the public copy, rests on some of it, and was seen to be right `now`.
    """

    was: At
    now: At
    rests: Rests
    packed: bytes
    until: datetime
    actions: tuple[Action, ...]


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
            known = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += len(page.packed) - (len(known.packed) if known else 0)
            while self._bytes > MOST_BYTES or len(self._pages) > MOST_PAGES:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= len(dropped.packed)


def init_app(app: Flask, settings: Settings) -> None:
    """Give an application its kept pages."""
    app.extensions["kept_pages"] = KeptPages()
    app.extensions["shared_pages"] = shared_pages(app, settings)
    # What is kept outlives a process: with other settings it is another page.
    there = {item.name: getattr(settings, item.name) for item in fields(settings) if item.name not in WHERE}
    app.extensions["page_settings"] = _hash(there)


def do_not_keep() -> None:
    """Say that the page of this request is to be made anew for the next reader."""
    g.do_not_keep_page = True


def keep_until(moment: datetime) -> None:
    """Say until when the page of this request says the same, whatever the clock."""
    g.page_until = moment


def each_time(action: Action) -> None:
    """Do something for this reader, and for each one that gets the page as it was kept.

    Other processes may have the page, and the action with it: pickle must be able to write it.
    """
    action()
    g.page_actions = (*g.get("page_actions", ()), action)


def kept(view: Callable[..., str]) -> Callable[..., Any]:
    """Answer with the page as it was made before, or with 304, where nothing has changed since.

    Whoever sends the cookie of a session has pages made anew, and so has who writes templates (`--debug`).
    Not kept is what is for one reader: a page with a script or style of its own, such as a map, for its
    nonce, and one with a form, for its token.
    """

    @wraps(view)
    def answer(**arguments: Any) -> Any:
        if current_app.debug or current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
            return view(**arguments)
        session, moment = get_session(), now()
        key, at = _key(session), newest(session)
        tags = request.if_none_match.as_set(include_weak=True)
        if known := next((tag for tag in tags if _says_so(tag, key, at, moment)), None):
            return _known_by(Response(status=304), known)
        page = _still_right(session, key, at, moment)
        if page is not None:
            tag = _tag(key, page.was, page.until)
            return _known_by(Response(status=304) if tag in tags else _once_more(page), tag)
        with noted(session) as rests:
            made = make_response(view(**arguments))
        for_one = g.get("do_not_keep_page") or "csp_nonce" in g or "csrf_token" in g
        if for_one or made.status_code != HTTPStatus.OK:
            return made
        until = g.get("page_until") or _end_of_minute(moment)
        page = Page(at, at, rests, packed(made.get_data()), until, g.get("page_actions", ()))
        _pages().keep(key, page)
        _shared().keep(key, page, (page.until - moment).total_seconds())
        return _known_by(_again(page), _tag(key, at, page.until))

    return answer


def _still_right(session: Session, key: str, at: At, moment: datetime) -> Page | None:
    """The page as this process or another keeps it, if neither the clock nor a change has made it another."""
    own = _pages().find(key)
    page = _right(session, own, at, moment)
    if page is None:
        shared = _shared().find(key)
        if own and shared and (own.was, own.packed) == (shared.was, shared.packed):
            return None  # the same page once more
        page = _right(session, shared, at, moment)
    if page is not None and page is not own:
        _pages().keep(key, page)
    return page


def _right(session: Session, page: Page | None, at: At, moment: datetime) -> Page | None:
    if page is None or moment >= page.until:
        return None
    if page.now == at:
        return page
    return replace(page, now=at) if untouched(session, page.rests, page.now) else None


def _pages() -> KeptPages:
    pages: KeptPages = current_app.extensions["kept_pages"]
    return pages


def _shared() -> SharedPages:
    shared: SharedPages = current_app.extensions["shared_pages"]
    return shared


def _end_of_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _once_more(page: Page) -> Response:
    """The page for one more reader, with what is to be done for each."""
    for action in page.actions:
        action()
    return _again(page)


def _again(page: Page) -> Response:
    if accepted():
        return Response(page.packed, mimetype="text/html", headers={"Content-Encoding": "gzip"})
    return Response(gzip.decompress(page.packed), mimetype="text/html")


def _key(session: Session) -> str:
    # After a release it is another page: what one said too much is not told to be still right.
    settings = current_app.extensions["page_settings"]
    state = (reference_state(session), is_demonstration(session), settings)
    return _hash((request.url, spoken().code, state, release()))


def _hash(what: Any) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:32]


def _tag(key: str, at: At, until: datetime) -> str:
    """What a browser knows a page by: with the moment in it, any process can say that it is still right."""
    return f"{_hash((key, at))}-{until:{_UNTIL}}"


def _says_so(tag: str, key: str, at: At, moment: datetime) -> bool:
    """Whether a tag is one of a page as it is now, which no process need have kept."""
    page, _, until = tag.partition("-")
    return (
        page == _hash((key, at))
        and re.fullmatch(r"\d{14}", until, re.ASCII) is not None
        and f"{moment:{_UNTIL}}" < until
    )


def _known_by(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"  # ask each time whether it is still the same
    response.vary.add("Cookie")
    return response
