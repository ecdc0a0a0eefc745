"""Find the services and organisations in Open Referral JSON, however it is cut up and wrapped."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from directory.sources.entry import MAX_BYTES, MAX_ROWS, SourceError, require_size
from directory.sources.strict_json import parse_json

_MOST_FILES = 5_000
_MOST_BYTES = 4 * MAX_BYTES
_JSON, _LINES = (".json",), (".jsonl", ".ndjson")
# What the pages of feeds call their lists.
_LISTS = ("contents", "content", "items", "services", "organizations", "data", "results")
_TAXONOMY_MARKS = ({"taxonomy_terms"}, {"taxonomy", "term"}, {"taxonomy_detail"})
# A taxonomy in a list of taxonomies has a version and nothing that only an organisation has.
_TAXONOMY_ALONE = {"id", "name", "description", "uri", "version"}
_SERVICE_MARKS = (
    "organization",
    "organization_id",
    "status",
    "schedules",
    "service_at_locations",
    "cost_options",
)


@dataclass(frozen=True)
class Item:
    """One service, or an organisation without any: where it stands, and what is wrong, if anything."""

    number: int
    path: str
    original: dict[str, Any]
    organization: dict[str, Any]
    service: dict[str, Any] | None
    problem: str = ""


@dataclass(frozen=True)
class _Unreadable:
    """A line of a file that is no JSON: its beginning, and why it cannot be read."""

    text: str
    reason: str


def read_items(path: Path) -> list[Item]:
    """Every service of a file, a folder or a zip of JSON pages, numbered from 1 in the order of the files."""
    found: list[Item] = []
    for name, document in _documents(path):
        for place, thing in _things(document, name):
            for where, original, organization, service, problem in _split(place, thing):
                found.append(Item(len(found) + 1, where, original, organization, service, problem))
                if len(found) > MAX_ROWS:
                    raise SourceError(
                        f"{path.name} has more than {MAX_ROWS:,} services. Split it into several files."
                    )
    return _with_organizations(found)


def key_of(thing: Mapping[str, Any]) -> str:
    """What tells the things of a list apart: the identifier or, without one, all that it says."""
    return str(thing.get("id") or json.dumps(thing, sort_keys=True))


def _documents(path: Path) -> Iterator[tuple[str, Any]]:
    for name, data in _files(path):
        if name.casefold().endswith(_LINES):
            for number, line in enumerate(data.splitlines(), 1):
                if line.strip():
                    yield f"{name} line {number}", _line(line, f"{name}, line {number},")
        else:
            yield name, parse_json(data, name)


def _line(line: bytes, place: str) -> Any:
    """The object of a line. A line that is broken says so, and the others are still read."""
    try:
        return parse_json(line, place)
    except SourceError as error:
        return _Unreadable(line[:2000].decode("utf-8", errors="replace"), str(error))


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        inside = sorted(item for item in path.rglob("*") if item.name.casefold().endswith(_JSON + _LINES))
        if not inside:
            raise SourceError(f"The folder {path.name} holds no JSON files.")
        _require_bounds(path, [item.stat().st_size for item in inside])
        for item in inside:
            require_size(item)
            yield item.relative_to(path).as_posix(), item.read_bytes()
        return
    require_size(path)
    if path.suffix.casefold() == ".zip":
        yield from _zipped(path)
    else:
        yield path.name, path.read_bytes()


def _zipped(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                item for item in archive.infolist() if item.filename.casefold().endswith(_JSON + _LINES)
            ]
            members = [item for item in members if not item.filename.startswith("__MACOSX/")]
            if not members:
                raise SourceError(f"{path.name} holds no JSON files.")
            _require_bounds(path, [item.file_size for item in members])
            for member in sorted(members, key=lambda item: item.filename):
                yield member.filename, archive.read(member)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise SourceError(f"{path.name} is a damaged zip, or it has a password.") from error


def _require_bounds(path: Path, sizes: list[int]) -> None:
    if len(sizes) > _MOST_FILES or sum(sizes) > _MOST_BYTES or max(sizes) > MAX_BYTES:
        raise SourceError(
            f"{path.name} holds more than {_MOST_FILES:,} files or {_MOST_BYTES // 1024 // 1024} MB,"
            f" or a file of more than {MAX_BYTES // 1024 // 1024} MB. Split it."
        )


def _things(document: Any, place: str) -> Iterator[tuple[str, Any]]:
    """The objects of a page, a list, a file of rejected ones, or the one object that the document is."""
    if isinstance(document, list):
        for i, item in enumerate(document):
            yield from _things(item, f"{place}[{i}]")
        return
    if isinstance(document, dict) and "problem" in document and "original" in document:
        yield place, document["original"]
        return
    wrapped = _wrapped(document)
    if wrapped is None:
        yield place, document
    for name in wrapped or ():
        for i, item in enumerate(document[name]):
            yield f"{place}: {name}[{i}]", item


def _wrapped(document: Any) -> list[str] | None:
    """The lists that a page holds, or None where the object is no page."""
    if not isinstance(document, dict) or "name" in document or "id" in document:
        return None
    return [name for name in _LISTS if isinstance(document.get(name), list)] or None


Split = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any] | None, str]


def _split(place: str, thing: Any) -> Iterator[Split]:
    """One object as organisation and service; an organisation once for each of its services."""
    if isinstance(thing, _Unreadable):
        yield place, {"value": thing.text}, {}, None, thing.reason
    elif not isinstance(thing, dict):
        yield place, {"value": thing}, {}, None, "This is not an object."
    elif isinstance(thing.get("service"), dict) and isinstance(thing.get("location"), dict):
        yield place, thing, *_at_location(thing), ""
    elif _is_taxonomy(set(thing)):
        yield place, thing, {}, None, "This is part of a taxonomy, not a service or an organisation."
    elif any(mark in thing for mark in _SERVICE_MARKS):
        yield place, thing, *_service(thing), ""
    elif isinstance(thing.get("services"), list) and thing["services"]:
        yield from _of_organization(place, thing)
    elif "name" in thing:
        yield place, thing, thing, None, ""
    else:
        yield place, thing, {}, None, "This is not a service or an organisation: it has no name."


def _is_taxonomy(names: set[str]) -> bool:
    alone = "version" in names and names <= _TAXONOMY_ALONE
    return alone or any(marks <= names for marks in _TAXONOMY_MARKS)


def _service(thing: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    organization = thing.get("organization")
    if not isinstance(organization, dict):
        reference = thing.get("organization_id") or (organization if isinstance(organization, str) else None)
        organization = {"id": reference} if reference else {}
    service = {key: value for key, value in thing.items() if key not in ("organization", "organization_id")}
    return organization, service


def _at_location(thing: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A service at a location, turned round: the service first. Its own hours become the service's."""
    organization, service = _service(thing["service"])
    link = {key: thing[key] for key in ("id", "location") if key in thing}
    for name in ("schedules", "regular_schedules"):  # the second is version 1's word
        hours = thing.get(name)
        if isinstance(hours, list) and hours:
            service[name] = _more(service.get(name), hours)
    return organization, {
        **service,
        "service_at_locations": _more(service.get("service_at_locations"), [link]),
    }


