"""What an import says of a record that a person wrote last waits, and overwrites nothing."""

import pytest
from sqlalchemy import select

from directory.cli import records
from directory.importing import run_import
from directory.models import Organization, Revision, Submission
from directory.registration.proposals import proposal_of
from directory.registration.reviewing import approve, reject
from tests.directory.documents import service, term
from tests.directory.registration.submissions import LANTERN, accepted, decision, record
from tests.directory.test_importing import counts, job_with, silent


def imported(session, document):
    return run_import(session, job_with(document), silent)


def waiting(session):
    return session.scalars(select(Submission).where(Submission.status == "submitted")).all()


@pytest.fixture
def session(committed):
    """A record that came by an import and that its own organisation wrote after."""
    imported(committed, record(description="From the feed"))
    accepted(committed, record(description="Ours"))
    committed.commit()
    return committed


def description(session):
    session.expire_all()
    return session.get_one(Organization, LANTERN).description


def test_it_waits_and_is_counted(session):
    report = imported(session, record(description="New in the feed"))
    assert (report.waiting, counts(report), report.organizations) == (1, (0, 0, 0, 0), 1)
    (one,) = waiting(session)
    assert (one.kind, one.base_number, one.email) == ("import", 2, None)
    assert description(session) == "Ours"
    assert [change.after for change in proposal_of(session, one).differences] == [("New in the feed",)]


def test_the_command_says_how_many_wait(session, capsys):
    records._tell(imported(session, record(description="New in the feed")), dry_run=False)
    assert "Waiting for a navigator, because a person wrote the record last: 1." in capsys.readouterr().out


def test_a_record_that_only_imports_wrote_is_updated_as_ever(committed):
    imported(committed, record(description="From the feed"))
    report = imported(committed, record(description="New"))
    assert (report.waiting, report.updated, description(committed)) == (0, 1, "New")


def test_what_says_nothing_new_does_not_wait(session):
    assert counts(imported(session, record(description="From the feed"))) == (0, 0, 1, 0)
    assert counts(imported(session, record(description="Ours"))) == (0, 0, 1, 0)
    assert waiting(session) == []


def test_the_same_file_again_is_no_second_submission(session):
    for _ in range(2):
        report = imported(session, record(description="New in the feed"))
    assert counts(report) == (0, 0, 1, 0)
    assert len(waiting(session)) == 1


def test_what_comes_later_joins_what_waits(session):
    imported(session, record(description="New in the feed"))
    imported(session, record(service("Studio", minimum_age=9)))
    (one,) = waiting(session)
    said = {change.label for change in proposal_of(session, one).differences}
    assert said == {"What it is", "Ages", "Where"}


def test_what_was_rejected_does_not_come_again(session):
    imported(session, record(description="New in the feed"))
    (one,) = waiting(session)
    reject(session, one.id, decision(session, one, number=2, reason="Theirs is right."))
    session.commit()
    imported(session, record(description="New in the feed"))
    assert waiting(session) == []


def test_approved_it_is_credited_to_its_source_and_tells_nobody(session):
    imported(session, record(description="New in the feed"))
    (one,) = waiting(session)
    approve(session, one.id, decision(session, one, number=2))
    newest = session.scalars(select(Revision).where(Revision.number == 3)).one()
    assert newest.source_id == one.source_id
    assert newest.reason == "Imported and approved."
    assert description(session) == "New in the feed"


def test_services_that_the_feed_does_not_name_stay(session):
    accepted(session, record(service("Studio"), service("Club"), description="Ours"))
    session.commit()
    imported(session, record(service("Studio", minimum_age=9)))
    (one,) = waiting(session)
    assert {item["name"] for item in one.document["services"]} == {"Studio", "Club"}


def test_a_dry_run_puts_nothing_aside(session):
    report = run_import(session, job_with(record(description="New"), dry_run=True), silent)
    assert report.waiting == 1
    session.rollback()
    assert waiting(session) == []


def test_a_key_individual_stays_one(committed):
    kind = [term("individual", "kind")]
    accepted(committed, record(name="Lantern Youth Project", attributes=kind))
    committed.commit()
    imported(committed, record(attributes=[term("community", "kind")], description="New"))
    (one,) = waiting(committed)
    kinds = [item["taxonomy_term"]["term"] for item in one.document["attributes"]]
    assert kinds == ["individual"]
