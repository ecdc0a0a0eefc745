"""Accepting a record: whole, versioned, logged, published, and never over somebody else's."""

import pytest
from sqlalchemy import select

from directory import audit
from directory.accepting import Acceptance, ChangedMeanwhileError, NotAcceptedError, accept
from directory.models import AuditEntry, FieldCheck, Organization, PublishedService, Revision
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, place, service

BY_SELF = Acceptance(None, "self", "Registered", TODAY)


def test_an_accepted_record_is_published_versioned_and_logged(draft):
    accept(draft, organization(service("Studio", place())), BY_SELF)
    assert draft.scalars(select(PublishedService.name)).all() == ["Studio"]
    assert draft.scalars(select(Revision.number)).all() == [1]
    entry = draft.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.entity_id) == ("accept", made_id("Lantern Youth Project"))
    assert list(audit.problems(draft)) == []


def test_what_a_document_leaves_out_goes(draft):
    accept(draft, organization(service("Studio"), service("Club"), description="Music"), BY_SELF)
    accept(draft, organization(service("Club")), BY_SELF)
    found = draft.scalars(select(Organization)).one()
    assert [one.name for one in found.services] == ["Club"]
    assert found.description is None


def test_a_document_made_from_an_older_version_is_refused(draft):
    accept(draft, organization(service("Studio")), BY_SELF)
    accept(draft, organization(service("Club")), BY_SELF)
    late = Acceptance(None, "self", "Changed", TODAY, base_number=1)
    with pytest.raises(ChangedMeanwhileError):
        accept(draft, organization(service("Late")), late)
    assert draft.scalars(select(PublishedService.name)).all() == ["Club"]


def test_a_bad_document_is_refused_with_its_problems(draft):
    with pytest.raises(NotAcceptedError) as refused:
        accept(draft, organization(service("Studio", minimum_age=-3)), BY_SELF)
    assert [problem.path for problem in refused.value.problems] == ["$.services[0].minimum_age"]


def test_no_document_writes_over_a_service_or_a_place_of_another(draft):
    accept(draft, organization(service("Studio", place())), BY_SELF)
    for stolen in (service("Studio"), service("Mine", place(name="Canal Hall", description="Taken"))):
        with pytest.raises(NotAcceptedError, match="another organisation's"):
            accept(draft, organization(stolen, name="Thief"), BY_SELF)


def test_a_field_that_says_the_same_keeps_its_date(draft):
    accept(draft, organization(service("Studio", minimum_age=8)), BY_SELF)
    later = Acceptance(None, "navigator", "Visited", TODAY.replace(month=12))
    accept(draft, organization(service("Studio", minimum_age=9)), later)
    checks = {
        check.field: check for check in draft.scalars(select(FieldCheck).where(FieldCheck.field != "name"))
    }
    assert (checks["ages"].way, checks["ages"].checked_on) == ("navigator", later.today)
    names = draft.scalars(select(FieldCheck).where(FieldCheck.field == "name")).all()
    assert {check.checked_on for check in names} == {TODAY}


def test_an_accepted_document_does_not_loosen_a_protection(draft):
    accept(draft, organization(service("Studio", place(protection="hidden"))), BY_SELF)
    accept(draft, organization(service("Studio", place(protection="open"))), BY_SELF)
    document = draft.scalars(select(PublishedService)).one().document
    assert document["service_at_locations"][0]["location"]["precision"] == "hidden"
