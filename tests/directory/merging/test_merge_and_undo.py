"""Joining two records and taking them apart: nothing is lost, nothing is opened, nothing is left behind."""

from copy import deepcopy

from sqlalchemy import select

from directory.merging.merge import Merging, merge
from directory.merging.undo import undo
from directory.models import (
    MergedId,
    Organization,
    PublishedOrganization,
    PublishedService,
    PublishedWord,
)
from directory.openreferral.dump import dump
from directory.publishing.publish import publish
from directory.publishing.vocabulary import withdraw
from directory.registration.differences import plain
from tests.directory.documents import contact, full, made_id, organization, phone, place, service
from tests.directory.records import TODAY, add

NOBODY = Merging(None, TODAY)


def public(session, *ids):
    """What the public sees of some organisations and their services."""
    wholes = select(PublishedOrganization.document).where(PublishedOrganization.organization_id.in_(ids))
    parts = select(PublishedService.document).where(PublishedService.organization_id.in_(ids))
    return sorted(repr(plain(one)) for query in (wholes, parts) for one in session.scalars(query))


def stored(session, *ids):
    session.expire_all()
    return [plain(dump(session.get_one(Organization, key))) for key in ids]


def other(**facts):
    """Another record of the organisation that `full` describes."""
    hall = place("The Hall", "B19 2TH")
    boxing = place("Boxing Gym", "B19 3AA", protection="hidden")
    document = organization(
        service("Friday Studio", hall, id=made_id("other studio"), url="https://other.org.uk"),
        service("Boxing", boxing),
        name="Lantern Youth",
        description="Another word",
        phones=[phone("0121 496 0199")],
        contacts=[contact("Amina Khan", "0121 496 0105") | {"id": made_id("amina again")}],
    )
    return deepcopy(document | facts)


def test_merge_and_undo_change_nothing(draft):
    ours, theirs = add(draft, full(), other())
    before = stored(draft, ours, theirs), public(draft, ours, theirs)
    row = merge(draft, ours, theirs, NOBODY)
    kept, gone = row.organization_id, row.gone_id
    assert draft.get(Organization, gone) is None
    assert draft.get(PublishedOrganization, gone) is None
    assert draft.get_one(MergedId, gone).new_id == kept
    undo(draft, row.id, NOBODY)
    assert (stored(draft, ours, theirs), public(draft, ours, theirs)) == before


def test_words_that_nothing_public_has_any_more_help_nobody_to_spell(draft):
    def counted():
        return dict(draft.execute(select(PublishedWord.word, PublishedWord.services)).all())

    unlike = other(name="Zephyr Youth", alternate_name="Zephyr")
    ours, theirs = add(draft, full(), unlike)
    before = counted()
    row = merge(draft, ours, theirs, NOBODY)
    merged = counted()
    publish(draft, [row.organization_id], TODAY)
    withdraw(draft, [row.organization_id])
    assert "boxing" in merged
    assert counted() == {}
    publish(draft, [row.organization_id], TODAY)
    undo(draft, row.id, NOBODY)
    assert counted() == before
