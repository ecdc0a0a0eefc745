"""By what a record is known when it comes again under another identifier: so that "not the same" holds."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.matching.identifiers import plain_org_ids
from directory.models import (
    Address,
    MatchedPair,
    Organization,
    OrganizationIdentifier,
    Service,
    ServiceAtLocation,
    Source,
    SourceRecord,
)
from directory.places.batches import batches
from directory.safekeeping.veil import identifier_key
from directory.sources.identity import normalise

Keys = Mapping[str, Collection[str]]


def keys_of(session: Session, organization_ids: Iterable[str]) -> dict[str, set[str]]:
    """The keys of records: identifier, register numbers, each source's own, name with postcode (hashed)."""
    ids = sorted(set(organization_ids))
    found: dict[str, set[str]] = defaultdict(set)
    secret = identifier_key(session)
    for some in batches(ids):
        numbers = select(
            OrganizationIdentifier.organization_id,
            OrganizationIdentifier.identifier_scheme,
            OrganizationIdentifier.identifier,
        ).where(OrganizationIdentifier.organization_id.in_(some))
        rows = session.execute(numbers).all()
        plain = plain_org_ids(pd.Series([f"{scheme}-{number}" for _, scheme, number in rows], dtype=str))
        for row, org_id in zip(rows, plain, strict=True):
            found[row.organization_id].add(org_id)
        sources = (
            select(SourceRecord.organization_id, Source.slug, SourceRecord.key)
            .join(Source, Source.id == SourceRecord.source_id)
            .where(SourceRecord.organization_id.in_(some))
        )
        services = set(session.scalars(select(Service.id).where(Service.organization_id.in_(some))))
        for organization_id, slug, key in session.execute(sources):
            found[organization_id] |= set() if key in services else {f"{slug}:{key}"}
        names = (
            select(Organization.id, Organization.name, Address.postal_code)
            .join(Service, Service.organization_id == Organization.id)
            .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
            .join(Address, Address.location_id == ServiceAtLocation.location_id)
            .where(Organization.id.in_(some), Address.postal_code.is_not(None))
        )
        for organization_id, name, code in session.execute(names):
            text = f"{normalise(name)}\x1f{''.join((code or '').upper().split())}"
            found[organization_id].add(hmac.new(secret, text.encode(), hashlib.sha256).hexdigest())
    return {key: found[key] | {key} for key in ids}


class Refused:
    """The pairs of which a person said that they are not the same, or that were taken apart again."""

    def __init__(self, session: Session) -> None:
        query = select(MatchedPair).where(MatchedPair.state.in_(("not_same", "undone")))
        self._by_key: dict[str, list[tuple[set[str], set[str]]]] = defaultdict(list)
        for pair in session.scalars(query):
            left, right = set(pair.left_keys), set(pair.right_keys)
            # A number that both hold tells neither from a third record.
            pairs = (left - right, right - left)
            for mark in pairs[0]:
                self._by_key[mark].append(pairs)

    def holds(self, one: Collection[str], other: Collection[str]) -> bool:
        """Whether two records with these keys are such a pair."""
        for mine, theirs in ((one, other), (other, one)):
            for mark in mine:
                if any(right & set(theirs) for _, right in self._by_key.get(mark, ())):
                    return True
        return False
