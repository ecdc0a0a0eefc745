"""The two records of a pair as they stand: what each says, whose word it is, and which of them is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accepting import OWN_SOURCES
from directory.merging.parts import Document
from directory.merging.survive import WAYS, Side
from directory.models import FieldCheck, Membership, Organization, Revision, Service, Source
from directory.safekeeping.identities import BY_JOINING
from directory.sources.mapping import bundled_mappings, load_mapping

USUAL_TRUST = 50


def sides_of(
    session: Session, records: Sequence[Organization], documents: Sequence[Document]
) -> tuple[Side, ...]:
    """Records with whose word each is; `documents` are what they say."""
    sources = _sources(session, records)
    query = select(FieldCheck).where(FieldCheck.organization_id.in_([record.id for record in records]))
    checks: dict[str, dict[tuple[str, str], tuple[str, date]]] = defaultdict(dict)
    for one in session.scalars(query):
        checks[one.organization_id][one.entity_id, one.field] = (one.way, one.checked_on)
    return tuple(
        Side(document, way_of(source), trust_of(source), checks[record.id])
        for record, document in zip(records, documents, strict=True)
        for source in [sources.get(record.source_id or "")]
    )


def way_of(source: Source | None) -> str:
    """Whose word a source is: the organisation's, a navigator's, a register's, or another's."""
    if source is None:
        return "import"
    if source.slug in OWN_SOURCES:
        return source.slug
    declared = (source.declaration or {}).get("is_register")
    return "register" if declared or source.slug in _registers() else "import"


def trust_of(source: Source | None) -> int:
    """How far a source is to be believed, of 100."""
    return USUAL_TRUST if source is None else source.trust


@cache
def _registers() -> frozenset[str]:
    mappings = [load_mapping(name) for name in bundled_mappings()]
    return frozenset(mapping.source for mapping in mappings if mapping.is_register)


def written_by_people(session: Session, ids: Collection[str]) -> set[str]:
    """Those records that a person ever wrote, or looks after."""
    wrote = (
        select(Revision.organization_id)
        .outerjoin(Source, Source.id == Revision.source_id)
        .where(
            Revision.organization_id.in_(ids),
            Revision.account_id.is_not(None) | Source.slug.in_(OWN_SOURCES),
            Revision.reason.not_in(BY_JOINING),
        )
    )
    belongs = select(Membership.organization_id).where(Membership.organization_id.in_(ids))
    return {*session.scalars(wrote), *session.scalars(belongs)}


def most_trusted_first(
    session: Session, one: Organization, other: Organization
) -> tuple[Organization, Organization]:
    """Which of two is kept: what people wrote, then by trust, then the one that says more, then the older."""
    records = sorted((one, other), key=lambda record: record.id)
    ids = [record.id for record in records]
    sources, people = _sources(session, records), written_by_people(session, ids)
    count = select(Service.organization_id, func.count()).where(Service.organization_id.in_(ids))
    services = dict(session.execute(count.group_by(Service.organization_id)).all())
    since = select(Revision.organization_id, func.min(Revision.accepted_at))
    since = since.where(Revision.organization_id.in_(ids)).group_by(Revision.organization_id)
    first = dict(session.execute(since).all())

    def rank(record: Organization) -> tuple[int, bool, int, int, float]:
        source, moment = sources.get(record.source_id or ""), first.get(record.id)
        way = WAYS.get(way_of(source), 0)
        return (
            way if way > WAYS["register"] else 0,
            record.id in people,
            trust_of(source),
            services.get(record.id, 0),
            -moment.timestamp() if moment else 0.0,
        )

    kept, gone = sorted(records, key=rank, reverse=True)
    return kept, gone


def _sources(session: Session, records: Sequence[Organization]) -> dict[str, Source]:
    query = select(Source).where(Source.id.in_([record.source_id for record in records]))
    return {source.id: source for source in session.scalars(query)}
