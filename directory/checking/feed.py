"""Check a whole feed over the network: its pages, its things, its headers, its links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from directory.checking.findings import Finding, Report
from directory.checking.paging import Page, Pages
from directory.checking.reading import Answer, Reader, ReadError
from directory.checking.sense import check_sense, check_term, links_of
from directory.checking.shape import LISTS, check_shape
from directory.openreferral.profile import ApiDetails
from directory.sources.entry import SourceError
from directory.sources.strict_json import parse_json

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """How closely to look."""

    strict: bool = False
    pages: int = 200
    per_page: int = 100
    things: int = 5
    links: int = 0


def check_address(address: str, wanted: Wanted, reader: Reader, progress: Progress) -> Report:
    """Check the feed at an address: its base, or one of its lists."""
    base = address.split("?", maxsplit=1)[0].rstrip("/")
    for name in LISTS:
        base = base.removesuffix(f"/{name}")
    checking = _Checking(reader, wanted, Report(base, strict=wanted.strict))
    details = checking.json(base)
    if details is not None:
        checking.report.add(check_shape(details, ApiDetails, "$", base))
    for name in LISTS:
        progress(f"{base}/{name}")
        checking.pages_of(f"{base}/{name}", name)
    checking.try_links()
    return checking.report


@dataclass
class _Checking:
    """One feed while it is checked."""

    reader: Reader
    wanted: Wanted
    report: Report
    links: list[str] = field(default_factory=list)

    def pages_of(self, address: str, name: str) -> None:
        """Check the pages of one list, and some of its things by themselves."""
        pages, most, complete = Pages(self.wanted.per_page), self.wanted.pages, False
        for number in range(1, most + 1):
            where = f"{address}?{urlencode({'page': number, 'per_page': self.wanted.per_page})}"
            document = self.json(where, missing="endpoint" if number == 1 else "answer")
            if document is None:
                return
            page = Page.read(document, number, where)
            if page is None:
                self.report.add([Finding("page-shape", "$", "This is not a page of a list.", where)])
                return
            self.report.counted("pages")
            self.report.counted(name, len(page.contents))
            self.report.add(pages.check(page))
            self.things(page, name)
            complete = number >= page.pages or not page.contents
            if complete:
                break
        self.report.add(pages.finish(complete=complete))
        for key in _spread(pages.ids, self.wanted.things):
            self.thing(f"{address}/{key}", key, name)

    def things(self, page: Page, name: str) -> None:
        """Check the things of a page."""
        for place, thing in enumerate(page.contents):
            path = f"$.contents[{place}]"
            self.report.add(check_shape(thing, LISTS[name][0], path, page.where))
            self.report.add(_sense(thing, name, path, page.where))
        if len(self.links) < self.wanted.links:
            self.links += islice(links_of(page.contents), self.wanted.links)

    def thing(self, where: str, key: str, name: str) -> None:
        """Check that a thing can be asked for by its identifier, and is whole."""
        thing = self.json(where, missing="id-resolves")
        if thing is None:
            return
        self.report.counted("things asked for alone")
        if not isinstance(thing, dict) or thing.get("id") != key:
            self.report.add([Finding("id-resolves", "$.id", f"The answer is not {key}.", where)])
        self.report.add(check_shape(thing, LISTS[name][1], "$", where))
        self.report.add(_sense(thing, name, "$", where))

    def json(self, where: str, missing: str = "answer") -> Any:
        """What an address answers; None, and a finding, if that is no JSON."""
        try:
            answer = self.reader.read(where)
        except ReadError as error:
            self.report.add([Finding(error.rule, "$", str(error), where)])
            return None
        if answer.status != 200:
            self.report.add([Finding(missing, "$", f"It answers {answer.status}.", where)])
            return None
        self.report.add(_headers(answer))
        try:
            return parse_json(answer.content, "The answer")
        except SourceError as error:
            self.report.add([Finding("json", "$", str(error), where)])
            return None

    def try_links(self) -> None:
        """Try some of the web addresses that the things give."""
        for link in list(dict.fromkeys(self.links))[: self.wanted.links]:
            self.report.counted("links")
            try:
                answer = self.reader.read(link, "HEAD")
                if answer.status in (403, 405, 501):  # many refuse HEAD
                    answer = self.reader.read(link)
            except ReadError as error:
                self.report.add([Finding("link-dead", "links", str(error), link)])
                continue
            if answer.status >= 400:
                self.report.add([Finding("link-dead", "links", f"It answers {answer.status}.", link)])


def _sense(thing: Any, name: str, path: str, where: str) -> Iterator[Finding]:
    if name == "taxonomy_terms" and isinstance(thing, dict):
        yield from check_term(thing, path, where)
    yield from check_sense(thing, path, where)


def _headers(answer: Answer) -> Iterator[Finding]:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        yield Finding("content-type", "$", f"The content type is {kind or 'not given'}.", answer.address)
    if answer.headers.get("access-control-allow-origin") != "*":
        yield Finding("cors", "$", "Pages elsewhere may not read this.", answer.address)


def _spread(keys: list[str], count: int) -> list[str]:
    """Some of many: the first, the last, and some from between."""
    if len(keys) <= count:
        return keys
    return [keys[round(place * (len(keys) - 1) / max(count - 1, 1))] for place in range(count)]
