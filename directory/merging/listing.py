"""The pairs that wait and the merges that were done, as far as somebody may decide about them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from directory.accounts.actors import target_of
from directory.accounts.permissions import Actor, Target, may
from directory.models import Account, MatchedPair, Organization, OrganizationMerge, Submission
from directory.registration.authorities import authorities_of
from directory.registration.saying import NO_NAME
from directory.safekeeping.identities import final_id, final_ids

ACTION = "merge"


@dataclass(frozen=True)
class PairItem:
    """A pair with the names of both records and the authorities that they are in."""

    pair: MatchedPair
    names: tuple[str, str]
    codes: frozenset[str]


@dataclass(frozen=True)
class MergeItem:
    """A merge with both names and whoever did it."""

    merge: OrganizationMerge
    names: tuple[str, str]
    by: str | None


def whose(session: Session, organization_id: str) -> Target:
    """Whose a record is; one that was joined into another is theirs who look after that.

    One that was taken out lies nowhere: it stays with those who reviewed what was sent in.
    """
    target = target_of(session, final_id(session, organization_id))
    if target.authority_codes or session.get(Organization, target.organization_id) is not None:
        return target
    codes = select(Submission.authority_code).where(Submission.organization_id == organization_id)
    return Target(target.organization_id, frozenset(code for code in session.scalars(codes) if code))


def pairs_of(session: Session, actor: Actor) -> list[PairItem]:
    """The pairs of records that are both there and both in the care of somebody, the likeliest first."""
    query = select(MatchedPair).options(defer(MatchedPair.left_keys), defer(MatchedPair.right_keys))
    pairs = session.scalars(query.order_by(MatchedPair.probability.desc(), MatchedPair.id)).all()
    names = dict(session.execute(select(Organization.id, Organization.name)).all())
    there = [pair for pair in pairs if pair.left_id in names and pair.right_id in names]
    codes = authorities_of(session, {key for pair in there for key in (pair.left_id, pair.right_id)})
    found = []
    for pair in there:
        both = [codes.get(key, frozenset()) for key in (pair.left_id, pair.right_id)]
        targets = zip((pair.left_id, pair.right_id), both, strict=True)
        if all(may(actor, ACTION, Target(key, some)) for key, some in targets):
            found.append(PairItem(pair, (names[pair.left_id], names[pair.right_id]), both[0] | both[1]))
    return found


def merges_of(session: Session, actor: Actor) -> list[MergeItem]:
    """The merges of records in the care of somebody, the newest first."""
    found = _items(session)
    ids = {key for one in found for key in (one.merge.organization_id, one.merge.gone_id)}
    now = {key: key for key in ids} | final_ids(session, ids)
    codes = authorities_of(session, set(now.values()))
    return [
        one
        for one in found
        if all(
            may(actor, ACTION, Target(now[key], codes.get(now[key], frozenset())))
            for key in (one.merge.organization_id, one.merge.gone_id)
        )
    ]


def merges_about(session: Session, organization_id: str) -> list[MergeItem]:
    """The merges in which one record took part, the newest first."""
    return _items(session, organization_id)


def _items(session: Session, organization_id: str | None = None) -> list[MergeItem]:
    query = select(OrganizationMerge, Account.name, Account.email)
    query = query.outerjoin(Account, Account.id == OrganizationMerge.account_id)
    query = query.options(defer(OrganizationMerge.document), defer(OrganizationMerge.rows))
    if organization_id:
        query = query.where(
            or_(
                OrganizationMerge.organization_id == organization_id,
                OrganizationMerge.gone_id == organization_id,
            )
        )
    return [
        MergeItem(one, (_name(one.kept_document), _name(one.gone_document)), name or email)
        for one, name, email in session.execute(query.order_by(OrganizationMerge.merged_at.desc()))
    ]


def _name(document: dict[str, object]) -> str:
    return str(document.get("name") or NO_NAME)
