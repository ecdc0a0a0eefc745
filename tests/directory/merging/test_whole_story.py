"""The same organisation from three sources: joined, edited, imported again, gone from one, taken apart."""

from copy import deepcopy

import pytest
from sqlalchemy import func, select

from directory.accepting import Acceptance, NotAcceptedError, accept
from directory.exporting.credits import credits_of
from directory.merging.match import match_all, queue_alike
from directory.merging.merge import Merging, NotMergedError, merge
from directory.merging.undo import NotUndoneError, undo
from directory.models import (
    Contact,
    GrantAward,
    ImportRun,
    Location,
    MatchedPair,
    Organization,
    OrganizationMerge,
    PublishedOrganization,
    PublishedService,
    Revision,
    Source,
    SourceRecord,
    Submission,
)
from directory.openreferral.dump import dump
from directory.refreshing.vanished import mark_gone
from directory.registration.differences import plain
from directory.safekeeping import consent, do_not_list
from directory.safekeeping.identities import final_id
from tests.conftest import TODAY
from tests.directory.bringing import bring
from tests.directory.documents import contact, made_id, organization, phone, place, service

pytestmark = pytest.mark.unmeasured

NOBODY = Merging(None, TODAY)
REGISTER, LIST, THIRD = made_id("register"), made_id("list"), made_id("third")


def number(text="1234567", whose="register"):
    return {
        "id": made_id(f"number {text} {whose}"),
        "identifier_scheme": "GB-CHC",
        "identifier_type": "Charity number",
        "identifier": text,
    }


def registered(**facts):
    studio = service("Studio", place("Canal Hall"), id=made_id("studio"))
    found = organization(studio, name="Lantern Youth Project", organization_identifiers=[number()])
    return found | {"id": REGISTER, "description": "A charity for young people and music"} | facts


def listed(**facts):
    found = organization(
        service(
            "studio", place("The Canal Hall"), id=made_id("listed studio"), url="https://lantern.org.uk/s"
        ),
        service("Boxing", place("Gym", "B19 3AA"), id=made_id("boxing")),
        name="Lantern Youth Project CIO",
        organization_identifiers=[number(whose="list")],
        phones=[phone("0121 496 0101")],
        contacts=[contact("Amina Khan")],
    )
    return found | {"id": LIST, "description": "Music"} | facts


def renamed(**facts):
    found = organization(
        service("Dance", place("Canal Hall 3"), id=made_id("dance")), name="The Beacon Company"
    )
    return found | {"id": THIRD, "organization_identifiers": [number(whose="third")]} | facts


@pytest.fixture
def session(committed, tmp_path):
    """Three sources have said what they have."""
    for name, document in (("register", registered()), ("list", listed()), ("third", renamed())):
        bring_(committed, tmp_path, document, name)
    return committed


def bring_(session, folder, document, name):
    return bring(session, folder / f"{name}.json", deepcopy(document), source=name)


def matched(session):
    return match_all(session, TODAY, lambda _found: lambda _count: None)


def record(session, key=None):
    session.expire_all()
    if key is None:
        return session.get_one(Organization, final_id(session, REGISTER))
    return session.get(Organization, key)


def services_of(record):
    return sorted(one.name for one in record.services)


