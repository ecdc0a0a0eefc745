"""Referrals to a service that two records have are counted together while they are one, and apart again."""

from datetime import date

from sqlalchemy import select

from directory.merging.merge import Merging, merge
from directory.merging.undo import undo
from directory.models import Account, PublishedService, ReferralCount, ServiceFullness
from directory.referrals.count import Counted, count
from tests.directory.documents import full, made_id
from tests.directory.merging.test_merge_and_undo import other
from tests.directory.records import TODAY, add

MONTH = date(2026, 11, 1)
NOBODY = Merging(None, TODAY)


def counts(session):
    query = select(ReferralCount.service_id, ReferralCount.outcome, ReferralCount.referrals)
    return sorted(tuple(row) for row in session.execute(query))


def full_on(session):
    query = select(ServiceFullness.service_id, ServiceFullness.full_on)
    return {key: day for key, day in session.execute(query) if day}


def test_counts_and_the_mark_go_over_and_come_back(draft):
    ours, theirs = add(draft, full(), other())
    account = Account(email="n@example.org", name="A Navigator")
    draft.add(account)
    draft.flush()
    ids = (made_id("service Friday Studio"), made_id("other studio"))
    for service_id, outcome, number in ((ids[0], "made", 2), (ids[1], "made", 4), (ids[1], "full", 3)):
        count(draft, account.id, service_id, Counted(MONTH, outcome, number), TODAY)
    before = counts(draft), full_on(draft)
    assert before[1] == {ids[1]: TODAY}
    row = merge(draft, ours, theirs, NOBODY)
    (gone, kept), *more = row.rows["folded"].items()
    assert more == []
    assert {gone, kept} == set(ids)
    assert counts(draft) == [(kept, "full", 3), (kept, "made", 6)]
    assert full_on(draft) == {kept: TODAY}
    shown = select(PublishedService).where(PublishedService.service_id == kept)
    assert draft.scalars(shown).one().document["full_on"] == TODAY.isoformat()
    count(draft, account.id, kept, Counted(MONTH, "need"), TODAY)
    undo(draft, row.id, NOBODY)
    assert counts(draft) == sorted([*before[0], (kept, "need", 1)])
    assert full_on(draft) == before[1]
