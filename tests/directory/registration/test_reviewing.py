"""Decisions about submissions: what they change, whom they tell, and what keeps two from colliding."""

import pytest
from sqlalchemy import select

from directory import audit
from directory.accepting import ChangedMeanwhileError, NotAcceptedError
from directory.models import (
    AuditEntry,
    Membership,
    Organization,
    OutboxMessage,
    PublishedOrganization,
    Revision,
)
from directory.registration.proposals import Choice, proposal_of
from directory.registration.reviewing import DisputedError, answer, approve, ask, reject
from tests.directory.documents import made_id, service
from tests.directory.registration.submissions import (
    LANTERN,
    SENDER,
    accepted,
    account,
    decision,
    record,
    submit,
)


def letters(session):
    return [
        (one.recipient, one.subject)
        for one in session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
    ]


def public(session):
    found = session.get(PublishedOrganization, LANTERN, populate_existing=True)
    return found.document.get("description") if found else None


def test_an_approved_new_record_is_public_and_its_sender_is_told(draft):
    waiting = submit(draft, record(description="Music"))
    assert public(draft) is None
    approve(draft, waiting.id, decision(draft, waiting))
    assert public(draft) == "Music"
    assert (waiting.status, waiting.decision_reason) == ("approved", None)
    assert letters(draft) == [(SENDER, "Lantern Youth Project is in the directory")]
    actions = draft.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions == ["accept", "approve"]
    assert list(audit.problems(draft)) == []


def test_the_public_sees_the_last_approved_version_meanwhile(draft):
    accepted(draft, record(description="Music"))
    waiting = submit(draft, record(description="Dance"), "change", base_number=1)
    assert public(draft) == "Music"
    approve(draft, waiting.id, decision(draft, waiting, number=1))
    assert public(draft) == "Dance"


def test_what_is_not_chosen_stays_and_the_letter_says_so(draft):
    accepted(draft, record())
    waiting = submit(draft, record(description="Dance", email="a@lantern.org.uk"), "change", base_number=1)
    choice = Choice(frozenset({"organization.description"}), {"organization.description": "Dance and song"})
    approve(draft, waiting.id, decision(draft, waiting, number=1, reason="We made it longer."), choice)
    found = draft.get_one(Organization, LANTERN)
    assert (found.description, found.email) == ("Dance and song", None)
    text = draft.scalars(select(OutboxMessage.text)).one()
    assert "The organisation: E-mail" in text
    assert "We made it longer." in text


def test_a_key_that_the_submission_does_not_change_is_not_taken(draft):
    accepted(draft, record(description="Music"))
    waiting = submit(draft, record(description="Music"), "change", base_number=1)
    choice = Choice(frozenset({"organization.description"}), {"organization.description": "Forged"})
    with pytest.raises(NotAcceptedError, match="Nothing would be changed"):
        approve(draft, waiting.id, decision(draft, waiting, number=1), choice)


def test_the_second_reviewer_is_told_and_overwrites_nothing(draft):
    waiting = submit(draft, record(description="Music"))
    first, second = (decision(draft, waiting) for _ in range(2))
    approve(draft, waiting.id, first)
    for act in (approve, reject, ask):
        with pytest.raises(ChangedMeanwhileError):
            act(draft, waiting.id, second)
    assert (waiting.status, len(letters(draft))) == ("approved", 1)


def test_a_reviewer_who_saw_an_older_record_is_told(draft):
    accepted(draft, record())
    waiting = submit(draft, record(description="Dance"), "change", base_number=1)
    accepted(draft, record(email="new@lantern.org.uk"))
    with pytest.raises(ChangedMeanwhileError):
        approve(draft, waiting.id, decision(draft, waiting, number=1))


def test_an_approval_undoes_nothing_that_was_accepted_meanwhile(draft):
    accepted(draft, record())
    waiting = submit(draft, record(description="Dance"), "change", base_number=1)
    accepted(draft, record(email="new@lantern.org.uk"))
    approve(draft, waiting.id, decision(draft, waiting, number=2))
    found = draft.get_one(Organization, LANTERN)
    assert (found.description, found.email) == ("Dance", "new@lantern.org.uk")