def test_the_story(session, tmp_path):
    done = matched(session)
    # The numbers and names agree; the third has the number and another name, so a person decides.
    assert (len(done.merged), matched(session).merged) == (1, [])
    row = session.scalars(select(OrganizationMerge)).one()
    kept, gone = row.organization_id, row.gone_id
    assert {kept, gone} == {REGISTER, LIST}
    now = record(session)
    assert services_of(now) in (["Boxing", "Studio"], ["Boxing", "studio"])
    assert now.description == "A charity for young people and music"
    assert [one.number for one in now.phones] == ["0121 496 0101"]
    assert session.scalar(select(func.count()).select_from(PublishedOrganization)) == 2
    source = session.get_one(PublishedOrganization, kept, populate_existing=True).document["source"]
    credited = {source["title"], source["attribution"].removeprefix("Also from ")}
    assert credited == {"register", "list"} <= {one["title"] for one in credits_of(session)}
    assert session.scalars(select(MatchedPair.state).where(MatchedPair.state == "waiting")).all() == [
        "waiting"
    ]

    # Both sources say it again: nothing is new. Then each says something else of what is its own.
    for name, document in (("register", registered()), ("list", listed())):
        assert bring_(session, tmp_path, document, name).unchanged == 1
    report = bring_(session, tmp_path, listed(description="Dance", phones=[phone("0121 496 0102")]), "list")
    assert (report.created, report.updated) == (0, 1)
    assert bring_(session, tmp_path, registered(description="A new word"), "register").updated == 1
    now = record(session)
    assert (now.description, record(session, gone)) == ("A new word", None)
    assert [one.number for one in now.phones] == ["0121 496 0102"]

    # A person edits the joined record; what a source says after that waits.
    edited = dump(now) | {"website": "https://new.org.uk"}
    edited["phones"][0]["number"] = "0121 496 0109"
    accept(session, edited, Acceptance(None, "navigator", "Rang them", TODAY))
    session.commit()
    assert (
        bring_(session, tmp_path, listed(description="Dance 2", email="a@lantern.org.uk"), "list").waiting
        == 1
    )
    assert session.scalars(select(Submission.organization_id)).all() == [kept]
    back = {REGISTER: registered, LIST: listed}[gone]()
    with pytest.raises(NotAcceptedError, match="joined with another"):
        accept(session, back, Acceptance(None, "navigator", "", TODAY))
    session.rollback()

    undo(session, row.id, NOBODY)
    session.commit()
    ours, theirs = record(session, kept), record(session, gone)
    listed_one, other = (ours, theirs) if kept == LIST else (theirs, ours)
    assert [one.number for one in listed_one.phones] == ["0121 496 0109"]
    assert (other.description, other.phones) == ("A new word", [])
    assert listed_one.description == "Music"
    assert ours.website == "https://new.org.uk"  # neither had one
    assert services_of(listed_one) == ["Boxing", "studio"]
    assert services_of(other) == ["Studio"]
    keys = dict(session.execute(select(SourceRecord.key, SourceRecord.organization_id)).all())
    assert (keys[REGISTER], keys[LIST]) == (REGISTER, LIST)
    assert matched(session).merged == []


def test_what_one_source_has_no_longer_is_not_gone_as_a_whole(session, tmp_path):
    matched(session)
    kept = record(session).id
    for name in ("register", "list"):
        source = session.scalars(select(Source).where(Source.slug == name)).one()
        run = ImportRun(source_id=source.id, file_name="x")
        session.add(run)
        session.flush()
        count = mark_gone(session, run, [], TODAY)
        document = session.get_one(PublishedOrganization, kept, populate_existing=True).document
        assert count == (0 if name == "register" else 1)
        assert ("gone_since" in document["source"]) == (name == "list")


def test_a_hidden_place_is_hidden_on_both_sides_and_shown_again_when_they_are_taken_apart(session):
    hall = session.get_one(Location, made_id("place Canal Hall"))
    secret = organization(
        service("Refuge", place("Hut", protection="hidden"), id=made_id("refuge")), name="Another name"
    )
    accept(session, secret, Acceptance(None, "navigator", "", TODAY))
    before = [
        one.document for one in session.scalars(select(PublishedService).order_by(PublishedService.name))
    ]
    row = merge(session, REGISTER, secret["id"], NOBODY)
    session.expire_all()
    assert hall.protection == "hidden"
    published = session.scalars(
        select(PublishedService).where(PublishedService.organization_id == row.organization_id)
    ).all()
    assert "B19 2TH" not in repr([one.document for one in published])
    undo(session, row.id, NOBODY)
    session.expire_all()
    assert hall.protection == "open"
    after = [
        one.document for one in session.scalars(select(PublishedService).order_by(PublishedService.name))
    ]
    assert plain(after) == plain(before)
    # What was hidden by a person meanwhile stays so.
    row = merge(session, REGISTER, secret["id"], NOBODY)
    session.get_one(Location, made_id("place The Canal Hall")).protection = "hidden"
    undo(session, row.id, NOBODY)
    assert session.get_one(Location, made_id("place The Canal Hall")).protection == "hidden"


