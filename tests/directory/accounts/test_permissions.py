"""Who may do what on whose record."""

import pytest

from directory.accounts.permissions import ACTIONS, Actor, Target, may

ORGANIZATION = Target("one", frozenset({"E08000025"}))
MEMBER = Actor("a", frozenset({"member"}), memberships={"one": False})
LEAD = Actor("a", frozenset({"member"}), memberships={"one": True})
NAVIGATOR = Actor("n", frozenset({"navigator"}), patches=frozenset({"E08000025"}))


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_nobody_in_particular_may_only_read_register_and_report(action):
    assert may(Actor(), action) == (action in {"read", "register", "report"})


def test_a_member_may_change_only_the_own_record():
    assert may(MEMBER, "amend", ORGANIZATION)
    assert not may(MEMBER, "amend", Target("another", frozenset({"E08000025"})))


def test_only_a_lead_may_hand_the_record_over():
    assert may(LEAD, "members", ORGANIZATION)
    assert not may(MEMBER, "members", ORGANIZATION)


def test_a_navigator_may_review_only_in_the_own_authorities():
    assert may(NAVIGATOR, "review", ORGANIZATION)
    assert not may(NAVIGATOR, "review", Target("one", frozenset({"E08000026"})))


def test_a_record_that_lies_in_no_authority_is_every_navigators():
    assert may(NAVIGATOR, "review", Target("one"))


def test_a_membership_without_the_role_is_nothing():
    assert not may(Actor("a", memberships={"one": True}), "amend", ORGANIZATION)
