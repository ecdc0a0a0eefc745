"""Refreshing a feed: what is new, what is not asked for again, what has gone."""

import pytest
from sqlalchemy import select

from directory.models import (
    ImportRun,
    Organization,
    PublishedOrganization,
    ReviewFlag,
    Service,
    SourceRecord,
)
from directory.refreshing.due import due, standings
from directory.refreshing.refresh import declare
from directory.sources.entry import SourceError
from directory.sources.mapping import load_mapping
from tests.conftest import TODAY
from tests.directory.sources.version_1 import SERVICE, numbered
from tests.feed_server import VERSION_1, service_of


def counts(outcome):
    report = outcome.report
    return outcome.status, report.created, report.updated, report.unchanged, outcome.gone


def names(session):
    return set(session.scalars(select(Organization.name)))


def test_a_feed_is_read_to_its_end_and_what_did_not_change_is_not_sent_again(again, feed, committed):
    assert counts(again()) == ("finished", 10, 0, 0, 0)
    assert len(feed.asked) == 5
    assert again().status == "unchanged"
    assert feed.answered[5:] == [304] * 5
    feed.services[9]["name"] = "Another name"
    assert counts(again()) == ("finished", 0, 1, 9, 0)
    assert feed.answered[10:] == [304] * 4 + [200]
    assert [run.status for run in committed.scalars(select(ImportRun).order_by(ImportRun.started_at))] == [
        *("finished", "unchanged", "finished"),
    ]


def test_lines_of_a_list_are_asked_for_whole_and_only_when_they_changed(again, feed, committed):
    feed.brief = True
    feed.services = [service_of(n, last_modified="2026-01-01T00:00:00Z") for n in range(4)]
    again()
    assert sum(path.startswith("/services/") for path in feed.asked) == 4
    feed.services[0] |= {"last_modified": "2026-02-02T00:00:00Z", "description": "New"}
    feed.asked.clear()
    assert counts(again()) == ("finished", 0, 1, 3, 0)
    assert [path for path in feed.asked if path.startswith("/services/")] == [
        f"/services/{feed.services[0]['id']}"
    ]
    assert "New" in set(committed.scalars(select(Service.description)))


def test_what_vanishes_is_marked_and_asked_about_and_not_deleted(again, feed, committed):
    again()
    gone = feed.services.pop(0)
    assert counts(again()) == ("finished", 0, 0, 9, 1)
    flag = committed.scalars(select(ReviewFlag)).one()
    assert (flag.reason, flag.organization_id) == ("gone", gone["organization"]["id"])
    assert "no longer in the source “A feed”" in flag.message
    public = committed.get_one(PublishedOrganization, gone["organization"]["id"])
    assert public.document["source"]["gone_since"] == "2026-11-24"
    assert len(names(committed)) == 10
    assert again().gone == 0  # it is said once
    feed.services.insert(0, gone)
    again()
    assert committed.scalars(select(ReviewFlag)).all() == []
    assert set(committed.scalars(select(SourceRecord.gone_since))) == {None}
    committed.expire_all()
    public = committed.get_one(PublishedOrganization, gone["organization"]["id"])
    assert "gone_since" not in public.document["source"]


def test_a_service_that_vanishes_from_an_organisation_is_asked_about_alone(again, feed, committed):
    feed.services[1]["organization"] = feed.services[0]["organization"]
    again()
    del feed.services[1]
    assert again().gone == 0
    message = committed.scalars(select(ReviewFlag.message)).one()
    assert message.startswith("The service “Service 1” is no longer in the source")


def test_a_drop_of_over_a_fifth_waits_until_a_person_accepts_it(again, feed, committed):
    again()
    feed.services = feed.services[:7]
    outcome = again()
    assert outcome.status == "waiting"
    assert "had 10 organisations and now has 7" in outcome.detail
    assert committed.scalars(select(ReviewFlag)).all() == []
    asked = len(feed.asked)
    assert again(accept_drop=True).gone == 3
    assert len(feed.asked) == asked  # what waited was taken
    assert again().status == "unchanged"


def test_a_fifth_may_go_without_a_person(again, feed):
    again()
    feed.services = feed.services[:8]
    assert again().gone == 2


def test_when_the_source_fails_the_last_good_copy_and_the_records_stay(again, feed, committed, tmp_path):
    again()
    before = {path.name for path in (tmp_path / "feed" / "good").iterdir()}
    feed.mishap = lambda handler, _page: handler.say(500, b"") is None
    outcome = again()
    assert (outcome.status, "answers 500" in outcome.detail) == ("failed", True)
    assert {path.name for path in (tmp_path / "feed" / "good").iterdir()} == before
    assert len(names(committed)) == 10


def test_a_failed_source_is_due_the_next_day_and_a_good_one_after_its_days(again, feed, committed):
    again.source.refresh_days = 7
    assert due(committed, TODAY) == [again.source]
    again()
    run = committed.scalars(select(ImportRun)).one()
    day = run.started_at.date()
    assert (standings(committed, TODAY)[0].due_on - day).days == 7
    run.status = "failed"
    assert (standings(committed, TODAY)[0].due_on - day).days == 1
    again.source.declaration = None
    assert due(committed, day.replace(year=day.year + 1)) == []


@pytest.mark.parametrize("name", ["clubs", "mapping"])
def test_a_mapping_without_addresses_is_not_put_on_the_list(draft, name):
    with pytest.raises(SourceError, match="no addresses"):
        declare(draft, load_mapping(name))


def test_a_feed_of_version_1_is_read_service_by_service_and_not_sent_again(again, feed, committed):
    feed.words, feed.brief = VERSION_1, True
    feed.services = [{**numbered(SERVICE, n), **service_of(n, name="Friday boxing")} for n in range(3)]
    assert counts(again()) == ("finished", 3, 0, 0, 0)
    assert set(committed.scalars(select(Service.minimum_age))) == {11}
    feed.services[0]["name"] = "Saturday boxing"
    feed.answered.clear()
    assert counts(again()) == ("finished", 0, 1, 2, 0)
    assert feed.answered.count(304) >= 2  # the two that did not change
