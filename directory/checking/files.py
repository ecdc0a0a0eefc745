"""Check a feed that is in a file: a page, a list, a thing, or a thing a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from directory.checking.findings import Finding, Report
from directory.checking.paging import Page, Pages
from directory.checking.sense import check_sense, check_term
from directory.checking.shape import LISTS, check_shape, kind_of
from directory.sources.entry import SourceError
from directory.sources.strict_json import parse_json

# What files call their lists, beside the contents of a page.
NAMES = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")


def check_file(content: bytes, name: str, *, strict: bool) -> Report:
    """Check what a file holds."""
    report = Report(name, strict=strict)
    try:
        document = parse_json(content, "The file")
    except SourceError as error:
        lines = [line for line in content.splitlines() if line.strip()]
        if len(lines) < 2:
            report.add([Finding("json", "$", str(error))])
            return report
        _check_lines(lines, report)
        return report
    page = Page.read(document, _number(document), "")
    if page is not None:
        report.add(Pages(len(page.contents)).check(page))
    _check_things(list(_things(document)), report, brief=page is not None)
    return report


def _check_lines(lines: list[bytes], report: Report) -> None:
    things = []
    for number, line in enumerate(lines):
        try:
            things.append((f"$[{number}]", parse_json(line, "The line")))
        except SourceError as error:
            report.add([Finding("json", f"$[{number}]", str(error))])
    _check_things(things, report, brief=False)


def _check_things(things: list[tuple[str, Any]], report: Report, *, brief: bool) -> None:
    seen: dict[str, str] = {}
    for path, thing in things:
        if not isinstance(thing, dict):
            report.add([Finding("type", path, "This must be an object.")])
            continue
        kind = kind_of(thing)
        report.counted(kind)
        key = thing.get("id")
        if isinstance(key, str) and seen.setdefault(f"{kind} {key}", path) != path:
            report.add([Finding("id-twice", f"{path}.id", f"{key} stood before at {seen[f'{kind} {key}']}.")])
        # A page may hold things in brief; what only whole things have is no fault in a file.
        report.add(check_shape(thing, LISTS[kind][1], path))
        if kind == "taxonomy_terms":
            report.add(check_term(thing, path))
        report.add(check_sense(thing, path))


def _things(document: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(document, list):
        yield from ((f"$[{number}]", thing) for number, thing in enumerate(document))
        return
    named = [name for name in ("contents", *NAMES) if isinstance(document, dict) and name in document]
    # An organisation has services of its own: it is a thing and no list of them.
    if named and "id" not in document and isinstance(document[named[0]], list):
        yield from ((f"$.{named[0]}[{number}]", thing) for number, thing in enumerate(document[named[0]]))
        return
    yield "$", document


def _number(document: Any) -> int:
    said = document.get("page_number") if isinstance(document, dict) else None
    return said if isinstance(said, int) else 1
