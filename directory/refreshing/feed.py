"""Fetch an Open Referral UK feed page by page: within limits, politely, and no further than it leads."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from directory.checking.reading import Answer, Limits, Reader, ReadError
from directory.fetching.requesting import FetchError
from directory.refreshing.copies import Copies, State, conditions, marks_of, read_state, write_state
from directory.refreshing.fetched import Fetched, Patience
from directory.sources.entry import SourceError
from directory.sources.mapping import SourceMapping
from directory.sources.strict_json import parse_json

PER_PAGE = 100
BAD_IN_A_ROW = 3
# What a run that was stopped has fetched is used again for so long.
GOOD_FOR = timedelta(days=2)
# A service that has none of these is a line of a list: the whole of it must be asked for.
WHOLE_MARKS = ("service_at_locations", "schedules", "service_areas", "cost_options", "regular_schedules")
LISTS = ("contents", "content")


class _BadPageError(Exception):
    """A page that cannot be used; the next one may be good."""


class _EndError(Exception):
    """There is no use in asking for more."""


@dataclass
class _Feed:
    """One feed while it is fetched."""

    base: str
    copies: Copies
    reader: Reader
    patience: Patience
    good: State
    new: State
    notes: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    size: int = 0
    changed: bool = False
    before: dict[str, Any] | None = None

    def fetch(self) -> Fetched:
        """Fetch page after page until the feed ends, or until it makes no sense to go on."""
        number, bad, total = 0, 0, None
        try:
            while number < self.patience.pages:
                number += 1
                try:
                    page = self.page(number)
                    bad = 0
                except _BadPageError as error:
                    bad += 1
                    self.notes.append(f"Page {number}: {error}")
                    if bad == BAD_IN_A_ROW or number == 1:
                        raise _EndError(f"{bad} pages in a row could not be used.") from None
                    continue
                total = page.get("total_items", page.get("totalElements", total))
                if self.is_last(page, number):
                    break
            else:
                raise _EndError(f"It has more than {self.patience.pages:,} pages.")
            self.compare(total)
        except _EndError as error:
            self.notes.append(str(error))
        if not self.seen and self.notes:
            raise FetchError(f"{self.base}: {' '.join(self.notes)}")
        return Fetched(self.copies.new, self.changed, not self.notes, tuple(self.notes))

    def page(self, number: int) -> dict[str, Any]:
        """One page, with each of its services whole; from the disk if it is there."""
        path = self.copies.new / f"services-{number:05}.json"
        if number in self.new.done.get("pages", []) and path.is_file():
            page = parse_json(path.read_bytes(), path.name)
            self.changed = self.changed or bool(self.new.done.get("changed"))
            return self.taken(page, number)
        notes = len(self.notes)
        page = self.ask_page(number)
        path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        if len(self.notes) == notes:  # a page of which something is missing is asked for again next time
            self.new.done["pages"] = [*self.new.done.get("pages", []), number]
        self.new.done["changed"] = self.changed
        write_state(self.copies.new, self.new)
        return self.taken(page, number)

    def taken(self, page: dict[str, Any], number: int) -> dict[str, Any]:
        """Note which services a page has. One that has none but those before goes round in circles."""
        ids = {str(item.get("id")) for item in page["contents"] if isinstance(item, dict)}
        if ids and ids <= self.seen:
            (self.copies.new / f"services-{number:05}.json").unlink(missing_ok=True)
            raise _EndError(f"Page {number} repeats what was on pages before it.")
        self.seen |= ids
        return page

    def ask_page(self, number: int) -> dict[str, Any]:
        """Ask for a page, unless it is still the one in the good copy."""
        full = {} if self.new.done.get("brief") else {"full": "true"}
        address = f"{self.base}/services?{urlencode({'page': number, 'per_page': PER_PAGE, **full})}"
        kept = self.copies.good / f"services-{number:05}.json"
        marks = self.good.marks.get(address) if kept.is_file() else None
        answer = self.ask(address, conditions(marks))
        if answer.status == 304 and marks:
            self.new.marks[address] = marks
            page: dict[str, Any] = parse_json(kept.read_bytes(), kept.name)
            return page
        if answer.status == 400 and full:
            self.new.done["brief"] = True  # it knows no such parameter
            return self.ask_page(number)
        page = self.read_page(answer)
        self.changed = True
        wholes = [self.whole(item) for item in page["contents"]]
        if all(item is same for item, same in zip(wholes, page["contents"], strict=True)):
            # A page of lines only does not say when the whole of one changed.
            self.new.marks[address] = marks_of(answer.headers)
        return {**page, "contents": [item for item in wholes if item is not None]}

    def read_page(self, answer: Answer) -> dict[str, Any]:
        """The page of an answer: its facts, and its list under `contents`."""
        if answer.status != 200:
            raise _BadPageError(f"it answers {answer.status}.")
        try:
            page = parse_json(answer.content, "it")
        except SourceError as error:
            raise _BadPageError(str(error)) from None
        lists = [page[name] for name in LISTS if isinstance(page, dict) and isinstance(page.get(name), list)]
        if not lists:
            raise _BadPageError("it is not a page of a list of services.")
        facts = {key: value for key, value in page.items() if not isinstance(value, list | dict)}
        return {**facts, "contents": lists[0]}

    def whole(self, item: Any) -> Any:
        """The whole of a service that a list has as a line; it is asked for only if it changed.

        None if it cannot be had: a line says less than the directory may know already.
        """
        if not isinstance(item, dict) or any(mark in item for mark in WHOLE_MARKS):
            return item
        key, changed = item.get("id"), item.get("last_modified")
        if not isinstance(key, str):
            return item
        known = self.known().get(key)
        if known and changed and known.get("last_modified") == changed:
            return known
        address = f"{self.base}/services/{quote(key, safe='')}"
        marks = self.good.marks.get(address) if known else None
        answer = self.ask(address, conditions(marks))
        if answer.status == 304 and marks:
            self.new.marks[address] = marks
            return known
        try:
            found = parse_json(answer.content, "it") if answer.status == 200 else None
        except SourceError:
            found = None
        if not isinstance(found, dict) or found.get("id") != key:
            self.notes.append(f"Service {key[:80]} could not be read whole.")
            return None
        self.new.marks[address] = marks_of(answer.headers)
        return found

    def known(self) -> dict[str, Any]:
        """The services of the good copy by identifier."""
        if self.before is None:
            pages = [parse_json(path.read_bytes(), path.name) for path in self.copies.good.glob("*.json")]
            things = [item for page in pages for item in page.get("contents", []) if isinstance(item, dict)]
            self.before = {item["id"]: item for item in things if isinstance(item.get("id"), str)}
        return self.before

    def ask(self, address: str, headers: Mapping[str, str]) -> Answer:
        """Ask for an address. What is too much, too slow or leads astray ends the fetching."""
        try:
            answer = self.reader.read(address, headers=headers)
        except ReadError as error:
            raise _EndError(f"{address}: {error}") from None
        self.size += len(answer.content)
        if self.size > self.patience.largest_feed:
            raise _EndError(f"The feed is larger than {self.patience.largest_feed:,} bytes.")
        return answer

    def is_last(self, page: Mapping[str, Any], number: int) -> bool:
        """Whether a page says, or shows, that none comes after it."""
        last, pages = page.get("last_page", page.get("last")), page.get("total_pages", page.get("totalPages"))
        if not page["contents"] or last is True:
            return True
        return not isinstance(last, bool) and (not isinstance(pages, int) or number >= pages)

    def compare(self, total: Any) -> None:
        """Note it if as many came as the feed said there are."""
        if isinstance(total, int) and total != len(self.seen):
            self.notes.append(f"The feed says that it has {total:,} services, and gave {len(self.seen):,}.")


def fetch_feed(mapping: SourceMapping, copies: Copies, patience: Patience, today: date) -> Fetched:
    """Bring a feed into the new copy. Pages that came before it broke off are kept, and said to be a part."""
    new = read_state(copies.new)
    started = str(new.done.get("started", ""))
    if not _is_recent(started, today):
        shutil.rmtree(copies.new, ignore_errors=True)
        new = State(done={"started": today.isoformat()})
    copies.new.mkdir(parents=True, exist_ok=True)
    limits = Limits(
        bytes_each=patience.largest_page,
        seconds_each=patience.seconds_each,
        seconds_all=patience.seconds_all,
        pause_seconds=patience.pause_seconds,
        busy_times=patience.attempts - 1,
        private=patience.private,
    )
    base = mapping.addresses[0].split("?", maxsplit=1)[0].rstrip("/").removesuffix("/services")
    reader = Reader(limits, sleep=patience.sleep)
    feed = _Feed(base, copies, reader, patience, read_state(copies.good), new)
    found = feed.fetch()
    write_state(copies.new, feed.new)
    stale = len(list(copies.good.glob("services-*.json"))) != len(feed.new.done.get("pages", []))
    return Fetched(found.folder, found.changed or stale, found.whole, found.notes)


def _is_recent(day: str, today: date) -> bool:
    try:
        return today - date.fromisoformat(day) <= GOOD_FOR
    except ValueError:
        return False
