"""What survives of two records of one organisation: field by field, by trust. Documents in, one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from directory.languages import gettext
from directory.merging.parts import (
    ORGANIZATION_LISTS,
    ORGANIZATION_ONE,
    SERVICE_LISTS,
    SERVICE_ONE,
    Document,
    key_of,
    same,
    same_service,
    says,
)
from directory.safekeeping.screen import WITHDRAWN

KEPT, GONE, BOTH = "kept", "gone", "both"
# Whose word counts most. A register's counts for what registers know, and as its source's for the rest.
WAYS = {"self": 3, "navigator": 2, "register": 1}
OF_REGISTERS = frozenset({("name",), ("status",), ("uri",), ("parent_organization_id",)})
ALTERNATE = "alternate_name"


@dataclass(frozen=True)
class Side:
    """One of the two records: what it says, who says it by default, and who checked which field when.

    `checks` are by entity and field, each the way and the day; `trust` is that of the source, of 100.
    """

    document: Document
    way: str = "import"
    trust: int = 50
    checks: Mapping[tuple[str, str], tuple[str, date]] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """Which side a part is taken from, and why."""

    side: str
    why: str


@dataclass(frozen=True)
class United:
    """The document of both, which side each part is from, and which services of the gone are in others."""

    document: dict[str, Any]
    taken: Mapping[str, Taken]
    folded: Mapping[str, str]

    @property
    def choices(self) -> dict[str, str]:
        """The side of each part."""
        return {key: one.side for key, one in self.taken.items()}


def unite(kept: Side, gone: Side, chosen: Mapping[str, str] | None = None) -> United:
    """One document of two: what both say, the better of what they say otherwise, and all of their lists.

    `chosen` are a person's choices: by key, the side. Keys are organization.NAMES and service/ID.NAMES.
    """
    chosen = chosen or {}
    taken: dict[str, Taken] = {}
    ids = (kept.document["id"], gone.document["id"])
    document = {
        "id": ids[0],
        "fictional": bool(kept.document.get("fictional")),
        **_parts("organization", (kept, gone), (kept.document, gone.document), chosen, taken),
    }
    names = [side.document.get("name") for side in (kept, gone)]
    if names[0] != names[1] and not document.get(ALTERNATE):
        other = next(name for name in names if name != document.get("name"))
        document[ALTERNATE] = other
        taken[f"organization.{ALTERNATE}"] = Taken(KEPT, gettext("The other of the two names."))
    document |= _lists(ORGANIZATION_LISTS, kept.document, gone.document)
    folded = _folded(kept.document, gone.document)
    services = []
    others = {service["id"]: service for service in gone.document.get("services") or []}
    for service in kept.document.get("services") or []:
        twin = next((others[old] for old, new in folded.items() if new == service["id"]), None)
        services.append(service if twin is None else _service(service, twin, (kept, gone), taken))
    services += [one for key, one in others.items() if key not in folded]
    return United(document | {"services": services}, taken, folded)


def _service(
    service: Document, twin: Document, sides: tuple[Side, Side], taken: dict[str, Taken]
) -> dict[str, Any]:
    found = {"id": service["id"]} | ({"fictional": service["fictional"]} if "fictional" in service else {})
    found |= _parts(f"service/{service['id']}", sides, (service, twin), {}, taken)
    return found | _lists(SERVICE_LISTS, service, twin)


def _parts(
    about: str,
    sides: tuple[Side, Side],
    things: tuple[Document, Document],
    chosen: Mapping[str, str],
    taken: dict[str, Taken],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for names, group in (ORGANIZATION_ONE if about == "organization" else SERVICE_ONE).items():
        values = [says(thing, names) for thing in things]
        if not any(values):
            continue
        key = part_key(about, names)
        taken[key] = _chosen(chosen.get(key), values) or _better(names, group, sides, things)
        found |= values[1 if taken[key].side == GONE else 0]
    return found


def part_key(about: str, names: Sequence[str]) -> str:
    """How a part is named in choices and forms."""
    return f"{about}.{'+'.join(names)}"


def _chosen(side: str | None, values: Sequence[Mapping[str, Any]]) -> Taken | None:
    if side not in (KEPT, GONE) or not values[side == GONE] or same(values[0], values[1]):
        return None
    return Taken(side, gettext("A person chose it."))


def _better(
    names: tuple[str, ...], group: str, sides: tuple[Side, Side], things: tuple[Document, Document]
) -> Taken:
    values = [says(thing, names) for thing in things]
    if same(values[0], values[1]):
        return Taken(BOTH, gettext("Both say the same."))
    if not values[0] or not values[1]:
        return Taken(KEPT if values[0] else GONE, gettext("Only this one says it."))
    standings = [
        _standing(side, thing["id"], names, group) for side, thing in zip(sides, things, strict=True)
    ]
    lengths = [len(repr(value)) for value in values]
    trusts = [side.trust for side in sides]
    ranks, days = [one[0] for one in standings], [one[1].toordinal() for one in standings]
    for words, (left, right) in (
        (_way_words(max(ranks)), ranks),
        (gettext("Its source is trusted more (%(trust)s of 100).", trust=max(trusts)), trusts),
        (gettext("It was checked later."), days),
        (gettext("It says more."), lengths),
    ):
        if left != right:
            return Taken(KEPT if left > right else GONE, words)
    return Taken(KEPT, gettext("It is the record that is kept."))


def _standing(side: Side, entity_id: str, names: tuple[str, ...], group: str) -> tuple[int, date]:
    way, day = side.checks.get((entity_id, group), (side.way, date.min))
    rank = WAYS.get(way, 0)
    return (0 if rank == WAYS["register"] and names not in OF_REGISTERS else rank), day


def _way_words(rank: int) -> str:
    if rank == WAYS["self"]:
        return gettext("The organisation itself says it.")
    return gettext("A navigator wrote it.") if rank == WAYS["navigator"] else gettext("A register says it.")


def _lists(names: Sequence[str], kept: Document, gone: Document) -> dict[str, Any]:
    found = {name: united_list(name, kept.get(name), gone.get(name)) for name in names}
    return {name: items for name, items in found.items() if items}


def united_list(name: str, kept: Any, gone: Any) -> list[dict[str, Any]]:
    """The items of both sides, each once. Somebody who took consent back on one side has taken it back."""
    items = [dict(item) for item in kept or []]
    known = {key_of(name, item): item for item in items}
    for item in gone or []:
        twin = known.get(key_of(name, item))
        if twin is None:
            items.append(dict(item))
        elif name == "contacts" and WITHDRAWN in (twin.get("consent_scope"), item.get("consent_scope")):
            twin.pop("consent_date", None)
            twin["consent_scope"] = WITHDRAWN
    return items


def _folded(kept: Document, gone: Document) -> dict[str, str]:
    """By service of the gone, the service of the kept that is the same one."""
    free = list(kept.get("services") or [])
    folded = {}
    for service in gone.get("services") or []:
        twin = next((one for one in free if same_service(one, service)), None)
        if twin is not None:
            folded[service["id"]] = twin["id"]
            free.remove(twin)
    return folded
