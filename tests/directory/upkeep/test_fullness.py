"""When a service reads as full: by the last referrals that it turned away, until it takes one."""

from datetime import date, timedelta

from directory.models import ServiceFullness
from directory.upkeep.fullness import (
    ENOUGH,
    WITHIN_DAYS,
    note_room,
    note_turned_away,
    take_back_turned_away,
)

DAY = date(2026, 11, 20)


def row(*days_ago):
    found = ServiceFullness(service_id="s", days=[])
    for days in days_ago:
        note_turned_away(found, DAY - timedelta(days=days), 1)
    return found


def test_three_turned_away_within_sixty_days_are_enough_and_two_are_not():
    assert row(0, 10).full_on is None
    assert row(0, 10, WITHIN_DAYS).full_on == DAY
    assert row(0, 10, WITHIN_DAYS + 1).full_on is None
    whole = ServiceFullness(service_id="s", days=[])
    note_turned_away(whole, DAY, 40)
    assert (whole.full_on, len(whole.days)) == (DAY, ENOUGH)


def test_one_that_is_taken_ends_it_and_what_was_before_counts_no_more():
    found = row(0, 1, 2)
    note_room(found, DAY - timedelta(days=1))  # an older one was taken: those since still stand
    assert (found.full_on, found.days) == (DAY, ["2026-11-20"])
    note_room(found, DAY)
    assert (found.full_on, found.days) == (None, [])
    for _ in range(3):
        note_turned_away(found, DAY - timedelta(days=5), 1)
    assert found.full_on is None
    note_turned_away(found, DAY, 3)
    assert found.full_on == DAY


def test_a_mistake_that_is_taken_back_ends_it_too():
    found = row(0, 0, 40)
    take_back_turned_away(found, (date(2026, 11, 1), DAY), 1)
    assert (found.full_on, found.days) == (None, ["2026-10-11", "2026-11-20"])
