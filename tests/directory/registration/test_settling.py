"""Flags, reports and claims: each is settled once, and whoever should know is told."""

import pytest
from sqlalchemy import select

from directory.accepting import ChangedMeanwhileError
from directory.models import Claim, Membership, OutboxMessage, Report, ReviewFlag
from directory.registration.settling import grant_claim, refuse_claim, settle_flags, settle_report
from tests.directory.registration.submissions import LANTERN, accepted, account, decision, record


@pytest.fixture
def lantern(draft):
    accepted(draft, record())
    return draft


def added(session, thing):
    session.add(thing)
    session.flush()
    return thing


def recipients(session):
    return sorted(session.scalars(select(OutboxMessage.recipient)))


def test_flags_are_settled_with_what_was_done_and_only_once(lantern):
    flags = [added(lantern, ReviewFlag(organization_id=LANTERN, reason="check", message=m)) for m in "ab"]
    settle_flags(lantern, LANTERN, [flags[0].id], decision(lantern, reason="Rang them"))
    assert [flag.outcome for flag in flags] == ["Rang them", None]
    with pytest.raises(ChangedMeanwhileError):
        settle_flags(lantern, LANTERN, [flag.id for flag in flags], decision(lantern))


def test_flags_of_another_record_are_not_settled(lantern):
    accepted(lantern, record(name="Other") | {"services": []})
    flag = added(lantern, ReviewFlag(organization_id=LANTERN, reason="check", message="a"))
    with pytest.raises(ChangedMeanwhileError):
        settle_flags(lantern, record(name="Other")["id"], [flag.id], decision(lantern))
    assert flag.settled_at is None


@pytest.mark.parametrize(("refused", "told"), [(False, ["reader@example.org"]), (True, [])])
def test_whoever_reported_is_told_what_was_done(lantern, refused, told):
    one = added(lantern, Report(organization_id=LANTERN, about="hours", text="x", email="reader@example.org"))
    settle_report(lantern, one.id, decision(lantern, reason="Corrected."), refused=refused)
    assert (one.status, recipients(lantern)) == ("refused" if refused else "done", told)
    with pytest.raises(ChangedMeanwhileError):
        settle_report(lantern, one.id, decision(lantern, one), refused=refused)


def claim_by(session, who):
    return added(session, Claim(organization_id=LANTERN, account_id=who.id, method="dispute"))


def test_the_first_member_leads_and_the_second_does_not(lantern):
    first, second = (account(lantern, email=f"{name}@example.org") for name in ("first", "second"))
    for one in (first, second):
        grant_claim(lantern, claim_by(lantern, one).id, decision(lantern))
    leads = dict(lantern.execute(select(Membership.account_id, Membership.is_lead)).all())
    assert leads == {first.id: True, second.id: False}
    assert recipients(lantern) == ["first@example.org", "first@example.org", "second@example.org"]


def test_a_claim_is_decided_once(lantern):
    one = claim_by(lantern, account(lantern, email="a@example.org"))
    seen = one.version
    refuse_claim(lantern, one.id, decision(lantern, one, reason="Not theirs."))
    assert (one.status, one.reason) == ("refused", "Not theirs.")
    assert "Not theirs." in lantern.scalars(select(OutboxMessage.text)).one()
    with pytest.raises(ChangedMeanwhileError):
        grant_claim(lantern, one.id, decision(lantern, version=seen))
    assert lantern.scalars(select(Membership)).all() == []


def test_what_was_settled_is_not_raised_again_by_the_next_version(lantern):
    (flag,) = lantern.scalars(select(ReviewFlag)).all()
    assert flag.reason == "no point"
    settle_flags(lantern, LANTERN, [flag.id], decision(lantern, reason="It has no postcode."))
    accepted(lantern, record(description="Dance"))
    assert [one.outcome for one in lantern.scalars(select(ReviewFlag))] == ["It has no postcode."]
