"""Look through the records for pairs: sure ones are joined, the others wait for a person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.merging.alike import Alike, find_alike, read_records
from directory.merging.merge import AUTOMATIC, Merging, NotMergedError, merge
from directory.merging.remembering import Refused, keys_of
from directory.merging.sides import written_by_people
from directory.models import MatchedPair, Organization
from directory.places.batches import batches

Progress = Callable[[int], None]
OPEN = ("waiting", "later")
BATCH = 200


@dataclass
class Matched:
    """What became of the pairs: joined, put into the queue, in it already, or refused before."""

    pairs: int = 0
    merged: list[Alike] = field(default_factory=list)
    queued: list[Alike] = field(default_factory=list)
    known: int = 0
    refused: int = 0
    interrupted: bool = False


def match_all(session: Session, today: date, progress: Callable[[Sequence[Alike]], Progress]) -> Matched:
    """Match all records with each other. Each merge and each batch is committed, so it can be run again."""
    found = find_alike(read_records(session))
    done = Matched(pairs=len(found))
    step = progress(found)
    try:
        for one in [one for one in found if one.sure]:
            _join_or_queue(session, one, today, done)
            session.commit()
            step(1)
        for some in batches([one for one in found if not one.sure], BATCH):
            _queue(session, some, done)
            session.commit()
            step(len(some))
    except KeyboardInterrupt:
        session.rollback()
        done.interrupted = True
    return done


def queue_alike(session: Session, organization_ids: Collection[str]) -> Matched:
    """Put into the queue what some records are like, as after an import; nothing is joined by it.

    The caller commits.
    """
    done = Matched()
    if organization_ids:
        found = find_alike(read_records(session), organization_ids)
        done.pairs = len(found)
        for some in batches(found, BATCH):
            _queue(session, some, done)
    return done


def _join_or_queue(session: Session, one: Alike, today: date, done: Matched) -> None:
    """Join a sure pair, unless a person wrote a part of it, or it cannot be joined."""
    ids = (one.left_id, one.right_id)
    there = session.scalars(select(Organization.id).where(Organization.id.in_(ids))).all()
    if len(there) < len(ids):
        return  # one of them went into another meanwhile: what that became is asked about at the next run
    keys = keys_of(session, ids)
    pair = _pair_of(session, one)
    if (pair is not None and pair.state not in OPEN) or Refused(session).holds(*(keys[key] for key in ids)):
        done.refused += 1
        return
    if written_by_people(session, ids):
        _queue(session, [one], done)
        return
    pair = pair or _new_pair(one, keys[one.left_id], keys[one.right_id])
    session.add(pair)
    session.flush()
    try:
        with session.begin_nested():
            merge(session, *ids, Merging(None, today, AUTOMATIC, pair.id))
    except NotMergedError:
        done.queued.append(one)
        return
    done.merged.append(one)


def _queue(session: Session, found: Sequence[Alike], done: Matched) -> None:
    keys = keys_of(session, {key for one in found for key in (one.left_id, one.right_id)})
    there = set(session.scalars(select(Organization.id).where(Organization.id.in_(sorted(keys)))))
    refused = Refused(session)
    for one in found:
        pair = _pair_of(session, one)
        if pair is not None:
            done.known += 1
            if pair.state in OPEN:
                pair.probability, pair.sure = one.probability, one.sure
                pair.reasons = [list(reason) for reason in one.reasons]
        elif refused.holds(keys[one.left_id], keys[one.right_id]):
            done.refused += 1
        elif {one.left_id, one.right_id} <= there:
            session.add(_new_pair(one, keys[one.left_id], keys[one.right_id]))
            done.queued.append(one)
    session.flush()


def _pair_of(session: Session, one: Alike) -> MatchedPair | None:
    query = select(MatchedPair).where(
        MatchedPair.left_id == one.left_id, MatchedPair.right_id == one.right_id
    )
    return session.scalar(query)


def _new_pair(one: Alike, left: Collection[str], right: Collection[str]) -> MatchedPair:
    return MatchedPair(
        left_id=one.left_id,
        right_id=one.right_id,
        probability=one.probability,
        sure=one.sure,
        reasons=[list(reason) for reason in one.reasons],
        left_keys=sorted(left),
        right_keys=sorted(right),
    )


def waiting_for(session: Session, organization_id: str) -> list[MatchedPair]:
    """The open pairs in which a record is."""
    part = or_(MatchedPair.left_id == organization_id, MatchedPair.right_id == organization_id)
    return list(session.scalars(select(MatchedPair).where(part, MatchedPair.state.in_(OPEN))))
