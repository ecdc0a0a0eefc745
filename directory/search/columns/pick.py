"""Take some services out of a segment, as a small one of their own."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from directory.search.columns.build import pack_options, postings
from directory.search.columns.join import GONE, PLAIN, openings_of, places_of
from directory.search.columns.segment import (
    FIELDS,
    NOWHERE,
    Bits,
    Ints,
    Openings,
    Option,
    Places,
    Segment,
    Texts,
)
from directory.search.columns.stems import stems_of


def pick(segment: Segment, rows: Ints) -> Segment:
    """The services of some rows, which come in their order. It takes time for these alone, not for all."""
    new_rows = np.full(len(segment), GONE, dtype=np.int32)
    new_rows[rows] = np.arange(len(rows))
    numbers, organization = np.unique(segment.organization[rows], return_inverse=True)
    options, bits = pack_options(_options(segment, rows), len(rows))
    return Segment(
        keys=[segment.keys[int(row)] for row in rows],
        organization=organization.astype(np.int32),
        organizations=[segment.organizations[number] for number in numbers],
        options=options,
        bits=bits,
        places=places_of([segment.places], [new_rows]),
        openings=openings_of([segment.openings], [new_rows]),
        texts=_texts(segment.texts, rows),
        **{name: getattr(segment, name)[rows] for name in PLAIN},
    )


def facts_of(segment: Segment) -> dict[str, tuple[object, ...]]:
    """What each service is found, counted and ordered by beside its texts, in plain values, by its key."""
    places, openings = segment.places, segment.openings
    hours = [item.name for item in fields(Openings) if item.name != "service"]
    given: list[list[tuple[str, ...]]] = [[] for _ in segment.keys]
    opened: list[list[tuple[int, ...]]] = [[] for _ in segment.keys]
    for at, row in enumerate(places.service):
        areas = (_code(places, places.ward[at]), _code(places, places.authority[at]))
        # As text: what is not known is not equal to itself.
        spot = (str(places.easting[at]), str(places.northing[at]), str(places.precision[at]))
        given[row].append((*spot, *areas))
    for at, row in enumerate(openings.service):
        opened[row].append(tuple(int(getattr(openings, name)[at]) for name in hours))
    plain = [getattr(segment, name).tolist() for name in PLAIN if name != "ids"]
    return {
        key: (
            *(column[row] for column in plain),
            sorted(given[row]),
            sorted(opened[row]),
            [option for option, place in segment.options.items() if _bit(segment.bits[place], row)],
        )
        for row, key in enumerate(segment.keys)
    }


def _code(places: Places, number: int) -> str:
    return "" if number == NOWHERE else places.codes[number]


def _bit(bits: Bits, row: int) -> bool:
    return bool((int(bits[row // 64]) >> row % 64) & 1)


def _options(segment: Segment, rows: Ints) -> dict[Option, Ints]:
    held = segment.bits[:, rows // 64] >> (rows % 64).astype(np.uint64) & np.uint64(1)
    return {
        option: where
        for option, place in segment.options.items()
        if len(where := np.flatnonzero(held[place]))
    }


def _texts(texts: Texts, rows: Ints) -> Texts:
    starts = texts.starts
    begins = (rows[:, np.newaxis] * len(FIELDS) + np.arange(len(FIELDS))).ravel()
    tokens = np.concatenate([texts.tokens[:0], *(texts.tokens[starts[at] : starts[at + 1]] for at in begins)])
    used, renumbered = np.unique(tokens, return_inverse=True)
    words = [texts.words[number] for number in used]
    lengths = np.concatenate([[0], starts[begins + 1] - starts[begins]])
    new_starts = np.cumsum(lengths)
    renumbered = renumbered.astype(np.int32)
    return Texts(words, renumbered, new_starts, *postings(renumbered, new_starts, stems_of(words)))
