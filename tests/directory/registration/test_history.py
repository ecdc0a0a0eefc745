"""The versions of a record, and bringing one back."""

import pytest
from sqlalchemy import select

from directory.accepting import ChangedMeanwhileError, NotAcceptedError
from directory.models import Organization, PublishedOrganization, PublishedService, Revision
from directory.registration.history import restore, versions_of
from tests.directory.documents import place, service
from tests.directory.registration.submissions import LANTERN, accepted, account, decision, record


def test_every_version_says_who_why_and_what_changed(draft):
    accepted(draft, record(description="Music"))
    accepted(draft, record(description="Dance"), "Changed")
    newest, first = versions_of(draft, LANTERN)
    assert (newest.revision.number, newest.revision.reason, newest.source) == (
        *(2, "Changed", "The organisation itself"),
    )
    assert [(one.key, one.before, one.after) for one in newest.differences] == [
        ("organization.description", ("Music",), ("Dance",))
    ]
    assert "organization.name" in {one.key for one in first.differences}


def test_a_version_brought_back_is_a_new_one_that_says_so(draft):
    accepted(draft, record(description="Music"))
    accepted(draft, record(service("Club"), description="Dance"))
    by = account(draft, "navigator", email="nav@example.org")
    restore(draft, LANTERN, 1, decision(draft, by=by, number=2, reason="Sent by mistake."))
    assert draft.scalars(select(PublishedService.name)).all() == ["Studio"]
    assert draft.get_one(PublishedOrganization, LANTERN).document["description"] == "Music"
    newest = versions_of(draft, LANTERN)[0]
    assert (newest.revision.number, newest.revision.reason, newest.email) == (
        *(3, "Version 1 brought back. Sent by mistake.", "nav@example.org"),
    )


def test_no_protection_is_loosened_by_an_old_version(draft):
    accepted(draft, record(service("Studio", place())))
    accepted(draft, record(service("Studio", place(protection="hidden"))))
    restore(draft, LANTERN, 1, decision(draft, number=2))
    document = draft.scalars(select(PublishedService)).one().document
    assert document["service_at_locations"][0]["location"]["precision"] == "hidden"


def test_nothing_is_brought_back_over_a_version_that_nobody_looked_at(draft):
    for words in ("Music", "Dance", "Song"):
        accepted(draft, record(description=words))
    with pytest.raises(ChangedMeanwhileError):
        restore(draft, LANTERN, 1, decision(draft, number=2))
    with pytest.raises(NotAcceptedError, match="no version 9"):
        restore(draft, LANTERN, 9, decision(draft, number=3))
    assert draft.get_one(Organization, LANTERN).description == "Song"
    assert draft.scalars(select(Revision.number)).all() == [1, 2, 3]
