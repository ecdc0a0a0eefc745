"""Some published services as columns, in the order of name and identifier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
# One bit a service, in whole numbers of 64 bits. What is beyond the last service is 0, but after a "not".
Bits = NDArray[np.uint64]

UNKNOWN = -1  # an age that is not known
NEVER = 0  # a day that is not known; the others are ordinals
NOWHERE = -1  # no area
OPEN, APPROXIMATE, WITHHELD = 0, 1, 2
PRECISIONS: Mapping[str, int] = {"open": OPEN, "approximate": APPROXIMATE}
# What a service covers, beside the filters: areas by code, and the authorities in which these lie.
COVERS, COVERS_PART_OF = "covers", "covers part of"
# Stands for any choice of a filter: a service that has the fact at all.
ANY = ""
FIELDS = ("name", "organization_name", "terms", "description")
Option = tuple[str, str]


@dataclass(frozen=True)
class Groups:
    """Rows by the number that they have: those of a number lie between its start and the next one."""

    order: Ints
    starts: Ints

    def rows(self, numbers: Sequence[int]) -> Ints:
        """The rows that have any of some numbers."""
        found = [self.order[self.starts[number] : self.starts[number + 1]] for number in numbers]
        return np.concatenate([self.order[:0], *found])


def grouped(numbers: Ints, length: int) -> Groups:
    """Rows by their numbers, which are below a length; those below nought are in no group."""
    order = np.argsort(numbers, kind="stable")
    return Groups(order, np.searchsorted(numbers[order], np.arange(length + 1)))


@dataclass(frozen=True)
class Places:
    """Where services are given, in the order of the services. `codes` are areas, named by number."""

    service: Ints
    id: Ints
    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    precision: Ints
    ward: Ints
    authority: Ints
    codes: Sequence[str]

    def in_wards(self, codes: Collection[str]) -> Ints:
        """Those in any of some wards."""
        return self._by_ward.rows(self._numbers(codes))

    def in_authorities(self, codes: Collection[str]) -> Ints:
        """Those in any of some authorities."""
        return self._by_authority.rows(self._numbers(codes))

    def with_ids(self, ids: Collection[int]) -> Ints:
        """Those with some identifiers."""
        order, known = self._by_id
        wanted = np.fromiter(ids, dtype=np.int64, count=len(ids))
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return order[at[known[at] == wanted]] if len(known) else order

    @cached_property
    def spread(self) -> Flags:
        """Whether each may be anywhere in its authority: it has no point, or its ward is no more."""
        flags: Flags = np.isnan(self.easting) | ((self.precision == APPROXIMATE) & (self.ward == NOWHERE))
        return flags

    @cached_property
    def in_no_authority(self) -> Ints:
        """Those of which not even the authority is known."""
        return np.flatnonzero(self.authority == NOWHERE)

    def within(self, easting: float, northing: float, metres: float) -> Ints:
        """Which lie within a distance of a point."""
        order, sorted_ones = self._by_easting
        first = np.searchsorted(sorted_ones, easting - metres, side="left")
        last = np.searchsorted(sorted_ones, easting + metres, side="right")
        near = order[first:last]
        east, north = self.easting[near] - easting, self.northing[near] - northing
        return near[east * east + north * north <= metres * metres]

    @cached_property
    def _by_easting(self) -> tuple[Ints, NDArray[np.float64]]:
        order = np.argsort(self.easting)  # what has no point comes last, and is near nothing
        return order, self.easting[order]

    @cached_property
    def _by_ward(self) -> Groups:
        return grouped(self.ward, len(self.codes))

    @cached_property
    def _by_authority(self) -> Groups:
        return grouped(self.authority, len(self.codes))

    @cached_property
    def _by_id(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.id)
        return order, self.id[order]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.codes)}

    def _numbers(self, codes: Collection[str]) -> list[int]:
        return [self._number[code] for code in codes if code in self._number]


@dataclass(frozen=True)
class Openings:
    """The spans of an ordinary week when services are open. Days are ordinals, 0 for none."""

    service: Ints
    weekday: Ints
    opens_minute: Ints
    closes_minute: Ints
    every_week: Flags
    valid_from: Ints
    valid_to: Ints


@dataclass(frozen=True)
class Texts:
    """The words of services.

    `tokens` are the numbers of the words as they are written, service after service and field after field,
    and `starts` where each field begins. For each stem from `places[stem]` on, `rows` are the services that
    have it and `counts` how often, field by field.
    """

    words: Sequence[str]
    tokens: Ints
    starts: Ints
    stems: Sequence[str]
    places: Ints
    rows: Ints
    counts: NDArray[np.uint8]

    @cached_property
    def lengths(self) -> Ints:
        """How many words each service has."""
        return np.diff(self.starts[:: len(FIELDS)])


@dataclass(frozen=True)
class Segment:
    """Some published services. `keys` are their names in small letters with their identifiers."""

    keys: Sequence[str]
    ids: Ints
    organization: Ints
    organizations: Sequence[str]
    shown: Flags
    active: Flags
    hours_known: Flags
    place_known: Flags
    minimum_age: Ints
    maximum_age: Ints
    checked_on: Ints
    due_on: Ints
    stale_on: Ints
    options: Mapping[Option, int]
    bits: Bits  # a row an option
    places: Places
    openings: Openings
    texts: Texts

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def facts_known(self) -> Ints:
        """How many of hours, cost, ages and place are known of each service."""
        cost = unpack(self.having("cost"), len(self))
        ages = (self.minimum_age != UNKNOWN) | (self.maximum_age != UNKNOWN)
        known: Ints = np.sum([self.hours_known, cost, ages, self.place_known], axis=0, dtype=np.int8)
        return known

    def having(self, facet: str, codes: Collection[str] = (ANY,)) -> Bits:
        """The services that have one of some codes of a filter, or with none said, any."""
        held = [self.bits[self.options[facet, code]] for code in codes if (facet, code) in self.options]
        return reduce(or_, held) if held else np.zeros(self.bits.shape[1], dtype=np.uint64)

    @cached_property
    def shown_ones(self) -> Bits:
        """The services that a list shows."""
        return pack(self.shown)

    @cached_property
    def nowhere(self) -> Bits:
        """The services of which neither a place nor an area is known, though they have one."""
        placed = marked(self.places.service, len(self)) | self.having(COVERS)
        return ~placed & ~pack(self.place_known)

    def service_id(self, row: int) -> str:
        """The identifier of a service."""
        return self.keys[row].rpartition("\0")[2]


def pack(flags: Flags) -> Bits:
    """Flags as bits."""
    packed = np.packbits(flags, bitorder="little")
    bits = np.zeros(-(-len(packed) // 8), dtype=np.uint64)
    bits.view(np.uint8)[: len(packed)] = packed
    return bits


def unpack(bits: Bits, length: int) -> Flags:
    """Bits as flags."""
    return np.unpackbits(bits.view(np.uint8), count=length, bitorder="little").view(np.bool_)


def marked(rows: Ints, length: int) -> Bits:
    """Bits with a 1 for each of some rows."""
    flags = np.zeros(length, dtype=np.bool_)
    flags[rows] = True
    return pack(flags)


def count(bits: Bits) -> int:
    """How many bits are 1."""
    return int(np.bitwise_count(bits).sum())