def test_consent_taken_back_and_the_do_not_list_cover_both(session, tmp_path):
    matched(session)
    now = record(session)
    [person] = session.scalars(select(Contact).where(Contact.organization_id == now.id))
    consent.withdraw(session, [person], None, TODAY)
    again = listed(description="Dance", contacts=[contact("Amina Khan") | {"consent_date": "2026-03-01"}])
    session.commit()
    bring_(session, tmp_path, again, "list")
    row = session.scalars(select(OrganizationMerge)).one()
    undo(session, row.id, NOBODY)
    session.commit()
    bring_(session, tmp_path, listed(description="Song"), "list")
    people = session.scalars(select(Contact).execution_options(populate_existing=True)).all()
    assert {(one.consent_scope, one.consent_date) for one in people} == {("withdrawn", None)}
    row = merge(session, REGISTER, LIST, NOBODY)
    do_not_list.add(session, "name_postcode", "Lantern Youth Project CIO, B19 2TH")
    session.commit()
    report = bring_(session, tmp_path, registered(description="Again"), "register")
    assert len(report.rejected) == 1  # it is known by both names
    with pytest.raises(NotUndoneError, match="do-not-list"):
        undo(session, row.id, NOBODY)
    session.rollback()
    with pytest.raises(NotMergedError, match="do-not-list"):
        merge(session, THIRD, row.organization_id, NOBODY)


def test_grants_go_over_once_and_come_back(session):
    source = session.scalars(select(Source).limit(1)).one()
    for key, owners in (("both", (REGISTER, LIST)), ("theirs", (LIST,)), ("ours", (REGISTER,))):
        session.add_all(
            GrantAward(organization_id=one, source_id=source.id, key=key, funder="Trust", title=key)
            for one in owners
        )
    session.flush()

    def held():
        rows = session.execute(select(GrantAward.organization_id, GrantAward.key)).all()
        return sorted((organization_id, key) for organization_id, key in rows)

    before = held()
    row = merge(session, REGISTER, LIST, NOBODY)
    assert [key for _, key in held()] == ["both", "ours", "theirs"]
    undo(session, row.id, NOBODY)
    assert held() == before


def test_not_the_same_holds_when_a_record_comes_again_under_another_identifier(session, tmp_path):
    matched(session)
    pair = session.scalars(select(MatchedPair).where(MatchedPair.state == "waiting")).one()
    pair.state = "not_same"
    session.delete(session.get_one(Organization, THIRD))
    session.commit()
    other = organization(
        service("Dance", place("Canal Hall 3"), id=made_id("dance again")), name="The Beacon Company"
    )
    other |= {"id": made_id("third again"), "organization_identifiers": [number(whose="again")]}
    bring_(session, tmp_path, other, "third")
    assert queue_alike(session, [other["id"]]).queued == []
    assert matched(session).refused >= 1


def test_what_people_wrote_is_not_joined_by_itself(session):
    accept(session, dump(record(session, LIST)), Acceptance(None, "self", "Ours", TODAY))
    session.commit()
    done = matched(session)
    assert done.merged == []
    assert session.scalars(select(MatchedPair.sure).where(MatchedPair.sure)).all() == [True]
    row = merge(session, REGISTER, LIST, NOBODY)
    assert row.organization_id == LIST  # the organisation's own word is kept
    assert record(session, LIST).description == "Music"
    assert session.scalars(select(Revision.reason).where(Revision.organization_id == REGISTER)).all()
