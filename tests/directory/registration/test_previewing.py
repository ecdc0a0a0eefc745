"""The preview is what publishing makes of the same document once it is accepted; it leaves nothing."""

from copy import deepcopy

import pytest
from sqlalchemy import func, select

from directory.accepting import Acceptance, NotAcceptedError, accept
from directory.models import (
    Address,
    Location,
    Organization,
    PublishedOrganization,
    PublishedService,
    Revision,
)
from directory.registration.previewing import previewed
from tests.conftest import TODAY
from tests.directory.documents import full, organization, place, service, term
from tests.directory.grounds import AUTHORITY, load_ground

BY_SELF = Acceptance(None, "self", "Registered", TODAY)


@pytest.fixture
def ground(draft):
    load_ground(draft)
    return draft


def timeless(document):
    """A public document without the moment at which it was made, wherever it stands, and the rows' order."""
    found = {name: value for name, value in document.items() if name != "last_modified"}
    if "organization" in found:
        found["organization"] = timeless(found["organization"])
    return {
        name: sorted(value, key=repr) if isinstance(value, list) else value for name, value in found.items()
    }


def shown(session, document):
    with previewed(session, document, TODAY) as preview:
        services = {one.service_id: timeless(one.document) for one in preview.services}
        return timeless(preview.organization.document), services, preview.authority_codes


def published(session, document):
    accept(session, document, BY_SELF)
    session.expire_all()
    row = session.get_one(PublishedOrganization, document["id"])
    services = session.scalars(select(PublishedService))
    return timeless(row.document), {one.service_id: timeless(one.document) for one in services}


@pytest.mark.parametrize("protection", ["open", "approximate", "hidden"])
def test_a_new_record_is_previewed_as_it_is_published(ground, protection):
    document = full()
    document["services"][0]["service_at_locations"][0]["location"]["protection"] = protection
    before = shown(ground, deepcopy(document))
    assert before[:2] == published(ground, document)
    assert before[2] == {AUTHORITY}


def test_a_change_is_previewed_with_what_was_withheld_before(ground):
    accept(ground, organization(service("Studio", place(protection="hidden"))), BY_SELF)
    moved = organization(service("Studio", place("New Hall", "B1 1AA", protection="open"), description="New"))
    before = shown(ground, deepcopy(moved))
    assert before[:2] == published(ground, moved)
    (document,) = before[1].values()
    assert document["service_at_locations"][0]["location"]["precision"] == "hidden"


def test_a_preview_leaves_nothing_behind(ground):
    accept(ground, organization(service("Studio", place(protection="hidden"), description="Old")), BY_SELF)
    counts = [
        select(func.count()).select_from(model) for model in (Location, Address, Organization, Revision)
    ]
    before = [ground.scalar(count) for count in counts]
    with previewed(
        ground,
        organization(service("Club", place("New Hall", "B1 1AA")), name="Lantern Youth Project"),
        TODAY,
    ):
        pass
    assert [ground.scalar(count) for count in counts] == before
    assert ground.scalars(select(PublishedService.name)).all() == ["Studio"]
    assert ground.scalars(select(Location.name)).all() == ["Canal Hall"]


def test_a_person_who_did_not_agree_is_not_shown_in_the_preview(ground):
    document = organization(service("Talks"), name="Ann Lee", attributes=[term("individual", "kind")])
    with previewed(ground, document, TODAY) as preview:
        assert preview.organization is None


def test_what_nobody_could_accept_has_no_preview(ground):
    with pytest.raises(NotAcceptedError), previewed(ground, organization(service("")), TODAY):
        pass
