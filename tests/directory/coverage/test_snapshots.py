"""Snapshots: what they keep, that there is one a day, and whether a service opened or was only found."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from directory.coverage.areas import CoverageError
from directory.coverage.over_time import how_new, new_here, snapshots_of
from directory.coverage.snapshots import take_snapshot
from directory.models import CoverageFigure, CoverageSnapshot, PublishedPlace
from tests.directory.coverage.conftest import PEOPLE
from tests.directory.records import TODAY, add, location, organization, service

LATER = TODAY + timedelta(days=30)
SPORT = {"terms": [("category", "sport")]}
NEAR = (404_500, 284_500)


def site_of(session):
    return session.scalar(select(CoverageFigure.place).where(CoverageFigure.place.startswith("site-")))


def figure(session, snapshot, place):
    return session.get_one(CoverageFigure, (snapshot.id, place, "sport"))


def test_figures_are_those_of_the_day_for_all_areas_and_for_the_site(ground):
    add(ground, organization("Oak", service("a", location(NEAR), **SPORT), service("b", **SPORT)))
    taken = take_snapshot(ground, TODAY, "month")
    every = figure(ground, taken, "all")
    assert every.people == sum(PEOPLE)
    # Within 2 km of the first area's middle are the first three; where the other service is nobody knows.
    assert (every.covered_known, every.covered_possible) == (sum(PEOPLE[:3]), sum(PEOPLE))
    assert every.gap_possible <= every.gap_known
    own = figure(ground, taken, site_of(ground))
    assert (own.known, own.possible, len(own.service_ids)) == (1, 2, 1)


def test_there_is_one_snapshot_a_day(ground):
    for reason in ("import", "month"):
        take_snapshot(ground, TODAY, reason)
    take_snapshot(ground, LATER, "month")
    assert ground.scalars(select(CoverageSnapshot.reason)).all() == ["month", "month"]
    days = [taken.day for taken in snapshots_of(ground, site_of(ground))]
    assert days == [TODAY, LATER]


def test_a_service_that_is_new_is_named_and_one_that_is_hidden_since_is_not(ground):
    take_snapshot(ground, TODAY, "month")
    add(ground, organization("Oak", service("a", location(NEAR), **SPORT)))
    take_snapshot(ground, LATER, "month")
    first, last = snapshots_of(ground, site_of(ground))
    [new] = new_here(ground, first, last, ["sport"])
    assert (new.name, new.how) == ("a", "not known")
    assert new_here(ground, first, last, ["arts"]) == []
    ground.scalars(select(PublishedPlace)).one().precision = "hidden"
    ground.flush()
    assert new_here(ground, first, last, ["sport"]) == []


SINCE = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("schedules", "first_published", "how"),
    [
        ([{"valid_from": "2026-10-20"}], date(2026, 11, 1), "opened"),
        ([{"dtstart": "2019-01-05"}, {"valid_from": "2026-10-20"}], date(2026, 11, 1), "found"),
        ([{"valid_from": "2026-10-20"}, {"byday": "MO"}], date(2026, 11, 1), "not known"),
        ([], date(2026, 11, 1), "not known"),
        ([{"valid_from": "2026-10-20"}], date(2026, 9, 30), "changed"),
        ([{"valid_from": "2026-10-20"}], None, "opened"),
    ],
)
def test_whether_a_service_opened_or_was_found(schedules, first_published, how):
    assert how_new(schedules, first_published, SINCE) == how


def test_without_areas_there_is_nothing_to_keep(draft):
    with pytest.raises(CoverageError, match="No small areas are loaded"):
        take_snapshot(draft, TODAY, "month")
    assert not draft.scalar(select(func.count(CoverageSnapshot.id)))
