"""Several decisions at once: a preview, what is done, and undoing it."""

import pytest
from sqlalchemy import select

from directory.accepting import ChangedMeanwhileError
from directory.accounts.permissions import Actor
from directory.models import (
    Location,
    Organization,
    OutboxMessage,
    PublishedOrganization,
    ReviewFlag,
    Revision,
)
from directory.registration.bulk import do, items_chosen, preview
from directory.registration.queue import queue_of
from directory.registration.undoing import undo
from tests.conftest import TODAY
from tests.directory.documents import made_id, place, service
from tests.directory.registration.submissions import LANTERN, accepted, account, decision, record, submit

ADMINISTRATOR = Actor("x", frozenset({"administrator"}))


def club(name, **facts):
    return record(service(f"Studio {name}", place(f"Hall {name}"), **facts), name=name)


def queue(session, *kinds):
    """What waits, of some kinds: without areas, each place is flagged too."""
    kinds = kinds or ("new", "change")
    return [item for item in queue_of(session, ADMINISTRATOR, TODAY) if item.kind in kinds]


def told(outcomes):
    return {one.item.name: (one.done, one.words) for one in outcomes}


def descriptions(session):
    session.expire_all()
    return dict(session.execute(select(Organization.name, Organization.description)).all())


@pytest.fixture
def three(draft):
    """A new record, a change, and a change that a check keeps out."""
    accepted(draft, record(description="Music"))
    submit(draft, club("Fresh"))
    submit(draft, record(description="Dance"), "change", base_number=1)
    submit(draft, club("Broken", minimum_age=-1))
    return draft


def approve_all(session, by=None):
    by = by or account(session, "navigator")
    return do(session, "approve", queue(session), decision(session, by=by)), by


def test_the_preview_says_what_would_happen_and_does_nothing(three):
    found = told(preview(three, "approve", queue(three)))
    assert found["Lantern Youth Project"] == (True, "Facts that would be changed: 1.")
    assert found["Fresh"][0] is True
    assert found["Broken"] == (False, "A check keeps it out. Open it to see which.")
    assert descriptions(three) == {"Lantern Youth Project": "Music"}


def test_what_can_be_done_is_done_and_the_rest_is_left_with_a_reason(three):
    (bulk, outcomes), _ = approve_all(three)
    found = told(outcomes)
    assert {name for name, (done, _) in found.items() if done} == {"Fresh", "Lantern Youth Project"}
    assert "It was not accepted." in found["Broken"][1]
    assert descriptions(three) == {"Lantern Youth Project": "Dance", "Fresh": None}
    assert len(bulk.items) == 2


def test_undoing_brings_back_the_versions_and_the_submissions(three):
    (bulk, _), by = approve_all(three)
    assert undo(three, bulk.id, decision(three, by=by)) == {}
    assert descriptions(three) == {"Lantern Youth Project": "Music"}
    assert {item.name for item in queue(three)} == {"Lantern Youth Project", "Fresh", "Broken"}
    assert three.scalars(select(PublishedOrganization.name)).all() == ["Lantern Youth Project"]
    assert "Hall Fresh" not in three.scalars(select(Location.name)).all()
    assert sorted(three.scalars(select(Revision.number).where(Revision.organization_id == LANTERN))) == [
        1,
        2,
        3,
    ]
    subjects = three.scalars(select(OutboxMessage.subject)).all()
    assert sum("being looked at again" in subject for subject in subjects) == 2


def test_what_was_undone_can_be_approved_again(three):
    (bulk, _), by = approve_all(three)
    undo(three, bulk.id, decision(three, by=by))
    _, outcomes = approve_all(three)[0]
    assert sum(one.done for one in outcomes) == 2
    assert descriptions(three) == {"Lantern Youth Project": "Dance", "Fresh": None}


def test_what_was_changed_since_is_not_undone(three):
    (bulk, _), by = approve_all(three)
    accepted(three, record(description="Song"))
    stay = undo(three, bulk.id, decision(three, by=by))
    assert list(stay.values()) == ["It was changed since, so it stays as it is."]
    assert descriptions(three) == {"Lantern Youth Project": "Song"}


def test_nothing_is_undone_twice(three):
    (bulk, _), by = approve_all(three)
    undo(three, bulk.id, decision(three, by=by))
    with pytest.raises(ChangedMeanwhileError):
        undo(three, bulk.id, decision(three, by=by))


def test_rejecting_many_can_be_undone(three):
    by = account(three, "navigator")
    bulk, outcomes = do(three, "reject", queue(three), decision(three, by=by, reason="Not ours."))
    assert all(one.done for one in outcomes)
    assert queue(three) == []
    undo(three, bulk.id, decision(three, by=by))
    assert len(queue(three)) == 3


def test_flags_of_many_records_are_settled_and_opened_again(draft):
    for name in ("A", "B"):
        accepted(draft, club(name))
        draft.add(ReviewFlag(organization_id=made_id(name), reason="check", message="Look"))
    draft.flush()
    by = account(draft, "navigator")
    bulk, _ = do(draft, "settle", queue(draft, "flag"), decision(draft, by=by, reason="Looked at."))
    assert queue(draft, "flag") == []
    assert undo(draft, bulk.id, decision(draft, by=by)) == {}
    assert [item.version for item in queue(draft, "flag")] == [2, 2]


def test_a_form_that_saw_an_older_version_changes_nothing(three):
    items = queue(three)
    choices = [item.choice for item in items]
    older = [f"{choice.rpartition(':')[0]}:{99}" for choice in choices]
    chosen = list(items_chosen(items, [*older, "new:nobody:1", "rubbish"]))
    _, outcomes = do(three, "reject", chosen, decision(three, reason="x"))
    assert [one.done for one in outcomes] == [False, False, False]
    assert len(queue(three)) == 3


@pytest.mark.parametrize(("action", "kinds"), [("settle", {"new", "change"}), ("approve", {"flag"})])
def test_an_action_is_for_its_own_kinds_alone(three, action, kinds):
    three.add(ReviewFlag(organization_id=LANTERN, reason="check", message="Look"))
    three.flush()
    refused = {
        one.item.kind for one in preview(three, action, queue(three, "new", "change", "flag")) if not one.done
    }
    assert kinds <= refused
