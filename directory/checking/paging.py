"""Are the pages of a list pages of one list?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from directory.checking.findings import Finding

NUMBERS = ("total_items", "total_pages", "page_number", "size")
FLAGS = ("first_page", "last_page", "empty")


@dataclass(frozen=True)
class Page:
    """One page as it came."""

    number: int
    facts: dict[str, Any]
    contents: list[Any]
    where: str

    @classmethod
    def read(cls, document: Any, number: int, where: str) -> Page | None:
        """The page of a document; None if it is none."""
        if not isinstance(document, dict) or not isinstance(document.get("contents"), list):
            return None
        return cls(number, document, document["contents"], where)

    @property
    def pages(self) -> int:
        """How many pages there are, as this one says."""
        said = self.facts.get("total_pages")
        return said if isinstance(said, int) else 0


@dataclass
class Pages:
    """What was seen of a list, page after page."""

    per_page: int
    ids: list[str] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)
    _first: Page | None = None
    _things: int = 0
    _firsts: int = 0
    _lasts: int = 0
    _last: Page | None = None

    def check(self, page: Page) -> Iterator[Finding]:
        """What is wrong with a page, by itself and after those before it."""
        yield from self._shape(page)
        self._first, self._last = self._first or page, page
        self._things += len(page.contents)
        yield from self._totals(page, self._first)
        yield from self._sizes(page)
        yield from self._flags(page)
        yield from self._identifiers(page)

    def finish(self, *, complete: bool) -> Iterator[Finding]:
        """What is wrong with the pages together."""
        if self._first is None or self._last is None:
            return
        where = self._last.where
        if not complete:
            yield Finding("more-pages", "$", f"Pages after page {self._last.number} were not read.", where)
            return
        total = self._first.facts.get("total_items")
        if isinstance(total, int) and total != self._things:
            message = f"total_items is {total}, and the pages hold {self._things}."
            yield Finding("total", "$.total_items", message, where)
        if self._firsts != 1:
            yield Finding("first-page", "$.first_page", f"It is true on {self._firsts} pages.", where)
        if self._lasts != 1:
            yield Finding("last-page", "$.last_page", f"It is true on {self._lasts} pages.", where)

    def _shape(self, page: Page) -> Iterator[Finding]:
        for names, kind in ((NUMBERS, int), (FLAGS, bool)):
            for name in names:
                if type(page.facts.get(name)) is not kind:
                    yield Finding("page-shape", f"$.{name}", "It is missing or of a wrong type.", page.where)
        for name in page.facts:
            if name not in (*NUMBERS, *FLAGS, "contents"):
                yield Finding("extra-field", f"$.{name}", "The profile does not name it.", page.where)

    def _totals(self, page: Page, first: Page) -> Iterator[Finding]:
        for name in ("total_items", "total_pages"):
            before, now = first.facts.get(name), page.facts.get(name)
            if before != now:
                yield Finding("total", f"$.{name}", f"It was {before} and is {now}.", page.where)

    def _sizes(self, page: Page) -> Iterator[Finding]:
        size, there = page.facts.get("size"), len(page.contents)
        if size != there:
            yield Finding("size-there", "$.size", f"It is {size}, and {there} things are there.", page.where)
        last = page.number >= page.pages
        if (not last and there != self.per_page) or there > self.per_page:
            message = f"{there} things are there, and {self.per_page} were asked for."
            yield Finding("size-asked", "$.contents", message, page.where)

    def _flags(self, page: Page) -> Iterator[Finding]:
        first, last = page.facts.get("first_page") is True, page.facts.get("last_page") is True
        self._firsts, self._lasts = self._firsts + first, self._lasts + last
        if first and page.number != 1:
            yield Finding("first-page", "$.first_page", f"It is true on page {page.number}.", page.where)
        if last and page.number < page.pages:
            yield Finding("last-page", "$.last_page", f"It is true on page {page.number}.", page.where)
        if page.facts.get("page_number") != page.number:
            message = f"It is {page.facts.get('page_number')}, and {page.number} was asked for."
            yield Finding("page-number", "$.page_number", message, page.where)
        if page.facts.get("empty") is not (not page.contents):
            yield Finding("empty", "$.empty", f"{len(page.contents)} things are there.", page.where)

    def _identifiers(self, page: Page) -> Iterator[Finding]:
        for place, thing in enumerate(page.contents):
            key = thing.get("id") if isinstance(thing, dict) else None
            if not isinstance(key, str):
                continue
            if key in self._seen:
                message = f"{key} was on page {self._seen[key]} already."
                yield Finding("id-twice", f"$.contents[{place}].id", message, page.where)
            else:
                self._seen[key] = page.number
                self.ids.append(key)
