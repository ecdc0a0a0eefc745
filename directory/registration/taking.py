"""Take some facts of one document over into another, and leave the rest as it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from directory.registration.differences import (
    ORGANIZATION,
    Difference,
    differences,
    places_of,
    services_of,
)
from directory.registration.saying import (
    ORGANIZATION_PARTS,
    PLACE_PARTS,
    SERVICE_PARTS,
    Document,
    Part,
    parts_of,
)


def take(
    onto: Document | None,
    source: Document,
    keys: Collection[str],
    written: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The document `onto` with the facts of `keys` as `source` has them, or as a reviewer wrote them.

    The keys are those of `differences`. Without `onto`, a new document with those facts alone.
    """
    written = written or {}
    found = dict(deepcopy(dict(onto))) if onto else {"id": source["id"], "services": []}
    _set_parts(found, source, ORGANIZATION, (keys, written), ORGANIZATION_PARTS)
    old, new = services_of(found), services_of(source)
    services = []
    for service_id, service in {**old, **new}.items():
        whole = f"service/{service_id}"
        if service_id in old and service_id in new:
            kept = dict(old[service_id])
            _set_parts(kept, new[service_id], whole, (keys, written), SERVICE_PARTS)
            services.append(kept)
        elif (service_id in new) == (whole in keys):
            services.append(dict(deepcopy(dict(service))))
    found["services"] = services
    _set_places(found, onto or {}, source, (keys, written))
    return found


def rebase(
    base: Document | None, proposal: Document, current: Document | None
) -> tuple[dict[str, Any], set[str]]:
    """What somebody proposed of an older version, put onto the present one; and where the two disagree.

    Only what the proposal changed is taken over. The keys of the answer are of facts that were changed on
    both sides, each in its own way: a person must say which of them holds.
    """
    if current is None or base is None:
        return dict(proposal), set()
    wanted = {one.key for one in differences(base, proposal)}
    merged = take(current, proposal, wanted)
    meanwhile = {one.key for one in differences(base, current)}
    now = {one.key for one in differences(current, proposal)}
    gone = meanwhile & {key.partition(".")[0] for key in wanted}
    return merged, {key for key in wanted & now if _touched(key, meanwhile)} | (gone & now)


def _touched(key: str, meanwhile: Collection[str]) -> bool:
    """Whether a fact, or one of a service that goes, is among those that were changed meanwhile."""
    return key in meanwhile or any(other.startswith(f"{key}.") for other in meanwhile)


def proposed(
    base: Document | None, proposal: Document, current: Document | None
) -> tuple[list[Difference], set[str]]:
    """The differences that an approval would make to the record as it is now, and which are in dispute."""
    merged, disputed = rebase(base, proposal, current)
    found = differences(current, merged)
    known = {one.key for one in found}
    found += [one for one in differences(current, proposal) if one.key in disputed and one.key not in known]
    return found, disputed


Choice = tuple[Collection[str], Mapping[str, str]]


def _set_parts(
    onto: dict[str, Any], source: Document, key: str, choice: Choice, table: tuple[Part, ...]
) -> None:
    keys, written = choice
    for part in parts_of(table, onto, source):
        name = f"{key}.{part.key}"
        if name not in keys:
            continue
        for field in part.names:
            if source.get(field) not in (None, ""):
                onto[field] = deepcopy(source[field])
            else:
                onto.pop(field, None)
        if part.may_write and name in written:
            _write(onto, part.names[0], written[name])


def _write(onto: dict[str, Any], field: str, text: str) -> None:
    if text.strip():
        onto[field] = text.strip()
    else:
        onto.pop(field, None)


def _set_places(found: dict[str, Any], onto: Document, source: Document, choice: Choice) -> None:
    """Each place that both documents have, with the facts that were chosen, wherever it stands."""
    old, new = places_of(onto), places_of(source)
    made: dict[str, dict[str, Any]] = {}
    for place_id in old.keys() & new.keys():
        made[place_id] = dict(deepcopy(dict(old[place_id])))
        _set_parts(made[place_id], new[place_id], f"place/{place_id}", choice, PLACE_PARTS)
        if f"place/{place_id}.point" in choice[0]:
            _copy(made[place_id], new[place_id], "point_source")
    for service in found["services"]:
        links = service.get("service_at_locations")
        if links:
            service["service_at_locations"] = [
                {
                    **link,
                    "location": made.get(str((link.get("location") or {}).get("id")), link.get("location")),
                }
                for link in links
            ]


def _copy(onto: dict[str, Any], source: Document, field: str) -> None:
    if source.get(field) is None:
        onto.pop(field, None)
    else:
        onto[field] = source[field]
