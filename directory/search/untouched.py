"""Whether an answer is still as it was, after changes of the public copy in which it had no part.

Nothing is worked out anew: each organisation that changed, as it was and as it is, is held against what the
answer rests on. When in doubt, it is touched.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from directory.places.find import find_place
from directory.remembering import At
from directory.search.columns.segment import Segment, unpack
from directory.search.columns.snapshot import Change, current
from directory.search.columns.stems import stem
from directory.search.criteria import chosen, facts
from directory.search.fitting import near_codes
from directory.search.query import ServiceQuery
from directory.search.resting import Rests
from directory.search.widen import MOST_WRONG


def untouched(session: Session, rests: Rests, since: At) -> bool:
    """Whether what changed since a state of the public copy had no part in an answer, and has none now."""
    changes = None if rests.everything else current(session).since(since)
    if changes is None:
        return False
    return not any(_touches(session, change, rests) for change in changes) and all(
        # Of places, only the ground of a site has published places.
        place is None or place.kind != "site" or find_place(session, text, today) == place
        for text, today, place in rests.places
    )


def _touches(session: Session, change: Change, rests: Rests) -> bool:
    return (
        change.weighs_anew
        or _has_words(change, rests)
        or any(
            _may_count(session, segment, query)
            for segment, query in product(change.segments, rests.questions)
        )
    )


def _has_words(change: Change, rests: Rests) -> bool:
    beginnings = tuple(word.stem for word in rests.words if word.begins)
    return (
        any(word.stem in change.stems for word in rests.words)
        or any(one.startswith(beginnings) for one in change.stems)
        or any(change.stems.issuperset(map(stem, name)) for name in rests.names)
        or any(one.startswith(tuple(rests.begun)) for one in change.words)
        or any(
            OSA.distance(one, other, score_cutoff=MOST_WRONG) <= MOST_WRONG
            for one, other in product(rests.misspelt, change.words)
        )
    )


def _may_count(session: Session, segment: Segment, query: ServiceQuery) -> bool:
    """Whether a service may fit a question without words, or all of it but for one filter.

    The choices of a filter are counted as if none of its own were chosen.
    """
    near = near_codes(session, query)
    lacking = np.zeros(len(segment), dtype=np.int64)
    for fact in facts(segment, query, near):
        lacking += np.where(unpack(fact.may, len(segment)), 0, len(query.terms) + 2)
    for facet, codes in query.terms.items():
        lacking += ~unpack(chosen(segment, facet, codes).may, len(segment))
    if not query.every_status:
        lacking = lacking[segment.shown]
    return bool((lacking <= 1).any())
