"""Counts of referrals are told without those from which a small count of others could be worked out."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from directory.coverage.demand import LEAST
from directory.models import PublishedService, ReferralCount
from directory.publishing.vocabulary import withdraw
from directory.referrals.count import OUTCOMES
from directory.referrals.sums import ALL, Sum, sums, told
from tests.directory.records import add, organization, service

QUARTER = date(2026, 7, 1)
WHO = ("a", "b", None)
ROWS = st.dictionaries(
    st.tuples(st.sampled_from("xyz"), st.sampled_from(["accepted", "full"]), st.sampled_from(WHO)),
    st.integers(1, 9),
).map(lambda counts: [(*key, number) for key, number in counts.items()])


def test_each_reader_sees_their_own_and_of_others_what_is_large_enough():
    rows = [("x", "accepted", "a", 2), ("x", "accepted", "b", 6), ("y", "accepted", "b", 3)]
    assert told(rows, QUARTER, "a") == [
        Sum(ALL, "accepted", 8, more=True),
        Sum("x", "accepted", 8, more=False),
        Sum("y", "accepted", None, more=False),
    ]
    # To the one who counted most, the two of the other stay unknown; what is theirs alone does not.
    assert told(rows, QUARTER, "b") == [
        Sum(ALL, "accepted", 9, more=True),
        Sum("x", "accepted", 6, more=True),
        Sum("y", "accepted", 3, more=False),
    ]
    assert told(rows, QUARTER, None)[1:] == [
        Sum("x", "accepted", 8, more=False),
        Sum("y", "accepted", None, more=False),
    ]


@given(ROWS, st.sampled_from(["a", "b", "nobody"]))
def test_no_small_count_of_others_can_be_worked_out(rows, reader):
    found = {(one.service_id, one.outcome): one for one in told(rows, QUARTER, reader)}
    for outcome in OUTCOMES:
        own = {s: sum(n for t, o, by, n in rows if (t, o, by) == (s, outcome, reader)) for s in "xyz"}
        # What a reader knows that others counted: of each service, and of all.
        known = {
            s: found[s, outcome].referrals - own[s]
            for s in "xyz"
            if (s, outcome) in found and found[s, outcome].referrals is not None
        }
        assert all(number == 0 or number >= LEAST for number in known.values())
        whole = found.get((ALL, outcome))
        if whole is None or whole.referrals is None:
            continue
        rest = whole.referrals - sum(own.values()) - sum(known.values())
        assert rest == 0 or rest >= LEAST


@pytest.mark.parametrize(
    "counts", [(4, 4), (1, 1, 1, 1, 1), (2, 3), (9, 4, 3), (9, 4, 4, 4), (2, 1, 1, 1), (3,)]
)
def test_what_is_told_leaves_open_what_each_small_count_is(counts):
    """Also for somebody who tries every number below the least and looks what would be told then."""

    def seen(numbers):
        return told([(f"s{place}", "full", "b", n) for place, n in enumerate(numbers)], QUARTER, "a")

    choices = [range(1, LEAST) if number < LEAST else [number] for number in counts]
    likely = [numbers for numbers in product(*choices) if seen(numbers) == seen(counts)]
    for place, number in enumerate(counts):
        assert number >= LEAST or {numbers[place] for numbers in likely} == {1, 2, 3, 4}


def test_a_service_that_is_published_no_more_does_not_tell_its_count_by_leaving_the_sum(draft):
    ids = add(draft, *(organization(name, service(name)) for name in ("Oak", "Elm", "Ash", "Fir")))
    services = draft.scalars(select(PublishedService).order_by(PublishedService.name.desc())).all()
    for one, number in zip(services, (12, 3, 2, 3), strict=True):
        draft.add(ReferralCount(service_id=one.service_id, month=QUARTER, outcome="full", referrals=number))
    draft.flush()
    key, organization_id = services[1].service_id, services[1].organization_id
    before = sums(draft, QUARTER, None)
    withdraw(draft, [organization_id])
    after = sums(draft, QUARTER, None)
    assert (organization_id in ids, before[0]) == (True, Sum(ALL, "full", 20, more=False))
    assert after == [one for one in before if one.service_id != key]
