"""Counts of referrals are told without those from which a small count of others could be worked out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from directory.coverage.demand import LEAST
from directory.referrals.count import OUTCOMES
from directory.referrals.sums import ALL, Sum, told

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