def _more(own: Any, items: list[Any]) -> Any:
    """A list with more items. What is no list stays as it is, to be rejected with its place."""
    return [*(own or []), *items] if isinstance(own or [], list) else own


def _of_organization(place: str, thing: Mapping[str, Any]) -> Iterator[Split]:
    organization = {key: value for key, value in thing.items() if key != "services"}
    for i, service in enumerate(thing["services"]):
        where = f"{place}: services[{i}]"
        if isinstance(service, dict):
            original = {**service, "organization": organization}
            yield where, original, organization, _service(service)[1], ""
        else:
            yield where, {"value": service}, organization, None, "This is not an object."


def _with_organizations(items: list[Item]) -> list[Item]:
    """Give each service that only refers to its organisation the one that stands elsewhere in the files."""
    known = {item.organization["id"]: item.organization for item in items if _is_named(item)}
    found = []
    for item in items:
        organization, problem = item.organization, item.problem
        if not problem and not organization.get("name"):
            reference = organization.get("id")
            organization = known.get(reference, {}) if isinstance(reference, str) else {}
            if not organization:
                problem = "The service does not say which organisation it belongs to. Give its organization."
        found.append(Item(item.number, item.path, item.original, organization, item.service, problem))
    return found


def _is_named(item: Item) -> bool:
    return isinstance(item.organization.get("id"), str) and bool(item.organization.get("name"))
