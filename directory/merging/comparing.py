"""The two records of a pair side by side, field by field, with which value would survive and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import N_, gettext, kept_words, own_words
from directory.merging.parts import ORGANIZATION_LISTS, ORGANIZATION_ONE, Document, says
from directory.merging.sides import most_trusted_first, sides_of
from directory.merging.survive import GONE, United, part_key, unite
from directory.models import Organization, Revision
from directory.registration.differences import is_withheld
from directory.registration.saying import ORGANIZATION_PARTS, SERVICE_PARTS, Part, texts

MORE_PARTS = (
    Part("uri", N_("Address of its entry in a register"), ("uri",), texts("uri")),
    Part("logo", N_("Logo"), ("logo",), texts("logo")),
    Part("parent", N_("Part of"), ("parent_organization_id",), texts("parent_organization_id")),
)
BOTH_KEPT = N_("All of both are kept, each once.")


@dataclass(frozen=True)
class Row:
    """One fact on both sides. A choice has a key; `takes_gone` says whose value survives unless chosen."""

    label: str
    kept: tuple[str, ...]
    gone: tuple[str, ...]
    why: str
    key: str = ""
    takes_gone: bool = False
    protected: bool = False


@dataclass(frozen=True)
class Comparison:
    """The record that is kept and the one that goes into it, their facts, and their services."""

    kept: Organization
    gone: Organization
    rows: tuple[Row, ...]
    services: tuple[Row, ...]


def compare(session: Session, one: Organization, other: Organization) -> Comparison:
    """Put two records side by side."""
    kept, gone = most_trusted_first(session, one, other)
    versions = _newest(session, kept.id), _newest(session, gone.id)
    documents = versions[0].document, versions[1].document
    sides = sides_of(session, (kept, gone), documents)
    united = unite(sides[0], sides[1])
    rows = (*_ones(united, *documents), *_lists(*documents))
    return Comparison(kept, gone, rows, tuple(_services(united, *documents)))


def _newest(session: Session, organization_id: str) -> Revision:
    """The newest version says what the record says, in one query where the record itself takes twenty."""
    query = select(Revision).where(Revision.organization_id == organization_id)
    return session.scalars(query.order_by(Revision.number.desc()).limit(1)).one()


def _ones(united: United, kept: Document, gone: Document) -> Iterator[Row]:
    parts = {part.names: part for part in (*ORGANIZATION_PARTS, *MORE_PARTS)}
    for names in ORGANIZATION_ONE:
        if not says(kept, names) and not says(gone, names):
            continue
        key = part_key("organization", names)
        taken, part = united.taken[key], parts[names]
        differ = taken.side in ("kept", "gone") and bool(says(kept, names)) and bool(says(gone, names))
        yield Row(
            kept_words(part.label),
            tuple(part.say(kept)),
            tuple(part.say(gone)),
            taken.why,
            key if differ else "",
            taken.side == GONE,
        )


def _lists(kept: Document, gone: Document) -> Iterator[Row]:
    for part in ORGANIZATION_PARTS:
        if part.names[0] in ORGANIZATION_LISTS and (says(kept, part.names) or says(gone, part.names)):
            people = part.key == "contacts"
            both = tuple(part.say(kept)), tuple(part.say(gone))
            yield Row(gettext(part.label), *both, gettext(BOTH_KEPT), protected=people)


def _services(united: United, kept: Document, gone: Document) -> Iterator[Row]:
    twins = {new: old for old, new in united.folded.items()}
    others = {service["id"]: service for service in gone.get("services") or []}
    for service in kept.get("services") or []:
        twin = others.get(twins.get(service["id"], ""))
        one = gettext("The same service at the same place: they become one.")
        why = one if twin else gettext("It stays.")
        yield _service_row(str(service.get("name")), why, service, twin)
    for key, service in others.items():
        if key not in united.folded:
            why = gettext("It goes over to the kept record.")
            yield _service_row(str(service.get("name")), why, None, service)


def _service_row(name: str, why: str, kept: Document | None, gone: Document | None) -> Row:
    where = next(part for part in SERVICE_PARTS if part.key == "where")
    lines = [tuple(where.say(one)) or (gettext("No place on record"),) if one else () for one in (kept, gone)]
    places = [
        link.get("location") or {}
        for one in (kept, gone)
        if one
        for link in one.get("service_at_locations") or []
    ]
    return Row(
        own_words(name), lines[0], lines[1], why, protected=any(is_withheld(place) for place in places)
    )