def test_a_fact_in_dispute_must_be_chosen(draft):
    accepted(draft, record(description="Music"))
    waiting = submit(draft, record(description="Dance"), "change", base_number=1)
    accepted(draft, record(description="Song"))
    with pytest.raises(DisputedError):
        approve(draft, waiting.id, decision(draft, waiting, number=2))
    chosen = Choice(frozenset({"organization.description"}))
    approve(draft, waiting.id, decision(draft, waiting, number=2), chosen)
    assert draft.get_one(Organization, LANTERN).description == "Dance"


def test_a_new_record_does_not_write_over_one_that_is_there(draft):
    accepted(draft, record(description="Music"))
    waiting = submit(draft, record(description="Stolen"))
    with pytest.raises(ChangedMeanwhileError):
        approve(draft, waiting.id, decision(draft, waiting, number=1))
    assert public(draft) == "Music"


def test_a_document_names_no_other_record_than_its_submission(draft):
    accepted(draft, record(description="Music"))
    waiting = submit(draft, record(name="Other", description="Mine"))
    waiting.document = {**waiting.document, "id": LANTERN}
    draft.flush()
    with pytest.raises(NotAcceptedError):
        approve(draft, waiting.id, decision(draft, waiting))
    assert public(draft) == "Music"


def test_a_document_that_does_not_pass_is_refused_with_its_problems(draft):
    waiting = submit(draft, record(service("Studio", minimum_age=-3)))
    assert proposal_of(draft, waiting).fatal
    with pytest.raises(NotAcceptedError, match="not an age"):
        approve(draft, waiting.id, decision(draft, waiting))


def test_a_question_is_sent_and_its_answer_kept_with_the_record(draft):
    navigator = account(draft, "navigator", email="nav@example.org")
    waiting = submit(draft, record())
    ask(draft, waiting.id, decision(draft, waiting, navigator, reason="Which door?"))
    assert (waiting.status, letters(draft)) == (
        *("question", [(SENDER, "A question about Lantern Youth Project")]),
    )
    answer(draft, waiting.id, "The red one", None, "http://localhost")
    assert waiting.status == "submitted"
    assert [(one.author, one.text) for one in waiting.messages] == [
        ("navigator", "Which door?"),
        ("submitter", "The red one"),
    ]
    assert letters(draft)[1] == ("nav@example.org", "An answer about Lantern Youth Project")


def test_only_an_open_question_can_be_answered(draft):
    waiting = submit(draft, record())
    with pytest.raises(ChangedMeanwhileError):
        answer(draft, waiting.id, "Hello", None, "")


def test_nobody_is_asked_about_an_import(draft):
    accepted(draft, record())
    waiting = submit(draft, record(description="Dance"), "import", base_number=1, email=None)
    with pytest.raises(NotAcceptedError, match="Nobody"):
        ask(draft, waiting.id, decision(draft, waiting, reason="Who?"))


def test_a_refused_submission_changes_nothing_and_says_why(draft):
    accepted(draft, record(description="Music"))
    waiting = submit(draft, record(description="Dance"), "change", base_number=1)
    reject(draft, waiting.id, decision(draft, waiting, number=1, reason="Not yours."))
    assert (waiting.status, public(draft)) == ("rejected", "Music")
    assert "Not yours." in draft.scalars(select(OutboxMessage.text)).one()


@pytest.mark.parametrize(
    ("roles", "member", "way"),
    [((), False, "self"), (("navigator",), False, "navigator"), (("navigator", "member"), True, "self")],
)
def test_the_record_is_credited_to_whoever_wrote_it(draft, roles, member, way):
    accepted(draft, record())
    sender = account(draft, *roles)
    if member:
        sender.memberships.append(Membership(organization_id=LANTERN))
    waiting = submit(draft, record(description="Dance"), "change", base_number=1, account_id=sender.id)
    approve(draft, waiting.id, decision(draft, waiting, number=1))
    assert draft.scalar(select(PublishedOrganization.source_slug)) == way
    revision = draft.scalars(select(Revision).where(Revision.number == 2)).one()
    assert revision.reason == "Changed and approved."
    assert made_id("Lantern Youth Project") == revision.organization_id
