"""Open Referral UK JSON, version 3 or 1: whole, paged, in lines, in a folder or in a zip."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from directory.openreferral.check import check
from directory.sources.cells import RowRejectedError
from directory.sources.entry import Entry, Flag, NotUnderstood, Reading, Rejected
from directory.sources.identity import normalise, stable_id
from directory.sources.mapping import SourceMapping
from directory.sources.openreferral_items import Item, key_of, read_items
from directory.sources.openreferral_v1 import from_version_1, is_version_1
from directory.sources.tidy_document import Tidying


@dataclass
class _Draft:
    """An organisation while its services are gathered."""

    document: dict[str, Any]
    rows: list[int] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def read(path: Path, mapping: SourceMapping) -> Reading:
    """Read services into organisation documents. A row is a service, or an organisation without any."""
    items = read_items(path)
    drafts: dict[str, _Draft] = {}
    rejected = []
    made: set[str] = set()
    for item in items:
        try:
            _add(drafts, item, mapping.source, made)
        except RowRejectedError as problem:
            rejected.append(Rejected(item.number, problem.field, problem.reason, item.original))
    entries = [
        Entry(key, draft.document, tuple(draft.rows), tuple(draft.not_understood), tuple(draft.flags))
        for key, draft in drafts.items()
    ]
    originals = {item.number: item.original for item in items}
    return Reading(entries, rejected, len(items), originals=originals, made_identifiers=frozenset(made))


def _add(drafts: dict[str, _Draft], item: Item, source: str, made: set[str]) -> None:
    if item.problem:
        raise RowRejectedError(item.path, item.problem)
    tidying = Tidying(item.number, item.path, source)
    organization = _organization(item, tidying)
    given = item.service
    if given is not None and is_version_1(given):
        given = from_version_1(given, item.path)
    services = [_service(given, organization["id"], tidying)] if given is not None else []
    document = {**organization, "services": services}
    made |= tidying.made_identifiers
    for problem in check(document):
        if problem.fatal:
            raise RowRejectedError(f"{item.path}: {problem.path}", problem.message)
    for service in services:
        if tidying.notes:
            service["notes"] = "\n".join(
                [*([service["notes"]] if service.get("notes") else []), *tidying.notes]
            )
    draft = drafts.get(document["id"])
    if draft is None:
        draft = drafts[document["id"]] = _Draft(document)
    else:
        draft.document = _merged(draft.document, _without_differences(draft, document, tidying), item, "")
    draft.rows.append(item.number)
    draft.not_understood += tidying.not_understood
    draft.flags += tidying.flags


def _without_differences(draft: _Draft, document: dict[str, Any], tidying: Tidying) -> dict[str, Any]:
    """The document without what it says otherwise of the organisation than an earlier one, which is kept."""
    kept = dict(document)
    for key, value in document.items():
        before = draft.document.get(key, value)
        if not isinstance(value, list) and before != value:
            tidying.flag(
                f"organization.{key}", f"{value!r} differs from {before!r}, which came first and was kept."
            )
            del kept[key]
    return kept


def _organization(item: Item, tidying: Tidying) -> dict[str, Any]:
    name = str(item.organization.get("name", ""))
    identifier = tidying.made(stable_id(tidying.source, "organization", normalise(name)))
    return tidying.tidy({"id": identifier, **_filled(item.organization)}, "organization.")


def _service(service: dict[str, Any], organization_id: str, tidying: Tidying) -> dict[str, Any]:
    name = normalise(str(service.get("name", "")))
    own = {"id": tidying.made(stable_id(organization_id, "service", name)), **_filled(service)}
    return tidying.tidy(own)


def _filled(thing: dict[str, Any]) -> dict[str, Any]:
    # What people wrote about a service or whoever runs it is not the directory's to keep.
    return {key: value for key, value in thing.items() if value not in (None, "") and key != "reviews"}


def _merged(mine: dict[str, Any], other: dict[str, Any], item: Item, place: str) -> dict[str, Any]:
    """Two objects with one identifier as one. Where both speak they must agree: neither is overruled."""
    merged = dict(mine)
    for key, value in other.items():
        here = f"{place}{key}"
        if key not in mine:
            merged[key] = value
        elif isinstance(value, dict) and isinstance(mine[key], dict):
            merged[key] = _merged(mine[key], value, item, f"{here}.")
        elif isinstance(value, list) and isinstance(mine[key], list):
            merged[key] = _merged_lists(mine[key], value, item, here)
        elif key == "notes":
            merged[key] = "\n".join(dict.fromkeys(f"{mine[key]}\n{value}".splitlines()))
        elif value != mine[key]:
            raise RowRejectedError(
                f"{item.path}: {here}",
                f"The same identifier stood before with {mine[key]!r} here, not {value!r}. Keep one.",
            )
    return merged


def _merged_lists(mine: list[Any], other: list[Any], item: Item, place: str) -> list[Any]:
    by_key = {key_of(thing): thing for thing in mine}
    for thing in other:
        known = by_key.get(key_of(thing))
        by_key[key_of(thing)] = _merged(known, thing, item, f"{place}.") if known else thing
    return list(by_key.values())


def write_rejected(path: Path, rejected: Sequence[Rejected]) -> None:
    """Write what was rejected, each as it came, with its place and the reason; it can be read again."""
    things = [{"problem": item.reason, "path": item.field, "original": item.original} for item in rejected]
    path.write_text(json.dumps(things, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
