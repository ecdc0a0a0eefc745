"""Make one segment of several, without what is no longer so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.search.columns.build import pack_options
from directory.search.columns.segment import (
    FIELDS,
    NOWHERE,
    Flags,
    Ints,
    Openings,
    Option,
    Places,
    Segment,
    Texts,
    unpack,
)

GONE = -1
PLAIN = (
    "ids",
    "shown",
    "active",
    "hours_known",
    "place_known",
    "minimum_age",
    "maximum_age",
    "checked_on",
    "due_on",
    "stale_on",
)


def join(segments: Sequence[Segment], alive: Sequence[Flags]) -> Segment:
    """One segment with the services of several that are alive."""
    kept = [np.flatnonzero(one) for one in alive]
    keys = [segment.keys[int(row)] for segment, rows in zip(segments, kept, strict=True) for row in rows]
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    new_rows = _new_rows(kept, [len(segment) for segment in segments], rank)
    organizations, numbers = _names([segment.organizations for segment in segments])

    def column(take: Callable[[int, Segment], NDArray[Any]]) -> NDArray[Any]:
        parts = [take(place, segment)[kept[place]] for place, segment in enumerate(segments)]
        return np.concatenate(parts)[order]

    options, bits = _options(segments, new_rows, len(order))
    return Segment(
        keys=[keys[place] for place in order],
        organization=column(lambda place, segment: numbers[place][segment.organization]),
        organizations=organizations,
        options=options,
        bits=bits,
        places=places_of([segment.places for segment in segments], new_rows),
        openings=openings_of([segment.openings for segment in segments], new_rows),
        texts=_texts([segment.texts for segment in segments], new_rows, kept, order),
        **{name: column(lambda _, segment, name=name: getattr(segment, name)) for name in PLAIN},  # type: ignore[misc]
    )


def _new_rows(kept: Sequence[Ints], lengths: Sequence[int], rank: Ints) -> list[Ints]:
    """For each segment, the new row of each of its services, or GONE."""
    ends = np.cumsum([0, *map(len, kept)])
    new_rows: list[Ints] = []
    for place, (rows, length) in enumerate(zip(kept, lengths, strict=True)):
        new = np.full(length, GONE, dtype=np.int64)
        new[rows] = rank[ends[place] : ends[place + 1]]
        new_rows.append(new)
    return new_rows


def _names(several: Sequence[Sequence[str]]) -> tuple[list[str], list[Ints]]:
    """Several lists of names as one in order, and for each list the new number of each name."""
    names = sorted(set().union(*several))
    number = {name: place for place, name in enumerate(names)}
    return names, [np.array([number[name] for name in one], dtype=np.int32) for one in several]


def _options(
    segments: Sequence[Segment], new_rows: Sequence[Ints], length: int
) -> tuple[dict[Option, int], Any]:
    held: dict[Option, list[Ints]] = {}
    for segment, new in zip(segments, new_rows, strict=True):
        for option, place in segment.options.items():
            rows = new[np.flatnonzero(unpack(segment.bits[place], len(segment)))]
            rows = rows[rows != GONE]
            if len(rows):
                held.setdefault(option, []).append(rows)
    return pack_options({option: np.concatenate(rows) for option, rows in held.items()}, length)


def places_of(several: Sequence[Places], new_rows: Sequence[Ints]) -> Places:
    """The places of several segments, of the services that have a new row."""
    codes, numbers = _names([one.codes for one in several])
    # The last stands for no area, which is numbered from the end.
    numbers = [np.append(one, NOWHERE).astype(np.int32) for one in numbers]
    service = np.concatenate([new[one.service] for one, new in zip(several, new_rows, strict=True)])
    order = np.argsort(service, kind="stable")
    order = order[service[order] != GONE]

    def column(name: str) -> NDArray[Any]:
        kept: NDArray[Any] = np.concatenate([getattr(one, name) for one in several])[order]
        return kept

    def areas(name: str) -> Ints:
        parts = [number[getattr(one, name)] for one, number in zip(several, numbers, strict=True)]
        kept: Ints = np.concatenate(parts)[order]
        return kept

    return Places(
        service=service[order].astype(np.int32),
        ward=areas("ward"),
        authority=areas("authority"),
        codes=codes,
        **{name: column(name) for name in ("id", "easting", "northing", "precision")},
    )


def openings_of(several: Sequence[Openings], new_rows: Sequence[Ints]) -> Openings:
    """The opening hours of several segments, of the services that have a new row."""
    service = np.concatenate([new[one.service] for one, new in zip(several, new_rows, strict=True)])
    kept = service != GONE
    others = [item.name for item in fields(Openings) if item.name != "service"]
    columns = {name: np.concatenate([getattr(one, name) for one in several])[kept] for name in others}
    return Openings(service=service[kept].astype(np.int32), **columns)


def _texts(several: Sequence[Texts], new_rows: Sequence[Ints], kept: Sequence[Ints], order: Ints) -> Texts:
    words, numbers = _names([one.words for one in several])
    tokens = np.concatenate([number[one.tokens] for one, number in zip(several, numbers, strict=True)])
    shifts = np.cumsum([0, *(len(one.tokens) for one in several)])
    pairs = zip(several, kept, shifts[:-1], strict=True)
    begins = np.concatenate([_fields(one.starts[:-1], rows) + shift for one, rows, shift in pairs])
    lengths = np.concatenate(
        [_fields(np.diff(one.starts), rows) for one, rows in zip(several, kept, strict=True)]
    )
    begins, lengths = begins[order].ravel(), lengths[order].ravel()
    starts = np.concatenate([[0], np.cumsum(lengths)])
    # Each word from where its field begins.
    taken = np.arange(starts[-1]) + np.repeat(begins - starts[:-1], lengths)
    kept_tokens = tokens[taken]
    used = np.zeros(len(words), dtype=np.bool_)
    used[kept_tokens] = True
    renumbered = np.cumsum(used) - 1
    left = [word for word, still in zip(words, used, strict=True) if still]
    return Texts(left, renumbered[kept_tokens].astype(np.int32), starts, *_postings(several, new_rows))


def _fields(values: Ints, rows: Ints) -> Ints:
    return values.reshape(-1, len(FIELDS))[rows]


def _postings(several: Sequence[Texts], new_rows: Sequence[Ints]) -> tuple[list[str], Ints, Ints, Any]:
    stems, numbers = _names([one.stems for one in several])
    stem = np.concatenate(
        [np.repeat(number, np.diff(one.places)) for one, number in zip(several, numbers, strict=True)]
    )
    rows = np.concatenate([new[one.rows] for one, new in zip(several, new_rows, strict=True)])
    counts = np.concatenate([one.counts for one in several], axis=1)
    order = np.argsort(stem, kind="stable")
    order = order[rows[order] != GONE]
    stem = stem[order]
    held, places = np.unique(stem, return_index=True)
    return (
        [stems[number] for number in held],
        np.append(places, len(stem)),
        rows[order].astype(np.int32),
        np.ascontiguousarray(counts[:, order]),
    )
