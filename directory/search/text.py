"""Which services have the words of a question, and how well. The same for every database."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_, or_

import numpy as np
from numpy.typing import NDArray

from directory.search.columns.segment import FIELDS, Bits, Flags, Ints, Segment, Texts, marked
from directory.search.columns.snapshot import Snapshot
from directory.search.having import (
    EVERY_FIELD,
    IN_NAME,
    IN_TEXTS,
    Counts,
    Found,
    Word,
    asked_words,
    find,
    has_any,
    having,
    word_of,
)
from directory.search.wanted import Group, Widening, Words, groups_of, own_groups, quoted_of

# How much a word counts in the name, the organisation's name, the terms and the description.
WEIGHTS = (10, 2, 6, 1)
# Where a score of bm25 gives half of what it can give.
HALF = 6.0
MOST_FOR_WORDS = 1.5
# More than the points that words which mean the same can have, and all that is not text (see ranking.py).
FOR_THE_VERY_WORDS = 2.5
FOR_THE_NAME = 3.1
# With any word: how much more a phrase of the field counts than a word that only stands beside it.
FOR_WHAT_IS_MEANT = np.float32(2)
# How much what may stand for a word counts, beside the word.
FOR_THE_SAME = np.float32(0.7)
FOR_WHAT_IS_BEYOND = np.float32(0.15)
# The two numbers of bm25: how soon it is enough of a word, and how much a long text is held against it.
ENOUGH, LONG = 1.2, 0.75
COMMON = 1e-6  # what a word is worth that most services have

Points = NDArray[np.float32]


@dataclass(frozen=True)
class Where:
    """In which fields all words must stand, and the points that it is worth."""

    fields: tuple[int, ...]
    points: float


NAME = Where(IN_NAME, FOR_THE_NAME)
TEXTS = Where(IN_TEXTS, FOR_THE_VERY_WORDS)
ANYWHERE = Where(EVERY_FIELD, 0.0)
NAMES = (0, 1)


@dataclass(frozen=True)
class Matched:
    """The services of a segment that have the words, in the order of the segment, and their points."""

    rows: Ints
    points: Points

    def bits(self, segment: Segment) -> Bits:
        """The services as bits."""
        return marked(self.rows, len(segment))

    def best(self, most: int) -> Iterator[tuple[int, float]]:
        """The first so many services and their points, the best first."""
        for place in np.argsort(-self.points, kind="stable")[:most]:
            yield int(self.rows[place]), float(self.points[place])

    def of(self, rows: Ints) -> Points:
        """The points of some of these services, which come in the same order."""
        return self.points[np.searchsorted(self.rows, rows)]


def text_matches(
    snapshot: Snapshot, question: str, widenings: Sequence[Widening] = (), *, any_word: bool = False
) -> list[Matched] | None:
    """The services that match, part by part, with the points of their words; None without words.

    The last word may be the beginning of a longer one. All words must match, or with `any_word` one of them.
    A service that has the words themselves, in its name or other texts, has from 2.5 to 4.6 points. One that
    has what may stand for them, or them in its terms alone, has from 0 to 1.5: nothing that was typed sinks
    below what was not.
    """
    own = own_groups(question, widenings)
    if not own:
        return None
    wider = groups_of(question, widenings)
    words = asked_words(question, (*own, *wider))
    asked = list(dict.fromkeys(words.values()))
    found = [{word: find(part, word) for word in asked} for part in snapshot.parts]
    # With any word, nothing has the very words, and a rare word that is meant counts more than a common one.
    choices = [(wider, ANYWHERE)] if any_word else [(own, NAME), (own, TEXTS), (own, ANYWHERE)]
    if not any_word and wider != own:
        choices.append((wider, ANYWHERE))
    phrases = [phrase.split() for phrase in quoted_of(question)]
    matching = _Matching(snapshot, words, found, any_word, rare={})
    return [matching.match(place, choices, phrases) for place in range(len(snapshot.parts))]


def _has(counts: Mapping[Word, Counts], fields: Sequence[int], word: Word) -> Flags:
    """Who has a word in one of some fields."""
    return has_any(counts[word], fields)


def _own(group: Group) -> Iterator[Words]:
    """The words of a group as they were typed; and each by itself, for what has only some of them."""
    yield group.own
    if len(group.own) > 1:
        yield from ((word,) for word in group.own)


@dataclass(frozen=True)
class _Matching:
    """Everything that is worked out for the words of one question."""

    snapshot: Snapshot
    words: Mapping[str, Word]
    found: Sequence[Mapping[Word, Found]]
    any_word: bool
    rare: dict[tuple[Word, Where], np.float32]

    def match(
        self, place: int, choices: Sequence[tuple[Sequence[Group], Where]], phrases: Sequence[Sequence[str]]
    ) -> Matched:
        """The services of a part that match any of the choices, each with the points of its best."""
        segment = self.snapshot.parts[place].segment
        widest, where = choices[-1]
        rows = np.flatnonzero(self._all(widest, lambda word: self._flags(place, word)))
        for phrase in phrases:
            rows = rows[stands(segment.texts, rows, phrase, EVERY_FIELD)]
        counts = {word: self._counts(place, word, rows) for word in self.words.values()}
        lengths = segment.texts.lengths[rows].astype(np.float32)
        long = ENOUGH * (1 - LONG + LONG * lengths / np.float32(max(self.snapshot.about.words_each, 1)))
        best = np.zeros(len(rows), dtype=np.float32)
        for groups, where in choices:
            has = self._all(groups, partial(_has, counts, where.fields))
            better = np.zeros(len(rows), dtype=np.float32)
            for group in groups:
                times = FOR_WHAT_IS_MEANT if self.any_word and group.meant else np.float32(1)
                for words in _own(group):
                    better += times * self._together(words, counts, where, long)
                for words in group.alternatives:
                    better += times * FOR_THE_SAME * self._together(words, counts, where, long)
                for words in group.beyond:
                    better += times * FOR_WHAT_IS_BEYOND * self._together(words, counts, where, long)
            points = where.points + MOST_FOR_WORDS * better / (better + HALF)
            best = np.maximum(best, np.where(has, points, 0))
        return Matched(rows, best)

    def _all(self, groups: Sequence[Group], flags: Callable[[Word], Flags]) -> Flags:
        """Who has a word of each group, or of any; of a group, all its own words or an alternative."""

        def has(words: Sequence[str]) -> Flags:
            all_there: Flags = reduce(and_, (flags(self.words[word]) for word in words))
            return all_there

        either = (reduce(or_, map(has, (group.own, *group.alternatives))) for group in groups)
        whole: Flags = reduce(or_ if self.any_word else and_, either)
        return whole

    def _flags(self, place: int, word: Word) -> Flags:
        flags = np.zeros(len(self.snapshot.parts[place].segment), dtype=np.bool_)
        flags[self.found[place][word].rows] = True
        return flags

    def _counts(self, place: int, word: Word, rows: Ints) -> Counts:
        """How often a word stands in each field of some services."""
        found = self.found[place][word]
        number = np.full(len(self.snapshot.parts[place].segment), len(found.rows), dtype=np.int32)
        number[found.rows] = np.arange(len(found.rows))
        counts = np.zeros((len(found.counts), len(found.rows) + 1), dtype=found.counts.dtype)
        counts[:, :-1] = found.counts
        return counts[:, number[rows]]

    def _together(
        self, words: Sequence[str], counts: Mapping[Word, Counts], where: Where, long: Points
    ) -> Points:
        """What some words are worth in each service that has all of them."""
        asked = [self.words[word] for word in words]
        all_there = reduce(and_, (_has(counts, where.fields, word) for word in asked))
        worth = sum(self._better(word, counts[word], where, long) for word in asked)
        return np.where(all_there, worth, np.float32(0))

    def _better(self, word: Word, counts: Counts, where: Where, long: Points) -> Points:
        """What a word is worth in each service by bm25, the fields weighted."""
        times = np.zeros(counts.shape[1], dtype=np.float32)
        for field in where.fields:
            times += counts[field] * np.float32(WEIGHTS[field])
        return self._rare(word, where) * times * (ENOUGH + 1) / (times + long)

    def _rare(self, word: Word, where: Where) -> np.float32:
        """How much a word tells: the more, the fewer have it. The same in every part."""
        if (word, where) not in self.rare:
            self.rare[word, where] = self._work_out_rare(word, where)
        return self.rare[word, where]

    def _work_out_rare(self, word: Word, where: Where) -> np.float32:
        number = having((found[word] for found in self.found), where.fields)
        share = (self.snapshot.about.services - number + 0.5) / (number + 0.5)
        return np.float32(max(math.log(share), COMMON))


def has_in_order(snapshot: Snapshot, words: Sequence[str], fields: Sequence[int]) -> bool:
    """Whether some words stand just so in one of some fields of any service."""
    asked = [word_of(word) for word in words]
    for part in snapshot.parts:
        having = [find(part, word) for word in asked]
        flags = np.ones(len(part.segment), dtype=np.bool_)
        for found in having:
            there = np.zeros(len(flags), dtype=np.bool_)
            there[found.rows[found.counts[list(fields)].any(axis=0)]] = True
            flags &= there
        if stands(part.segment.texts, np.flatnonzero(flags), words, fields).any():
            return True
    return False


def stands(texts: Texts, rows: Ints, words: Sequence[str], fields: Sequence[int]) -> Flags:
    """Whether some words stand just so, one after another, in a field of each of some services."""
    numbers = [bisect_left(texts.words, word) for word in words]
    known = all(
        number < len(texts.words) and texts.words[number] == word
        for number, word in zip(numbers, words, strict=True)
    )
    found = np.zeros(len(rows), dtype=np.bool_)
    if not known:
        return found
    for field in fields:
        begins = texts.starts[rows * len(FIELDS) + field]
        room = np.maximum(texts.starts[rows * len(FIELDS) + field + 1] - begins - len(words) + 1, 0)
        ends = np.cumsum(room)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + room, room)
        just_so = np.logical_and.reduce([texts.tokens[at + n] == number for n, number in enumerate(numbers)])
        found[np.repeat(np.arange(len(rows)), room)[just_so]] = True
    return found
