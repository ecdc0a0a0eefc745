"""The two records of a pair as they stand: what each says, whose word it is, and which of them is kept."""

from __future__ import annotations

from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accepting import OWN_SOURCES
from directory.merging.survive import WAYS, Side
from directory.models import FieldCheck, Membership, Organization, Revision, Service, Source
from directory.openreferral.dump import dump
from directory.safekeeping.identities import BY_JOINING
from directory.sources.mapping import bundled_mappings, load_mapping

USUAL_TRUST = 50


def side_of(session: Session, organization: Organization) -> Side:
    """One record with whose word it is."""
    source = session.get(Source, organization.source_id) if organization.source_id else None
    query = select(FieldCheck).where(FieldCheck.organization_id == organization.id)
    checks = {(one.entity_id, one.field): (one.way, one.checked_on) for one in session.scalars(query)}
    return Side(dump(organization), way_of(source), trust_of(source), checks)


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


def written_by_people(session: Session, organization_id: str) -> bool:
    """Whether a person ever wrote this record, or looks after it."""
    wrote = (
        select(Revision.id)
        .outerjoin(Source, Source.id == Revision.source_id)
        .where(
            Revision.organization_id == organization_id,
            Revision.account_id.is_not(None) | Source.slug.in_(OWN_SOURCES),
            Revision.reason.not_in(BY_JOINING),
        )
    )
    belongs = select(Membership.id).where(Membership.organization_id == organization_id)
    return session.scalar(wrote.limit(1)) is not None or session.scalar(belongs.limit(1)) is not None


def most_trusted_first(
    session: Session, one: Organization, other: Organization
) -> tuple[Organization, Organization]:
    """Which of two is kept: what people wrote, then by trust, then the one that says more, then the older."""
    ranks = {record.id: _rank(session, record) for record in (one, other)}
    if ranks[one.id] == ranks[other.id]:
        first = min((one, other), key=lambda record: record.id)
    else:
        first = max((one, other), key=lambda record: ranks[record.id])
    return (first, other if first is one else one)


def _rank(session: Session, record: Organization) -> tuple[int, bool, int, int, float]:
    source = session.get(Source, record.source_id) if record.source_id else None
    way = WAYS.get(way_of(source), 0)
    services = select(func.count()).select_from(Service).where(Service.organization_id == record.id)
    first = select(func.min(Revision.accepted_at)).where(Revision.organization_id == record.id)
    since = session.scalar(first)
    return (
        way if way > 1 else 0,
        written_by_people(session, record.id),
        trust_of(source),
        session.scalar(services) or 0,
        -since.timestamp() if since else 0.0,
    )
