"""Take a record apart again that was made of two, with what was written since. Documents in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.merging.parts import (
    ORGANIZATION_LISTS,
    ORGANIZATION_ONE,
    SERVICE_LISTS,
    SERVICE_ONE,
    Document,
    by_id,
    key_of,
    same,
    says,
    without_ids,
)
from directory.merging.survive import BOTH, GONE, KEPT, part_key


@dataclass(frozen=True)
class Joined:
    """A merge as it was done: both records before it, what it made, and from which side each part is."""

    kept: Document
    gone: Document
    document: Document
    choices: Mapping[str, str]
    folded: Mapping[str, str]


def divide(current: Document, joined: Joined) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two records as they were before, each with what was written since in what came from it.

    What both said and was changed is changed on both sides; what is new stays with the kept one.
    """
    kept = _divided("organization", current, (joined.document, joined.kept, joined.gone), joined.choices)
    made, now = by_id(joined.document.get("services")), by_id(current.get("services"))
    before, others = by_id(joined.kept.get("services")), by_id(joined.gone.get("services"))
    twins = {new: old for old, new in joined.folded.items()}
    services: dict[str, list[dict[str, Any]]] = {KEPT: [], GONE: []}
    for key, service in now.items():
        if key in twins and key in before:
            things = (made[key], before[key], others[twins[key]])
            one, other = _divided(f"service/{key}", service, things, joined.choices)
            services[KEPT].append(one)
            services[GONE].append(other)
        else:
            services[GONE if key in others else KEPT].append(dict(service))
    found = [{**side, "fictional": bool(current.get("fictional"))} for side in kept]
    return found[0] | {"services": services[KEPT]}, found[1] | {"services": services[GONE]}


def _divided(
    about: str, current: Document, things: tuple[Document, Document, Document], choices: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    made, kept, gone = things
    whole = about == "organization"
    found: tuple[dict[str, Any], dict[str, Any]] = ({"id": kept["id"]}, {"id": gone["id"]})
    for side, thing in zip(found, (kept, gone), strict=True):
        side.update({"fictional": thing["fictional"]} if "fictional" in thing else {})
    for names in ORGANIZATION_ONE if whole else SERVICE_ONE:
        now, then = says(current, names), says(made, names)
        changed = not same(now, then) and names != ("last_modified",)
        choice = choices.get(part_key(about, names), KEPT)
        for side, thing, own in ((found[0], kept, KEPT), (found[1], gone, GONE)):
            goes = changed and choice in (own, BOTH)
            both = goes and choice == BOTH and own == GONE
            side.update((without_ids(now) if both else now) if goes else says(thing, names))
    for name in ORGANIZATION_LISTS if whole else SERVICE_LISTS:
        lists = [list(thing.get(name) or []) for thing in (current, made, kept, gone)]
        for side, items in zip(found, _divided_list(name, lists), strict=True):
            side.update({name: items} if items else {})
    return found


def _divided_list(
    name: str, lists: Sequence[list[Document]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The items of each side: those it had, as they are now, without those that were taken out."""
    current, made, kept, gone = lists
    match = dict(_matches(name, current, made))
    news = [dict(item) for item in current if item["id"] not in {one["id"] for one in match.values()}]
    by_key = {key_of(name, item): item for item in made}
    one = [item for item in (_now(own, own, made, match) for own in kept) if item is not None]
    other = []
    for own in gone:
        item = _now(own, by_key.get(key_of(name, own), own), made, match)
        if item is not None:
            other.append(item)
    return one + news, other


def _now(
    own: Document, twin: Document, made: Sequence[Document], match: Mapping[str, Document]
) -> dict[str, Any] | None:
    """An item of one side as it is now; None where it was taken out."""
    then = next((item for item in made if item["id"] == own["id"]), twin)
    now = match.get(str(then["id"]))
    if now is None:
        return None
    if same(now, then):
        return dict(own)
    return dict(now) if now["id"] == own["id"] else {**_copy(now), "id": own["id"]}


def _copy(item: Document) -> dict[str, Any]:
    """An item for the other side too. A place is the same place on both: it keeps its identifier."""
    place = item.get("location")
    copied: dict[str, Any] = without_ids(item)
    return copied | ({"location": place} if place else {})


def _matches(
    name: str, current: Sequence[Document], made: Sequence[Document]
) -> Iterator[tuple[str, Document]]:
    """By identifier of what the merge made, the item that it is now: by identifier or by what it says."""
    ids, used = by_id(list(current)), set[str]()
    rest = []
    for item in made:
        if str(item["id"]) in ids:
            used.add(str(item["id"]))
            yield str(item["id"]), ids[str(item["id"])]
        else:
            rest.append(item)
    keys = {key_of(name, item): item for item in current if str(item["id"]) not in used}
    for item in rest:
        found = keys.pop(key_of(name, item), None)
        if found is not None:
            yield str(item["id"]), found
