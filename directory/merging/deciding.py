"""What a person decides about a pair: the same, not the same, or later. Of two at once, one decides."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from directory import audit
from directory.accepting import ChangedMeanwhileError
from directory.merging.merge import Merging, merge
from directory.merging.remembering import keys_of
from directory.models import MatchedPair, OrganizationMerge, utc_now
from directory.models.turns import take_turn

# About these somebody may decide, also again.
OPEN_AGAIN = ("waiting", "later", "not_same", "undone")


def decide_same(session: Session, pair_id: str, version: int, merging: Merging) -> OrganizationMerge:
    """Join the two. Raises ChangedMeanwhileError or NotMergedError; the caller commits."""
    pair = _take(session, pair_id, version)
    return merge(session, pair.left_id, pair.right_id, replace(merging, pair_id=pair.id))


def decide_otherwise(session: Session, pair_id: str, version: int, state: str, merging: Merging) -> None:
    """Remember that the two are not the same (`not_same`), or put the pair off (`later`)."""
    pair = _take(session, pair_id, version)
    keys = keys_of(session, (pair.left_id, pair.right_id))
    pair.left_keys, pair.right_keys = sorted(keys[pair.left_id]), sorted(keys[pair.right_id])
    pair.state, pair.decided_at, pair.decided_by_id = state, utc_now(), merging.account_id
    session.flush()
    audit.record(session, merging.account_id, f"match {state.replace('_', ' ')}", ("match", pair.id))


def _take(session: Session, pair_id: str, version: int) -> MatchedPair:
    take_turn(session, f"match {pair_id}")
    pair = session.get_one(MatchedPair, pair_id, populate_existing=True)
    if pair.version != version or pair.state not in OPEN_AGAIN:
        raise ChangedMeanwhileError(pair_id)
    return pair
