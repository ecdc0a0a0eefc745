"""Whether an answer is still as it was, after changes of the public copy in which it had no part.

Nothing is worked out anew: the services of each organisation that changed, as they were and as they are, are
held against what the answer rests on. When in doubt, it is touched.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from operator import and_, or_

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from directory.places.find import find_place
from directory.remembering import At
from directory.search.columns.segment import Segment, unpack
from directory.search.columns.snapshot import Change, current
from directory.search.columns.stems import stem
from directory.search.criteria import chosen, facts
from directory.search.fitting import near_codes
from directory.search.having import Word, commonness
from directory.search.query import ServiceQuery
from directory.search.resting import Question, Rests
from directory.search.widen import MOST_WRONG, published_ones


def untouched(session: Session, rests: Rests, since: At) -> bool:
    """Whether what changed since a state of the public copy had no part in an answer, and has none now."""
    snapshot = current(session)
    changes = None if rests.everything else snapshot.since(since)
    if changes is None or any(_touches(session, change, rests) for change in changes):
        return False
    weighed = {word for change in changes for word in rests.weights if _having(change, word)}
    written = {word for change in changes for word in change.words.intersection(rests.published)}
    known = published_ones(session, written) if written else set()
    return (
        all(commonness(snapshot, word) == rests.weights[word] for word in weighed)
        and all((word in known) == rests.published[word] for word in written)
        and all(
            # Of places, only the ground of a site has published places.
            place is None or place.kind != "site" or find_place(session, text, today) == place
            for text, today, place in rests.places
        )
    )


def _having(change: Change, word: Word) -> int:
    return change.having(word.stem, begins=word.begins)


def _touches(session: Session, change: Change, rests: Rests) -> bool:
    return (
        change.weighs_anew
        or not rests.shown.isdisjoint(change.organizations)
        or any(_having(change, word) for word in rests.words)
        or any(reduce(and_, (change.having(stem(word)) for word in name)) for name in rests.names)
        or any(map(change.has_begun, rests.begun))
        or any(_is_near(word, change.words) for word in rests.misspelt)
        or any(_answers(session, change, question) for question in rests.questions)
    )


def _is_near(word: str, words: Collection[str]) -> bool:
    """Whether a word is spelled much like any of some others."""
    return process.extractOne(word, words, scorer=OSA.distance, score_cutoff=MOST_WRONG) is not None


def _answers(session: Session, change: Change, question: Question) -> bool:
    """Whether any service of a change may fit a question, or did."""
    if not question.choices and change.same_facts:
        return False  # without words, what is not shown counts and is passed over as before
    having = _having_all(change, question) if question.choices else -1
    for part in change.parts if having else ():
        length = len(part.segment)
        rows = [row for row in range(length) if having >> row & 1]
        if rows and _may_count(session, part.segment, question.query, rows):
            return True
        having >>= length
    return False


def _having_all(change: Change, question: Question) -> int:
    """Which services have the words of a question, a bit each: a choice of each group, or of any."""
    groups = (
        reduce(or_, (reduce(and_, (_having(change, word) for word in choice)) for choice in choices))
        for choices in question.choices
    )
    return reduce(or_ if question.any_word else and_, groups)


def _may_count(session: Session, segment: Segment, query: ServiceQuery, rows: Sequence[int]) -> bool:
    """Whether one of some services may fit a question but for its words, and but for one filter.

    The choices of a filter are counted as if none of its own were chosen.
    """
    lacking = np.zeros(len(segment), dtype=np.int64)
    for fact in facts(segment, query, near_codes(session, query)):
        lacking += np.where(unpack(fact.may, len(segment)), 0, 2)
    for facet, codes in query.terms.items():
        lacking += ~unpack(chosen(segment, facet, codes).may, len(segment))
    if not query.every_status:
        lacking += np.where(segment.shown, 0, 2)
    return bool((lacking[rows] <= 1).any())
