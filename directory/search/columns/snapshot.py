"""The columns of the public copy as a transaction sees it, kept in step by the numbers of its changes."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import chain, pairwise
from operator import or_
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.models import PUBLISHING, PublishedBatch
from directory.remembering import NOTHING, At, newest
from directory.search.columns.build import build
from directory.search.columns.join import join
from directory.search.columns.pick import facts_of, pick
from directory.search.columns.read import Rows, read_all, read_some
from directory.search.columns.segment import Bits, Flags, Segment, count, pack, unpack

# A segment is joined to the one before it when that is not so many times as large: small changes stay cheap.
FACTOR = 8
# When more organisations than this changed, the whole copy is read anew: it takes less time.
MANY = 5_000
# Of a change of no more organisations than these it is kept what it was; and of so many changes, the last
# ones, as long as no more organisations are in them all.
FEW, MOST_STEPS, MOST_CHANGED = 300, 50, 1_000
# Under these a session keeps what it sees: by itself, before it is committed, or as others do.
OWN, SEEN = "own columns", "columns"


@dataclass(frozen=True)
class Part:
    """A segment, and which of its services are still as it has them."""

    segment: Segment
    alive: Bits
    alive_count: int

    @property
    def whole(self) -> bool:
        """Whether all of it is still so."""
        return self.alive_count == len(self.segment)

    @cached_property
    def flags(self) -> Flags:
        """Which are alive, a flag each."""
        return unpack(self.alive, len(self.segment))

    @cached_property
    def word_count(self) -> int:
        """How many words those that are alive have."""
        return int(self.segment.texts.lengths[self.flags].sum())


@dataclass(frozen=True)
class About:
    """How many services there are, and how many words each has, in two figures rounded up.

    Rare words weigh more, and in long texts less. With such figures most changes leave all the other services
    just where they stand.
    """

    services: int
    words_each: int


@dataclass(frozen=True)
class Change:
    """What a step from one state to the next took out and put in: services as they were and as they are."""

    before: At
    organizations: frozenset[str]
    parts: tuple[Part, ...]
    weighs_anew: bool  # so that every service may stand elsewhere
    same_facts: bool  # nothing but texts, and what is shown of these services, is another

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of these services."""
        return frozenset(chain.from_iterable(part.segment.texts.words for part in self.parts))

    def has_begun(self, beginning: str) -> bool:
        """Whether any of these words begins so."""
        return next(_begun(self._sorted_words, beginning), None) is not None

    def having(self, stem: str, *, begins: bool = False) -> int:
        """Which services have a word, or one that begins so: a bit each, part after part."""
        if not begins:
            return self._having.get(stem, 0)
        return reduce(or_, (self._having[one] for one in _begun(self._sorted_stems, stem)), 0)

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(self.words)

    @cached_property
    def _sorted_stems(self) -> list[str]:
        return sorted(self._having)

    @cached_property
    def _having(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        first = 0
        for part in self.parts:
            texts = part.segment.texts
            for number, stem in enumerate(texts.stems):
                for row in texts.rows[texts.places[number] : texts.places[number + 1]].tolist():
                    found[stem] |= 1 << (first + row)
            first += len(part.segment)
        return dict(found)


@dataclass(frozen=True)
class Snapshot:
    """The public copy at one number of change, and the last steps to it. It is never changed itself."""

    at: At
    parts: tuple[Part, ...]
    changes: tuple[Change, ...] = ()

    def __len__(self) -> int:
        return sum(part.alive_count for part in self.parts)

    @cached_property
    def about(self) -> About:
        """What the weight of words depends on."""
        words = sum(part.word_count for part in self.parts)
        return About(rounded_up(len(self), 10), max(rounded_up(words / max(len(self), 1), 1), 1))

    def since(self, at: At) -> tuple[Change, ...] | None:
        """The steps from a state to this one; None if nobody knows them any more."""
        if at == self.at:
            return ()
        befores = [change.before for change in self.changes]
        return self.changes[befores.index(at) :] if at in befores else None


class _Shared:
    """What all sessions of one engine have in common."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.snapshot = Snapshot(NOTHING, ())


_SHARED: WeakKeyDictionary[Engine, _Shared] = WeakKeyDictionary()
_SHARED_LOCK = Lock()


def current(session: Session) -> Snapshot:
    """The columns as this transaction sees the public copy: right since the moment of the last change."""
    if session.info.get(PUBLISHING):
        # Nobody else may see what is not committed yet.
        kept = session.info.get(OWN) or _shared(session).snapshot
        session.info[OWN] = _brought_up(session, kept)
        own: Snapshot = session.info[OWN]
        return own
    transaction = session.get_transaction()
    known = session.info.get(SEEN)
    if known is not None and transaction is not None and known[0] is transaction:
        # One request asks often, and all of its answers are of one moment.
        held: Snapshot = known[1]
        return held
    shared = _shared(session)
    found = shared.snapshot
    if newest(session) != found.at:
        with shared.lock:
            shared.snapshot = found = _brought_up(session, shared.snapshot)
    session.info[SEEN] = (session.get_transaction(), found)
    return found


def _shared(session: Session) -> _Shared:
    engine = session.get_bind().engine
    with _SHARED_LOCK:
        return _SHARED.setdefault(engine, _Shared())


def _brought_up(session: Session, known: Snapshot) -> Snapshot:
    """A snapshot with what was published since; the whole copy anew where nobody can say what that was."""
    last = newest(session)
    if last == known.at:
        return known
    query = (
        select(PublishedBatch.number, PublishedBatch.token, PublishedBatch.organization_ids)
        .where(PublishedBatch.number >= known.at[0])
        .order_by(PublishedBatch.number)
    )
    rows = session.execute(query).all() if known.parts else []
    if not rows or (rows[0][0], rows[0][1]) != known.at:
        return Snapshot(last, _joined(_parts(read_all(session))))
    changed = {key for _, _, ids in rows[1:] for key in ids}
    if len(changed) > MANY:
        return Snapshot((rows[-1][0], rows[-1][1]), _joined(_parts(read_all(session))))
    left = [_without(part, changed) for part in known.parts]
    new = list(_parts(read_some(session, changed)))
    found = Snapshot((rows[-1][0], rows[-1][1]), _joined([*left, *new]))
    if len(changed) > FEW:
        return found
    gone = [
        _picked(before, after) for before, after in zip(known.parts, left, strict=True) if before is not after
    ]
    change = Change(
        known.at,
        frozenset(changed),
        (*gone, *new),
        weighs_anew=known.about != found.about,
        same_facts=_facts(gone) == _facts(new),
    )
    return replace(found, changes=_last((*known.changes, change)))


def _last(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The last changes, as many as are kept."""
    kept = list(changes[-MOST_STEPS:])
    while len(kept) > 1 and sum(len(change.organizations) for change in kept) > MOST_CHANGED:
        del kept[0]
    return tuple(kept)


def _begun(words: Sequence[str], beginning: str) -> Iterator[str]:
    """Those of some words, in their order, that begin so."""
    place = bisect_left(words, beginning)
    while place < len(words) and words[place].startswith(beginning):
        yield words[place]
        place += 1


def _parts(read: Iterable[Rows]) -> Iterator[Part]:
    return (_part(build(rows)) for rows in read)


def _part(segment: Segment) -> Part:
    return Part(segment, pack(np.ones(len(segment), dtype=np.bool_)), len(segment))


def _without(part: Part, changed: set[str]) -> Part:
    """A part without the services of some organisations."""
    segment = part.segment
    numbers = [place for place, key in enumerate(segment.organizations) if key in changed]
    if not numbers:
        return part
    gone = np.isin(segment.organization, numbers)
    alive = pack(part.flags & ~gone)
    return Part(segment, alive, count(alive))


def _picked(before: Part, after: Part) -> Part:
    """What of a part is not in it any more."""
    return _part(pick(before.segment, np.flatnonzero(before.flags & ~after.flags)))


def _facts(parts: Iterable[Part]) -> dict[str, tuple[object, ...]]:
    return {key: facts for part in parts for key, facts in facts_of(part.segment).items()}


def rounded_up(number: float, least: int) -> int:
    """A number in two figures, in steps of so much at least.

    >>> [rounded_up(number, 10) for number in (0, 7, 99, 101, 20_001)], rounded_up(34.2, 1)
    ([0, 10, 100, 110, 21000], 35)
    """
    step: int = max(10 ** max(len(str(int(number))) - 2, 0), least)
    return math.ceil(number / step) * step


def _joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Few parts instead of many, the largest first."""
    living = [part for part in parts if part.alive_count]
    kept = sorted(living, key=lambda part: len(part.segment), reverse=True)
    while (first := _too_alike([len(part.segment) for part in kept])) is not None:
        several = kept[first:]
        joined = join([part.segment for part in several], [part.flags for part in several])
        kept = [*kept[:first], _part(joined)]
    return tuple(kept)


def _too_alike(lengths: Sequence[int]) -> int | None:
    """The first of some falling lengths that is not many times the next."""
    return next((place for place, (a, b) in enumerate(pairwise(lengths)) if a < FACTOR * b), None)
