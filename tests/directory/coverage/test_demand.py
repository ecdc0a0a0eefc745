"""Searches in vain are counted, and small counts are told by no sum."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from directory.coverage.demand import (
    LEAST,
    NOWHERE,
    count_unmet,
    demand,
    shown_of_authorities,
    shown_of_wards,
)
from directory.models import Area, UnmetSearch
from directory.places.find import Place

MONTH = date(2026, 10, 1)
WARDS = {"w1": "a1", "w2": "a1", "w3": "a2"}


def place(kind, code, authority="a1"):
    return Place(kind, code, code, "", ((0, 0),), authority, inside=frozenset({code}))


@pytest.fixture
def areas(session):
    bounds = dict.fromkeys(("easting", "northing", "west", "south", "east", "north"), 0.0)
    for code, parent in WARDS.items():
        session.add(Area(code=code, level="ward", name=code, authority_code=parent, outline=b"", **bounds))
    session.flush()
    return session


def test_counts_go_to_the_ward_the_authority_or_nowhere_and_add_up(areas):
    for times, where in (
        (6, place("ward", "w1")),
        (LEAST - 1, place("ward", "w2")),
        (5, place("authority", "a1")),
        (7, None),
    ):
        for _ in range(times):
            count_unmet(areas, where, ("sport", "mentoring"), date(2026, 10, 17))
    count_unmet(areas, None, (), date(2026, 10, 31))
    assert {row.month for row in areas.scalars(select(UnmetSearch))} == {MONTH}
    months = (MONTH, date(2026, 11, 1))
    found = [(item.area_code, item.searches, item.hidden) for item in demand(areas, "ward", months, "sport")]
    assert found == [(NOWHERE, 7, 0), ("w1", 6, 0), ("w2", 0, 1)]
    found = [(item.area_code, item.searches) for item in demand(areas, "authority", months, "sport")]
    assert found == [("a1", 15), (NOWHERE, 7)]
    assert demand(areas, "ward", (date(2026, 11, 1), date(2026, 12, 1))) == []


CELLS = st.dictionaries(
    st.tuples(st.just(MONTH), st.sampled_from([*WARDS, "a1", "a2", NOWHERE]), st.just("sport")),
    st.integers(1, 12),
)


@given(CELLS)
def test_no_count_below_the_least_can_be_worked_out(counts):
    wards, hidden = shown_of_wards(counts, WARDS)
    wholes, _ = shown_of_authorities(counts, WARDS)
    assert all(count >= LEAST for count in (*wards.values(), *wholes.values()))
    assert all(counts[cell] < LEAST for cell in hidden)
    for cell, whole in wholes.items():
        inside = [count for (_, area, _), count in wards.items() if WARDS.get(area, area) == cell[1]]
        assert whole - sum(inside) == 0 or whole - sum(inside) >= LEAST


def test_a_whole_is_not_shown_when_its_small_parts_can_be_only_so():
    counts = {(MONTH, ward, "sport"): 4 for ward in ("w1", "w2")}
    parents = {"w1": "a1", "w2": "a1"}
    assert shown_of_authorities(counts, parents) == ({}, {(MONTH, "a1", "sport")})
    # What was asked of the authority as a whole may be of any size, and is in no list.
    whole = (MONTH, "a1", "sport")
    assert shown_of_authorities({**counts, whole: 9}, parents) == ({whole: 17}, set())
