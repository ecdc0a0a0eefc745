"""Make columns of rows of the public copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

import numpy as np

from directory.search.columns.read import Row, Rows
from directory.search.columns.segment import (
    ANY,
    COVERS,
    COVERS_PART_OF,
    FIELDS,
    NEVER,
    NOWHERE,
    PRECISIONS,
    UNKNOWN,
    WITHHELD,
    Bits,
    Ints,
    Openings,
    Option,
    Places,
    Segment,
    Texts,
    marked,
)
from directory.search.columns.stems import stems_of
from directory.search.criteria import SHOWN, WIDER_AREAS


def build(rows: Rows) -> Segment:
    """The columns of some services."""
    keyed = sorted((f"{_lower(row[3])}\0{row[1]}", row) for row in rows.services)
    services = [row for _, row in keyed]
    row_of = {row[0]: place for place, row in enumerate(services)}
    organizations = sorted({row[2] for row in services})
    number = {key: place for place, key in enumerate(organizations)}
    options, bits = pack_options(dict(_options(rows, row_of)), len(services))
    status = [row[4] for row in services]
    return Segment(
        keys=[key for key, _ in keyed],
        ids=np.array([row[0] for row in services], dtype=np.int64),
        organization=np.array([number[row[2]] for row in services], dtype=np.int32),
        organizations=organizations,
        shown=np.array([one in SHOWN for one in status], dtype=np.bool_),
        active=np.array([one == "active" for one in status], dtype=np.bool_),
        hours_known=np.array([row[5] for row in services], dtype=np.bool_),
        place_known=np.array([row[6] for row in services], dtype=np.bool_),
        minimum_age=_ages(row[7] for row in services),
        maximum_age=_ages(row[8] for row in services),
        checked_on=_days(row[10] for row in services),
        due_on=_days(row[11] for row in services),
        stale_on=_days(row[12] for row in services),
        options=options,
        bits=bits,
        places=_places(rows.places, row_of),
        openings=_openings(rows.openings, row_of),
        texts=_texts(rows.texts, row_of),
    )


def _lower(name: str) -> str:
    # What ends a name must not stand in it.
    return name.lower().replace("\0", "")


def _ages(ages: Iterator[int | None]) -> Ints:
    return np.array([UNKNOWN if age is None else age for age in ages], dtype=np.int32)


def _days(days: Iterator[date | None]) -> Ints:
    return np.array([NEVER if day is None else day.toordinal() for day in days], dtype=np.int32)


def _options(rows: Rows, row_of: Mapping[int, int]) -> Iterator[tuple[Option, list[int]]]:
    """Every choice of a filter with the services that surely fit; under ANY, those that have the fact."""
    found: dict[Option, set[int]] = defaultdict(set)

    def add(service: int, facet: str, *codes: str | None) -> None:
        row = row_of[service]
        for code in (*codes, ANY):
            if code is not None:
                found[facet, code].add(row)

    for service, facet, code in rows.terms:
        add(service, facet, code)
    for row in rows.services:
        if row[9] is not None:
            add(row[0], "cost", row[9])
    for row in rows.places:
        if row[6] is not None:
            add(row[0], "authority", row[6])
    for service, code in rows.areas:
        level, around = rows.levels.get(code, ("", None))
        add(service, COVERS, code)
        if around is not None:
            add(service, COVERS_PART_OF, around)
        add(service, "authority", code if level == "authority" else around)
        if code in WIDER_AREAS:
            add(service, "authority", *rows.authorities)
    for option, held in found.items():
        yield option, sorted(held)


def pack_options(held: Mapping[Option, Sequence[int] | Ints], length: int) -> tuple[dict[Option, int], Bits]:
    """The choices in their order, each with its number, and one row of bits a choice."""
    options = {option: place for place, option in enumerate(sorted(held))}
    bits = np.zeros((len(options), -(-length // 64)), dtype=np.uint64)
    for option, place in options.items():
        bits[place] = marked(np.asarray(held[option], dtype=np.int64), length)
    return options, bits


def _places(places: Sequence[Row], row_of: Mapping[int, int]) -> Places:
    ordered = sorted(places, key=lambda row: (row_of[row[0]], row[1]))
    codes = sorted({code for row in places for code in row[5:7] if code is not None})
    number: dict[str | None, int] = {code: place for place, code in enumerate(codes)}

    def numbers(column: int) -> Ints:
        return np.array([number.get(row[column], NOWHERE) for row in ordered], dtype=np.int32)

    def metres(column: int) -> Any:
        return np.array([np.nan if row[column] is None else row[column] for row in ordered], dtype=float)

    return Places(
        service=np.array([row_of[row[0]] for row in ordered], dtype=np.int32),
        id=np.array([row[1] for row in ordered], dtype=np.int64),
        easting=metres(2),
        northing=metres(3),
        precision=np.array([PRECISIONS.get(row[4], WITHHELD) for row in ordered], dtype=np.int8),
        ward=numbers(5),
        authority=numbers(6),
        codes=codes,
    )


def _openings(openings: Sequence[Row], row_of: Mapping[int, int]) -> Openings:
    def numbers(column: int) -> Ints:
        return np.array([row[column] for row in openings], dtype=np.int16)

    return Openings(
        service=np.array([row_of[row[0]] for row in openings], dtype=np.int32),
        weekday=numbers(1),
        opens_minute=numbers(2),
        closes_minute=numbers(3),
        every_week=np.array([row[4] for row in openings], dtype=np.bool_),
        valid_from=_days(row[5] for row in openings),
        valid_to=_days(row[6] for row in openings),
    )


def _texts(texts: Sequence[Row], row_of: Mapping[int, int]) -> Texts:
    fields: list[list[str]] = [[] for _ in range(len(row_of) * len(FIELDS))]
    for service, *parts in texts:
        first = row_of[service] * len(FIELDS)
        fields[first : first + len(FIELDS)] = [part.split() for part in parts]
    words = sorted(set(chain.from_iterable(fields)))
    number = {word: place for place, word in enumerate(words)}
    starts = np.zeros(len(fields) + 1, dtype=np.int64)
    np.cumsum([len(field) for field in fields], out=starts[1:])
    tokens = np.array([number[word] for word in chain.from_iterable(fields)], dtype=np.int32)
    stems = stems_of(words)
    return Texts(words, tokens, starts, *postings(tokens, starts, stems))


def postings(tokens: Ints, starts: Ints, stems: Sequence[str]) -> tuple[list[str], Ints, Ints, Any]:
    """For each stem, who has it and how often in each field."""
    names = sorted(set(stems))
    number = {stem: place for place, stem in enumerate(names)}
    stem_of = np.array([number[stem] for stem in stems], dtype=np.int64)
    field_of = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    service_of, field = np.divmod(field_of, len(FIELDS))
    length = max((len(starts) - 1) // len(FIELDS), 1)
    both = stem_of[tokens] * length + service_of
    pairs, where = np.unique(both, return_inverse=True)
    counts = np.bincount(where * len(FIELDS) + field, minlength=len(pairs) * len(FIELDS))
    stem, rows = np.divmod(pairs, length)
    places = np.searchsorted(stem, np.arange(len(names) + 1))
    most = np.minimum(counts, 255).astype(np.uint8).reshape(len(pairs), len(FIELDS))
    return names, places, rows.astype(np.int32), np.ascontiguousarray(most.T)
