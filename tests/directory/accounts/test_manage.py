"""Accounts given, taken and closed: only what there is, never one's own, and each change logged."""

import pytest
from sqlalchemy import select

from directory.accounts.manage import (
    AccountError,
    Standing,
    administrators,
    give_standing,
    make_account,
    reset_two_factor,
    set_open,
    standing_of,
    use_counter,
)
from directory.models import AuditEntry, NavigatorPatch
from tests.directory import grounds

BOSS = Standing(frozenset({"administrator"}))


@pytest.fixture
def boss(draft):
    return make_account(draft, None, "boss@example.org", "Boss", BOSS)


@pytest.fixture
def amina(draft):
    return make_account(draft, None, "amina@example.org", "Amina", Standing(frozenset({"member"})))


def test_an_administrator_cannot_shut_themselves_out(draft, boss):
    boss.tf_primary_method = "authenticator"
    draft.flush()
    with pytest.raises(AccountError, match="from yourself"):
        give_standing(draft, boss.id, boss, Standing())
    with pytest.raises(AccountError, match="your own account"):
        set_open(draft, boss.id, boss, is_open=False)
    with pytest.raises(AccountError, match="your own second factor"):
        reset_two_factor(draft, boss.id, boss)


def test_a_role_that_is_none_is_refused(draft, amina):
    with pytest.raises(AccountError, match="no role 'king'"):
        give_standing(draft, None, amina, Standing(frozenset({"king"})))


def test_a_change_says_who_made_it(draft, boss, amina):
    assert give_standing(draft, boss.id, amina, BOSS)
    entry = draft.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert (entry.actor_id, entry.entity_id) == (boss.id, amina.id)
    assert entry.detail == {"roles": "administrator", "authorities": "none"}
    assert {one.id for one in administrators(draft)} == {boss.id, amina.id}


def test_authorities_that_are_taken_away_are_gone(draft, amina):
    grounds.load_ground(draft)
    given = Standing(frozenset({"navigator"}), frozenset({grounds.AUTHORITY}))
    give_standing(draft, None, amina, given)
    assert standing_of(amina) == given
    give_standing(draft, None, amina, Standing())
    draft.flush()
    assert draft.scalars(select(NavigatorPatch)).all() == []


def test_closing_makes_a_new_key_so_that_links_in_letters_are_worth_nothing(draft, amina):
    before = amina.fs_uniquifier
    assert set_open(draft, None, amina, is_open=False)
    assert amina.fs_uniquifier != before
    assert not set_open(draft, None, amina, is_open=False)


def test_a_code_is_used_up_with_all_that_are_older(draft, amina):
    assert use_counter(draft, amina.id, 7)
    assert not use_counter(draft, amina.id, 7)
    assert not use_counter(draft, amina.id, 6)
    assert use_counter(draft, amina.id, 8)
