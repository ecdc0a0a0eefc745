"""What a source says again of a record that was joined: it changes what came from it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from directory.merging.parts import (
    ORGANIZATION_LISTS,
    ORGANIZATION_ONE,
    SERVICE_LISTS,
    SERVICE_ONE,
    Document,
    by_id,
    key_of,
    says,
)
from directory.merging.survive import BOTH, GONE, KEPT, part_key
from directory.models import Organization, OrganizationMerge, utc_now
from directory.models.turns import take_turn
from directory.openreferral.dump import dump
from directory.openreferral.fill import Terms, fill_organization, fill_services
from directory.openreferral.load import (
    Loaded,
    Origin,
    checksums_of,
    keep_said,
    keep_versions,
    source_records,
)
from directory.registration.holding import hold_news, newest_by_person
from directory.safekeeping.identities import final_ids, joined_into

# A merge, and on which side of it a record was.
Step = tuple[OrganizationMerge, str]


@dataclass(frozen=True)
class Place:
    """Where what a source says of a record goes now: the kept record, and the merges on the way there."""

    organization_id: str
    steps: Sequence[Step]

    def takes(self, key: str) -> bool:
        """Whether a part came from this record on all sides."""
        return all(merge.choices.get(key) in (side, BOTH) for merge, side in self.steps)

    def said(self, name: str, mine: bool) -> set[str]:
        """The keys of a list's items that this record gave before, or that the others gave."""
        found = set()
        for merge, side in self.steps:
            document = merge.gone_document if (side == GONE) == mine else merge.kept_document
            found |= {key_of(name, item) for item in document.get(name) or []}
        return found


def take_joined(
    session: Session, documents: Sequence[Document], terms: Terms, origin: Origin
) -> dict[str, Loaded]:
    """Take in what is said of records that were joined; what became of each. The others are not in it."""
    ids = {str(document["id"]) for document in documents}
    merges = joined_into(session, ids)
    found: dict[str, Loaded] = {}
    if not merges:
        return found
    finals = final_ids(session, ids)
    for document in documents:
        key = str(document["id"])
        steps = list(_steps(key, merges))
        kept_id = finals.get(key, key)
        if not steps:
            continue
        take_turn(session, f"organization {kept_id}")
        kept = session.get(Organization, kept_id)
        if kept is None:
            continue
        found[key] = Loaded(kept, _take_one(session, document, Place(kept_id, steps), (terms, origin)))
    return found


def _steps(key: str, merges: Sequence[OrganizationMerge], after: Any = None) -> Iterator[Step]:
    """The merges by which a record came to where it is, with its side in each."""
    for merge in merges:
        if merge.organization_id == key and (after is None or merge.merged_at > after):
            yield merge, KEPT
        elif merge.gone_id == key:
            yield merge, GONE
            yield from _steps(merge.organization_id, merges, merge.merged_at)


def _take_one(session: Session, document: Document, place: Place, how: tuple[Terms, Origin]) -> str:
    terms, origin = how
    sums = checksums_of(document)
    records = source_records(session, origin, sums)
    news = {key: said for key, said in sums.items() if key not in records or records[key].checksum != said}
    if not news:
        return "unchanged"
    kept = session.get_one(Organization, place.organization_id)
    current = dump(kept)
    finals = final_ids(session, news)
    changed = {finals.get(key, key) for key in news}
    said = translated(document, current, place, finals)
    keep_said(session, kept.id, news, records, origin)
    newest = newest_by_person(session, kept.id)
    if newest is not None:
        waits = hold_news(session, said, sorted(changed), (newest, origin))
        return "waiting" if waits else "unchanged"
    with session.no_autoflush:
        if kept.id in changed:
            fill_organization(kept, {**current, **said}, terms)
        fill_services(session, kept, said, changed, terms)
        kept.last_modified = utc_now()
    session.flush()
    keep_versions(session, [kept], origin)
    return "updated"


def translated(
    document: Document, current: Document, place: Place, finals: Mapping[str, str]
) -> dict[str, Any]:
    """What a source says, as said of the kept record: what another side gave stays as it is."""
    found: dict[str, Any] = {"id": place.organization_id}
    found |= _ones("organization", document, current, place)
    for name in ORGANIZATION_LISTS:
        items = _list(name, document, current, place)
        found |= {name: items} if items else {}
    now = by_id(current.get("services"))
    shared = {new for merge, _ in place.steps for new in merge.rows.get("folded", {}).values()}
    services = []
    for service in document.get("services") or []:
        key = finals.get(service["id"], service["id"])
        if key in now and (key != service["id"] or key in shared):
            services.append(_service(service, now[key], place))
        else:
            services.append(service)
    return found | {"services": services}


def _service(service: Document, now: Document, place: Place) -> dict[str, Any]:
    """A service that both sides have: a part that came from this one is changed, and lists get longer."""
    found = {**now, **_ones(f"service/{now['id']}", service, now, place)}
    for name in SERVICE_LISTS:
        known = {key_of(name, item) for item in now.get(name) or []}
        news = [item for item in service.get(name) or [] if key_of(name, item) not in known]
        if news:
            found[name] = [*(now.get(name) or []), *news]
    return found


def _ones(about: str, thing: Document, current: Document, place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for names in ORGANIZATION_ONE if about == "organization" else SERVICE_ONE:
        if place.takes(part_key(about, names)) or not says(current, names):
            found |= says(thing, names)
    return found


def _list(name: str, document: Document, current: Document, place: Place) -> list[Document]:
    """The list as it stands, without what this source gave and gives no longer, and with what is new."""
    now = list(current.get(name) or [])
    said = document.get(name) or []
    if not said:
        return now
    keys = {key_of(name, item) for item in said}
    gone = place.said(name, mine=True) - place.said(name, mine=False) - keys
    known = {key_of(name, item) for item in now}
    kept = [item for item in now if key_of(name, item) not in gone]
    return [*kept, *(item for item in said if key_of(name, item) not in known)]
